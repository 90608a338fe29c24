"""Points: an append-only ledger over lots, the rules that earn them, the rewards they buy."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import TenantTable, belongs_to, instant, json_object, of_tenant, one_of


class EntryKind(StrEnum):
    """What an entry of the ledger records."""

    EARNED = "earned"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"
    REVERSED = "reversed"


class RuleType(StrEnum):
    """When a rule gives points."""

    PER_PURCHASE = "per_purchase"
    PER_AMOUNT_SPENT = "per_amount_spent"
    FIRST_PURCHASE_BONUS = "first_purchase_bonus"
    REFERRAL = "referral"
    BIRTHDAY = "birthday"
    MILESTONE = "milestone"


class PaidWith(StrEnum):
    """What a purchase was paid with. Only money earns points: gift cards and points were earned on already."""

    MONEY = "money"
    GIFT_CARD = "gift_card"
    POINTS = "points"


class RedemptionStatus(StrEnum):
    """`pending` holds the points; `fulfilled` has spent them; `cancelled` has given them back."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


class PointsRule(TenantTable, table=True):
    """A rule that earns points. Amounts in `config` are minor units: {"points": 1, "per": 10000, "minimum": 100000}."""

    __tablename__ = "points_rules"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "name", "version"), one_of("rule_type", RuleType))

    name: str
    description: str | None = None
    rule_type: str
    config: dict[str, Any] = json_object()
    conditions: dict[str, Any] = json_object()
    priority: int = 0
    version: int = 1
    is_active: bool = True
    valid_from: datetime | None = instant(optional=True)
    valid_until: datetime | None = instant(optional=True)
    deleted_at: datetime | None = instant(optional=True)


class Purchase(TenantTable, table=True):
    """Something bought; `amount` in minor units of the business's currency. What came back: purchase_returns."""

    __tablename__ = "purchases"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("logged_by_user_id", "users"),
        CheckConstraint("amount > 0", name="amount_positive"),
        one_of("source", ("whatsapp", "sms", "voice", "manual", "pos_integration", "api")),
        one_of("paid_with", PaidWith),
        # what is the customer's latest purchase once one is undone?
        Index("ix_purchases_customer", "tenant_id", "customer_id", "purchased_at"),
        # which of the customer's were not paid with money (stamps)
        Index(
            "ix_purchases_unpaid",
            "tenant_id",
            "customer_id",
            postgresql_where=text("paid_with <> 'money'"),
        ),
        # what was taken back in a day or a week (totals)
        Index(
            "ix_purchases_reversed",
            "tenant_id",
            "reversed_at",
            postgresql_where=text("reversed_at IS NOT NULL"),
        ),
        # the usual amount of a business: its latest purchases (usual_amount)
        Index("ix_purchases_latest", "tenant_id", "purchased_at"),
        # a receipt earns once
        Index(
            "uq_purchases_receipt",
            "tenant_id",
            "receipt_number",
            unique=True,
            postgresql_where=text("receipt_number IS NOT NULL AND reversed_at IS NULL"),
        ),
    )

    customer_id: UUID
    amount: int = Field(sa_type=BigInteger)
    currency: str
    quantity: int = 1
    product_name: str | None = None
    product_sku: str | None = None
    category: str | None = None
    paid_with: str = PaidWith.MONEY
    receipt_number: str | None = None
    receipt_url: str | None = None
    receipt_verified: bool = False
    source: str
    logged_by_user_id: UUID | None = None
    logged_via: str
    points_awarded: int = 0
    details: dict[str, Any] = json_object()
    notes: str | None = None
    purchased_at: datetime = instant()
    reversed_at: datetime | None = instant(optional=True)


class PointsTransaction(TenantTable, table=True):
    """One entry of the ledger, never changed or deleted. `points` is signed; `details` holds the rules and inputs.

    `source` says what brought it about ("purchase", "referral", …). An entry that reverses another takes back what
    is left of it, unless it `is_partial`.
    """

    __tablename__ = "points_transactions"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("purchase_id", "purchases"),
        belongs_to("reward_redemption_id", "reward_redemptions"),
        belongs_to("campaign_id", "campaigns"),
        belongs_to("reverses_id", "points_transactions"),
        belongs_to("created_by_user_id", "users"),
        UniqueConstraint("tenant_id", "idempotency_key"),
        one_of("transaction_type", EntryKind),
        CheckConstraint("points <> 0", name="points_not_zero"),
        # an entry is fully reversed at most once
        Index(
            "uq_points_transactions_reversed",
            "tenant_id",
            "reverses_id",
            unique=True,
            postgresql_where=text("reverses_id IS NOT NULL AND NOT is_partial"),
        ),
        # what has been taken back of an entry, in parts or whole?
        Index(
            "ix_points_transactions_reverses",
            "tenant_id",
            "reverses_id",
            postgresql_where=text("reverses_id IS NOT NULL"),
        ),
        # whom a campaign gave something, and how often
        Index(
            "ix_points_transactions_campaign",
            "tenant_id",
            "campaign_id",
            "customer_id",
            postgresql_where=text("campaign_id IS NOT NULL"),
        ),
        # what a day or a week came to (totals, signals)
        Index("ix_points_transactions_day", "tenant_id", "occurred_at"),
        # "history": the customer's last entries
        Index("ix_points_transactions_history", "tenant_id", "customer_id", "occurred_at"),
    )

    customer_id: UUID
    transaction_type: str
    points: int
    balance_after: int
    idempotency_key: str
    reverses_id: UUID | None = None
    is_partial: bool = False
    source: str | None = None
    campaign_id: UUID | None = None
    purchase_id: UUID | None = None
    reward_redemption_id: UUID | None = None
    description: str | None = None
    details: dict[str, Any] = json_object()
    expires_at: datetime | None = instant(optional=True)
    created_by_user_id: UUID | None = None
    occurred_at: datetime = instant()


class PointsLot(TenantTable, table=True):
    """The points of one positive entry; spent earliest expiry first. `remaining` counts neither spent nor held ones."""

    __tablename__ = "points_lots"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("transaction_id", "points_transactions"),
        UniqueConstraint("tenant_id", "transaction_id"),
        CheckConstraint("remaining BETWEEN 0 AND points", name="remaining_within_points"),
        # what has expired? (expire)
        Index("ix_points_lots_expiring", "tenant_id", "expires_at", postgresql_where=text("remaining > 0")),
        # spending: the customer's lots with something left, earliest expiry first
        Index(
            "ix_points_lots_spendable",
            "tenant_id",
            "customer_id",
            "expires_at",
            postgresql_where=text("remaining > 0"),
        ),
    )

    customer_id: UUID
    transaction_id: UUID
    points: int
    remaining: int
    available_at: datetime = instant()
    expires_at: datetime | None = instant(optional=True)


class PointsLotUse(TenantTable, table=True):
    """How much of a lot one debit took: `held` for an open redemption, then `posted`, or `returned` to the lot."""

    __tablename__ = "points_lot_uses"
    __table_args__ = (
        belongs_to("lot_id", "points_lots"),
        belongs_to("transaction_id", "points_transactions"),
        belongs_to("reward_redemption_id", "reward_redemptions"),
        CheckConstraint("points > 0", name="points_positive"),
        one_of("state", ("held", "posted", "returned")),
        Index("ix_points_lot_uses_lot", "tenant_id", "lot_id"),
        Index("ix_points_lot_uses_redemption", "tenant_id", "reward_redemption_id"),
    )

    lot_id: UUID
    transaction_id: UUID | None = None
    reward_redemption_id: UUID | None = None
    points: int
    state: str


class CustomerPointsBalance(TenantTable, table=True):
    """The sums of a customer's ledger, and the row that every change of points locks first.

    `current_balance` = sum of all entries = sum of lots' remaining + `held` - `debt`.
    """

    __tablename__ = "customer_points_balance"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        UniqueConstraint("tenant_id", "customer_id"),
        CheckConstraint("held >= 0 AND debt >= 0", name="held_and_debt_counted"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    customer_id: UUID
    current_balance: int = 0
    held: int = 0
    debt: int = 0
    total_points_earned: int = 0
    total_points_redeemed: int = 0
    total_points_expired: int = 0
    last_earned_at: datetime | None = instant(optional=True)
    last_redeemed_at: datetime | None = instant(optional=True)


class Reward(TenantTable, table=True):
    """Something points buy. `stock_quantity` empty means unlimited; held redemptions have already taken theirs."""

    __tablename__ = "rewards"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("points_required > 0", name="points_required_positive"),
        CheckConstraint("stock_quantity IS NULL OR stock_quantity >= 0", name="stock_not_negative"),
    )

    name: str
    description: str | None = None
    points_required: int
    monetary_value: int | None = Field(default=None, sa_type=BigInteger)
    is_active: bool = True
    stock_quantity: int | None = None
    max_redemptions_per_customer: int | None = None
    valid_from: datetime | None = instant(optional=True)
    valid_until: datetime | None = instant(optional=True)
    image_url: str | None = None
    terms_and_conditions: str | None = None
    category: str | None = None
    total_redemptions: int = 0
    deleted_at: datetime | None = instant(optional=True)


class RewardRedemption(TenantTable, table=True):
    """A customer's wish for a reward: points are held until staff check the code. Only the code's HMAC is kept.

    `points_deducted` is its price at the time; a campaign may have lowered it.
    """

    __tablename__ = "reward_redemptions"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("reward_id", "rewards"),
        belongs_to("campaign_id", "campaigns"),
        belongs_to("verified_by_user_id", "users"),
        UniqueConstraint("tenant_id", "code_hash"),
        one_of("status", RedemptionStatus),
        CheckConstraint("points_deducted > 0", name="points_deducted_positive"),
        # how often has the customer had this reward?
        Index("ix_reward_redemptions_customer", "tenant_id", "customer_id", "reward_id"),
        # whom a campaign gave a lower price
        Index(
            "ix_reward_redemptions_campaign",
            "tenant_id",
            "campaign_id",
            postgresql_where=text("campaign_id IS NOT NULL"),
        ),
        # time-outs and "one live code per customer and reward"
        Index(
            "uq_reward_redemptions_live",
            "tenant_id",
            "customer_id",
            "reward_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
    )

    customer_id: UUID
    reward_id: UUID
    campaign_id: UUID | None = None
    points_deducted: int
    status: str = RedemptionStatus.PENDING
    code_hash: bytes
    expires_at: datetime = instant()
    verified_by_user_id: UUID | None = None
    verified_at: datetime | None = instant(optional=True)
    fulfilled_at: datetime | None = instant(optional=True)
    fulfilment_notes: str | None = None
    cancelled_at: datetime | None = instant(optional=True)
    cancellation_reason: str | None = None
