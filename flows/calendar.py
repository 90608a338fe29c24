"""Days and times as something to choose from: what booking and moving an appointment share."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flows.context import TurnContext
from flows.reply import Choice
from flows.senses import ClockTime
from models.booking import schedule
from models.booking.schedule import Slot
from models.booking.services import service
from models.booking.tables import Service

DAYS_OFFERED = 5
TIMES_OFFERED = 8


class Appointed:
    """For a flow whose slots hold `service`, `day` and `time`: what is free, and which start was meant."""

    context: TurnContext
    slots: Any
    moving: UUID | None = None

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
        """The opening that was meant: an exact start, or a time said on a clock face, morning or afternoon open."""
        said = self.slots.time
        if isinstance(said, datetime):
            return next((slot.start for slot in free if slot.start == said), None)
        return next((slot.start for slot in free if _same_time(self.context.local(slot.start), said)), None)


def _same_time(start: datetime, said: ClockTime) -> bool:
    if start.time() == said.time:
        return True
    other = (start - timedelta(hours=12)) if start.hour >= 12 else (start + timedelta(hours=12))  # noqa: PLR2004 - noon
    return not said.meridiem_known and other.time() == said.time


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
