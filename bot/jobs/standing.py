"""What the clock does for how customers stand: tiers, friends, birthdays.

People are told between morning and evening only; what is due in the night waits for the day.
"""

from datetime import datetime, time, timedelta

from bot.jobs.context import JobContext
from flows.context import locale_of
from flows.referral_news import doubt_news, paid_news
from flows.reply import Reply
from flows.rising import news, tier_name
from models.booking.wall_time import first_reached
from models.loyalty import birthdays, referral_payment, referrals, rising, standings, tier_review
from models.loyalty.birthdays import Celebrated
from models.loyalty.referral_payment import Doubtful, Paid
from models.loyalty.tier_review import Reviewed
from models.messaging.quiet_hours import EVENING, quiet_until
from models.people.staff import owners
from models.people.tables import Purpose

MORNING = time(9)
"""When birthdays are greeted from, on the clock of the shop."""
DOUBTS_STAND = timedelta(days=7)
"""How long the owner can decide with the notice itself; after that from the list."""


async def review_tiers(job: JobContext) -> int:
    """Warns who is about to lose a tier, and lowers it where that was said in time."""
    if quiet_until(job.now, job.zone) is not None:
        return 0
    done = 0
    for customer_id in await tier_review.candidates(job.tx, standings.today(job.now, job.zone)):
        reviewed = await tier_review.review(job.tx, customer_id, job.now, job.zone)
        if reviewed is not None:
            await _tell_tier(job, reviewed)
            done += 1
    return done


async def pay_referrals(job: JobContext) -> int:
    """Pays for friends whose first purchase has stood, asks the owner about doubtful ones, gives late ones up."""
    if quiet_until(job.now, job.zone) is not None:
        return 0
    of, done = rising.Terms.of(job.tenant), 0
    for referral_id in await referral_payment.due(job.tx, job.now):
        settled = await referral_payment.settle(job.tx, referral_id, of, job.now)
        if isinstance(settled, Paid):
            for customer, reply in paid_news(settled, job.tenant):
                await job.tell(customer, reply)
        elif settled is not None:
            await _ask_owners(job, settled)
        done += settled is not None
    return done + await referrals.expire(job.tx, job.now, valid=of.referral_valid)


async def celebrate_birthdays(job: JobContext) -> int:
    """Gives the points of the day, with a greeting to who wants to hear from the shop."""
    if not MORNING <= job.local(job.now).time() < EVENING:
        return 0
    of, done = rising.Terms.of(job.tenant), 0
    for customer_id in await birthdays.celebrating(job.tx, standings.today(job.now, job.zone)):
        celebrated = await birthdays.celebrate(job.tx, customer_id, of, job.now)
        if celebrated is not None:
            await _greet(job, celebrated)
            done += 1
    return done


async def _tell_tier(job: JobContext, reviewed: Reviewed) -> None:
    values: dict[str, object] = {"business": job.tenant.business_name}
    if reviewed.moved is not None:
        key = "standing-raised" if reviewed.moved.is_up else "standing-lowered"
        values |= {"tier": tier_name(reviewed.moved.after), "before": tier_name(reviewed.moved.before)}
    else:
        found = reviewed.standing
        key, below = "standing-warned", found.policy.tiers[found.policy.tiers.index(found.tier) - 1]
        values |= {"tier": tier_name(found.tier.name), "below": tier_name(below.name), "missing": found.to_keep}
        values |= {"until": reviewed.last_day}
    await job.tell(reviewed.customer, Reply(key, values), expires_at=_evening(job))


async def _ask_owners(job: JobContext, doubtful: Doubtful) -> None:
    for owner in await owners(job.tx, job.now):
        await job.tell(owner, doubt_news(doubtful, owner, job.tenant), until=job.now + DOUBTS_STAND)


async def _greet(job: JobContext, celebrated: Celebrated) -> None:
    customer = celebrated.customer
    name = customer.first_name or customer.whatsapp_name
    lines = "".join(f"\n{line}" for line in news(celebrated.risen, locale_of(customer.language, job.tenant)))
    values = {"business": job.tenant.business_name, "name": name or "", "is_named": bool(name), "news": lines}
    wish = Reply("birthday-wish", {**values, "points": celebrated.points})
    await job.tell(customer, wish, purpose=Purpose.MARKETING, expires_at=_evening(job))


def _evening(job: JobContext) -> datetime:
    """When the quiet of this day begins."""
    return first_reached(datetime.combine(job.local(job.now).date(), EVENING), job.zone)
