"""A time as people say it: rarely whole, and often without a.m. or p.m."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

NOON: Final = 12
FIRST_OF_THE_DAY: Final = 7
"""Of the two readings of an hour said alone, the one a business is likelier open at starts here: 7 to 6."""


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"
    LUNCH = "lunch"

    @property
    def hours(self) -> tuple[dt.time, dt.time]:
        """When it begins and when it ends, on the clock of the place."""
        return _HOURS[self]


_HOURS: Final = {
    PartOfDay.MORNING: (dt.time(6), dt.time(12)),
    PartOfDay.AFTERNOON: (dt.time(12), dt.time(17)),
    PartOfDay.EVENING: (dt.time(16), dt.time(21)),
    PartOfDay.NIGHT: (dt.time(18), dt.time(23, 59)),
    PartOfDay.LUNCH: (dt.time(12), dt.time(14)),
}


class Bound(StrEnum):
    """Which side of the named time is meant when it is not the time itself."""

    FROM = "from"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day. While `meridiem_known` is false, twelve hours later or earlier is just as possible."""

    time: dt.time  # not the bare name, which inside this class would be read as this very field
    meridiem_known: bool

    @property
    def readings(self) -> tuple[dt.time, ...]:
        """What it can mean, the likelier first: one time, or two that are twelve hours apart."""
        if self.meridiem_known:
            return (self.time,)
        other = self.time.replace(hour=(self.time.hour + NOON) % 24)
        early, late = sorted((self.time, other))
        return (early, late) if early.hour >= FIRST_OF_THE_DAY else (late, early)

    def next_after(self, start: dt.time) -> dt.time:
        """The reading that comes first after another time of day, on the next day if it must."""
        return min(self.readings, key=lambda reading: (reading <= start, reading))

    def known_as(self, reading: dt.time) -> ClockTime:
        return replace(self, time=reading, meridiem_known=True)

    def during(self, part: PartOfDay | None) -> ClockTime:
        """The reading that the part of the day tells apart, the same clock time when it tells nothing."""
        if part is None or self.meridiem_known:
            return self
        early, late = sorted(self.readings)
        return self.known_as(late if _is_late(early.hour, part) else early)


def _is_late(hour: int, part: PartOfDay) -> bool:
    """Whether an hour from 0 to 11 is said of the half of the day after noon."""
    match part:
        case PartOfDay.MORNING:
            return False
        case PartOfDay.NIGHT:
            return hour >= 5  # noqa: PLR2004  ("12 at night" and "2 at night" are before dawn)
        case PartOfDay.LUNCH:
            return hour < 11  # noqa: PLR2004  (lunch at 11 is before noon)
        case _:
            return True


@dataclass(frozen=True, slots=True)
class When:
    """What was said of a time: any of a day, a clock time and a part of the day; false when nothing was.

    `until` is the far end of a span ("from 2 to 4", "this weekend"), whole in itself. `bound` tells "after 5"
    and "before Friday" from "at 5" and "on Friday".
    """

    day: dt.date | None = None
    clock: ClockTime | None = None
    part: PartOfDay | None = None
    until: When | None = None
    bound: Bound | None = None

    def __bool__(self) -> bool:
        return bool(self.day or self.clock or self.part)
