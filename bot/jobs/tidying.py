"""What is put in order by the clock. Nothing is wrong until it runs: each rule looks at the time itself."""

from datetime import timedelta

from bot.jobs.context import JobContext
from models.booking import bookings
from models.loyalty import expiry, redemptions
from models.messaging import offers, thread
from models.operations import background, cron_logs, queue

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


async def deliver_again(job: JobContext) -> int:
    return await queue.deliver_again(job.tx, job.now)


async def forget_jobs(job: JobContext) -> int:
    """What was done a month ago, and what the queue wrote down for itself."""
    forgotten = await background.forget(job.tx, job.now) + await cron_logs.forget(job.tx, job.now)
    await queue.forget_deliveries(job.tx, job.now - background.KEPT)
    return forgotten
