"""Days and times as something to choose from: what booking and moving an appointment share."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flows.context import TurnContext
from flows.flow import Flow
from flows.reply import Choice
from models.booking import schedule
from models.booking.schedule import Slot
from models.booking.services import service
from models.booking.tables import Service

DAYS_OFFERED = 5
TIMES_OFFERED = 8


class CalendarFlow(Flow):
    """A flow whose slots hold `service`, `day` and `time`: what is free, and which start was meant."""

    @property
    def moving(self) -> UUID | None:
        """The appointment that is being moved: its own time does not stand in its way."""
        return None

    async def booked_service(self) -> Service:
        """The service chosen."""
        found = await service(self.context.tx, UUID(self.slots.service))
        if found is None:
            raise LookupError(f"service {self.slots.service} is gone")
        return found

    async def free_days(self) -> list[date]:
        """The next days with an opening."""
        context, chosen = self.context, await self.booked_service()
        today = context.local(context.now).date()
        days = await schedule.free_days(
            context.tx,
            chosen,
            today,
            chosen.horizon_days + 1,
            now=context.now,
            zone=context.zone,
            for_customer=context.customer.id,
            moving=self.moving,
        )
        return days[:DAYS_OFFERED]

    async def free_times(self) -> list[Slot]:
        """The openings of the chosen day."""
        context = self.context
        return await schedule.free_times(
            context.tx,
            await self.booked_service(),
            self.slots.day,
            now=context.now,
            zone=context.zone,
            for_customer=context.customer.id,
            moving=self.moving,
        )

    def chosen_start(self, free: Sequence[Slot]) -> datetime | None:
        """The opening that was meant: an exact start, or a time as people say it, mostly without a.m. or p.m."""
        said = self.slots.time
        if isinstance(said, datetime):
            return next((slot.start for slot in free if slot.start == said), None)
        starts = {self.context.local(slot.start).time(): slot.start for slot in reversed(free)}
        return next((starts[time] for time in said.readings if time in starts), None)


def day_choices(context: TurnContext, days: Sequence[date]) -> list[Choice]:
    """Days by name and date."""
    return [Choice(day.isoformat(), context.word("house-day", day=day)) for day in days]


def clock_choices(context: TurnContext, free: Sequence[Slot]) -> list[Choice]:
    """Openings by the shop's clock."""
    return [
        Choice(slot.start.isoformat(), context.word("house-clock", time=context.local(slot.start).time()))
        for slot in free
    ]


def spread(choices: Sequence[Choice], most: int = TIMES_OFFERED) -> list[Choice]:
    """No more than fit a message, taken evenly over the day: every time can still be asked for by name."""
    if len(choices) <= most:
        return list(choices)
    return [choices[place * (len(choices) - 1) // (most - 1)] for place in range(most)]
