"""Rules, campaigns and what a purchase earned by them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.columns import own_columns, reference
from migrations.security import append_only, isolate, keep_updated_at

revision = "0006"
down_revision = "0005"

TABLES = ("campaigns", "purchase_returns", "expiry_notices")


def upgrade() -> None:
    """Makes the tables of earning."""
    make_campaigns()
    make_returns()
    make_notices()
    for table in TABLES:
        for statement in (*isolate(table), *keep_updated_at(table)):
            op.execute(statement)
    for statement in append_only("purchase_returns"):
        op.execute(statement)
    widen_purchases()
    widen_entries()
    widen_redemptions()


def make_campaigns() -> None:
    """Something extra for a while."""
    op.create_table(
        "campaigns",
        *own_columns(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("campaign_type", sa.String(), nullable=False),
        sa.Column("config", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("target_segment", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "campaign_type IN ('bonus_points', 'double_points', 'reward_discount', 'referral', 'reactivation')",
            name=op.f("ck_campaigns_campaign_type_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'scheduled', 'active', 'paused', 'completed', 'cancelled')",
            name=op.f("ck_campaigns_status_known"),
        ),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_campaigns_ends_after_start")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_campaigns_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_campaigns"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_campaigns_tenant_id_name"),
    )


def make_returns() -> None:
    """Parts of purchases that came back."""
    op.create_table(
        "purchase_returns",
        *own_columns(),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("left_amount", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("returned_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_purchase_returns_amount_positive")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_purchase_returns_points_not_negative")),
        sa.CheckConstraint("left_amount >= 0", name=op.f("ck_purchase_returns_left_not_negative")),
        reference("purchase_returns", "purchase_id", "purchases"),
        reference("purchase_returns", "returned_by_user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_purchase_returns"),
        sa.UniqueConstraint("tenant_id", "idempotency_key", name="uq_purchase_returns_tenant_id_idempotency_key"),
    )
    op.create_index("ix_purchase_returns_purchase", "purchase_returns", ["tenant_id", "purchase_id"])


def make_notices() -> None:
    """Who was told what expires on which day."""
    op.create_table(
        "expiry_notices",
        *own_columns(),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        reference("expiry_notices", "customer_id", "customers"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_expiry_notices"),
        sa.UniqueConstraint(
            "tenant_id", "customer_id", "expires_on", name="uq_expiry_notices_tenant_id_customer_id_expires_on"
        ),
    )


def widen_purchases() -> None:
    """What was bought, and what it was paid with."""
    op.add_column("purchases", sa.Column("category", sa.String(), nullable=True))
    op.add_column("purchases", sa.Column("paid_with", sa.String(), server_default="money", nullable=False))
    op.alter_column("purchases", "paid_with", server_default=None)
    op.create_check_constraint(
        op.f("ck_purchases_paid_with_known"), "purchases", "paid_with IN ('money', 'gift_card', 'points')"
    )
    op.create_index(
        "ix_purchases_unpaid",
        "purchases",
        ["tenant_id", "customer_id"],
        postgresql_where=sa.text("paid_with <> 'money'"),
    )


def widen_entries() -> None:
    """Where an entry comes from, and reversals in parts: only what takes back the rest does so once."""
    op.add_column("points_transactions", sa.Column("source", sa.String(), nullable=True))
    op.add_column("points_transactions", sa.Column("campaign_id", sa.Uuid(), nullable=True))
    op.add_column(
        "points_transactions", sa.Column("is_partial", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.alter_column("points_transactions", "is_partial", server_default=None)
    refer_to_campaign("points_transactions")
    op.drop_index("uq_points_transactions_reversed", "points_transactions")
    reverses = ["tenant_id", "reverses_id"]
    op.create_index(
        "uq_points_transactions_reversed",
        "points_transactions",
        reverses,
        unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL AND NOT is_partial"),
    )
    op.create_index(
        "ix_points_transactions_reverses",
        "points_transactions",
        reverses,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_index(
        "ix_points_transactions_campaign",
        "points_transactions",
        ["tenant_id", "campaign_id", "customer_id"],
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )


def widen_redemptions() -> None:
    """Which campaign lowered the price."""
    op.add_column("reward_redemptions", sa.Column("campaign_id", sa.Uuid(), nullable=True))
    refer_to_campaign("reward_redemptions")
    op.create_index(
        "ix_reward_redemptions_campaign",
        "reward_redemptions",
        ["tenant_id", "campaign_id"],
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    )


def refer_to_campaign(table: str) -> None:
    """A reference that carries the tenant, on a table that is there already."""
    name = f"fk_{table}_tenant_id_campaign_id"
    op.create_foreign_key(name, table, "campaigns", ["tenant_id", "campaign_id"], ["tenant_id", "id"])
