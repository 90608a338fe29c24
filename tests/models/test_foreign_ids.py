"""Every operation that takes an id is asked with another business' ids: it reaches nothing and tells nothing."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlmodel import SQLModel, col

from models import TENANT_TABLES
from models.db import Database, Tx
from tests.make import make_tenant
from tests.models.asking import Operation, operations
from tests.test_isolation import filled

INSIDE = {
    "booking.claims.put",
    "booking.claims.seat",
    "loyalty.entries.append",
    "loyalty.lots.give_back_expired",
    "messaging.outbox.standing",
    "operations.background.count_attempt",
}
"""Are asked of rows that the caller has read and holds, or handed what only the models make of them."""

ASKED = [
    one for one in operations() if one.takes_an_id and one.name not in INSIDE and not one.name.startswith("tenancy.")
]
REFUSED = (asyncpg.IntegrityConstraintViolationError, LookupError, ValueError)
"""What an operation may raise that is asked about what is not there, with sample words besides."""

State = dict[str, tuple[int, int]]
_COUNT = "SELECT '{0}' AS name, count(*) AS number, max(xmin::text::bigint) AS last FROM {0}"
_STATE = text(" UNION ALL ".join(_COUNT.format(model.__tablename__) for model in TENANT_TABLES))
_BEFORE, _AS_BEFORE = text("SAVEPOINT before"), text("ROLLBACK TO SAVEPOINT before")


@dataclass(frozen=True)
class Side:
    """A business with a row in every table. Its free words are all `word`, which no other business has."""

    database: Database
    tenant: UUID
    ids: Mapping[str, UUID]
    rows: Mapping[type, SQLModel]

    @property
    def word(self) -> str:
        return self.tenant.hex

    async def state(self) -> State:
        async with self.database.tenant(self.tenant) as tx:
            return await state(tx)


async def state(tx: Tx) -> State:
    """How many rows each table has, and which transaction wrote one last."""
    return {row.name: (row.number, row.last) for row in await tx.all(_STATE)}


async def open_side(database: Database) -> Side:
    tenant = (await make_tenant(database)).id
    ids = {name: facts["id"] for name, facts in (await filled(database, tenant)).items() if "id" in facts}
    async with database.tenant(tenant) as tx:
        found = [(await tx.all(select(model).where(col(model.tenant_id) == tenant)))[0] for model in TENANT_TABLES]
    rows: dict[type, SQLModel] = dict(zip(TENANT_TABLES, found, strict=True))
    return Side(database, tenant, ids, rows)


@pytest.fixture(scope="module")
async def ours(database: Database) -> Side:
    return await open_side(database)


@pytest.fixture(scope="module")
async def theirs(database: Database) -> Side:
    return await open_side(database)


@pytest.mark.parametrize("operation", ASKED, ids=lambda one: one.name)
async def test_nothing_of_another_business_is_reached(operation: Operation, ours: Side, theirs: Side) -> None:
    """Invariant 26, for whatever the models can do."""
    question, before = operation.question(theirs.ids, ours.rows), await theirs.state()
    answer: Any = None
    with suppress(*REFUSED):
        async with ours.database.tenant(ours.tenant) as tx:
            answer = await operation.work(tx, **question)
    assert await theirs.state() == before
    assert theirs.word not in repr(answer)


async def test_the_same_questions_reach_what_is_ones_own(theirs: Side) -> None:
    """Else it would prove nothing that they do not reach what is another's. Some find a row in no state for them."""
    reached = [operation.name for operation in ASKED if await reaches(operation, theirs)]
    assert len(reached) > len(ASKED) // 3


async def reaches(operation: Operation, side: Side) -> bool:
    """Whether anything is told or changed. Nothing of it stays."""
    question, before = operation.question(side.ids, side.rows), await side.state()
    async with side.database.tenant(side.tenant) as tx:
        await tx.run(_BEFORE)
        try:
            return side.word in repr(await operation.work(tx, **question)) or await state(tx) != before
        except REFUSED:
            return False
        finally:
            await tx.run(_AS_BEFORE)
