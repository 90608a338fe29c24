"""A time has become free for somebody who waits: he takes it, or leaves it to the next."""

from uuid import UUID

from flows.booked import booked_values, waiting
from flows.flow import Flow, Slots
from flows.pending import tell_of_pending
from flows.reply import Choice, starting
from flows.tables import START
from models.booking import bookings, waitlist_offers
from models.booking.waitlist_offers import Offer


class Asked(Slots):
    """What was offered, and whether he wants it."""

    offer: UUID | None = None
    take: bool = False


class OfferAnswer(Flow):
    """The time is his until the offer ends, and after that for as long as nobody else has it."""

    name = "offer"
    first = "settle"
    Slots = Asked
    moves = (
        ("gone", START, "gone"),
        ("booked", START, "booked"),
        ("approval", START, "pending"),
        ("payment", START, "pending"),
        ("approval_and_payment", START, "pending"),
        ("refused", START, "refused"),
    )

    async def settle(self) -> str:
        context = self.context
        offer = None
        if self.slots.offer is not None:
            offer = await waitlist_offers.find(context.tx, self.slots.offer, customer_id=context.customer.id)
        self.choices = (Choice(starting("waitlisted"), context.word("waitlisted-label")),)
        if offer is None or offer.start <= context.now:
            return "gone"
        self.values = {"service": offer.service, "when": context.local(offer.start)}
        if self.slots.take:
            return await self._take(offer)
        await waitlist_offers.close(context.tx, [offer.entry_id], context.now)
        return "refused"

    async def _take(self, offer: Offer) -> str:
        context = self.context
        details = bookings.Details(name=context.name)
        done = await bookings.confirm(context.tx, offer.booking_id, now=context.now, details=details)
        if not isinstance(done, bookings.Confirmed):
            return "gone"
        self.choices, self.values = (), booked_values(context, (done,))
        await tell_of_pending(context, done)
        return waiting((done,)) or "booked"
