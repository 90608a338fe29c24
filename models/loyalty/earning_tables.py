"""What stands beside the ledger when points are earned: campaigns, returned goods, and notices of expiry."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from models.base import TenantTable, belongs_to, instant, json_object, of_tenant, one_of


class CampaignType(StrEnum):
    """What a campaign gives; see models/loyalty/campaigns.py."""

    BONUS_POINTS = "bonus_points"
    DOUBLE_POINTS = "double_points"
    REWARD_DISCOUNT = "reward_discount"
    REFERRAL = "referral"
    REACTIVATION = "reactivation"


class CampaignStatus(StrEnum):
    """As written down. Whether a campaign runs is asked of `campaigns.status_at`, which looks at the time."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Campaign(TenantTable, table=True):
    """Something extra for a while. Amounts in `config` are minor units; `target_segment` empty means everybody.

    `is_active` says whether the business file still has it.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "name"),
        one_of("campaign_type", CampaignType),
        one_of("status", CampaignStatus),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
    )

    name: str
    description: str | None = None
    campaign_type: str
    config: dict[str, Any] = json_object()
    target_segment: dict[str, Any] = json_object()
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    status: str = CampaignStatus.SCHEDULED
    is_active: bool = True


class PurchaseReturn(TenantTable, table=True):
    """A part of a purchase that came back, the points that went with it, and what was left then. In minor units."""

    __tablename__ = "purchase_returns"
    __table_args__ = (
        belongs_to("purchase_id", "purchases"),
        belongs_to("returned_by_user_id", "users"),
        UniqueConstraint("tenant_id", "idempotency_key"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("left_amount >= 0", name="left_not_negative"),
        # how much of the purchase has come back?
        Index("ix_purchase_returns_purchase", "tenant_id", "purchase_id"),
    )

    purchase_id: UUID
    amount: int = Field(sa_type=BigInteger)
    points: int
    left_amount: int = Field(sa_type=BigInteger)
    idempotency_key: str
    reason: str | None = None
    returned_by_user_id: UUID | None = None
    returned_at: datetime = instant()


class ExpiryNotice(TenantTable, table=True):
    """That a customer was told what expires on a day of the shop's calendar: once for each day."""

    __tablename__ = "expiry_notices"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        UniqueConstraint("tenant_id", "customer_id", "expires_on"),
    )

    customer_id: UUID
    expires_on: date
    points: int
    told_at: datetime = instant()
