"""When is my appointment?"""

from flows.booked import meeting, price, told, waits_for
from flows.flow import Flow, Slots
from flows.reply import Choice, starting
from flows.tables import START
from models.booking import bookings
from models.booking.bookings import Appointment


class Asked(Slots):
    """The appointment that was named, if one was."""

    reference: str | None = None


class Appointments(Flow):
    """Lists what is booked, soonest first, and offers to move or cancel."""

    name = "appointments"
    first = "look"
    Slots = Asked
    moves = (
        ("shown", START, "shown"),
        ("none", START, "none"),
        ("unknown", START, "unknown"),
    )

    async def look(self) -> str:
        context, named = self.context, self.slots.reference
        coming = await bookings.upcoming(context.tx, context.customer.id, context.now)
        if named is not None:
            coming = [one for one in coming if one.reference == named]
            if not coming:
                self.values = {"reference": named}
                return "unknown"
        if not coming:
            self.choices = (Choice(starting("booking"), context.word("booking-label")),)
            return "none"
        self.values = {"lines": "\n".join(map(self._line, coming)), "count": len(coming)}
        only = {"which": coming[0].booking_id} if len(coming) == 1 else {}
        self.choices = tuple(
            Choice(starting(flow, **only), context.word(f"{flow}-label")) for flow in ("reschedule", "cancellation")
        )
        return "shown"

    def _line(self, one: Appointment) -> str:
        """One appointment with all that is known of it, and what it still waits for."""
        context = self.context
        details = told(
            context,
            booked_for=one.booked_for,
            seats=one.seats if one.seats > 1 else None,
            address=one.pickup_address,
            loads=one.number_of_loads,
            notes=one.notes,
        )
        return context.word(
            "appointments-line",
            service=one.service,
            when=context.local(one.start),
            details=details,
            reference=one.reference,
            waits=waits_for(one),
            price=price(context, one),
            meeting=meeting(context, one),
        )
