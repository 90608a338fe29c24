"""A day of the calendar: "tomorrow", "next tues", "the 5th", "12/11", "a week on friday"."""

import re
from datetime import date
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.when import dates
from flows.senses.when.dates import Calendar
from flows.senses.when.moment import Reading, reading, when

_LONE_NUMBER: Final = re.compile(r"\D*(?P<day>\d{1,2})\D*")


def hear(text: str, setting: Setting) -> date | None:
    """The day meant: of several days ("this weekend") the first, and for a lone number the next such day."""
    told = reading(text, setting)
    return when(told).day or _numbered(told, setting)


def spot(text: str, setting: Setting) -> date | None:
    """The one day that is named for sure; a span, a bound or two different days are none."""
    told = reading(text, setting)
    if len({span for span, _ in told.days}) != 1 or told.far:
        return None
    span, bound = told.days[0]
    return span.first if span.first == span.last and bound is None else None


def _numbered(told: Reading, setting: Setting) -> date | None:
    lone = _LONE_NUMBER.fullmatch(told.rest) if told.is_nothing_else and not told.clocks else None
    found = dates.day_of_month(lone, Calendar(told.now.date(), setting.day_first)) if lone else None
    return found.first if found else None


day: Final = Sense("day", hear, spot)
