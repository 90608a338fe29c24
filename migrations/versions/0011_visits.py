"""What comes after a visit: scores, follow-ups, projects."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.security import APP, isolate, keep_updated_at

revision = "0011"
down_revision = "0010"

NEW = ("customer_interactions", "follow_ups", "projects")

# only of rows of the business that asks: with security_invoker a view is read with the reader's rights. A month is one of
# the shop's calendar; what was only held, and never booked, counts nowhere
MONTHLY = """
CREATE VIEW monthly_booking_stats WITH (security_invoker) AS
SELECT b.tenant_id,
  date_trunc('month', b.created_at AT TIME ZONE t.zone)::date AS month,
  count(*) AS total_bookings,
  count(*) FILTER (WHERE b.status = 'completed') AS completed_bookings,
  coalesce(sum(b.payment_amount) FILTER (WHERE b.status = 'completed' AND b.payment_status <> 'refunded'), 0)::bigint
    AS total_revenue,
  avg(b.lead_score) AS avg_lead_score
FROM bookings b JOIN tenants t ON t.id = b.tenant_id
WHERE b.status NOT IN ('held', 'expired')
GROUP BY 1, 2
"""
# who works for the business has a row too, for his conversation: he is on no way to becoming a client
FUNNEL = """
CREATE VIEW customer_conversion_funnel WITH (security_invoker) AS
SELECT c.tenant_id, c.lead_quality,
  count(*) AS customers,
  avg(c.total_revenue) AS avg_revenue,
  count(*) FILTER (WHERE c.total_bookings > 1) AS repeat_customers
FROM customers c
WHERE c.deleted_at IS NULL AND NOT EXISTS (
  SELECT FROM users u WHERE u.tenant_id = c.tenant_id AND u.phone_number = c.phone_number AND u.is_active)
GROUP BY 1, 2
"""
PERFORMANCE = """
CREATE VIEW service_performance WITH (security_invoker) AS
SELECT s.tenant_id, s.id AS service_id, s.name, s.price,
  count(b.id) AS total_bookings,
  count(b.id) FILTER (WHERE b.status = 'completed') AS completed_bookings,
  avg(b.lead_score) AS avg_lead_score,
  coalesce(sum(b.payment_amount) FILTER (WHERE b.status = 'completed' AND b.payment_status <> 'refunded'), 0)::bigint
    AS total_revenue
FROM services s LEFT JOIN bookings b
  ON b.tenant_id = s.tenant_id AND b.service_id = s.id AND b.status NOT IN ('held', 'expired')
GROUP BY s.tenant_id, s.id, s.name, s.price
"""


def upgrade() -> None:
    """Makes the tables of what follows a visit, the columns that hang on it, and three views over both."""
    make_interactions()
    make_follow_ups()
    make_projects()
    for table in NEW:
        run(isolate(table), keep_updated_at(table))
    add_columns()
    add_checks()
    for view in (MONTHLY, FUNNEL, PERFORMANCE):
        op.execute(view)
    op.execute(f"GRANT SELECT ON monthly_booking_stats, customer_conversion_funnel, service_performance TO {APP}")


def run(*groups: Sequence[str]) -> None:
    """Carries out the statements of a guard."""
    for group in groups:
        for statement in group:
            op.execute(statement)


def make_interactions() -> None:
    """The customer's journey."""
    op.create_table(
        "customer_interactions",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("interaction_type", sa.String(), nullable=False),
        sa.Column("interaction_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("value_score", sa.Integer(), nullable=False),
        sa.Column("conversion_potential", sa.String(), nullable=False),
        sa.CheckConstraint(
            "conversion_potential IN ('unknown', 'low', 'medium', 'high', 'converted')",
            name=op.f("ck_customer_interactions_conversion_potential_known"),
        ),
        sa.CheckConstraint(
            "interaction_type IN ('booking_created', 'consultation_completed', 'proposal_sent', 'contract_signed', 'project_started', 'project_completed', 'referral_made', 'review_left', 'complaint_filed')",
            name=op.f("ck_customer_interactions_interaction_type_known"),
        ),
        sa.CheckConstraint("value_score BETWEEN 0 AND 100", name=op.f("ck_customer_interactions_value_score_range")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_customer_interactions_tenant_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_customer_interactions_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_customer_interactions_tenant_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customer_interactions")),
    )
    op.create_index(
        "ix_customer_interactions_journey",
        "customer_interactions",
        ["tenant_id", "customer_id", "interaction_date"],
        unique=False,
    )
    op.create_index(
        "uq_customer_interactions_visit",
        "customer_interactions",
        ["tenant_id", "booking_id", "interaction_type"],
        unique=True,
        postgresql_where=sa.text("interaction_type IN ('booking_created', 'consultation_completed')"),
    )


def make_follow_ups() -> None:
    """What staff are to do after a visit."""
    op.create_table(
        "follow_ups",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=False),
        sa.Column("follow_up_type", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("scheduled_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("next_action", sa.String(), nullable=True),
        sa.CheckConstraint(
            "follow_up_type IN ('email', 'phone_call', 'proposal_send', 'contract_discussion', 'project_kickoff', 'check_in', 'upsell', 'feedback_request')",
            name=op.f("ck_follow_ups_follow_up_type_known"),
        ),
        sa.CheckConstraint(
            "priority IN ('low', 'medium', 'high', 'urgent')", name=op.f("ck_follow_ups_priority_known")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'in_progress', 'completed', 'cancelled', 'failed', 'overdue')",
            name=op.f("ck_follow_ups_status_known"),
        ),
        sa.CheckConstraint("completed_date >= scheduled_date", name=op.f("ck_follow_ups_dates_order")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assigned_to"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_follow_ups_tenant_id_assigned_to"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_follow_ups_tenant_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_follow_ups_tenant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint(
            "tenant_id", "booking_id", "follow_up_type", name=op.f("uq_follow_ups_tenant_id_booking_id_follow_up_type")
        ),
    )
    op.create_index(
        "ix_follow_ups_due",
        "follow_ups",
        ["tenant_id", "due_date"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'in_progress', 'overdue')"),
    )


def make_projects() -> None:
    """What came of it."""
    op.create_table(
        "projects",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("original_booking_id", sa.Uuid(), nullable=True),
        sa.Column("project_name", sa.String(), nullable=False),
        sa.Column("project_type", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("estimated_value", sa.BigInteger(), nullable=True),
        sa.Column("actual_value", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("estimated_completion", sa.Date(), nullable=True),
        sa.Column("actual_completion", sa.Date(), nullable=True),
        sa.CheckConstraint("jsonb_typeof(project_type) = 'array'", name=op.f("ck_projects_project_type_is_array")),
        sa.CheckConstraint(
            "status IN ('lead', 'qualified', 'proposal_sent', 'negotiation', 'signed', 'in_progress', 'completed', 'cancelled')",
            name=op.f("ck_projects_status_known"),
        ),
        sa.CheckConstraint("actual_value IS NULL OR actual_value >= 0", name=op.f("ck_projects_value_not_negative")),
        sa.CheckConstraint(
            "estimated_value IS NULL OR estimated_value >= 0", name=op.f("ck_projects_estimate_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_projects_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "original_booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_projects_tenant_id_original_booking_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_projects")),
        sa.UniqueConstraint("tenant_id", "original_booking_id", name=op.f("uq_projects_tenant_id_original_booking_id")),
    )
    op.create_index("ix_projects_status", "projects", ["tenant_id", "status"], unique=False)


def add_columns() -> None:
    """What bookings, customers, services and users are told of besides."""
    op.add_column("bookings", sa.Column("lead_score", sa.Integer(), nullable=True))
    op.add_column("bookings", sa.Column("actual_start_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bookings", sa.Column("actual_end_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column("customers", sa.Column("lead_source", sa.String(), server_default="message", nullable=False))
    op.add_column("customers", sa.Column("lead_quality", sa.String(), server_default="unqualified", nullable=False))
    op.add_column("customers", sa.Column("status", sa.String(), server_default="prospect", nullable=False))
    op.add_column("customers", sa.Column("total_revenue", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("customers", sa.Column("company", sa.String(), nullable=True))
    op.add_column("customers", sa.Column("zone", sa.String(), nullable=True))
    op.add_column("customers", sa.Column("preferred_contact_method", sa.String(), nullable=True))
    op.add_column("customers", sa.Column("preferences", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("services", sa.Column("follow_up_days", sa.Integer(), nullable=True))
    op.add_column("services", sa.Column("follow_up_type", sa.String(), nullable=True))
    op.add_column("users", sa.Column("bio", sa.String(), nullable=True))
    op.add_column("users", sa.Column("avatar_url", sa.String(), nullable=True))


def add_checks() -> None:
    """What the new columns may hold."""
    words = {
        "customers.lead_source": (
            "message",
            "walk_in",
            "website_booking",
            "referral",
            "social_media",
            "google_ads",
            "linkedin",
            "email_campaign",
            "cold_outreach",
            "partnership",
        ),
        "customers.lead_quality": ("unqualified", "qualified", "hot", "converted", "churned"),
        "customers.status": ("prospect", "active", "inactive", "churned", "vip"),
        "customers.preferred_contact_method": ("email", "phone", "both"),
        "services.follow_up_type": (
            "email",
            "phone_call",
            "proposal_send",
            "contract_discussion",
            "project_kickoff",
            "check_in",
            "upsell",
            "feedback_request",
        ),
    }
    for column, allowed in words.items():
        table, _, name = column.partition(".")
        check(table, f"{name}_known", f"{name} IN ({', '.join(repr(word) for word in allowed)})")
    check("customers", "revenue_not_negative", "total_revenue >= 0")
    check("services", "follow_up_days_not_negative", "follow_up_days >= 0")
    check("services", "follow_up_whole", "(follow_up_days IS NULL) = (follow_up_type IS NULL)")
    check("bookings", "actual_times_order", "actual_start_time <= actual_end_time")
    check("bookings", "lead_score_range", "lead_score BETWEEN 0 AND 100")


def check(table: str, name: str, condition: str) -> None:
    """A condition of a table that was there before."""
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
