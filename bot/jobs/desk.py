"""Where a job gets what it works with: one business's transaction, and the outbox told of what it queued."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from bot.jobs.context import JobContext
from bot.outbox import Outbox
from bot.tenants import Tenants
from models.db import Database
from models.messaging.tables import MessageStatus
from models.vault import Vault


class Desk:
    """The same for what comes round and for what was asked for once."""

    def __init__(self, db: Database, vault: Vault, outbox: Outbox | None, clock: Callable[[], datetime]) -> None:
        self.db = db
        self.now = clock
        self._vault = vault
        self._outbox = outbox
        self._tenants = Tenants()

    @asynccontextmanager
    async def at(self, tenant_id: UUID) -> AsyncIterator[JobContext]:
        """A job's transaction; what it told people is announced when that has committed."""
        now = self.now()
        outgoing = MessageStatus.QUEUED if self._outbox is not None else MessageStatus.DEMO
        async with self.db.tenant(tenant_id) as tx:
            tenant, settings = await self._tenants.of(tx, tenant_id, now)
            context = JobContext(tx, tenant, settings, self._vault, now, outgoing)
            yield context
        if context.told and self._outbox is not None:
            self._outbox.announce(tenant_id)


def described(error: Exception) -> str:
    """What went wrong, in a line. The lines after the first are PostgreSQL's details, with people's values in them."""
    first = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first}"[:300]
