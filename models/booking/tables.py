"""Appointments: what can be booked, who or what does it, when it is open, and what is taken."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Range
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlmodel import Field

from models.base import TenantTable, belongs_to, instant, json_list, json_object, of_tenant, one_of


class BookingStatus(StrEnum):
    """The life of a booking. `held` while a customer decides; `pending` waits for approval or payment."""

    HELD = "held"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


TAKES_TIME = ("held", "pending", "confirmed", "in_progress")
"""The states in which a booking keeps its resources from others."""
# as Postgres writes it, so that it can be compared
_TAKES_TIME = " OR ".join(f"status::text = '{status}'::text" for status in TAKES_TIME)


class PaymentStatus(StrEnum):
    """Whether a booking is paid; `waived` when the service is free."""

    PENDING = "pending"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    WAIVED = "waived"


class FollowUpType(StrEnum):
    """What is to be done after a visit."""

    EMAIL = "email"
    PHONE_CALL = "phone_call"
    PROPOSAL_SEND = "proposal_send"
    CONTRACT_DISCUSSION = "contract_discussion"
    PROJECT_KICKOFF = "project_kickoff"
    CHECK_IN = "check_in"
    UPSELL = "upsell"
    FEEDBACK_REQUEST = "feedback_request"


class FollowUpStatus(StrEnum):
    """The life of a follow-up; `overdue` is still to be done."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    OVERDUE = "overdue"


class Priority(StrEnum):
    """How soon something should be seen to, compared with others."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class Service(TenantTable, table=True):
    """Something that can be booked. `price` in minor units; starts lie `step_minutes` apart within the open hours.

    With `follow_up_days` somebody gets back to the customer so many days after each visit.
    Customers may cancel or move until `cutoff_minutes` before the start. What waits for approval or payment keeps its
    time for `pending_minutes`. The meeting is the resource's where that has one.
    """

    __tablename__ = "services"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "slug"),
        CheckConstraint("slug ~ '^[a-z0-9-]+$'", name="slug_format"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("duration_minutes > 0 AND step_minutes > 0", name="minutes_positive"),
        CheckConstraint("buffer_before_minutes >= 0 AND buffer_after_minutes >= 0", name="buffers_not_negative"),
        CheckConstraint("max_daily_bookings IS NULL OR max_daily_bookings > 0", name="daily_limit_positive"),
        CheckConstraint("cutoff_minutes >= 0 AND pending_minutes > 0", name="limits_make_sense"),
        CheckConstraint("jsonb_typeof(features) = 'array'", name="features_is_array"),
        CheckConstraint("follow_up_days >= 0", name="follow_up_days_not_negative"),
        CheckConstraint("(follow_up_days IS NULL) = (follow_up_type IS NULL)", name="follow_up_whole"),
        one_of("follow_up_type", FollowUpType),  # or none
        one_of("booking_type", ("scheduled", "immediate")),
    )

    slug: str
    name: str
    description: str = ""
    short_description: str | None = None
    price: int = Field(default=0, sa_type=BigInteger)
    currency: str
    duration_minutes: int
    step_minutes: int
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    notice_minutes: int = 0
    horizon_days: int = 30
    max_daily_bookings: int | None = None
    cutoff_minutes: int = 0
    pending_minutes: int = 24 * 60
    meeting_platform: str | None = None
    meeting_url: str | None = None
    meeting_id: str | None = None
    meeting_password: str | None = None
    booking_type: str = "scheduled"
    features: list[str] = json_list()
    prerequisites: list[str] = json_list()
    details_asked: list[str] = json_list()
    requires_payment: bool = False
    auto_confirm: bool = True
    is_active: bool = True
    is_popular: bool = False
    follow_up_days: int | None = None
    follow_up_type: str | None = None
    display_order: int = 0
    deleted_at: datetime | None = instant(optional=True)


class Resource(TenantTable, table=True):
    """Who or what a booking needs: a person, a van, a room, or so many places at once (`capacity`)."""

    __tablename__ = "resources"
    __table_args__ = (
        of_tenant(),
        belongs_to("user_id", "users"),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        one_of("kind", ("person", "vehicle", "room", "places")),
    )

    name: str
    kind: str
    capacity: int = 1
    user_id: UUID | None = None
    meeting_platform: str | None = None
    meeting_url: str | None = None
    meeting_id: str | None = None
    meeting_password: str | None = None
    is_active: bool = True


class ServiceResource(TenantTable, table=True):
    """A resource that serves one `need` of a service: one of each need is taken, and they are counted from 0."""

    __tablename__ = "service_resources"
    __table_args__ = (
        belongs_to("service_id", "services"),
        belongs_to("resource_id", "resources"),
        UniqueConstraint("tenant_id", "service_id", "need", "resource_id"),
        CheckConstraint("need >= 0", name="need_counts"),
    )

    service_id: UUID
    resource_id: UUID
    need: int = 0


class AvailabilityTemplate(TenantTable, table=True):
    """A weekly stretch of wall time, Monday = 0. Without a service it holds for all that have no hours of their own."""

    __tablename__ = "availability_templates"
    __table_args__ = (
        of_tenant(),
        belongs_to("service_id", "services"),
        belongs_to("resource_id", "resources"),
        CheckConstraint("day_of_week BETWEEN 0 AND 6", name="day_of_week_range"),
        CheckConstraint("start_time < end_time OR end_time = '00:00'", name="time_order"),
        one_of("kind", ("open", "break")),
        # openings of a service
        Index("ix_availability_templates_service", "tenant_id", "service_id"),
    )

    service_id: UUID | None = None
    resource_id: UUID | None = None
    day_of_week: int
    start_time: time
    end_time: time
    kind: str = "open"
    is_active: bool = True


class AvailabilityOverride(TenantTable, table=True):
    """A date with hours of its own; without times the day is closed, or if available open as on any such weekday.

    `max_bookings` is how often the service, or each of them, may be booked that day.
    """

    __tablename__ = "availability_overrides"
    __table_args__ = (
        of_tenant(),
        belongs_to("service_id", "services"),
        belongs_to("resource_id", "resources"),
        CheckConstraint("(start_time IS NULL) = (end_time IS NULL)", name="both_times_or_none"),
        CheckConstraint("is_available OR start_time IS NULL", name="closed_has_no_times"),
        CheckConstraint(
            "max_bookings IS NULL OR max_bookings > 0 AND is_available AND resource_id IS NULL", name="limit_of_a_day"
        ),
        # openings of a day
        Index("ix_availability_overrides_day", "tenant_id", "specific_date"),
    )

    service_id: UUID | None = None
    resource_id: UUID | None = None
    specific_date: date
    start_time: time | None = None
    end_time: time | None = None
    is_available: bool = False
    max_bookings: int | None = None
    reason: str | None = None


class Booking(TenantTable, table=True):
    """An appointment. `during` is what the customer sees, `blocked` adds the buffers; both are [start, end).

    `local_start` and `zone` keep what was said, should the rules of the zone change. What it takes stands in
    `booking_resources`; `resource_id` is the first of them. Services of one visit share `visit_id`.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("service_id", "services"),
        belongs_to("resource_id", "resources"),
        belongs_to("consultant_id", "users"),
        belongs_to("approved_by", "users"),
        belongs_to("cancelled_by", "users"),
        # no booking without its chair: whoever writes one must write the row that the exclusion constraint guards
        ForeignKeyConstraint(
            ["tenant_id", "id", "resource_id"],
            ["booking_resources.tenant_id", "booking_resources.booking_id", "booking_resources.resource_id"],
            name="fk_bookings_takes_its_resource",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        UniqueConstraint("tenant_id", "reference"),
        # what the rows of booking_resources follow
        UniqueConstraint("tenant_id", "id", "takes_time", "blocked", name="uq_bookings_taken"),
        one_of("status", BookingStatus),
        one_of("payment_status", PaymentStatus),
        CheckConstraint("seats > 0", name="seats_positive"),
        CheckConstraint("payment_amount IS NULL OR payment_amount >= 0", name="payment_not_negative"),
        CheckConstraint("(status = 'held') <= (hold_expires_at IS NOT NULL)", name="a_hold_expires"),
        CheckConstraint("actual_start_time <= actual_end_time", name="actual_times_order"),
        CheckConstraint("lead_score BETWEEN 0 AND 100", name="lead_score_range"),
        CheckConstraint("(status = 'pending') <= (pending_until IS NOT NULL)", name="a_request_lapses"),
        CheckConstraint(
            "NOT isempty(blocked) AND lower_inc(blocked) AND NOT upper_inc(blocked)"
            " AND NOT lower_inf(blocked) AND NOT upper_inf(blocked) AND blocked @> during",
            name="blocked_is_a_stretch",
        ),
        # one live hold per customer, or one visit of several
        Index(
            "uq_bookings_hold",
            "tenant_id",
            "customer_id",
            "visit_place",
            unique=True,
            postgresql_where=text("status = 'held'"),
        ),
        # "when is my appointment?"
        Index("ix_bookings_customer", "tenant_id", "customer_id", "status"),
        # the bookings of a day, and how often a service is booked on it
        Index("ix_bookings_day", "tenant_id", "starts_at"),
        # the parts of a visit
        Index("ix_bookings_visit", "tenant_id", "visit_id", postgresql_where=text("visit_id IS NOT NULL")),
        # requests that lapse
        Index("ix_bookings_pending", "tenant_id", "pending_until", postgresql_where=text("status = 'pending'")),
    )
    model_config = {"arbitrary_types_allowed": True}

    reference: str
    customer_id: UUID
    service_id: UUID
    resource_id: UUID
    consultant_id: UUID | None = None
    during: Range = Field(sa_type=TSTZRANGE)
    blocked: Range = Field(sa_type=TSTZRANGE)
    starts_at: datetime | None = instant(default=None, sa_column_args=[Computed("lower(during)", persisted=True)])
    local_start: datetime = Field(sa_type=DateTime)
    zone: str
    seats: int = 1
    visit_id: UUID | None = None
    visit_place: int = 0
    status: str
    takes_time: bool | None = Field(
        default=None, nullable=False, sa_column_args=[Computed(_TAKES_TIME, persisted=True)]
    )
    hold_expires_at: datetime | None = instant(optional=True)
    hold_extended: bool = False
    needs_approval: bool = False
    needs_payment: bool = False
    pending_until: datetime | None = instant(optional=True)
    approved_at: datetime | None = instant(optional=True)
    approved_by: UUID | None = None
    version: int = 0
    customer_data: dict[str, Any] = json_object()
    notes: str | None = None
    source: str
    payment_status: str = PaymentStatus.WAIVED
    payment_amount: int | None = Field(default=None, sa_type=BigInteger)
    payment_currency: str | None = None
    payment_method: str | None = None
    payment_reference: str | None = None
    meeting_platform: str | None = None
    meeting_url: str | None = None
    meeting_id: str | None = None
    meeting_password: str | None = None
    pickup_address: str | None = None
    number_of_loads: int | None = None
    lead_score: int | None = None
    actual_start_time: datetime | None = instant(optional=True)
    actual_end_time: datetime | None = instant(optional=True)
    confirmed_at: datetime | None = instant(optional=True)
    completed_at: datetime | None = instant(optional=True)
    cancelled_at: datetime | None = instant(optional=True)
    customer_confirmed_at: datetime | None = instant(optional=True)
    cancelled_by: UUID | None = None
    cancellation_reason: str | None = None


class FollowUp(TenantTable, table=True):
    """Something that a member of staff is to do after a visit, until `due_date`."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        belongs_to("booking_id", "bookings"),
        belongs_to("customer_id", "customers"),
        belongs_to("assigned_to", "users"),
        one_of("follow_up_type", FollowUpType),
        one_of("priority", Priority),
        one_of("status", FollowUpStatus),
        CheckConstraint("completed_date >= scheduled_date", name="dates_order"),
        # a visit is followed up once in each way
        UniqueConstraint("tenant_id", "booking_id", "follow_up_type"),
        # what is to be done, and what is overdue
        Index(
            "ix_follow_ups_due",
            "tenant_id",
            "due_date",
            postgresql_where=text("status IN ('pending', 'in_progress', 'overdue')"),
        ),
    )

    booking_id: UUID
    customer_id: UUID
    assigned_to: UUID
    follow_up_type: str
    priority: str = Priority.MEDIUM
    status: str = FollowUpStatus.PENDING
    scheduled_date: datetime | None = instant(optional=True)
    due_date: datetime = instant()
    completed_date: datetime | None = instant(optional=True)
    title: str
    notes: str | None = None
    outcome: str | None = None
    next_action: str | None = None
