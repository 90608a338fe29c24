"""A database for one test: a runner would do the jobs of all others in theirs too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from bot import clock
from bot.jobs.desk import Desk
from bot.jobs.one_off import OneOffs
from bot.jobs.periodic import Rounds
from bot.jobs.registry import OneOff, Periodic
from bot.jobs.runner import Runner
from bot.migrating import migrate
from models.base import uuid7
from models.db import Database, Row
from models.operations.queue import enqueue
from models.vault import Vault
from tests.bot.jobs.worker import LEASE, LOOK, PATIENCE
from tests.shops import open_cafe


@dataclass
class Yard:
    """A café alone in its database, with as many runners as a test wants."""

    dsn: str
    owner: asyncpg.Connection
    db: Database
    vault: Vault
    tenant_id: UUID
    _open: AsyncExitStack

    async def starts(self, *, periodic: tuple[Periodic, ...] = (), one_off: tuple[OneOff, ...] = ()) -> Runner:
        """One more runner, with connections of its own as another process has."""
        db = await Database.connect(self.dsn, size=4)
        self._open.push_async_callback(db.close)
        desk = Desk(db, self.vault, None, clock.now)
        one_offs = OneOffs(desk, {job.name: job for job in one_off}, lease=LEASE)
        runner = Runner(db, Rounds(desk), one_offs, periodic, patience=PATIENCE, look=LOOK)
        self._open.push_async_callback(self._stops, runner, asyncio.create_task(runner.run()))
        return runner

    async def _stops(self, runner: Runner, running: "asyncio.Task[None]") -> None:
        await runner.finish()
        await running

    async def asks(self, job_type: str, payload: dict[str, Any] | None = None, **more: Any) -> UUID:
        async with self.db.tenant(self.tenant_id) as tx:
            return await enqueue(tx, job_type, payload or {}, now=datetime.now(UTC), **more)

    async def rows(self, query: str, **values: object) -> list[Row]:
        async with self.db.tenant(self.tenant_id) as tx:
            return list(await tx.all(text(query), **values))

    async def until(self, query: str, number: int = 1) -> list[Row]:
        """Waits until the query has so many rows."""
        async with asyncio.timeout(40):
            while len(found := await self.rows(query)) < number:
                await self.owner.execute("SELECT pg_sleep(0.02)")
        return found

    async def until_delivered(self) -> None:
        async with asyncio.timeout(40):
            while await self.owner.fetchval("SELECT count(*) FROM jobs.pgqueuer"):
                await self.owner.execute("SELECT pg_sleep(0.02)")


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pgqueuer looks at its timetable a second after something is due, and takes no other figure."""
    monkeypatch.setattr("pgqueuer.core.sm.timedelta", lambda seconds: timedelta(seconds=seconds / 50))


@asynccontextmanager
async def _a_database(server: str, source: str) -> AsyncIterator[str]:
    """The DSN of a database that is there for the block, a copy of `source`."""
    name = f"regulars_test_jobs_{uuid7().hex[-8:]}"
    head, mark, query = server.partition("?")
    maker = await asyncpg.connect(server)
    try:
        await maker.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        yield f"{head.rsplit('/', 1)[0]}/{name}{mark}{query}"
    finally:
        await maker.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await maker.close()


@pytest.fixture(scope="session")
async def migrated(server: str) -> AsyncIterator[str]:
    """The name of a migrated database to which nobody is connected."""
    async with _a_database(server, "template0") as dsn:
        await migrate(dsn)
        yield dsn.partition("?")[0].rpartition("/")[2]


@pytest.fixture
async def yard(server: str, migrated: str, vault: Vault, now: datetime) -> AsyncIterator[Yard]:
    async with AsyncExitStack() as still_open:
        dsn = await still_open.enter_async_context(_a_database(server, migrated))
        owner = await asyncpg.connect(dsn)
        still_open.push_async_callback(owner.close)
        db = await Database.connect(dsn, size=4)
        still_open.push_async_callback(db.close)
        tenant = await open_cafe(db, vault, now)
        yield Yard(dsn, owner, db, vault, tenant.id, still_open)
