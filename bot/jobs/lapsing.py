"""Bookings that nobody has answered or paid for in time: their customers are told, and may choose another time."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from bot.jobs.context import JobContext
from flows.reply import Choice, Reply, starting
from models.booking import bookings
from models.booking.services import service as service_of
from models.booking.tables import Booking
from models.people import members


async def lapse_pending(job: JobContext) -> int:
    """Gives their time back. Answers look at the time themselves, so a late run changes nothing but the message."""
    lapsed = await bookings.lapse_pending(job.tx, job.now)
    visits: defaultdict[UUID, list[Booking]] = defaultdict(list)
    for booking in sorted(lapsed, key=lambda one: one.visit_place):
        visits[booking.visit_id or booking.id].append(booking)
    for parts in visits.values():
        await _tell(job, parts)
    return len(lapsed)


async def _tell(job: JobContext, parts: Sequence[Booking]) -> None:
    """Once for all parts of a visit."""
    first = parts[0]
    customer = await members.customer(job.tx, first.customer_id)
    if customer is None:
        return
    services = [await service_of(job.tx, part.service_id) for part in parts]
    values = {
        "business": job.tenant.business_name,
        "service": " + ".join(service.name for service in services if service),
        "when": job.local(first.during.lower),
        "unpaid": "yes" if first.approved_at or not first.needs_approval else "no",
    }
    wanted = {} if len(parts) > 1 else {"service": first.service_id}
    another = Choice(starting("booking", **wanted), job.word(customer, "booking-lapsed-again"))
    await job.tell(customer, Reply("booking-lapsed", values, (another,)))
