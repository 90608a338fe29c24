"""Bookings of several resources and services, requests that lapse, closed stretches and numbered references."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.columns import own_columns
from migrations.security import APP, isolate, keep_updated_at

revision = "0009"
down_revision = "0008"

MEETING = ("meeting_platform", "meeting_url", "meeting_id", "meeting_password")
TAKES_TIME = " OR ".join(
    f"status::text = '{status}'::text" for status in ("held", "pending", "confirmed", "in_progress")
)


def upgrade() -> None:
    """Makes the tables of booked time; bookings that are there take one resource each, as they did."""
    change_services()
    change_bookings()
    make_booking_resources()
    make_closures()
    make_booking_counters()
    for table in ("booking_resources", "booking_counters", "closures"):
        for statement in (*isolate(table), *keep_updated_at(table)):
            op.execute(statement)
    op.execute(f"GRANT DELETE ON booking_resources TO {APP}")


def add(table: str, column: sa.Column) -> None:  # type: ignore[type-arg]  # of any type
    """A column with a value for the rows that are there; rows to come bring their own."""
    op.add_column(table, column)
    if column.server_default is not None:
        op.alter_column(table, str(column.name), server_default=None)


def change_services() -> None:
    for name in MEETING:
        op.add_column("services", sa.Column(name, sa.String(), nullable=True))
        op.add_column("resources", sa.Column(name, sa.String(), nullable=True))
    add("services", sa.Column("cutoff_minutes", sa.Integer(), server_default="0", nullable=False))
    add("services", sa.Column("pending_minutes", sa.Integer(), server_default="1440", nullable=False))
    op.create_check_constraint(
        op.f("ck_services_limits_make_sense"), "services", "cutoff_minutes >= 0 AND pending_minutes > 0"
    )
    add("service_resources", sa.Column("need", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint("uq_service_resources_tenant_id_service_id_resource_id", "service_resources")
    op.create_unique_constraint(
        op.f("uq_service_resources_tenant_id_service_id_need_resource_id"),
        "service_resources",
        ["tenant_id", "service_id", "need", "resource_id"],
    )
    op.create_check_constraint(op.f("ck_service_resources_need_counts"), "service_resources", "need >= 0")
    op.add_column("availability_overrides", sa.Column("max_bookings", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_availability_overrides_limit_of_a_day"),
        "availability_overrides",
        "max_bookings IS NULL OR max_bookings > 0 AND is_available AND resource_id IS NULL",
    )


def change_bookings() -> None:
    for column in (
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("visit_place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("takes_time", sa.Boolean(), sa.Computed(TAKES_TIME, persisted=True), nullable=False),
        sa.Column("hold_extended", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("needs_approval", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("needs_payment", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("pending_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.String(), nullable=True),
        sa.Column("meeting_password", sa.String(), nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("cancellation_reason", sa.String(), nullable=True),
    ):
        op.add_column("bookings", column)
        if isinstance(column.server_default, sa.DefaultClause):
            op.alter_column("bookings", column.name, server_default=None)
    # what waits now waited without a limit: it may go on until it would begin
    op.execute("""
        UPDATE bookings b SET pending_until = starts_at, needs_approval = NOT s.auto_confirm,
          needs_payment = s.requires_payment AND s.price > 0
        FROM services s WHERE s.tenant_id = b.tenant_id AND s.id = b.service_id AND b.status = 'pending'
    """)
    for name in ("approved_by", "cancelled_by"):
        op.create_foreign_key(
            op.f(f"fk_bookings_tenant_id_{name}"), "bookings", "users", ["tenant_id", name], ["tenant_id", "id"]
        )
    op.create_check_constraint(
        op.f("ck_bookings_a_request_lapses"), "bookings", "(status = 'pending') <= (pending_until IS NOT NULL)"
    )
    op.create_unique_constraint("uq_bookings_taken", "bookings", ["tenant_id", "id", "takes_time", "blocked"])
    op.drop_index("uq_bookings_hold", "bookings")
    op.create_index(
        "uq_bookings_hold",
        "bookings",
        ["tenant_id", "customer_id", "visit_place"],
        unique=True,
        postgresql_where=sa.text("status = 'held'"),
    )
    op.drop_index("ix_bookings_busy", "bookings")
    op.create_index("ix_bookings_day", "bookings", ["tenant_id", "starts_at"])
    op.create_index(
        "ix_bookings_visit", "bookings", ["tenant_id", "visit_id"], postgresql_where=sa.text("visit_id IS NOT NULL")
    )
    op.create_index(
        "ix_bookings_pending",
        "bookings",
        ["tenant_id", "pending_until"],
        postgresql_where=sa.text("status = 'pending'"),
    )


def make_booking_resources() -> None:
    op.create_table(
        "booking_resources",
        *own_columns(),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("takes_time", sa.Boolean(), nullable=False),
        sa.Column("blocked", postgresql.TSTZRANGE(), nullable=False),
        sa.Column(
            "blocked_from", sa.DateTime(timezone=True), sa.Computed("lower(blocked)", persisted=True), nullable=False
        ),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_booking_resources_seats_positive")),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.column("resource_id"), "="),
            (sa.column("blocked"), "&&"),
            where=sa.text("exclusive AND takes_time"),
            using="gist",
            name="ex_booking_resources_one_at_a_time",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id", "takes_time", "blocked"],
            ["bookings.tenant_id", "bookings.id", "bookings.takes_time", "bookings.blocked"],
            name="fk_booking_resources_follows_its_booking",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["resources.tenant_id", "resources.id"],
            name=op.f("fk_booking_resources_tenant_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_resources")),
        sa.UniqueConstraint(
            "tenant_id", "booking_id", "resource_id", name=op.f("uq_booking_resources_tenant_id_booking_id_resource_id")
        ),
    )
    op.create_index(
        "ix_booking_resources_busy",
        "booking_resources",
        ["tenant_id", "resource_id", "blocked_from"],
        postgresql_where=sa.text("takes_time"),
    )
    op.execute("""
        INSERT INTO booking_resources
          (tenant_id, id, booking_id, resource_id, need, takes_time, blocked, seats, exclusive)
        SELECT tenant_id, gen_random_uuid(), id, resource_id, 0, takes_time, blocked, seats, exclusive FROM bookings
    """)
    op.drop_constraint("ex_bookings_one_at_a_time", "bookings")
    op.drop_column("bookings", "exclusive")
    op.create_foreign_key(
        "fk_bookings_takes_its_resource",
        "bookings",
        "booking_resources",
        ["tenant_id", "id", "resource_id"],
        ["tenant_id", "booking_id", "resource_id"],
        deferrable=True,
        initially="DEFERRED",
    )


def make_closures() -> None:
    op.create_table(
        "closures",
        *own_columns(),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closures_has_a_length")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) OR (lifted_by IS NOT NULL)", name=op.f("ck_closures_lifted_by_somebody")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_closures_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["resources.tenant_id", "resources.id"],
            name=op.f("fk_closures_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"], ["users.tenant_id", "users.id"], name=op.f("fk_closures_tenant_id_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "lifted_by"], ["users.tenant_id", "users.id"], name=op.f("fk_closures_tenant_id_lifted_by")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_closures")),
    )
    op.create_index(
        "ix_closures_ahead", "closures", ["tenant_id", "ends_at"], postgresql_where=sa.text("lifted_at IS NULL")
    )
    op.create_index("ix_closures_block", "closures", ["tenant_id", "block_id"])


def make_booking_counters() -> None:
    op.create_table(
        "booking_counters",
        *own_columns(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_booking_counters_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_counters")),
        sa.UniqueConstraint("tenant_id", "day", name=op.f("uq_booking_counters_tenant_id_day")),
    )
