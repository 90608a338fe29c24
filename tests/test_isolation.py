"""No business sees, changes or makes another's rows: tried on every table, in the role the program has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Time,
    Uuid,
    delete,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlmodel import SQLModel

from models import ROUTING_TABLES, TENANT_TABLES
from models.base import uuid7
from models.db import Database
from models.tenancy.tables import Tenant
from tests.make import make_tenant

TABLES = SQLModel.metadata.tables
MODELS = {str(model.__tablename__): model for model in TENANT_TABLES}
APPEND_ONLY = {"audit_logs", "consents", "loyalty_tiers", "points_transactions", "purchase_returns", "tier_events"}
MAY_DELETE = {
    "availability_overrides",
    "availability_templates",
    "background_jobs",
    "booking_resources",
    "cron_job_logs",
    "phone_lines",
    "service_resources",
    "standing_offers",
}
"""Facts of a business file, which a newer file may leave out, offers whose time is over, what moved bookings took, and
jobs long done."""

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)

Values = dict[str, Any]


@dataclass(frozen=True)
class Neighbours:
    """Two businesses with one row in every table each; `their_rows` by table."""

    ours: UUID
    theirs: UUID
    their_rows: Mapping[str, Values]


@pytest.fixture(scope="session")
async def neighbours(database: Database) -> Neighbours:
    ours, theirs = [(await make_tenant(database)).id for _ in range(2)]
    await filled(database, ours)
    return Neighbours(ours, theirs, await filled(database, theirs))


async def filled(database: Database, tenant: UUID) -> dict[str, Values]:
    """One row in every table of a business, parents first."""
    rows: dict[str, Values] = {}
    async with database.tenant(tenant) as tx:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in MODELS:
                needed = [column for column in table.columns if is_needed(column)]
                rows[table.name] = {column.name: smallest(column, tenant, rows) for column in needed}
                await tx.add(MODELS[table.name](**rows[table.name]))
                # what the database computes is part of some references
                if computed := [column for column in table.columns if column.computed is not None]:
                    rows[table.name] |= dict(await tx.one(select(*computed).where(table.c.tenant_id == tenant)))
    return rows


def is_needed(column: Column[Any]) -> bool:
    """Whether a row must have a value that the database does not fill in."""
    by_database = column.server_default is not None or column.computed is not None or column.identity is not None
    return not column.nullable and not by_database


def smallest(column: Column[Any], tenant: UUID, parents: Mapping[str, Values]) -> Any:
    """A value that the column takes."""
    if column.name == "tenant_id":
        return tenant
    for key in column.foreign_keys:
        if key.column.table.name in parents:  # else it points forward, and is written later
            return parents[key.column.table.name][key.column.name]
    if words := allowed_words(column):
        return words[-1]
    if isinstance(column.type, DateTime):
        instant = NOW + timedelta(hours=1) if column.name.startswith("end") else NOW
        return instant if column.type.timezone else instant.replace(tzinfo=None)
    if isinstance(column.type, Uuid):
        return uuid7()
    plain = (value for kind, value in PLAIN.items() if isinstance(column.type, kind))
    return next(plain, tenant.hex)  # a word of small letters and digits that no other business has


PLAIN: dict[type, object] = {
    Boolean: True,
    BigInteger: 1,
    Integer: 1,
    Date: date(2026, 11, 18),
    Time: time(0),
    LargeBinary: b"1",
    TSTZRANGE: asyncpg.Range(NOW, NOW + timedelta(hours=1)),
}


def allowed_words(column: Column[Any]) -> list[str]:
    """The words of the column's CHECK (… IN …)."""
    checks = [str(one.sqltext) for one in column.table.constraints if isinstance(one, CheckConstraint)]
    mine = (check for check in checks if check.startswith(f"{column.name} IN "))
    return re.findall(r"'([^']+)'", next(mine, ""))


@pytest.mark.parametrize("name", MODELS)
async def test_no_row_of_another_business_is_seen(database: Database, neighbours: Neighbours, name: str) -> None:
    """Invariant 26."""
    table = TABLES[name]
    theirs = select(func.count()).select_from(table).where(table.c.tenant_id == neighbours.theirs)

    async with database.tenant(neighbours.theirs) as tx:
        assert await tx.value(theirs) == 1
    async with database.tenant(neighbours.ours) as tx:
        assert await tx.value(theirs) == 0
    assert await database.ask(select(literal(1)).select_from(table)) == []


@pytest.mark.parametrize("name", MODELS)
async def test_no_row_is_given_to_another(database: Database, neighbours: Neighbours, name: str) -> None:
    """Invariant 26."""
    row = MODELS[name](**{**neighbours.their_rows[name], "id": uuid7()})

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with database.tenant(neighbours.ours) as tx:
            await tx.add(row)


@pytest.mark.parametrize("name", sorted({*MODELS} - APPEND_ONLY))
async def test_no_row_of_another_is_changed_or_taken(database: Database, neighbours: Neighbours, name: str) -> None:
    """Invariant 26."""
    table = TABLES[name]
    ours, theirs = neighbours.ours, neighbours.theirs

    async with database.tenant(ours) as tx:
        assert await tx.run(update(table).where(table.c.tenant_id == theirs).values(tenant_id=ours)) == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with database.tenant(ours) as tx:
            await tx.run(update(table).where(table.c.tenant_id == ours).values(tenant_id=theirs))


@pytest.mark.parametrize("name", MODELS)
async def test_few_tables_let_rows_go(database: Database, neighbours: Neighbours, name: str) -> None:
    table = TABLES[name]
    theirs = delete(table).where(table.c.tenant_id == neighbours.theirs)

    if name in MAY_DELETE:
        async with database.tenant(neighbours.ours) as tx:
            assert await tx.run(theirs) == 0
    else:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            async with database.tenant(neighbours.ours) as tx:
                await tx.run(theirs)


@pytest.mark.parametrize("name", sorted(APPEND_ONLY))
async def test_what_is_written_once_stays(database: Database, neighbours: Neighbours, name: str) -> None:
    """Invariant 24."""
    table = TABLES[name]

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        async with database.tenant(neighbours.ours) as tx:
            await tx.run(update(table).values(id=table.c.id))


async def test_a_business_sees_itself_alone(database: Database, neighbours: Neighbours) -> None:
    tenants = TABLES[str(Tenant.__tablename__)]

    async with database.tenant(neighbours.ours) as tx:
        assert [row.id for row in await tx.all(select(tenants.c.id))] == [neighbours.ours]
        assert await tx.run(update(tenants).where(tenants.c.id == neighbours.theirs).values(zone="UTC")) == 0
    assert await database.ask(select(tenants.c.id)) == []


@pytest.mark.parametrize("table", [str(model.__tablename__) for model in ROUTING_TABLES])
async def test_the_routing_tables_are_the_routers(database: Database, neighbours: Neighbours, table: str) -> None:
    """Who has written to which shop on a shared number is nobody's business."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        async with database.tenant(neighbours.ours) as tx:
            await tx.all(text(f"SELECT FROM {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE customers DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE customers ADD COLUMN mine int",
        "CREATE POLICY mine ON customers USING (true)",
        "DROP POLICY of_tenant ON customers",
        "CREATE INDEX ON customers (notes)",
        "TRUNCATE customers CASCADE",
        "DROP TABLE line_sessions",
        "UPDATE alembic_version SET version_num = '0000'",
        "SELECT only_tenant_of('+14155550100', 'sms', '+2348031234567')",
    ],
)
async def test_the_app_role_changes_no_structure(database: Database, neighbours: Neighbours, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.tenant(neighbours.ours) as tx:
            await tx.run(text(statement))
