"""Cancelling an appointment."""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.reply import Choice
from flows.tables import NONE_LEFT, START, Ask
from flows.upcoming import Upcoming, UpcomingFlow
from models.booking import bookings
from models.booking.bookings import CancelOutcome


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    CONFIRM = "confirm"


class Asked(Upcoming):
    """What is remembered between the questions."""

    confirm: bool | None = None


class Cancellation(UpcomingFlow):
    """Asked once more before it is done; the time is free for others at once."""

    name = "cancellation"
    first = "find"
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="upcoming_choices", then="pick"),
        Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", needs=(S.WHICH,), then="cancel"),
    )
    moves = (
        ("none", START, "none"),
        ("unknown", START, "unknown"),
        ("cut_off", START, "cut_off"),
        (NONE_LEFT, S.WHICH, "none"),
        ("none", S.WHICH, "none"),
        ("cut_off", S.WHICH, "cut_off"),
        ("cancelled", S.CONFIRM, "cancelled"),
        ("cut_off", S.CONFIRM, "cut_off"),
        ("too_late", S.CONFIRM, "too_late"),
        ("no", S.CONFIRM, "kept"),
    )

    async def summary(self) -> list[Choice]:
        """Which appointment, and yes or no."""
        appointment = await self.chosen_appointment()
        self.values = {
            "service": appointment.service,
            "when": self.context.local(appointment.start),
            "reference": appointment.reference,
        }
        return self.yes_or_no()

    async def cancel(self) -> str:
        await self.summary()
        if not self.slots.confirm:
            return "no"
        context = self.context
        done = await bookings.cancel(
            context.tx, UUID(self.slots.which), customer_id=context.customer.id, now=context.now
        )
        if done is CancelOutcome.CUT_OFF:
            return self.too_near(await self.chosen_appointment())
        return "cancelled" if done in (CancelOutcome.CANCELLED, CancelOutcome.ALREADY) else "too_late"
