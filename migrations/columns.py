"""What the tables of a business have in common, as migrations write it."""

from typing import Any

import sqlalchemy as sa


def own_columns() -> tuple[sa.Column[Any], ...]:
    """What every table of a business begins with."""
    return (
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    )


def reference(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A reference that carries the tenant."""
    own, theirs = ["tenant_id", column], [f"{parent}.tenant_id", f"{parent}.id"]
    return sa.ForeignKeyConstraint(own, theirs, name=f"fk_{table}_tenant_id_{column}")
