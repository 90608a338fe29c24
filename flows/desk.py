"""What staff book, move and cancel for customers: hours hold, but neither notice nor cut-off; customers are told."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from flows.calendar import DAYS_OFFERED, clock_choices, spread
from flows.calendar_link import calendar_line
from flows.context import locale_of
from flows.reply import Choice, Reply
from flows.roster import RosterFlow
from flows.services import ServiceFlow
from flows.tables import NEXT
from models.booking.busy import Asking
from models.booking.day import Visit
from models.booking.schedule import Schedule, Slot
from models.booking.wall_time import to_utc
from models.people import members
from prompts import say

AFTERTHOUGHT = timedelta(minutes=5)
"""How long after it began a time is still offered to staff."""


class DeskFlow(RosterFlow, ServiceFlow):
    """A flow of staff about a customer's time: what is free for them, and a word to whom it concerns.

    Those that look for a time have the slots `service`, `day` and `time`.
    """

    @property
    def moving(self) -> UUID | None:
        """The booking that is being moved: its own time does not stand in its way."""
        return None

    @property
    def held_by(self) -> UUID | None:
        """The customer whose own hold is not in the way."""
        return None

    async def free_days(self) -> list[date]:
        today, days = self._today(), (await self.booked_service()).horizon_days + 1
        schedule = await self._schedule(today, days)
        free = (day for day in schedule.free_days(today, days) if self._ahead(schedule.free_times(day)))
        return list(islice(free, DAYS_OFFERED))

    async def free_times(self) -> list[Slot]:
        return self._ahead((await self._schedule(self.slots.day, 1)).free_times(self.slots.day))

    async def times_offered(self) -> list[Choice]:
        self.values["day"] = self.slots.day
        return spread(clock_choices(self.context, await self.free_times()))

    async def pick_time(self) -> str:
        start = self.chosen_start(await self.free_times())
        if start is None:
            return "no_such_time"
        self.slots.time = start
        self.keep("time")
        return NEXT

    def chosen_start(self, free: Sequence[Slot]) -> datetime | None:
        """One of the openings, or any other time staff name: whether it can be had is seen when it is booked."""
        said = self.slots.time
        if isinstance(said, datetime):
            return said
        starts = {self.context.local(slot.start).time(): slot.start for slot in reversed(free)}
        found = next((starts[time] for time in said.readings if time in starts), None)
        return found or to_utc(datetime.combine(self.slots.day, said.readings[0]), self.context.zone)

    async def tell(self, customer_id: UUID, key: str, *choices: tuple[str, str], **values: object) -> bool:
        """Tells the customer with the words `key`; choices are ids and the keys of their labels."""
        context = self.context
        customer = await members.customer_of(context.tx, customer_id)
        if customer.phone_number == members.WALK_IN:
            return False
        locale = locale_of(customer.language, context.tenant)
        offered = tuple(Choice(start, say(label, {}, locale)) for start, label in choices)
        context.notify(customer, Reply(key, {"business": context.tenant.business_name, **values}, offered))
        return customer.opted_in

    async def tell_confirmed(self, visit: Visit) -> bool:
        """Nothing is waited for any more: the customer hears what he would have heard at once. Says whether he does."""
        told = {name: self.values[name] for name in ("service", "when", "reference")}
        calendar = calendar_line(self.context, visit.booking_id)
        return await self.tell(visit.customer_id, "booking-review-told-confirmed", **told, calendar=calendar)

    def _today(self) -> date:
        return self.context.local(self.context.now).date()

    async def _schedule(self, first: date, days: int) -> Schedule:
        moving = (self.moving,) if self.moving else ()
        asking = Asking(self.context.now, self.context.zone, 1, self.held_by, moving, by_staff=True)
        return await Schedule.load(self.context.tx, await self.booked_service(), first, days, asking)

    def _ahead(self, free: Sequence[Slot]) -> list[Slot]:
        return [slot for slot in free if slot.start >= self.context.now - AFTERTHOUGHT]
