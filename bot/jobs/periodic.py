"""The rounds of the clock: each job for each business, in a transaction of its own."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from bot.jobs.context import JobContext
from bot.jobs.registry import PERIODIC, Periodic
from bot.outbox import Outbox
from bot.tenants import Tenants
from models.db import Database
from models.messaging.tables import MessageStatus
from models.tenancy.businesses import all_businesses
from models.vault import Vault

log = structlog.get_logger()


class Rounds:
    """Does the periodic work of all businesses."""

    def __init__(self, db: Database, vault: Vault, outbox: Outbox | None, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._vault = vault
        self._outbox = outbox
        self._clock = clock
        self._tenants = Tenants()
        self._due: dict[str, datetime] = {}

    async def round(self) -> None:
        """Everything that is due. What one business fails at is logged and left to the next round."""
        now = self._clock()
        due = [job for job in PERIODIC if self._due.get(job.name, now) <= now]
        self._due |= {job.name: now + job.every for job in due}
        for business in await all_businesses(self._db):
            for job in due:
                try:
                    await self.run(job, business.id)
                except Exception:
                    log.exception("job_failed", job=job.name, business=business.slug)

    async def run(self, job: Periodic, tenant_id: UUID) -> int:
        """One job for one business; what it told people is announced to the outbox."""
        now = self._clock()
        outgoing = MessageStatus.QUEUED if self._outbox is not None else MessageStatus.DEMO
        async with self._db.tenant(tenant_id) as tx:
            tenant, settings = await self._tenants.of(tx, tenant_id, now)
            context = JobContext(tx, tenant, settings, self._vault, now, outgoing)
            done = await job.work(context)
        if context.told and self._outbox is not None:
            self._outbox.announce(tenant_id)
        return done
