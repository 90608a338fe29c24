"""The people of a business: those who work there and those who come."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Channel, TenantTable, belongs_to, instant, json_list, json_object, of_tenant, one_of


class Role(StrEnum):
    """What somebody does in the business."""

    OWNER = "owner"
    ADMIN = "admin"
    STAFF = "staff"
    CONSULTANT = "consultant"
    SALES = "sales"
    DEVELOPER = "developer"
    SUPPORT = "support"


class LoyaltyStatus(StrEnum):
    """`inactive` is known but has not joined; `blocked` may neither earn nor redeem."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    BLOCKED = "blocked"


class Purpose(StrEnum):
    """What a person agreed to be written to for."""

    SERVICE = "service"
    MARKETING = "marketing"
    REVIEW = "review"


class LeadSource(StrEnum):
    """How somebody came to know the business; `message`: he simply wrote or called, `walk_in`: through the door."""

    MESSAGE = "message"
    WALK_IN = "walk_in"
    WEBSITE_BOOKING = "website_booking"
    REFERRAL = "referral"
    SOCIAL_MEDIA = "social_media"
    GOOGLE_ADS = "google_ads"
    LINKEDIN = "linkedin"
    EMAIL_CAMPAIGN = "email_campaign"
    COLD_OUTREACH = "cold_outreach"
    PARTNERSHIP = "partnership"


class LeadQuality(StrEnum):
    """How far somebody is on the way to being a client, in this order; `churned` has left it."""

    UNQUALIFIED = "unqualified"
    QUALIFIED = "qualified"
    HOT = "hot"
    CONVERTED = "converted"
    CHURNED = "churned"


class CustomerStatus(StrEnum):
    """Where somebody stands with the business."""

    PROSPECT = "prospect"
    ACTIVE = "active"
    INACTIVE = "inactive"
    CHURNED = "churned"
    VIP = "vip"


class ContactMethod(StrEnum):
    """How somebody would rather be reached by a person."""

    EMAIL = "email"
    PHONE = "phone"
    BOTH = "both"


class InteractionType(StrEnum):
    """The steps of a customer's journey."""

    BOOKING_CREATED = "booking_created"
    CONSULTATION_COMPLETED = "consultation_completed"
    PROPOSAL_SENT = "proposal_sent"
    CONTRACT_SIGNED = "contract_signed"
    PROJECT_STARTED = "project_started"
    PROJECT_COMPLETED = "project_completed"
    REFERRAL_MADE = "referral_made"
    REVIEW_LEFT = "review_left"
    COMPLAINT_FILED = "complaint_filed"


class ConversionPotential(StrEnum):
    """What may come of somebody."""

    UNKNOWN = "unknown"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CONVERTED = "converted"


class ProjectStatus(StrEnum):
    """The stages of a project, in this order; it may be `cancelled` until it is completed."""

    LEAD = "lead"
    QUALIFIED = "qualified"
    PROPOSAL_SENT = "proposal_sent"
    NEGOTIATION = "negotiation"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class User(TenantTable, table=True):
    """Somebody who works for the business, known by phone number. `pin_hash` is argon2id over a peppered PIN.

    `linked_phones` are the numbers of people close to them, for whom a colleague has to act.
    """

    __tablename__ = "users"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "phone_number"),
        one_of("role", Role),
        CheckConstraint("pin_failures >= 0", name="pin_failures_counted"),
    )

    full_name: str
    phone_number: str
    email: str | None = None
    role: str = Role.STAFF
    roles: list[str] = json_list()
    pin_hash: str | None = None
    pin_enabled: bool = False
    pin_failures: int = 0
    pin_locked_until: datetime | None = instant(optional=True)
    permissions: dict[str, Any] = json_object()
    linked_phones: list[str] = json_list()
    is_active: bool = True
    last_login_at: datetime | None = instant(optional=True)
    bio: str | None = None
    avatar_url: str | None = None
    deleted_at: datetime | None = instant(optional=True)


def _word(default: StrEnum) -> Any:  # noqa: ANN401 - a field stands for its column's type
    """A word that the database fills in too: rows of customers are made by a function that knows few columns."""
    return Field(default=default, sa_column_kwargs={"server_default": default.value})


class Customer(TenantTable, table=True):
    """Somebody who writes or calls; the phone number is the identity within a business.

    A member of staff who writes has a row too: it holds the conversation. `total_spent` (purchases) and
    `total_revenue` (completed bookings) are in minor units. `zone` is theirs if it is not the business's.
    `tier` is empty for the lowest one, `tier_until` its last day. `birthday` is month and day, "03-25",
    `birthday_paid_in` the year of the last one that was paid for.
    """

    __tablename__ = "customers"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "phone_number"),
        UniqueConstraint("tenant_id", "referral_code"),
        one_of("loyalty_status", LoyaltyStatus),
        one_of("last_channel", Channel),  # or none yet
        CheckConstraint("birthday ~ '^[01][0-9]-[0-3][0-9]$'", name="birthday_format"),
        # whose birthday is it today?
        Index("ix_customers_birthday", "tenant_id", "birthday", postgresql_where=text("birthday IS NOT NULL")),
        # whose tier ends soon?
        Index("ix_customers_tier_until", "tenant_id", "tier_until", postgresql_where=text("tier_until IS NOT NULL")),
        one_of("lead_source", LeadSource),
        one_of("lead_quality", LeadQuality),
        one_of("status", CustomerStatus),
        one_of("preferred_contact_method", ContactMethod),  # or none said
        CheckConstraint("total_revenue >= 0", name="revenue_not_negative"),
        # fillfactor leaves room on the page: the state changes with every message and should stay a HOT update
        {"postgresql_with": {"fillfactor": 70}},
    )

    phone_number: str
    whatsapp_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    address: str | None = None
    language: str | None = None
    loyalty_status: str = LoyaltyStatus.INACTIVE
    joined_at: datetime | None = instant(optional=True)
    tier: str | None = None
    tier_until: date | None = None
    tier_policy: int | None = None
    referral_code: str | None = None
    birthday: str | None = None
    birth_year: int | None = None
    birthday_asked_at: datetime | None = instant(optional=True)
    birthday_paid_in: int | None = None
    opted_in: bool = True
    opted_in_at: datetime | None = instant(optional=True)
    opted_out_at: datetime | None = instant(optional=True)
    total_purchases: int = 0
    total_spent: int = Field(default=0, sa_type=BigInteger)
    last_purchase_at: datetime | None = instant(optional=True)
    total_bookings: int = 0
    total_calls: int = 0
    last_contact_at: datetime | None = instant(optional=True)
    last_channel: str | None = None
    last_whatsapp_at: datetime | None = instant(optional=True)
    lead_source: str = _word(LeadSource.MESSAGE)
    lead_quality: str = _word(LeadQuality.UNQUALIFIED)
    status: str = _word(CustomerStatus.PROSPECT)
    total_revenue: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    company: str | None = None
    zone: str | None = None
    preferred_contact_method: str | None = None
    preferences: dict[str, Any] = json_object()
    conversation_state: dict[str, Any] = json_object()
    tags: list[str] = json_list()
    notes: str | None = None
    deleted_at: datetime | None = instant(optional=True)


class Consent(TenantTable, table=True):
    """One yes or no to being written to; rows are only added and the latest one counts."""

    __tablename__ = "consents"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        # a person's latest word on a channel and purpose, for whoever has to show it; sending looks at
        # customers.opted_in instead
        Index("ix_consents_latest", "tenant_id", "customer_id", "channel", "purpose", "given_at"),
        one_of("channel", Channel),
        one_of("purpose", Purpose),
    )

    customer_id: UUID
    channel: str
    purpose: str
    granted: bool
    source: str
    wording: str
    given_at: datetime = instant()


class CustomerInteraction(TenantTable, table=True):
    """A step of a customer's journey. `value_score` is 0 to 100, as the lead score of the booking it came from."""

    __tablename__ = "customer_interactions"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("booking_id", "bookings"),
        belongs_to("user_id", "users"),
        one_of("interaction_type", InteractionType),
        one_of("conversion_potential", ConversionPotential),
        CheckConstraint("value_score BETWEEN 0 AND 100", name="value_score_range"),
        # a booking is made once and takes place once
        Index(
            "uq_customer_interactions_visit",
            "tenant_id",
            "booking_id",
            "interaction_type",
            unique=True,
            postgresql_where=text("interaction_type IN ('booking_created', 'consultation_completed')"),
        ),
        # a customer's journey
        Index("ix_customer_interactions_journey", "tenant_id", "customer_id", "interaction_date"),
    )

    customer_id: UUID
    booking_id: UUID | None = None
    user_id: UUID | None = None
    interaction_type: str
    interaction_date: datetime = instant()
    details: dict[str, Any] = json_object()
    value_score: int = 0
    conversion_potential: str = ConversionPotential.UNKNOWN


class Project(TenantTable, table=True):
    """Work that may come, or came, of a consultation. Values in minor units of the business's currency."""

    __tablename__ = "projects"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("original_booking_id", "bookings"),
        one_of("status", ProjectStatus),
        CheckConstraint("estimated_value IS NULL OR estimated_value >= 0", name="estimate_not_negative"),
        CheckConstraint("actual_value IS NULL OR actual_value >= 0", name="value_not_negative"),
        CheckConstraint("jsonb_typeof(project_type) = 'array'", name="project_type_is_array"),
        # one consultation leads to one project
        UniqueConstraint("tenant_id", "original_booking_id"),
        # the pipeline
        Index("ix_projects_status", "tenant_id", "status"),
    )

    customer_id: UUID
    original_booking_id: UUID | None = None
    project_name: str
    project_type: list[str] = json_list()
    estimated_value: int | None = Field(default=None, sa_type=BigInteger)
    actual_value: int | None = Field(default=None, sa_type=BigInteger)
    status: str = ProjectStatus.LEAD
    start_date: date | None = None
    estimated_completion: date | None = None
    actual_completion: date | None = None
