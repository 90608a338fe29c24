"""What the clock does about points to come and points to go: campaigns move on, and people hear what expires."""

from datetime import datetime, time, timedelta

from bot.jobs.context import JobContext
from flows.reply import Choice, Reply, starting
from models.booking.wall_time import first_reached
from models.loyalty import campaigns, expiry_notices
from models.loyalty.expiry_notices import Expiring
from models.messaging.quiet_hours import quiet_until
from models.people.tables import Customer, Purpose


async def settle_campaigns(context: JobContext) -> int:
    """Writes down which campaigns have begun or ended; whoever asks looks at the clock himself."""
    return await campaigns.settle(context.tx, context.now)


async def tell_what_expires(context: JobContext) -> int:
    """Says what expires, as "60 points expire on Friday": a few days before, once, and not at night.

    Who has points that expire day after day is told of as many days again in the same breath.
    """
    days = context.settings.expiry_notice_days
    if days == 0 or quiet_until(context.now, context.zone):
        return 0
    until, beyond = _midnight(context, days + 1), _midnight(context, 2 * days + 1)
    told = 0
    for customer, going in await expiry_notices.due(context.tx, context.now, until, beyond, context.zone):
        if await expiry_notices.note(context.tx, customer, going, context.zone, context.now):
            told += await _tell(context, customer, going)
    return told


def _midnight(context: JobContext, days: int) -> datetime:
    """The beginning of the day in so many days, on the clock of the shop."""
    day = context.local(context.now).date() + timedelta(days=days)
    return first_reached(datetime.combine(day, time(0)), context.zone)


async def _tell(context: JobContext, customer: Customer, going: list[Expiring]) -> bool:
    first, last = (context.local(one.expires_at).date() for one in (going[0], going[-1]))
    values = {
        "business": context.tenant.business_name,
        "points": sum(one.points for one in going),
        "first": first,
        "last": last,
    }
    key = "expiry-notice" if first == last else "expiry-notice-several"
    choices = (Choice(starting("redemption"), context.word(customer, "redemption-label")),)
    # a warning that comes after the points have gone would be a bad joke
    expires_at = going[0].expires_at
    reply = Reply(key, values, choices)
    sent = await context.tell(customer, reply, purpose=Purpose.MARKETING, expires_at=expires_at)
    return sent is not None
