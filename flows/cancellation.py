"""Cancelling an appointment."""

from enum import StrEnum

from flows import senses
from flows.booked import together
from flows.reply import Choice
from flows.tables import NONE_LEFT, START, Ask
from flows.upcoming import Upcoming, UpcomingFlow
from models.booking import bookings, visit_parts
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
            "service": together(part.service for part in self.parts),
            "when": self.context.local(appointment.start),
            "reference": ", ".join(part.reference for part in self.parts),
        }
        return self.yes_or_no()

    async def cancel(self) -> str:
        await self.summary()
        if not self.slots.confirm:
            return "no"
        done = await self._give_up()
        if done is CancelOutcome.CUT_OFF:
            return self.too_near(await self.chosen_appointment())
        return "cancelled" if done in (CancelOutcome.CANCELLED, CancelOutcome.ALREADY) else "too_late"

    async def _give_up(self) -> CancelOutcome:
        """The whole visit, or the one appointment."""
        context = self.context
        first, *others = self.parts
        own = context.customer.id
        if others and first.visit_id is not None:
            return await visit_parts.cancel_visit(context.tx, first.visit_id, now=context.now, customer_id=own)
        return await bookings.cancel(context.tx, first.booking_id, now=context.now, customer_id=own)
