"""Finding a day and a time together: what is wanted instead is told as it lies to what was shown or chosen."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from flows import senses
from flows.calendar import DAYS_OFFERED, TIMES_OFFERED, CalendarFlow, clock_choices, day_choices, spread
from flows.flow import Slots
from flows.reply import Choice
from flows.senses import ClockTime, Period, Shift
from flows.tables import NEXT, Move
from models.booking import ahead
from models.booking.schedule import Slot
from models.booking.wall_time import to_utc

_DAY, _MINUTE, _WEEK = timedelta(days=1), timedelta(minutes=1), 7
_DAYS_ON = {Shift.WEEK_LATER: _WEEK, Shift.DAY_LATER: 1, Shift.DAY_EARLIER: -1}

_TO_DAY = ("closed", "none_then", "other_days", "no_other_days")
_TO_TIME = ("other_times", "another_day", "not_then", "earliest", "latest", "not_free", "taken")
LOOKING_MOVES: tuple[Move, ...] = (
    *((happened, at, "day") for at in ("day", "time") for happened in _TO_DAY),
    *((happened, at, "time") for at in ("day", "time") for happened in _TO_TIME),
    ("same_time", "day", "day"),
    ("no_last_time", "day", "day"),
    ("no_last_time", "time", "time"),
)
"""What can come of an answer at the questions `day` and `time`, and where it leads."""
DAY_SENSES = (senses.shift, senses.span, senses.choice, senses.day)
TIME_SENSES = (senses.shift, senses.hours, senses.choice, senses.clock, senses.same_time)


class Looked(Slots):
    """What every flow of this kind remembers.

    `also` are the services that follow in the same visit. `looking` bounds what is shown,
    `near` is the start wanted last, `page` counts how often more times were wanted.
    """

    service: str | tuple[str, ...] | None = None
    also: list[str] = []
    day: date | Period | Shift | None = None
    time: datetime | ClockTime | Period | Shift | None = None
    looking: Period | None = None
    near: datetime | None = None
    page: int = 0


class LookingFlow(CalendarFlow):
    """A flow with the questions `day` and `time`, whose slots are `Looked`."""

    async def take(self, start: datetime) -> str:
        """Chooses the opening: says "taken" if somebody was faster, else the next thing."""
        self.slots.day, self.slots.time = self.context.local(start).date(), start
        self.slots.near = start
        self.keep("day", "time", "near")
        return NEXT

    def missed(self, start: datetime) -> str:
        """Somebody was faster: the other times of that day are shown."""
        self.slots.near = start
        self.keep("near")
        self._show(self.context.local(start).date())
        return "taken"

    async def days_offered(self) -> list[Choice]:
        days = await self.free_days()
        if not days and self.looking.has_days:  # they have filled up since
            self.look(None)
            days = await self.free_days()
        return day_choices(self.context, days)

    async def times_offered(self) -> list[Choice]:
        self.values["day"] = self.slots.day
        free = await self.times_of(self.slots.day)
        shown, left = self._page(self.in_hours(free) or free)
        self.values["more"] = "yes" if left else "no"
        return clock_choices(self.context, shown)

    async def check_day(self) -> str:
        wanted = self.slots.day
        if isinstance(wanted, Shift):
            return await self._shift(wanted)
        if isinstance(wanted, Period):
            return await self._look_in(wanted)
        return await self._look_at(wanted, NEXT)

    async def check_time(self) -> str:
        wanted = self.slots.time
        if isinstance(wanted, Shift):
            return await self._shift(wanted)
        if isinstance(wanted, Period):
            return await self._look_in(replace(wanted, first=self.slots.day, last=self.slots.day))
        free = await self.times_of(self.slots.day)
        start = self._meant(wanted, free)
        if start is not None:
            return await self.take(start)
        self._wanted(self.slots.day, wanted.readings[0] if isinstance(wanted, ClockTime) else None)
        return "not_free"

    def _meant(self, wanted: datetime | ClockTime, free: Iterable[Slot]) -> datetime | None:
        """The opening that was meant: an exact start, or a time as people say it, mostly without a.m. or p.m."""
        starts = [slot.start for slot in free]
        if isinstance(wanted, datetime):
            return wanted if wanted in starts else None
        by_clock = {self.context.local(start).time(): start for start in reversed(starts)}
        return next((by_clock[clock] for clock in wanted.readings if clock in by_clock), None)

    # -- where to look ---------------------------------------------------------------------------------------

    async def _look_at(self, day: date, happened: str) -> str:
        """Shows a day, in the hours looked for if it has any then."""
        self.values["day"] = day
        if not _within(day, self.looking):
            self.look(None)
        free = await self.times_of(day)
        if not free:
            return "closed"
        if not self.in_hours(free):
            self.look(None)
        self._show(day)
        return happened

    async def _look_in(self, period: Period) -> str:
        """Shows some days, or some hours of one."""
        self.look(period)
        if period.day is not None:
            happened = await self._look_at(period.day, "other_times")
            return "not_then" if happened == "other_times" and self.looking != period else happened
        if await self.free_days():
            return "other_days"
        self.look(None)
        return "none_then"

    def _show(self, day: date) -> None:
        self.slots.day, self.slots.page = day, 0
        self.keep("day", "page")

    def _wanted(self, day: date, clock: time | None) -> None:
        """Remembers a start that could not be had: what is asked next is asked from there."""
        self.slots.near = to_utc(datetime.combine(day, clock), self.context.zone) if clock else self.slots.near
        self.keep("near")

    # -- somewhere else --------------------------------------------------------------------------------------

    @property
    def _near(self) -> datetime | None:
        return self.context.local(self.slots.near) if self.slots.near else None

    @property
    def _day(self) -> date | None:
        """The day whose times were shown; none while days are."""
        return self.slots.day if isinstance(self.slots.day, date) else None

    async def _shift(self, shift: Shift) -> str:
        if shift in _DAYS_ON:
            return await self._days_on(_DAYS_ON[shift])
        if shift in (Shift.EARLIER_IN_WEEK, Shift.LATER_IN_WEEK):
            return await self._in_week(shift)
        if shift is Shift.SAME_TIME:
            return await self._same_time()
        if shift in (Shift.SOONEST, Shift.OTHER_DAY):
            return await (self._soonest() if shift is Shift.SOONEST else self._other_day())
        return await (self._other_time() if shift is Shift.OTHER_TIME else self._nearer(shift))

    async def _nearer(self, shift: Shift) -> str:
        """Earlier or later the same day; if there is nothing, the next day that has something."""
        is_earlier = shift is Shift.EARLIER
        edge = await self._edge(is_earlier)
        if edge is None:
            return await self._further_days(is_earlier)
        day, limit = edge
        hours = Period(day, day, None, limit) if is_earlier else Period(day, day, _just_after(limit), None)
        if any(hours.holds(self.context.local(slot.start).time()) for slot in await self.times_of(day)):
            return await self._look_in(hours)
        self.look(None)
        self.values["instead_of"] = day
        others = await self._days_beside(day, is_earlier)
        if not others:
            self._show(day)
            return "earliest" if is_earlier else "latest"
        self._show(others[-1] if is_earlier else others[0])
        return "another_day"

    async def _edge(self, is_earlier: bool) -> tuple[date, time] | None:
        """From where earlier or later is meant: the start wanted last, or the end of the list shown."""
        near, day = self._near, self._day
        if day is None:
            return (near.date(), near.time()) if near and not self.looking.has_days else None
        if near and near.date() == day and not self.looking.has_hours:
            return day, near.time()
        shown = [self.context.local(slot.start).time() for slot in self.in_hours(await self.times_of(day))]
        return (day, shown[0] if is_earlier else shown[-1]) if shown else (day, time(0))

    async def _days_beside(self, day: date, is_earlier: bool) -> list[date]:
        if is_earlier:
            return await self.days_between(self.today, day - _DAY)
        return await self.days_between(day + _DAY, await self.horizon())

    async def _further_days(self, is_earlier: bool) -> str:
        """The days before or after those shown."""
        shown = await self.free_days()
        if not shown:
            return "no_other_days"
        days = await self._days_beside(shown[0] if is_earlier else shown[-1], is_earlier)
        if not days:
            return "no_other_days"
        days = days[-self.most(DAYS_OFFERED) :] if is_earlier else days
        self.look(replace(self.looking, first=days[0], last=days[-1]))
        return "other_days"

    async def _in_week(self, shift: Shift) -> str:
        day = self._day or (self._near.date() if self._near else self.today)
        monday = day - timedelta(days=day.weekday())
        first, last = (monday, day - _DAY) if shift is Shift.EARLIER_IN_WEEK else (day + _DAY, monday + 6 * _DAY)
        if last < max(first, self.today):
            return "none_then"
        return await self._look_in(Period(max(first, self.today), last, None, None))

    async def _days_on(self, days: int) -> str:
        """So many days from what is talked about, at the same time if one was wanted."""
        step = timedelta(days=days)
        if self._near and (self._day is None or self._near.date() == self._day):
            return await self._at(self._near.date() + step, self._near.time())
        if self._day is not None:
            return await self._look_at(self._day + step, "other_times")
        if days == _WEEK:
            return await self._next_week()
        return await self._further_days(is_earlier=days < 0)

    async def _next_week(self) -> str:
        """Next week as last time; somebody who has never come is shown the whole of it."""
        monday = self.today - timedelta(days=self.today.weekday()) + _WEEK * _DAY
        last = await ahead.last_start(self.context.tx, self.context.customer.id)
        if last is None:
            return await self._look_in(Period(monday, monday + 6 * _DAY, None, None))
        usual = self.context.local(last)
        return await self._at(monday + timedelta(days=usual.weekday()), usual.time())

    async def _at(self, day: date, clock: time) -> str:
        """Takes that very start, or shows what the day has instead."""
        start = self._meant(ClockTime(clock, meridiem_known=True), await self.times_of(day))
        if start is not None:
            self.look(None)
            return await self.take(start)
        self._wanted(day, clock)
        self.look(None)
        return await self._look_at(day, "not_free")

    async def usual_time(self) -> time | None:
        """The clock time that "the same time" means."""
        last = self.slots.near or await ahead.last_start(self.context.tx, self.context.customer.id)
        return self.context.local(last).time() if last else None

    async def _same_time(self) -> str:
        usual = await self.usual_time()
        if usual is None:
            return "no_last_time"
        if self._day is not None:
            return await self._at(self._day, usual)
        self.frame.early["time"] = ClockTime(usual, meridiem_known=True)
        self.values["time"] = usual
        return "same_time"

    async def _soonest(self) -> str:
        """The first time of the day talked about, or of the first day that has one."""
        days = [self._day] if self._day else await self.free_days()
        free = await self.times_of(days[0]) if days else []
        if not free:
            return "no_other_days"
        self.look(None)
        return await self.take(free[0].start)

    async def _other_day(self) -> str:
        if self.frame.awaiting == "day":
            return await self._further_days(is_earlier=False)
        day = self._day or (self._near.date() if self._near else self.today)
        self.look(Period(day + _DAY, None, None, None))
        if await self.free_days():
            return "other_days"
        self.look(None)
        return "no_other_days"

    async def _other_time(self) -> str:
        """The times of the day that did not fit into the list; after the last of them, another day's."""
        if self._day is None:
            return await self._look_at(self._near.date(), "other_times") if self._near else "no_other_days"
        free = await self.times_of(self._day)
        if not self._page(self.in_hours(free) or free)[1]:
            return await self._nearer(Shift.LATER)
        self.slots.page += 1
        self.keep("page")
        return "other_times"

    def _page(self, free: list[Slot]) -> tuple[list[Slot], list[Slot]]:
        """The times that are offered now, and those that still come after them."""
        shown, left = free, free
        for _ in range(self.slots.page + 1):
            shown = spread(left, self.most(TIMES_OFFERED))
            left = [slot for slot in left if slot not in shown]
        return shown, left


def _within(day: date, period: Period) -> bool:
    return (period.first is None or period.first <= day) and (period.last is None or day <= period.last)


def _just_after(clock: time) -> time:
    """The minute after; the last one of a day has none."""
    after = datetime.combine(date.min, clock) + _MINUTE
    return after.time() if after.date() == date.min else clock
