"""What is put in order by the clock: overdue turns, lapsed holds, codes whose time is over, words no longer needed.

Nothing is wrong until it runs: each rule looks at the time itself. It only keeps the tables tidy.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from bot.reception import Reception
from models.booking import bookings
from models.db import Database
from models.loyalty import expiry, redemptions
from models.messaging import thread
from models.tenancy.businesses import all_businesses

log = structlog.get_logger()

EVERY = 10.0
"""Seconds between two rounds."""
SECRETS_KEPT = timedelta(minutes=15)
"""How long the demo page can still show a code, and a call repeat it."""


async def keep_house(
    db: Database, reception: Reception, clock: Callable[[], datetime], *, every: float = EVERY
) -> None:
    """Runs until cancelled. People who wait for an answer do not wait for the tidying of all businesses."""
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_keep_sweeping(reception, every))
        loops.create_task(_keep_tidy(db, clock, every))


async def _keep_sweeping(reception: Reception, every: float) -> None:
    while True:
        try:
            await reception.sweep()
        except Exception:
            log.exception("sweep_failed")
        await asyncio.sleep(every)


async def _keep_tidy(db: Database, clock: Callable[[], datetime], every: float) -> None:
    while True:
        try:
            await tidy(db, clock())
        except Exception:
            log.exception("housekeeping_failed")
        await asyncio.sleep(every)


async def tidy(db: Database, now: datetime) -> None:
    """One round through all businesses. What one fails at is logged and left to the next round."""
    for business in await all_businesses(db):
        try:
            await _tidy_business(db, business.id, now)
        except Exception:
            log.exception("housekeeping_failed", business=business.slug)


async def _tidy_business(db: Database, tenant_id: UUID, now: datetime) -> None:
    async with db.tenant(tenant_id) as tx:
        await bookings.expire_holds(tx, now)
        await redemptions.void_expired(tx, now)
        await expiry.expire(tx, now)
        await thread.wipe_secrets(tx, now - SECRETS_KEPT)
