"""A stretch to look for a time in: "tomorrow afternoon", "after 5", "next week", "between 2 and 4 on Friday".

A time that is named for sure ("friday at 3") is no stretch. What looks for a day, an hour or both listens with
`period`; a question for a day with `span`, which leaves a single day to `day`; one for a time with `hours`, which
leaves what names a day to a correction. `stretch` takes everything, a time named for sure as a stretch of one minute.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from flows.senses import clocks
from flows.senses.base import Sense, Setting
from flows.senses.when.moment import Reading, reading, when
from flows.senses.when.value import Bound, ClockTime, When

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, and starts from `since` to before `until`; None is no bound."""

    first: date | None
    last: date | None
    since: time | None
    until: time | None

    @property
    def day(self) -> date | None:
        """The day, if it is a single one."""
        return self.first if self.first == self.last else None

    @property
    def has_hours(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def is_minute(self) -> bool:
        """Whether one start is meant and no stretch."""
        return self.since is not None and self.until == _minute_after(self.since)

    @property
    def has_days(self) -> bool:
        return self.first is not None or self.last is not None

    def holds(self, start: time) -> bool:
        """Whether an opening that starts then lies in the hours."""
        return (self.since is None or self.since <= start) and (self.until is None or start < self.until)


def hear(text: str, setting: Setting) -> Period | None:
    """The days and hours named; a lone day is a stretch of one day, a lone time is none."""
    told = reading(text, setting)
    found = when(told)
    hours = _hours(found)
    if hours is None or _several(told):
        return None
    first, last = _days(told, found)
    since, until = hours
    period = Period(first, last, since, until)
    return period if period.has_days or period.has_hours else None


def _stretch(text: str, setting: Setting) -> Period | None:
    told = reading(text, setting)
    return hear(text, setting) or (None if _several(told) else _minute(told, when(told).clock))


def _hear_stretch(text: str, setting: Setting) -> Period | None:
    """As the answer to a question a lone number is a time as well: "is 8 free?"."""
    told = reading(text, setting)
    return _stretch(text, setting) or (None if told.clocks else _minute(told, clocks.hear(text, setting)))


def _minute(told: Reading, clock: ClockTime | None) -> Period | None:
    if clock is None:
        return None
    first, last = _days(told, when(told))
    start = _likely(clock)
    return Period(first, last, start, _minute_after(start))


def _span(text: str, setting: Setting) -> Period | None:
    period = hear(text, setting)
    return None if period is None or (period.day and not period.has_hours) else period


def _hours_alone(text: str, setting: Setting) -> Period | None:
    period = hear(text, setting)
    return None if period is None or period.has_days else period


def _several(told: Reading) -> bool:
    """Two times, or two parts of the day: what is wanted is not told."""
    return len(set(told.clocks)) > 1 or len(set(told.parts)) > 1


def _hours(found: When) -> tuple[time | None, time | None] | None:
    """From when and until when; None for a time that is named for sure."""
    clock, until = found.clock, found.until.clock if found.until else None
    if clock is None:
        return found.part.hours if found.part else (None, None)
    start = _likely(clock)
    if until is not None:
        return start, max(start, until.next_after(start))
    match found.bound:
        case Bound.FROM:
            return start, None
        case Bound.UNTIL:
            return None, start
    return None


def _minute_after(clock: time) -> time:
    return (datetime.combine(date.min, clock) + _MINUTE).time()


def _likely(clock: ClockTime) -> time:
    return clock.readings[0]


def _days(told: Reading, found: When) -> tuple[date | None, date | None]:
    """The days from the first to the last: "before friday" has no first, "after friday" no last."""
    if not told.days:
        return None, None
    span, bound = told.days[0]
    if bound is Bound.FROM:
        return span.last + _DAY, None
    if bound is Bound.UNTIL and span.first > told.now.date():
        return None, span.first - _DAY
    far = found.until.day if found.until else None
    return span.first, max(span.last, far or span.last)


period: Final = Sense("period", hear, hear)
span: Final = Sense("span", _span, _span)
stretch: Final = Sense("stretch", _hear_stretch, _stretch)
hours: Final = Sense("hours", _hours_alone, _hours_alone)
