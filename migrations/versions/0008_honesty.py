"""Adjustments, approvals and receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.columns import own_columns, reference
from migrations.security import append_only, isolate, keep_updated_at

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Makes the tables of what needs a second person, and of what was done by whom."""
    op.add_column("users", sa.Column("linked_phones", postgresql.JSONB(), server_default="[]", nullable=False))
    make_audit_logs()
    make_approvals()
    make_digests()
    for table in ("audit_logs", "approvals", "owners_digests"):
        for statement in (*isolate(table), *keep_updated_at(table)):
            op.execute(statement)
    for statement in append_only("audit_logs"):
        op.execute(statement)
    op.create_index(
        "ix_purchases_reversed",
        "purchases",
        ["tenant_id", "reversed_at"],
        postgresql_where=sa.text("reversed_at IS NOT NULL"),
    )
    op.create_index("ix_points_transactions_day", "points_transactions", ["tenant_id", "occurred_at"])


def make_audit_logs() -> None:
    """Who did what to which record."""
    op.create_table(
        "audit_logs",
        *own_columns(),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("user_type", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("old_values", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("new_values", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("user_type IN ('staff', 'customer', 'system')", name=op.f("ck_audit_logs_user_type_known")),
        sa.CheckConstraint(
            "action IN ('insert', 'update', 'delete', 'view', 'export')", name=op.f("ck_audit_logs_action_known")
        ),
        sa.CheckConstraint("channel IN ('whatsapp', 'sms', 'voice')", name=op.f("ck_audit_logs_channel_known")),
        reference("audit_logs", "user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_audit_logs"),
    )
    op.create_index("ix_audit_logs_entity", "audit_logs", ["tenant_id", "entity_type", "entity_id", "occurred_at"])


def make_approvals() -> None:
    """What waits for a second person, and what was decided."""
    op.create_table(
        "approvals",
        *own_columns(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('adjustment', 'receipt')", name=op.f("ck_approvals_kind_known")),
        sa.CheckConstraint(
            "state IN ('pending', 'approved', 'refused', 'expired')", name=op.f("ck_approvals_state_known")
        ),
        sa.CheckConstraint(
            "is_alone OR decided_by_user_id IS NULL OR requested_by_user_id IS NULL"
            " OR decided_by_user_id <> requested_by_user_id",
            name=op.f("ck_approvals_two_people"),
        ),
        reference("approvals", "customer_id", "customers"),
        reference("approvals", "requested_by_user_id", "users"),
        reference("approvals", "decided_by_user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_approvals"),
        sa.UniqueConstraint("tenant_id", "idempotency_key", name="uq_approvals_tenant_id_idempotency_key"),
    )
    op.create_index(
        "ix_approvals_waiting",
        "approvals",
        ["tenant_id", "requested_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_approvals_customer", "approvals", ["tenant_id", "customer_id", "requested_at"])


def make_digests() -> None:
    """What owners were told of a week."""
    op.create_table(
        "owners_digests",
        *own_columns(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("findings", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('ok', 'look_into_it')", name=op.f("ck_owners_digests_answer_known")),
        reference("owners_digests", "user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_owners_digests"),
        sa.UniqueConstraint("tenant_id", "user_id", "week_of", name="uq_owners_digests_tenant_id_user_id_week_of"),
    )
