"""What is put in order by the clock: overdue turns, lapsed holds, codes whose time is over, words no longer needed.

Nothing is wrong until it runs: each rule looks at the time itself. It only keeps the tables tidy.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

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


async def keep_house(db: Database, reception: Reception, clock: Callable[[], datetime]) -> None:
    """Runs until cancelled; one failed round does not end it."""
    while True:
        try:
            await reception.sweep()
            await tidy(db, clock())
        except Exception:
            log.exception("housekeeping_failed")
        await asyncio.sleep(EVERY)


async def tidy(db: Database, now: datetime) -> None:
    """One round through all businesses."""
    for business in await all_businesses(db):
        async with db.tenant(business.id) as tx:
            await bookings.expire_holds(tx, now)
            await redemptions.void_expired(tx, now)
            await expiry.expire(tx, now)
            await thread.wipe_secrets(tx, now - SECRETS_KEPT)
