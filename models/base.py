"""What all tables share: keys that carry the tenant, times kept by the database, enums stored by value."""

import os
import time
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562 §5.7): milliseconds first, so that keys of one time lie on one page."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds << 80) | (0x7 << 76) | ((random >> 68) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1))
    return UUID(int=value)


def instant(*, optional: bool = False, **rules: Any) -> Any:  # noqa: ANN401 - a field stands for its column's type
    """A `timestamptz` column, UTC in and out."""
    if optional:
        rules.setdefault("default", None)
    return Field(sa_type=DateTime(timezone=True), nullable=optional, **rules)


def json_object(**rules: Any) -> Any:  # noqa: ANN401 - see instant
    """A `jsonb` column that holds an object, {} by default."""
    kept = {"server_default": "{}"}
    return Field(default_factory=dict, sa_type=JSONB, nullable=False, sa_column_kwargs=kept, **rules)


def json_list(**rules: Any) -> Any:  # noqa: ANN401 - see instant
    """A `jsonb` column that holds a list, [] by default."""
    kept = {"server_default": "[]"}
    return Field(default_factory=list, sa_type=JSONB, nullable=False, sa_column_kwargs=kept, **rules)


def one_of(column: str, allowed: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """The column holds one of these words: enums are stored by value and grow without a lock."""
    words = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def belongs_to(column: str, table: str) -> ForeignKeyConstraint:
    """A reference that carries the tenant, so that no row can point into another tenant."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])


def of_tenant() -> ForeignKeyConstraint:
    """The reference of a table that has no other parent in its tenant."""
    return ForeignKeyConstraint(["tenant_id"], ["tenants.id"])


class Timed(SQLModel):
    """`created_at` and `updated_at`, both set by the database (a trigger keeps the second)."""

    created_at: datetime | None = instant(default=None, sa_column_kwargs={"server_default": func.now()})
    updated_at: datetime | None = instant(default=None, sa_column_kwargs={"server_default": func.now()})


class TenantTable(Timed):
    """A row of one tenant, keyed `(tenant_id, id)`."""

    tenant_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid7, primary_key=True)


class Channel(StrEnum):
    """How a person and a business talk."""

    WHATSAPP = "whatsapp"
    SMS = "sms"
    VOICE = "voice"
