"""Any question about openings: hours, bookings and rules, dense enough to collide, on any day in any zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from models.booking.openings import Busy, Hours, Opening, Rules, Window, fits, openings
from tests.models.booking.zones import zoned_days

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Question:
    """Everything `openings` is asked, on whole minutes but for `now`."""

    day: date
    hours: Hours
    busy: list[Busy]
    rules: Rules
    now: datetime
    zone: ZoneInfo

    def openings(self, *more: Busy) -> list[Opening]:
        return openings(self.day, self.hours, [*self.busy, *more], self.rules, self.now, self.zone)

    def fits(self, start: datetime) -> bool:
        return fits(start, self.hours, self.busy, self.rules, self.now, self.zone)

    def booked(self, opening: Opening) -> Busy:
        before, after = self.rules.buffer_before, self.rules.buffer_after
        return Busy(opening.start - before, opening.end + after, self.rules.seats)


def minutes(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda count: count * MINUTE)


def _window(marks: Sequence[int]) -> Window:
    """From one mark to the other, in steps of five minutes; 288 is the midnight at the end."""
    start, end = (divmod(mark % 288, 12) for mark in sorted(marks))
    return Window(time(start[0], start[1] * 5), time(end[0], end[1] * 5))


some_windows = st.lists(st.integers(0, 288), min_size=2, max_size=2, unique=True).map(_window)
long_windows = st.tuples(st.integers(0, 96), st.integers(168, 288)).map(_window)
some_rules = st.builds(
    Rules,
    duration=minutes(5, 90),
    step=minutes(5, 90),
    notice=minutes(0, 12 * 60),
    horizon=minutes(12 * 60, 60 * 60) | minutes(60 * 60, 60 * 24 * 60),
    buffer_before=minutes(0, 45),
    buffer_after=minutes(0, 45),
    capacity=st.integers(1, 4),
    seats=st.integers(1, 2),
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    zone, day = draw(zoned_days)
    noon = datetime.combine(day, time(12), UTC)
    windows = tuple(draw(st.lists(some_windows | long_windows, min_size=1, max_size=3)))
    overrides = draw(st.just({}) | st.just({day: windows}))
    weekly = {} if overrides else {day.weekday(): windows}
    breaks = {day.weekday(): tuple(draw(st.lists(some_windows, max_size=2)))}
    busy = [
        Busy(noon + start, noon + start + length, seats)
        for start, length, seats in draw(
            st.lists(st.tuples(minutes(-1200, 1200), minutes(1, 240), st.integers(1, 3)), max_size=6)
        )
    ]
    now = noon - draw(st.timedeltas(timedelta(0), 2 * DAY))
    return Question(day, Hours(weekly, overrides, breaks), busy, draw(some_rules), now, zone)
