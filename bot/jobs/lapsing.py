"""Bookings that nobody has answered or paid for in time: their customers are told, and may choose another time."""

from bot.jobs.context import JobContext
from flows.reply import Choice, Reply, starting
from models.booking import bookings
from models.booking.services import service as service_of
from models.booking.tables import Booking
from models.people import members


async def lapse_pending(job: JobContext) -> int:
    """Gives their time back. Answers look at the time themselves, so a late run changes nothing but the message."""
    lapsed = await bookings.lapse_pending(job.tx, job.now)
    for booking in lapsed:
        await _tell(job, booking)
    return len(lapsed)


async def _tell(job: JobContext, booking: Booking) -> None:
    customer = await members.customer(job.tx, booking.customer_id)
    service = await service_of(job.tx, booking.service_id)
    if customer is None or service is None:
        return
    values = {
        "business": job.tenant.business_name,
        "service": service.name,
        "when": job.local(booking.during.lower),
        "unpaid": "yes" if booking.approved_at or not booking.needs_approval else "no",
    }
    another = Choice(starting("booking"), job.word(customer, "booking-lapsed-again"))
    await job.tell(customer, Reply("booking-lapsed", values, (another,)))
