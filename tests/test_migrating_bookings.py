"""Bookings that were there before they could take several resources take the one they had."""

from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine

from bot.migrating import migrate
from tests.test_migrations import MIGRATIONS, fresh_database

_AFTERWARDS = """
SELECT b.status, b.takes_time, b.needs_approval, b.pending_until = b.starts_at AS limited,
  r.takes_time, r.exclusive, r.seats, r.resource_id = b.resource_id AS same, r.blocked = b.blocked AS when_it_was
FROM bookings b JOIN booking_resources r ON (r.tenant_id, r.booking_id) = (b.tenant_id, b.id)
WHERE b.tenant_id = $1 ORDER BY b.status
"""


async def test_each_keeps_its_resource_and_requests_get_a_limit(server: str) -> None:
    async with fresh_database(server, "bookings") as dsn:
        await upgrade(dsn, "0008")
        owner = await asyncpg.connect(dsn)
        try:
            tenant = await fill(owner)
            await migrate(dsn)
            rows = await owner.fetch(_AFTERWARDS, tenant)
        finally:
            await owner.close()
    assert [tuple(row) for row in rows] == [
        ("cancelled", False, False, None, False, True, 1, True, True),
        ("confirmed", True, False, None, True, True, 1, True, True),
        ("pending", True, True, True, True, False, 2, True, True),
    ]


async def upgrade(dsn: str, revision: str) -> None:
    """The tables as they were at a version."""
    config = Config(toml_file=str(MIGRATIONS.parent / "pyproject.toml"))

    def run(connection: object) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn))
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
    finally:
        await engine.dispose()


async def fill(owner: Any) -> object:
    """A booking that stands, one that was cancelled, and a request for two seats of a bench; the business's id."""
    tenant = await add(owner, "tenants", "id")
    customer = await add(owner, "customers", tenant=tenant)
    service = await add(owner, "services", tenant=tenant, auto_confirm=False)
    chair = await add(owner, "resources", tenant=tenant, name="Chair", capacity=1)
    bench = await add(owner, "resources", tenant=tenant, name="Bench", capacity=4)
    for status, resource, seats in (("confirmed", chair, 1), ("cancelled", chair, 1), ("pending", bench, 2)):
        await add(
            owner,
            "bookings",
            tenant=tenant,
            reference=status,
            customer_id=customer,
            service_id=service,
            resource_id=resource,
            exclusive=resource == chair,
            seats=seats,
            status=status,
        )
    return tenant


async def add(owner: Any, table: str, key: str = "tenant_id", *, tenant: object = None, **facts: object) -> object:
    """A row with the smallest values that the table takes; its id."""
    columns = await owner.fetch(
        "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = $1"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER' AND is_identity = 'NO'",
        table,
    )
    values = {row["name"]: _SMALL.get(row["name"]) or _BY_TYPE[row["type"]] for row in columns}
    values |= {name: f"'{value}'" for name, value in facts.items()}
    if key == "tenant_id":
        values["tenant_id"] = f"'{tenant}'"
    statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())}) RETURNING id"  # noqa: S608 - ours
    return await owner.fetchval(statement)


_SMALL = {
    "id": "gen_random_uuid()",
    "slug": "'shop'",
    "vendor_code": "'SHOP'",
    "channel": "'sms'",
    "loyalty_status": "'active'",
    "kind": "'places'",
    "booking_type": "'scheduled'",
    "payment_status": "'waived'",
    "subscription_status": "'active'",
    "duration_minutes": "60",
    "step_minutes": "60",
    "during": "'[2026-11-19 09:00Z,2026-11-19 10:00Z)'",
    "blocked": "'[2026-11-19 09:00Z,2026-11-19 10:30Z)'",
}
_BY_TYPE = {
    "uuid": "gen_random_uuid()",
    "character varying": "'x'",
    "text": "'x'",
    "integer": "0",
    "bigint": "0",
    "boolean": "true",
    "timestamp without time zone": "'2026-11-19 10:00'",
    "timestamp with time zone": "now()",
    "jsonb": "'{}'",
}
