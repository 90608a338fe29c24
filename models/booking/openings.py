"""When a service can be booked: opening hours, less breaks, less what is taken, within notice and horizon.

Hours are wall time; everything after them is UTC. Both ends of a window are converted once, so grid, duration
and buffers are real time: on a day of 23 or 25 hours a slot keeps its length and the door opens when it says.
A repeated hour is two hours, and each of its instants is offered once.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Self
from zoneinfo import ZoneInfo

from models.booking.wall_time import first_reached

_NONE = timedelta(0)
_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one local day. `end` 00:00 is the midnight at the end of the day.

    Raises ValueError unless it ends after its start: hours past midnight are two windows, one on each day.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end != _MIDNIGHT and self.end <= self.start:
            raise ValueError(f"A window from {self.start} cannot end at {self.end}.")

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its two ends on `day`, in UTC. They coincide if the clocks jump over the whole window."""
        last = day + _DAY if self.end == _MIDNIGHT else day
        opens = first_reached(datetime.combine(day, self.start), zone)
        return opens, first_reached(datetime.combine(last, self.end), zone)


@dataclass(frozen=True, slots=True)
class Hours:
    """When the door is open, in wall time. Weekdays count from Monday = 0; a missing weekday is closed.

    An override replaces the windows of its date (none = closed). Breaks are cut out of either.
    """

    weekly: Mapping[int, tuple[Window, ...]]
    overrides: Mapping[date, tuple[Window, ...]]
    breaks: Mapping[int, tuple[Window, ...]]

    def windows(self, day: date) -> tuple[Window, ...]:
        return self.overrides.get(day, self.weekly.get(day.weekday(), ()))

    def pauses(self, day: date) -> tuple[Window, ...]:
        return self.breaks.get(day.weekday(), ())


@dataclass(frozen=True, slots=True)
class Busy:
    """Time that is taken, [start, end) in UTC, its buffers included. A closure takes all seats.

    Raises ValueError if it is empty or takes fewer than no seats: it would make room where there is none.
    """

    start: datetime
    end: datetime
    seats: int = 1

    def __post_init__(self) -> None:
        if self.end <= self.start or self.seats < 0:
            raise ValueError(f"Nothing can take {self.seats} seats from {self.start} to {self.end}.")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked for, and how early and late it may be asked: `seats` of `capacity`, for `duration`.

    `step` is the grid's. `notice` and `horizon` count from now, both ends included.
    Raises ValueError if duration, step or seats are not positive or a buffer is negative.
    """

    duration: timedelta
    step: timedelta
    notice: timedelta
    horizon: timedelta
    buffer_before: timedelta = _NONE
    buffer_after: timedelta = _NONE
    capacity: int = 1
    seats: int = 1

    def __post_init__(self) -> None:
        if min(self.duration, self.step) <= _NONE or self.seats < 1:
            raise ValueError("Duration, step and seats must be positive.")
        if min(self.buffer_before, self.buffer_after) < _NONE:
            raise ValueError("A buffer cannot be negative.")


@dataclass(frozen=True, slots=True)
class Opening:
    """A slot that can be booked, in UTC and without its buffers; `seats_left` before it is booked."""

    start: datetime
    end: datetime
    seats_left: int


def openings(
    day: date, hours: Hours, busy: Sequence[Busy], rules: Rules, now: datetime, zone: ZoneInfo
) -> list[Opening]:
    """Every opening of one local day, earliest first.

    A slot lies wholly inside one window and outside the breaks, on the grid from the window's start.
    Its buffers may reach beyond the window and into breaks; slot and buffers find room beside `busy`.
    Raises ValueError for a naive `now`.
    """
    return list(_Search.of(hours, busy, rules, now, zone).openings(day))


def open_days(
    first: date, days: int, hours: Hours, busy: Sequence[Busy], rules: Rules, now: datetime, zone: ZoneInfo
) -> list[date]:
    """Those of the `days` days from `first` on that have an opening, earliest first. Raises as `openings`."""
    search = _Search.of(hours, busy, rules, now, zone)
    return [day for day in _days(first, days) if search.is_open(day)]


def fits(start: datetime, hours: Hours, busy: Sequence[Busy], rules: Rules, now: datetime, zone: ZoneInfo) -> bool:
    """Whether `start` is one of the `openings` of its local day, grid included.

    `busy` must leave out the asker's own hold and, for a move, the booking that moves.
    Raises ValueError for a naive `start` or `now`.
    """
    start = _utc(start)
    search = _Search.of(hours, busy, rules, now, zone)
    return search.allows(start) and search.opening(start) is not None


def peak_load(busy: Sequence[Busy], start: datetime, end: datetime) -> int:
    """The most seats that are taken at any instant of [start, end)."""
    return _Load(busy).peak(start, end)


class _Load:
    """Seats taken over time, as a staircase: each moment at which it changes, and the load from then on.

    The peak of the stairs is compared with the capacity, never the number of bookings met: two that follow
    each other on one chair are both met and take one seat.
    """

    def __init__(self, busy: Sequence[Busy]) -> None:
        changes = Counter({_EVER: 0})
        for taken in busy:
            changes[taken.start] += taken.seats
            changes[taken.end] -= taken.seats
        self._moments = sorted(changes)
        self._seats = list(accumulate(changes[moment] for moment in self._moments))

    def peak(self, start: datetime, end: datetime) -> int:
        """The most seats taken at any instant of [start, end)."""
        first = bisect_right(self._moments, start) - 1
        return max(self._seats[first : bisect_left(self._moments, end)])


@dataclass(frozen=True, slots=True)
class _Search:
    """One question about openings: what is taken is sorted once and asked for any number of days."""

    hours: Hours
    rules: Rules
    load: _Load
    earliest: datetime
    latest: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, hours: Hours, busy: Sequence[Busy], rules: Rules, now: datetime, zone: ZoneInfo) -> Self:
        now = _utc(now)
        return cls(hours, rules, _Load(busy), now + rules.notice, now + rules.horizon, zone)

    def openings(self, day: date) -> Iterator[Opening]:
        return filter(None, map(self.opening, self.starts(day)))

    def is_open(self, day: date) -> bool:
        return next(self.openings(day), None) is not None

    def opening(self, start: datetime) -> Opening | None:
        """The opening at `start` if enough seats are left from its first buffer to its last."""
        rules = self.rules
        end = start + rules.duration
        left = rules.capacity - self.load.peak(start - rules.buffer_before, end + rules.buffer_after)
        return Opening(start, end, left) if left >= rules.seats else None

    def starts(self, day: date) -> list[datetime]:
        """The starts that hours, breaks, notice and horizon allow, each once though windows may overlap."""
        pauses = self._spans(day, self.hours.pauses(day))
        return sorted(
            {
                start
                for opens, closes in self._spans(day, self.hours.windows(day))
                for start in self._grid(opens, closes)
                if not any(start < ends and begins < start + self.rules.duration for begins, ends in pauses)
            }
        )

    def allows(self, start: datetime) -> bool:
        """Whether `start` is one of the `starts` of its local day, without going through them."""
        day, end, step = start.astimezone(self.zone).date(), start + self.rules.duration, self.rules.step
        return (
            self.earliest <= start <= self.latest
            and any(
                opens <= start and end <= closes and (start - opens) % step == _NONE
                for opens, closes in self._spans(day, self.hours.windows(day))
            )
            and not any(start < ends and begins < end for begins, ends in self._spans(day, self.hours.pauses(day)))
        )

    def _spans(self, day: date, windows: Sequence[Window]) -> list[tuple[datetime, datetime]]:
        """The windows in UTC, less those the clocks jump over: an empty break would still part a slot."""
        spans = (window.on(day, self.zone) for window in windows)
        return [(start, end) for start, end in spans if start < end]

    def _grid(self, opens: datetime, closes: datetime) -> Iterator[datetime]:
        """Every step from `opens` that is not too early or late and leaves room for the duration."""
        rules = self.rules
        missed = max(-((opens - self.earliest) // rules.step), 0)  # steps before the earliest, rounded up
        start = opens + missed * rules.step
        while start <= self.latest and start + rules.duration <= closes:
            yield start
            start += rules.step


def _days(first: date, days: int) -> Iterator[date]:
    return (first + timedelta(days=passed) for passed in range(days))


def _utc(moment: datetime) -> datetime:
    # Local time would add notice and duration on the wall clock; naive time would take the server's zone.
    if moment.utcoffset() is None:
        raise ValueError("A moment needs its zone.")
    return moment.astimezone(UTC)
