"""What is put in order by the clock. Nothing is wrong until it runs: each rule looks at the time itself."""

from datetime import timedelta

from bot.jobs.context import JobContext
from models.booking import bookings
from models.loyalty import expiry, redemptions
from models.messaging import offers, thread

SECRETS_KEPT = timedelta(minutes=15)
"""How long the demo page can still show a code, and a call repeat it."""


async def expire_holds(job: JobContext) -> int:
    return await bookings.expire_holds(job.tx, job.now)


async def expire_points(job: JobContext) -> int:
    return await expiry.expire(job.tx, job.now)


async def void_codes(job: JobContext) -> int:
    return await redemptions.void_expired(job.tx, job.now)


async def wipe_secrets(job: JobContext) -> int:
    return await thread.wipe_secrets(job.tx, job.now - SECRETS_KEPT)


async def forget_offers(job: JobContext) -> int:
    return await offers.forget(job.tx, job.now)
