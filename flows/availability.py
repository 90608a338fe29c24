"""What is free? Times to choose from; the one chosen is held, and booking goes on from there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from flows import senses
from flows.calendar import EVER, TIMES_OFFERED, CalendarFlow, clock_choices, slot_choices, spread
from flows.commands import Start
from flows.flow import Slots
from flows.reply import Choice
from flows.senses import Period, Shift
from flows.tables import ELSEWHERE, NONE_LEFT, START, Ask
from flows.waitlist import instead_of
from models.booking.schedule import Slot

DAYS_SHOWN, TIMES_SHOWN = 3, 6
_DAY = timedelta(days=1)
_STEPS = {Shift.WEEK_LATER: 7, Shift.DAY_LATER: 1, Shift.DAY_EARLIER: -1}


class S(StrEnum):
    """What is asked, in this order."""

    SERVICE = "service"
    TIME = "time"


class Asked(Slots):
    """`looking` is where the customer looks."""

    service: str | None = None
    time: datetime | Period | Shift | None = None
    looking: Period | None = None


class Availability(CalendarFlow):
    """Which service only if there are several; every answer can be narrowed, widened or taken."""

    name = "availability"
    first = "begin"
    is_passing = True
    Slots = Asked
    asks = (
        Ask(S.SERVICE, (senses.choice,), offers="services_offered", then="pick_service"),
        Ask(
            S.TIME,
            (senses.shift, senses.stretch, senses.choice),
            offers="times_offered",
            needs=(S.SERVICE,),
            then="pick",
        ),
    )
    moves = (
        ("nothing_offered", START, "nothing_offered"),
        ("withdrawn", S.SERVICE, S.SERVICE),
        *((happened, at, S.TIME) for at in (START, S.SERVICE, S.TIME) for happened in ("day", "days", "free")),
        *((happened, at, S.TIME) for at in (START, S.SERVICE, S.TIME) for happened in ("not_free", "none_then")),
        ("no_further", S.TIME, S.TIME),
        (NONE_LEFT, S.TIME, "full"),
        ("picked", S.TIME, ELSEWHERE),
    )

    async def begin(self) -> str:
        """What was asked stands in the words that opened the flow."""
        self.look(senses.stretch.spot(self.frame.said, self.context.setting()))
        return await self.offer_services()

    async def pick_service(self) -> str:
        return await self.search() if await self.can_be_had(self.slots.service) else "withdrawn"

    async def search(self) -> str:
        """Says what was found where the customer looks; elsewhere, if there is nothing."""
        looking, free = self.looking, await self._free()
        if not free and looking.is_minute:
            self.look(replace(looking, since=None, until=None))
            if free := await self._free():
                return "not_free"
        if not free:
            self.look(None)
            return "none_then"
        if looking.is_minute:
            return "free"
        return "day" if looking.day else "days"

    async def times_offered(self) -> list[Choice]:
        free = await self._free()
        self.values["service"] = (await self.booked_service()).name
        if not free:
            self.choices = (instead_of(self.context, self.slots.service),)
            return []
        days = sorted({self._day_of(slot) for slot in free})
        self.values["day"], self.values["when"] = days[0], self.context.local(free[0].start)
        self.values["days"] = "one" if len(days) == 1 else "several"
        if len(days) == 1:
            return clock_choices(self.context, spread(free, self.most(TIMES_OFFERED)))
        most = self.most(TIMES_SHOWN)
        each = max(1, most // len(days[:most]))
        return slot_choices(self.context, [slot for day in days[:most] for slot in spread(self._on(day, free), each)])

    async def pick(self) -> str:
        wanted = self.slots.time
        if isinstance(wanted, Shift):
            return await self._shift(wanted)
        if isinstance(wanted, Period):
            return await self._narrow(wanted)
        return self._picked(wanted)

    def _picked(self, start: datetime) -> str:
        day = self.context.local(start).date().isoformat()
        slots = {"service": self.slots.service, "day": day, "time": start.isoformat()}
        self.goes_on = Start("booking", slots=slots)
        return "picked"

    # -- where to look ---------------------------------------------------------------------------------------

    async def _free(self) -> list[Slot]:
        """The openings where the customer looks: of no more days than a message can show, the next ones."""
        looking, horizon = self.looking, await self.horizon()
        days = await self.days_between(looking.first or self.today, looking.last or horizon)
        if not days:
            return []
        shown = days[: TIMES_SHOWN if looking.has_days else DAYS_SHOWN]
        return [slot for slot in await self.slots_between(shown[0], shown[-1]) if self._day_of(slot) in shown]

    def _day_of(self, slot: Slot) -> date:
        return self.context.local(slot.start).date()

    def _on(self, day: date, free: Sequence[Slot]) -> list[Slot]:
        return [slot for slot in free if self._day_of(slot) == day]

    async def _narrow(self, wanted: Period) -> str:
        """Other hours of the days shown, or other days; one start that is free is taken."""
        looking = self.looking
        if not wanted.has_days:
            wanted = replace(wanted, first=looking.first, last=looking.last)
        self.look(wanted)
        free = await self._free()
        return self._picked(free[0].start) if free and wanted.is_minute else await self.search()

    async def _shift(self, shift: Shift) -> str:
        free = await self._free()
        if not free:
            return await self.search()
        if shift is Shift.SOONEST:
            return self._picked(free[0].start)
        first, last = self._day_of(free[0]), self._day_of(free[-1])
        step = timedelta(days=_STEPS.get(shift, 0))
        if step:
            return await self._further(Period(first + step, last + step, None, None))
        if shift in (Shift.EARLIER, Shift.EARLIER_IN_WEEK):
            return await self._further(replace(EVER, last=first - _DAY))
        return await self._further(replace(EVER, first=last + _DAY))

    async def _further(self, period: Period) -> str:
        """Looks there in the same hours, unless there is nothing."""
        before = self.looking
        self.look(replace(period, since=before.since, until=before.until))
        if await self._free():
            return "day" if self.looking.day else "days"
        self.look(before)
        return "no_further"
