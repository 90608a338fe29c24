"""A stretch of one day: "tomorrow 10 to 12", "2-3pm", "friday from 9 till noon"."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.lengths import cut_out
from flows.senses.when.moment import moment, reading, when
from flows.senses.when.value import ClockTime

_MIDNIGHT: Final = time(0)


@dataclass(frozen=True, slots=True)
class DayStretch:
    """From one wall time to a later one of a day; `until` 00:00 is the midnight at its end."""

    day: date
    since: time
    until: time


def hear(text: str, setting: Setting) -> DayStretch | None:
    """The stretch, today unless a day is named; None if it has no two ends, or lies over several days."""
    return _with_a_length(text, setting) or _between(text, setting)


def _with_a_length(text: str, setting: Setting) -> DayStretch | None:
    """One end and a length: "an hour at 3", "30 minutes tomorrow at 10"."""
    cut = cut_out(text)
    if cut is None:
        return None
    minutes, rest = cut
    found = moment(rest, setting)
    if found.clock is None:
        found = when(reading(rest, setting, bare=True))
    if found.clock is None or found.until is not None:
        return None
    now = setting.now.astimezone(setting.zone)
    day = found.day or now.date()
    ends = [(since, _after(since, minutes)) for since in found.clock.readings]
    whole = [DayStretch(day, since, until) for since, until in ends if until is not None]
    coming = [one for one in whole if day != now.date() or one.until == _MIDNIGHT or one.until > now.time()]
    return next(iter(coming or whole), None)


def _after(since: time, minutes: int) -> time | None:
    """The wall time so much later, unless that is another day's; midnight is still this one's."""
    start = datetime.combine(date.min, since)
    until = start + timedelta(minutes=minutes)
    return until.time() if until.date() == start.date() or until.time() == _MIDNIGHT else None


def _between(text: str, setting: Setting) -> DayStretch | None:
    found = moment(text, setting)
    if found.until is None:
        found = when(reading(text, setting, bare=True))
    if found.clock is None or found.until is None or found.until.clock is None:
        return None
    if found.until.day not in (None, found.day):
        return None
    return _first(found.day, found.clock, found.until.clock, setting.now.astimezone(setting.zone))


def spot(text: str, setting: Setting) -> DayStretch | None:
    """The stretch, if it is said with "am", "pm" or minutes, or all by itself."""
    found = moment(text, setting)
    return hear(text, setting) if found.clock and (found.until or cut_out(text)) else None


def _first(day: date | None, first: ClockTime, last: ClockTime, now: datetime) -> DayStretch | None:
    """Of the readings, those at which a business is likelier open; of today, one that is still to come if there is."""
    today = now.date()
    since_until = [(since, last.next_after(since)) for since in first.readings]
    whole = [DayStretch(day or today, *ends) for ends in since_until if ends[0] < ends[1] or ends[1] == _MIDNIGHT]
    coming = [one for one in whole if one.day != today or one.until == _MIDNIGHT or one.until > now.time()]
    return next(iter(coming or whole), None)


day_stretch: Final = Sense("day_stretch", hear, spot)
