"""Bookings that wait for the business: the owners are told at once, and may answer there and then."""

from flows.context import TurnContext
from flows.reply import Choice, Reply, starting
from models.booking.bookings import Confirmed
from models.people.staff import owners


async def tell_of_pending(context: TurnContext, done: Confirmed) -> None:
    """Tells the owners of a request that needs their yes; one that only waits to be paid for is left to the till."""
    booking = done.booking
    if not booking.needs_approval:
        return
    values = {
        "customer": booking.customer_data.get("name") or context.customer.phone_number,
        "phone": context.customer.phone_number,
        "service": done.service,
        "when": context.local(booking.during.lower),
        "resource": done.resource,
    }
    choices = tuple(
        Choice(
            starting("booking_review", which=booking.id, decision=decision), context.word(f"booking-review-{decision}")
        )
        for decision in ("approve", "decline")
    )
    for owner in await owners(context.tx, context.now):
        if owner.phone_number != context.customer.phone_number:
            context.notify(owner, Reply("booking-review-asked", values, choices), until=booking.pending_until)
