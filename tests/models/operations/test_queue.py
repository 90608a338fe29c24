"""What is asked for is asked for with the transaction, by one business, and delivered."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from sqlalchemy import text

from models.db import Database
from models.operations.queue import NAMES, OVERDUE, _Names, deliver_again, enqueue, forget_deliveries, queries
from tests.make import make_tenant

JOBS = text("SELECT job_type, payload, status, scheduled_at FROM background_jobs")
DELIVERIES = text("SELECT convert_from(payload, 'UTF8') AS named FROM jobs.pgqueuer WHERE dedupe_key LIKE :whose")


@pytest.fixture
async def tenant_id(database: Database) -> UUID:
    return (await make_tenant(database)).id


async def deliveries(database: Database, tenant_id: UUID) -> list[str]:
    return [row.named for row in await database.ask(DELIVERIES, whose=f"{tenant_id} %")]


async def test_what_is_rolled_back_was_never_asked_for(database: Database, tenant_id: UUID, now: datetime) -> None:
    async def asked_in_vain() -> None:
        async with database.tenant(tenant_id) as tx:
            await enqueue(tx, "kind", {"n": 1}, now=now)
            raise LookupError

    with pytest.raises(LookupError):
        await asked_in_vain()
    assert await deliveries(database, tenant_id) == []
    async with database.tenant(tenant_id) as tx:
        assert await tx.all(JOBS) == []


async def test_what_commits_is_asked_for_once(database: Database, tenant_id: UUID, now: datetime) -> None:
    due = now + timedelta(hours=1)
    async with database.tenant(tenant_id) as tx:
        assert await tx.value(text("SELECT current_user::text")) == "regulars_app"
        job_id = await enqueue(tx, "kind", {"n": 1}, now=now, due=due)

    assert await deliveries(database, tenant_id) == [f"{tenant_id} {job_id}"]
    async with database.tenant(tenant_id) as tx:
        assert await tx.all(JOBS) == [("kind", {"n": 1}, "pending", due)]


async def test_no_other_business_sees_what_was_asked_for(database: Database, tenant_id: UUID, now: datetime) -> None:
    other = await make_tenant(database)
    async with database.tenant(tenant_id) as tx:
        await enqueue(tx, "kind", {"n": 1}, now=now)

    async with database.tenant(other.id) as tx:
        assert await tx.all(JOBS) == []


async def test_a_lost_delivery_is_made_anew_and_no_other_twice(
    database: Database, tenant_id: UUID, now: datetime
) -> None:
    async with database.tenant(tenant_id) as tx:
        lost = await enqueue(tx, "kind", {}, now=now)
        await enqueue(tx, "kind", {}, now=now)
        await tx.run(text("DELETE FROM jobs.pgqueuer WHERE dedupe_key = :named"), named=f"{tenant_id} {lost}")

    async with database.tenant(tenant_id) as tx:
        assert await deliver_again(tx, now + OVERDUE) == 0
    async with database.tenant(tenant_id) as tx:
        assert await deliver_again(tx, now + OVERDUE + timedelta(seconds=1)) == 2
    found = await deliveries(database, tenant_id)
    assert len(found) == 2
    assert f"{tenant_id} {lost}" in found


async def test_the_queues_own_log_is_cleared(database: Database, tenant_id: UUID, now: datetime) -> None:
    async with database.tenant(tenant_id) as tx:
        await enqueue(tx, "kind", {}, now=now)
    async with database.tenant(tenant_id) as tx:
        assert await forget_deliveries(tx, datetime.max.replace(tzinfo=now.tzinfo)) > 0
        assert await tx.value(text("SELECT count(*) FROM jobs.pgqueuer_log")) == 0


def test_no_variable_of_the_machine_renames_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHANNEL", "FUNCTION", "PGQUEUER_SCHEMA", "PGQUEUER_PREFIX"):
        monkeypatch.setenv(name, "elsewhere")

    assert _Names(db_schema="jobs") == NAMES


async def test_the_queues_tables_are_those_of_the_library(dsn: str) -> None:
    """A newer pgqueuer with other tables needs a migration: here it says which statements."""
    owner = await asyncpg.connect(dsn)
    try:
        plan = await queries(AsyncpgDriver(owner)).plan_upgrade()
    finally:
        await owner.close()
    assert list(plan.statements) == []
