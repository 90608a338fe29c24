"""The people of a business: those who work there and those who come."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
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


class User(TenantTable, table=True):
    """Somebody who works for the business, known by phone number. `pin_hash` is argon2id over a peppered PIN."""

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
    is_active: bool = True
    last_login_at: datetime | None = instant(optional=True)
    deleted_at: datetime | None = instant(optional=True)


class Customer(TenantTable, table=True):
    """Somebody who writes or calls; the phone number is the identity within a business.

    A member of staff who writes has a row too: it holds the conversation. `total_spent` is in minor units.
    """

    __tablename__ = "customers"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "phone_number"),
        one_of("loyalty_status", LoyaltyStatus),
        one_of("last_channel", Channel),  # or none yet
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
