"""Businesses and the numbers they can be reached at."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Channel, TenantTable, Timed, instant, json_list, json_object, of_tenant, one_of, uuid7


class Tenant(Timed, table=True):
    """One business. `zone` is IANA, `currency` ISO 4217, `country` ISO 3166: how its people write numbers and dates."""

    __tablename__ = "tenants"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("vendor_code"),
        CheckConstraint("slug ~ '^[a-z0-9-]+$'", name="slug_format"),
        CheckConstraint("vendor_code ~ '^[A-Z0-9]{3,20}$'", name="vendor_code_format"),
        one_of("subscription_status", ("trial", "active", "suspended", "cancelled")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    slug: str
    business_name: str
    vendor_code: str
    phone_number: str
    email: str | None = None
    address: str | None = None
    zone: str
    currency: str
    country: str
    locale: str = "en"
    languages: list[str] = json_list()
    settings: dict[str, Any] = json_object()
    branding: dict[str, Any] = json_object()
    whatsapp_config: dict[str, Any] = json_object()
    subscription_status: str = "trial"
    is_active: bool = True
    deleted_at: datetime | None = instant(optional=True)


class PhoneLine(TenantTable, table=True):
    """A number on one channel that belongs to one business."""

    __tablename__ = "phone_lines"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "number", "channel"),
        # routing asks: whose is this number? (route_line)
        Index("ix_phone_lines_route", "number", "channel", unique=True),
        one_of("channel", Channel),
    )

    number: str
    channel: str


class SharedLine(Timed, table=True):
    """A business's part in a number that several share: the vendor code, or the last choice, decides who is meant.

    Nobody else can be reached there: a business belongs to the numbers that its own file names.
    """

    __tablename__ = "shared_lines"
    __table_args__ = (of_tenant(), one_of("channel", Channel))

    # the number first: routing asks who is meant there before a business is known
    number: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    tenant_id: UUID = Field(primary_key=True)


class LineSession(SQLModel, table=True):
    """Which businesses a person has chosen on a shared number; the latest choice is in force."""

    __tablename__ = "line_sessions"
    __table_args__ = (of_tenant(),)

    number: str = Field(primary_key=True)
    sender: str = Field(primary_key=True)
    tenant_id: UUID = Field(primary_key=True)
    chosen_at: datetime = instant()
