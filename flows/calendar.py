"""Days and times as something to choose from: what asking, booking and moving an appointment share."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from flows.context import TurnContext
from flows.reply import Choice
from flows.senses import Period
from flows.services import ServiceFlow
from models.base import Channel
from models.booking import ahead
from models.booking.busy import Asking
from models.booking.schedule import Slot
from models.booking.services import service
from models.booking.tables import Service
from models.loyalty import priority

DAYS_OFFERED = 5
TIMES_OFFERED = 8
HEARD = 4
"""A caller is read no more of either: nobody remembers the first of eight."""
EVER = Period(None, None, None, None)
T = TypeVar("T")


class CalendarFlow(ServiceFlow):
    """A flow whose slots hold a `service` and where the customer is `looking`: what is free there."""

    _beyond: int | None = None

    @property
    def moving(self) -> tuple[UUID, ...]:
        """The appointments that are being moved: their own time does not stand in their way."""
        return ()

    def most(self, written: int) -> int:
        """How many choices are offered where they are heard, or `written`."""
        return min(HEARD, written) if self.context.channel is Channel.VOICE else written

    @property
    def seats(self) -> int:
        """How many places are wanted."""
        return getattr(self.slots, "seats", None) or 1

    @property
    def also(self) -> list[str]:
        """The services that follow in the same visit, by id."""
        return list(getattr(self.slots, "also", []))

    @property
    def looking(self) -> Period:
        """The days and hours in which the customer wants to be shown something."""
        return self.slots.looking or EVER

    def look(self, period: Period | None) -> None:
        """From now on, this is where he looks; None is everywhere."""
        self.slots.looking = period
        if period is None:
            self.frame.slots.pop("looking", None)
        self.keep("looking")

    async def booked_services(self) -> list[Service]:
        """All that are wanted in one visit, in their order: mostly one."""
        others = [await service(self.context.tx, UUID(one)) for one in self.also]
        return [await self.booked_service(), *(one for one in others if one is not None)]

    @property
    def today(self) -> date:
        return self.context.local(self.context.now).date()

    async def horizon(self) -> date:
        """The last day that can be booked by this customer."""
        return self.today + timedelta(days=(await self.booked_service()).horizon_days + await self._days_beyond())

    async def _days_beyond(self) -> int:
        """How many days further ahead than others the customer books, asked for once a turn."""
        if self._beyond is None:
            self._beyond = await priority.days_ahead(self.context.tx, self.context.customer.id)
        return self._beyond

    async def _asking(self) -> Asking:
        context, beyond = self.context, await self._days_beyond()
        return Asking(context.now, context.zone, self.seats, context.customer.id, self.moving, days_ahead=beyond)

    async def _openings(self, first: date, last: date) -> list[Slot]:
        """Everything open on these days, both ends included, as far as it can be booked."""
        first, last = max(first, self.today), min(last, await self.horizon())
        wanted, tx = await self.booked_services(), self.context.tx
        if len(wanted) > 1:
            return await ahead.free_visits(tx, wanted, first, last, await self._asking())
        return await ahead.free_slots(tx, wanted[0], first, last, await self._asking())

    async def days_between(self, first: date, last: date) -> list[date]:
        """Those of these days that have an opening in the hours looked for, both ends included."""
        first, last = max(first, self.today), min(last, await self.horizon())
        if last < first:
            return []
        if self.looking.has_hours or self.also:
            found = self.in_hours(await self._openings(first, last))
            return sorted({self.context.local(slot.start).date() for slot in found})
        chosen = await self.booked_service()
        return await ahead.free_days(self.context.tx, chosen, first, last, await self._asking())

    async def free_days(self) -> list[date]:
        """The next days with an opening where the customer looks."""
        days = await self.days_between(self.looking.first or self.today, self.looking.last or await self.horizon())
        return days[: self.most(DAYS_OFFERED)]

    async def slots_between(self, first: date, last: date) -> list[Slot]:
        """The openings of these days in the hours looked for, both ends included."""
        return self.in_hours(await self._openings(first, last))

    async def times_of(self, day: date) -> list[Slot]:
        """All openings of the day, whatever hours are looked for."""
        return await self._openings(day, day)

    def in_hours(self, slots: Sequence[Slot]) -> list[Slot]:
        """Those in the hours looked for."""
        hours = self.looking
        return [slot for slot in slots if hours.holds(self.context.local(slot.start).time())]


def day_choices(context: TurnContext, days: Sequence[date]) -> list[Choice]:
    """Days by name and date."""
    return [Choice(day.isoformat(), context.word("house-day", day=day)) for day in days]


def clock_choices(context: TurnContext, free: Sequence[Slot]) -> list[Choice]:
    """Openings by the shop's clock."""
    return [
        Choice(slot.start.isoformat(), context.word("house-clock", time=context.local(slot.start).time()))
        for slot in free
    ]


def slot_choices(context: TurnContext, free: Sequence[Slot]) -> list[Choice]:
    """Openings by day and clock."""
    return [Choice(slot.start.isoformat(), context.word("house-slot", when=context.local(slot.start))) for slot in free]


def spread(choices: Sequence[T], most: int = TIMES_OFFERED) -> list[T]:
    """No more than fit a message, taken evenly over the day: every time can still be asked for by name."""
    if len(choices) <= most:
        return list(choices)
    if most == 1:
        return [choices[0]]
    return [choices[place * (len(choices) - 1) // (most - 1)] for place in range(most)]
