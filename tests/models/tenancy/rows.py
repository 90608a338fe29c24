"""Everything a business has in the database, to see what an apply touched."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models import TENANT_TABLES
from models.db import Database
from models.tenancy.tables import Tenant

_STATEMENTS: list[SelectOfScalar[Any]] = [
    select(Tenant).where(col(Tenant.id) == bindparam("tenant")),
    *(select(table).where(col(table.tenant_id) == bindparam("tenant")) for table in TENANT_TABLES),
]
Rows = dict[tuple[str, UUID], dict[str, Any]]


async def everything(database: Database, tenant_id: UUID) -> Rows:
    """Every row with all its columns, `updated_at` included, by table and id."""
    async with database.tenant(tenant_id) as tx:
        return {
            (type(row).__name__, row.id): dict(row.__dict__)
            for statement in _STATEMENTS
            for row in await tx.all(statement, tenant=tenant_id)
        }


def of(rows: Rows, table: type) -> list[dict[str, Any]]:
    """The rows of one table."""
    return [row for (name, _), row in rows.items() if name == table.__name__]
