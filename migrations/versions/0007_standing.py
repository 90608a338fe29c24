"""Tiers, achievements and referrals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.columns import own_columns, reference
from migrations.security import append_only, isolate, keep_updated_at

revision = "0007"
down_revision = "0006"

TABLES = ("loyalty_tiers", "tier_events", "loyalty_achievements", "customer_achievements", "referrals")


def upgrade() -> None:
    """Makes the tables of a customer's standing."""
    widen_customers()
    make_tiers()
    make_tier_events()
    make_achievements()
    make_achieved()
    make_referrals()
    for table in TABLES:
        for statement in (*isolate(table), *keep_updated_at(table)):
            op.execute(statement)
    for table in ("loyalty_tiers", "tier_events"):
        for statement in append_only(table):
            op.execute(statement)


def widen_customers() -> None:
    """Tier, code to share, and birthday."""
    for name, kind in (
        ("tier", sa.String()),
        ("tier_until", sa.Date()),
        ("tier_policy", sa.Integer()),
        ("referral_code", sa.String()),
        ("birthday", sa.String()),
        ("birth_year", sa.Integer()),
        ("birthday_asked_at", sa.DateTime(timezone=True)),
        ("birthday_paid_in", sa.Integer()),
    ):
        op.add_column("customers", sa.Column(name, kind, nullable=True))
    op.create_unique_constraint("uq_customers_tenant_id_referral_code", "customers", ["tenant_id", "referral_code"])
    op.create_check_constraint(op.f("ck_customers_birthday_format"), "customers", "birthday ~ '^[01][0-9]-[0-3][0-9]$'")
    for column in ("birthday", "tier_until"):
        op.create_index(
            f"ix_customers_{column}",
            "customers",
            ["tenant_id", column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def make_tiers() -> None:
    """The tiers, by version of the policy."""
    op.create_table(
        "loyalty_tiers",
        *own_columns(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("points_required", sa.Integer(), nullable=False),
        sa.Column("benefits", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("display_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("period_months", sa.Integer(), nullable=False),
        sa.CheckConstraint("period_months >= 0", name=op.f("ck_loyalty_tiers_period_months_counted")),
        sa.CheckConstraint("points_required >= 0", name=op.f("ck_loyalty_tiers_points_required_counted")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_loyalty_tiers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_loyalty_tiers")),
        sa.UniqueConstraint("tenant_id", "version", "name", name=op.f("uq_loyalty_tiers_tenant_id_version_name")),
    )


def make_tier_events() -> None:
    """Who came to which tier, and why."""
    op.create_table(
        "tier_events",
        *own_columns(),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cause IN ('earned', 'reversed', 'period_end', 'policy')", name=op.f("ck_tier_events_cause_known")
        ),
        sa.CheckConstraint("kind IN ('upgraded', 'downgraded', 'warned')", name=op.f("ck_tier_events_kind_known")),
        reference("tier_events", "customer_id", "customers"),
        reference("tier_events", "purchase_id", "purchases"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tier_events")),
    )
    op.create_index("ix_tier_events_customer", "tier_events", ["tenant_id", "customer_id", "occurred_at"])
    op.create_index(
        "ix_tier_events_purchase",
        "tier_events",
        ["tenant_id", "purchase_id"],
        postgresql_where=sa.text("purchase_id IS NOT NULL"),
    )
    op.create_index(
        "uq_tier_events_warned",
        "tier_events",
        ["tenant_id", "customer_id", "before", "until"],
        unique=True,
        postgresql_where=sa.text("kind = 'warned'"),
    )


def make_achievements() -> None:
    """What can be achieved."""
    op.create_table(
        "loyalty_achievements",
        *own_columns(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("icon", sa.String(), nullable=True),
        sa.Column("points_reward", sa.Integer(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("repeats", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("repeats IN ('ever', 'year', 'month')", name=op.f("ck_loyalty_achievements_repeats_known")),
        sa.CheckConstraint("points_reward >= 0", name=op.f("ck_loyalty_achievements_points_reward_counted")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_loyalty_achievements_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_loyalty_achievements")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_loyalty_achievements_tenant_id_name")),
    )


def make_achieved() -> None:
    """Who has achieved what."""
    op.create_table(
        "customer_achievements",
        *own_columns(),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=True),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        reference("customer_achievements", "achievement_id", "loyalty_achievements"),
        reference("customer_achievements", "customer_id", "customers"),
        reference("customer_achievements", "purchase_id", "purchases"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customer_achievements")),
    )
    op.create_index(
        "ix_customer_achievements_purchase",
        "customer_achievements",
        ["tenant_id", "purchase_id"],
        postgresql_where=sa.text("purchase_id IS NOT NULL"),
    )
    op.create_index(
        "uq_customer_achievements_standing",
        "customer_achievements",
        ["tenant_id", "customer_id", "achievement_id", "period"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def make_referrals() -> None:
    """Friends brought along."""
    op.create_table(
        "referrals",
        *own_columns(),
        sa.Column("referrer_id", sa.Uuid(), nullable=False),
        sa.Column("referred_customer_id", sa.Uuid(), nullable=False),
        sa.Column("referred_name", sa.String(), nullable=True),
        sa.Column("referral_code", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("purchase_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("converted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points_awarded", sa.Integer(), nullable=True),
        sa.Column("friend_points", sa.Integer(), nullable=True),
        sa.Column("reviewed_by_user_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'qualified', 'review', 'converted', 'refused', 'expired')",
            name=op.f("ck_referrals_status_known"),
        ),
        reference("referrals", "purchase_id", "purchases"),
        reference("referrals", "referred_customer_id", "customers"),
        reference("referrals", "referrer_id", "customers"),
        reference("referrals", "reviewed_by_user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_referrals")),
        sa.UniqueConstraint(
            "tenant_id", "referred_customer_id", name=op.f("uq_referrals_tenant_id_referred_customer_id")
        ),
    )
    op.create_index(
        "ix_referrals_due", "referrals", ["tenant_id", "due_at"], postgresql_where=sa.text("status = 'qualified'")
    )
    op.create_index(
        "ix_referrals_open",
        "referrals",
        ["tenant_id", "joined_at"],
        postgresql_where=sa.text("status IN ('pending', 'review')"),
    )
    op.create_index("ix_referrals_referrer", "referrals", ["tenant_id", "referrer_id", "converted_at"])
