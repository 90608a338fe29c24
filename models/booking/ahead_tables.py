"""What is told ahead: reminders of bookings, and who waits for a time that is not free."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from models.base import TenantTable, belongs_to, instant, one_of


class ReminderState(StrEnum):
    """`queued` is written and on its way; `dropped` will not be, and the row says why."""

    DROPPED = "dropped"
    QUEUED = "queued"
    PLANNED = "planned"


class WishState(StrEnum):
    """What became of a wish for a time that was not free. `accepted`: the customer has booked."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    LEFT = "left"
    EXPIRED = "expired"


class OfferState(StrEnum):
    """What became of a time that one who waits could have had. `skipped` was never offered, and the row says why."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    DECLINED = "declined"


class PartOfDay(StrEnum):
    """Which hours of a day suit somebody."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class BookingReminder(TenantTable, table=True):
    """A reminder of one version of a booking: one that has moved has others. `kind` says how long before: "24h"."""

    __tablename__ = "booking_reminders"
    __table_args__ = (
        belongs_to("booking_id", "bookings"),
        belongs_to("message_id", "messages"),
        # at most one of each kind
        UniqueConstraint("tenant_id", "booking_id", "kind", "booking_version"),
        one_of("state", ReminderState),
        CheckConstraint("(state = 'dropped') = (reason IS NOT NULL)", name="dropped_for_a_reason"),
        # which are due? (the job)
        Index("ix_booking_reminders_due", "tenant_id", "due_at", postgresql_where=text("state = 'planned'")),
    )

    booking_id: UUID
    booking_version: int
    kind: str
    due_at: datetime = instant()
    state: str = ReminderState.PLANNED
    reason: str | None = None
    settled_at: datetime | None = instant(optional=True)
    message_id: UUID | None = None


class WaitlistEntry(TenantTable, table=True):
    """Somebody waits for a time of a service, in a part of any of the local days from `from_day` to `until_day`."""

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("service_id", "services"),
        belongs_to("booking_id", "bookings"),
        one_of("part_of_day", PartOfDay),
        one_of("state", WishState),
        CheckConstraint("seats > 0", name="seats_positive"),
        CheckConstraint("from_day <= until_day", name="days_in_order"),
        # one wish is one place in the queue; what does this customer wait for?
        Index(
            "uq_waitlist_entries_wish",
            "tenant_id",
            "customer_id",
            "service_id",
            "from_day",
            "until_day",
            "part_of_day",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        # who waits, first come first (the job)
        Index("ix_waitlist_entries_waiting", "tenant_id", "joined_at", postgresql_where=text("state = 'waiting'")),
    )

    customer_id: UUID
    service_id: UUID
    from_day: date
    until_day: date
    part_of_day: str = PartOfDay.ANY
    seats: int = 1
    state: str = WishState.WAITING
    joined_at: datetime = instant()
    settled_at: datetime | None = instant(optional=True)
    booking_id: UUID | None = None


class WaitlistOffer(TenantTable, table=True):
    """A time that was free for one who waits: offered to him and held until `expires_at`, or why it was not."""

    __tablename__ = "waitlist_offers"
    __table_args__ = (
        belongs_to("entry_id", "waitlist_entries"),
        belongs_to("booking_id", "bookings"),
        # nobody is asked twice about the same time
        UniqueConstraint("tenant_id", "entry_id", "starts_at"),
        one_of("state", OfferState),
        CheckConstraint("(state = 'skipped') = (reason IS NOT NULL)", name="skipped_for_a_reason"),
        CheckConstraint("state <> 'offered' OR booking_id IS NOT NULL", name="an_offer_is_held"),
        # one question at a time
        Index(
            "uq_waitlist_offers_open", "tenant_id", "entry_id", unique=True, postgresql_where=text("state = 'offered'")
        ),
        # what was refilled lately
        Index("ix_waitlist_offers_refilled", "tenant_id", "settled_at", postgresql_where=text("state = 'accepted'")),
        # what the owner has not been told of: few, among all that was ever refilled (the job)
        Index(
            "ix_waitlist_offers_untold",
            "tenant_id",
            "settled_at",
            postgresql_where=text("state = 'accepted' AND told_at IS NULL"),
        ),
    )

    entry_id: UUID
    starts_at: datetime = instant()
    booking_id: UUID | None = None
    state: str
    reason: str | None = None
    offered_at: datetime = instant()
    expires_at: datetime | None = instant(optional=True)
    settled_at: datetime | None = instant(optional=True)
    told_at: datetime | None = instant(optional=True)
