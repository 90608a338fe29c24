"""Waiting lists and reminders."""

import sqlalchemy as sa
from alembic import op

from migrations.security import isolate, keep_updated_at

revision = "0010"
down_revision = "0009"

TABLES = ("booking_reminders", "waitlist_entries", "waitlist_offers")


def upgrade() -> None:
    """Makes the tables of what is told ahead."""
    op.add_column("bookings", sa.Column("customer_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    make_reminders()
    make_waitlist()
    make_offers()
    for table in TABLES:
        for statement in (*isolate(table), *keep_updated_at(table)):
            op.execute(statement)


def kept_by_database() -> list[sa.Column[object]]:
    now = sa.text("now()")
    names = ("created_at", "updated_at")
    return [sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False) for name in names]


def keys(table: str, **references: str) -> list[sa.schema.SchemaItem]:
    """The primary key, and references that carry the tenant."""
    return [
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for column, other in references.items()
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def make_reminders() -> None:
    op.create_table(
        "booking_reminders",
        *kept_by_database(),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("booking_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('dropped', 'queued', 'planned')", name=op.f("ck_booking_reminders_state_known")),
        sa.CheckConstraint(
            "(state = 'dropped') = (reason IS NOT NULL)", name=op.f("ck_booking_reminders_dropped_for_a_reason")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "booking_id",
            "kind",
            "booking_version",
            name=op.f("uq_booking_reminders_tenant_id_booking_id_kind_booking_version"),
        ),
        *keys("booking_reminders", booking_id="bookings", message_id="messages"),
    )
    planned = sa.text("state = 'planned'")
    columns = ["tenant_id", "due_at"]
    op.create_index("ix_booking_reminders_due", "booking_reminders", columns, postgresql_where=planned)


def make_waitlist() -> None:
    op.create_table(
        "waitlist_entries",
        *kept_by_database(),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("part_of_day", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "part_of_day IN ('any', 'morning', 'afternoon', 'evening')",
            name=op.f("ck_waitlist_entries_part_of_day_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'left', 'expired')", name=op.f("ck_waitlist_entries_state_known")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_waitlist_entries_seats_positive")),
        sa.CheckConstraint("from_day <= until_day", name=op.f("ck_waitlist_entries_days_in_order")),
        *keys(
            "waitlist_entries",
            customer_id="customers",
            service_id="services",
            booking_id="bookings",
        ),
    )
    waiting = sa.text("state = 'waiting'")
    wish = ["tenant_id", "customer_id", "service_id", "from_day", "until_day", "part_of_day"]
    op.create_index("uq_waitlist_entries_wish", "waitlist_entries", wish, unique=True, postgresql_where=waiting)
    columns = ["tenant_id", "joined_at"]
    op.create_index("ix_waitlist_entries_waiting", "waitlist_entries", columns, postgresql_where=waiting)


def make_offers() -> None:
    op.create_table(
        "waitlist_offers",
        *kept_by_database(),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'skipped', 'expired', 'declined')",
            name=op.f("ck_waitlist_offers_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'skipped') = (reason IS NOT NULL)", name=op.f("ck_waitlist_offers_skipped_for_a_reason")
        ),
        sa.CheckConstraint(
            "state <> 'offered' OR booking_id IS NOT NULL", name=op.f("ck_waitlist_offers_an_offer_is_held")
        ),
        sa.UniqueConstraint(
            "tenant_id", "entry_id", "starts_at", name=op.f("uq_waitlist_offers_tenant_id_entry_id_starts_at")
        ),
        *keys("waitlist_offers", entry_id="waitlist_entries", booking_id="bookings"),
    )
    offered, accepted = sa.text("state = 'offered'"), sa.text("state = 'accepted'")
    of_entry, by_time = ["tenant_id", "entry_id"], ["tenant_id", "settled_at"]
    op.create_index("uq_waitlist_offers_open", "waitlist_offers", of_entry, unique=True, postgresql_where=offered)
    op.create_index("ix_waitlist_offers_refilled", "waitlist_offers", by_time, postgresql_where=accepted)
    untold = sa.text("state = 'accepted' AND told_at IS NULL")
    op.create_index("ix_waitlist_offers_untold", "waitlist_offers", by_time, postgresql_where=untold)
