"""When is my appointment?"""

from flows.flow import Flow
from flows.reply import Choice
from flows.tables import START
from models.booking import bookings


class Appointments(Flow):
    """Lists what is booked, soonest first, and offers to move or cancel."""

    name = "appointments"
    first = "look"
    moves = (
        ("shown", START, "shown"),
        ("none", START, "none"),
    )

    async def look(self) -> str:
        context = self.context
        coming = await bookings.upcoming(context.tx, context.customer.id, context.now)
        if not coming:
            self.choices = (Choice("start:booking", context.word("booking-label")),)
            return "none"
        lines = [
            context.word(
                "appointments-line",
                service=one.service,
                when=context.local(one.start),
                reference=one.reference,
                status=one.status,
            )
            for one in coming
        ]
        self.values = {"lines": "\n".join(lines), "count": len(coming)}
        self.choices = (
            Choice("start:reschedule", context.word("reschedule-label")),
            Choice("start:cancellation", context.word("cancellation-label")),
        )
        return "shown"
