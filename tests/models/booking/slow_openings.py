"""The openings of a day, found minute by minute: too slow to use, too plain to be wrong.

Knows whole minutes only, and nothing of the conversion under test: a window opens at the first minute of the
scan at which the clocks show its start or later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.booking.openings import Busy, Opening, Window
from tests.models.booking.questions import DAY, MINUTE, Question

_NONE = timedelta(0)
_BEFORE, _AFTER = timedelta(hours=20), timedelta(hours=44)


@lru_cache(maxsize=8)
def minutes_around(day: date) -> tuple[datetime, ...]:
    """All minutes, in UTC, that a slot of `day` or its buffers may meet in any zone."""
    midnight = datetime.combine(day, time(0), UTC)
    count = (_BEFORE + _AFTER) // MINUTE
    return tuple(midnight - _BEFORE + passed * MINUTE for passed in range(count))


@lru_cache(maxsize=8)
def shown_around(day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    return tuple(minute.astimezone(zone).replace(tzinfo=None) for minute in minutes_around(day))


def taken(minutes: Sequence[datetime], busy: Sequence[Busy]) -> list[int]:
    """Seats taken in each of the minutes."""
    return [sum(one.seats for one in busy if one.start <= minute < one.end) for minute in minutes]


def slow_openings(asked: Question) -> list[Opening]:
    day, hours, rules, zone = asked.day, asked.hours, asked.rules, asked.zone
    minutes, load = minutes_around(day), taken(minutes_around(day), asked.busy)
    pauses = {at for pause in hours.breaks.get(day.weekday(), ()) for at in _stretch(day, pause, zone)}
    length, before, after = (span // MINUTE for span in (rules.duration, rules.buffer_before, rules.buffer_after))
    found = set()
    for window in hours.overrides.get(day, hours.weekly.get(day.weekday(), ())):
        open_minutes = _stretch(day, window, zone)
        for at in open_minutes[:: rules.step // MINUTE]:
            slot = range(at, at + length)
            peak = max(load[at - before : at + length + after])
            if (
                slot[-1] in open_minutes
                and pauses.isdisjoint(slot)
                and peak + rules.seats <= rules.capacity
                and rules.notice <= minutes[at] - asked.now <= rules.horizon
            ):
                found.add((minutes[at], minutes[at] + rules.duration, rules.capacity - peak))
    return [Opening(*facts) for facts in sorted(found)]


def starts(asked: Question) -> set[datetime]:
    return {opening.start for opening in slow_openings(asked)}


def but_for_one_rule(asked: Question) -> Iterator[Question]:
    """What would be asked if one of the things that forbid a start did not count."""
    rules, hours = asked.rules, asked.hours
    yield replace(asked, busy=[])
    yield replace(asked, hours=replace(hours, breaks={}))
    yield replace(asked, rules=replace(rules, notice=_NONE))
    yield replace(asked, rules=replace(rules, horizon=365 * DAY))
    yield replace(asked, rules=replace(rules, buffer_before=_NONE))
    yield replace(asked, rules=replace(rules, buffer_after=_NONE))
    yield replace(asked, rules=replace(rules, step=MINUTE))


def _stretch(day: date, window: Window, zone: ZoneInfo) -> range:
    """Where the window's minutes stand among `minutes_around(day)`."""
    shown = shown_around(day, zone)
    last = day if window.end > time(0) else day + timedelta(days=1)
    return range(
        _first_at_or_past(datetime.combine(day, window.start), shown),
        _first_at_or_past(datetime.combine(last, window.end), shown),
    )


def _first_at_or_past(wall: datetime, shown: Sequence[datetime]) -> int:
    return next(at for at, clock in enumerate(shown) if clock >= wall)
