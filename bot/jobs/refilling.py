"""What has become free is offered to who waits for it, and owners hear what was filled."""

from bot.jobs.context import JobContext
from flows.reply import Choice, Reply, starting
from flows.waitlist import booking_of
from models.booking import refills, waitlist, waitlist_offers
from models.booking.refills import Offered, Terms
from models.messaging.quiet_hours import quiet_until
from models.people.staff import owners
from prompts import Money

_TOLD_LATER = frozenset({"address", "loads"})
"""What a service cannot do without, and who waits has not told."""


async def offer_free_time(job: JobContext) -> int:
    """One time to one person; each is told in the transaction that keeps the time for him."""
    terms = Terms(job.zone, job.settings.waitlist_minutes, job.settings.reference_prefix)
    offered = await refills.offer_free_time(job.tx, terms, job.now)
    for one in offered:
        await job.tell(one.customer, _offer(job, one), until=one.start, expires_at=one.expires_at)
    return len(offered)


async def tidy_waitlist(job: JobContext) -> int:
    """Wishes whose days are over, then offers that nobody has answered. Nothing waits for it."""
    over = await waitlist.expire(job.tx, job.local(job.now).date(), job.now)
    return over + await waitlist_offers.lapse(job.tx, job.now)


async def tell_refills(job: JobContext) -> int:
    """The owners hear of each gap that was filled, once; by night it waits."""
    if quiet_until(job.now, job.zone) is not None:
        return 0
    filled = await waitlist_offers.tell(job.tx, job.now)
    for owner in await owners(job.tx, job.now) if filled else ():
        total = Money(sum(one.amount for one in filled), job.tenant.currency)
        lines = "\n".join(
            job.word(owner, "refills-line", service=one.service, when=job.local(one.start), who=one.customer)
            for one in filled
        )
        await job.tell(owner, Reply("refills-told", {"gaps": len(filled), "amount": total, "lines": lines}))
    return len(filled)


def _offer(job: JobContext, offered: Offered) -> Reply:
    """Yes and no. A service that has to know more first is booked in the usual way, with day and time filled in."""
    service, start = offered.service, job.local(offered.start)
    asks_more = not _TOLD_LATER.isdisjoint(service.details_asked)
    take, leave = (starting("offer", offer=offered.offer_id, take=take) for take in (True, False))
    yes = booking_of(str(service.id), start, offered.seats) if asks_more else take
    choices = (
        Choice(yes, job.word(offered.customer, "offer-yes")),
        Choice(leave, job.word(offered.customer, "offer-no")),
    )
    price = Money(service.price, service.currency)
    values = {
        "business": job.tenant.business_name,
        "service": service.name,
        "when": start,
        "price": job.word(offered.customer, "booking-price", price=price) if service.price else "",
        "until": job.local(offered.expires_at).time(),
    }
    return Reply("offer-made", values, choices)
