"""What many statements have in common."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, bindparam, literal_column
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from models.base import TenantTable
from models.db import Tx, written_columns


def ours(table: type[TenantTable]) -> ColumnElement[bool]:
    """Rows of the business of the transaction, so that the indexes that start with it are used."""
    return col(table.tenant_id) == bindparam("tenant_id")


def business(tx: Tx) -> UUID:
    """Whose transaction it is. Raises LookupError if it is nobody's."""
    if tx.tenant_id is None:
        raise LookupError("The transaction belongs to no business.")
    return tx.tenant_id


def written(value: int | str) -> ColumnElement[Any]:
    """A constant within the statement's text: conditions with a parameter do not find a partial index."""
    return literal_column(f"'{value}'" if isinstance(value, str) else str(value))


def unless_taken(table: type[TenantTable], *key: str) -> Executable:
    """Adds a row, unless this unique key of it, or any if none is named, is taken; see `add_unless_taken`."""
    values: dict[str, Any] = {name: bindparam(name) for name in written_columns(table)}
    return insert(table).values(values).on_conflict_do_nothing(index_elements=key or None).returning(col(table.id))


async def add_unless_taken(tx: Tx, statement: Executable, row: TenantTable) -> bool:
    """Whether the row is new. It waits for a transaction that is adding the same key at this moment."""
    values: dict[str, Any] = {name: getattr(row, name) for name in written_columns(type(row))}
    return await tx.value(statement, **values) is not None
