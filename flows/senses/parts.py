"""A part of the day: "in the morning", "sat afternoon", "tonight", "after work"."""

from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.when.moment import reading
from flows.senses.when.value import PartOfDay


def hear(text: str, setting: Setting) -> PartOfDay | None:
    """The part of the day named, also as a clock time: "around 3pm" is in the afternoon."""
    told = reading(text, setting)
    if told.part or not told.clocks:
        return told.part
    clock = told.clocks[0][0].first
    parts = (part for part in PartOfDay if part.hours[0] <= clock.time < part.hours[1])
    return next(parts, None) if clock.meridiem_known else None


def spot(text: str, setting: Setting) -> PartOfDay | None:
    """The one part of the day that is named, without a clock time that would say it better."""
    told = reading(text, setting)
    return told.part if not told.clocks else None


part_of_day: Final = Sense("part_of_day", hear, spot)
