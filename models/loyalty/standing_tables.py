"""Where a customer stands with a business: tiers, achievements, and friends brought along."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from models.base import TenantTable, belongs_to, instant, json_object, of_tenant, one_of


class TierEventKind(StrEnum):
    """`warned` is the notice before a tier is lost: without it none is."""

    UPGRADED = "upgraded"
    DOWNGRADED = "downgraded"
    WARNED = "warned"


class TierCause(StrEnum):
    """What moved a customer to another tier."""

    EARNED = "earned"
    REVERSED = "reversed"
    PERIOD_END = "period_end"
    POLICY = "policy"


class ReferralStatus(StrEnum):
    """`qualified` waits for the end of the return window, `review` for the owner; `converted` is paid."""

    PENDING = "pending"
    QUALIFIED = "qualified"
    REVIEW = "review"
    CONVERTED = "converted"
    REFUSED = "refused"
    EXPIRED = "expired"


class LoyaltyTier(TenantTable, table=True):
    """One tier of one version of the policy: versions are added and never changed, the highest is in force.

    `since` is the first day of the version on the shop's calendar. `period_months` is how long a tier lasts, 0 for
    ever, and the same in all tiers of a version. `benefits`: {"discount": percent, "priority_booking": true}.
    """

    __tablename__ = "loyalty_tiers"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "version", "name"),
        CheckConstraint("points_required >= 0", name="points_required_counted"),
        CheckConstraint("period_months >= 0", name="period_months_counted"),
    )

    name: str
    points_required: int
    benefits: dict[str, Any] = json_object()
    display_order: int
    version: int
    since: date
    period_months: int


class TierEvent(TenantTable, table=True):
    """A change of tier with its cause, or the notice before one; never changed or deleted.

    `points` are those that counted then, `until` is the last day of the tier's period that a notice was about.
    """

    __tablename__ = "tier_events"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("purchase_id", "purchases"),
        one_of("kind", TierEventKind),
        one_of("cause", TierCause),
        # the customer's notices and changes, latest last
        Index("ix_tier_events_customer", "tenant_id", "customer_id", "occurred_at"),
        # somebody is warned once about the end of a period
        Index(
            "uq_tier_events_warned",
            "tenant_id",
            "customer_id",
            "before",
            "until",
            unique=True,
            postgresql_where=text("kind = 'warned'"),
        ),
        # what a purchase led to
        Index("ix_tier_events_purchase", "tenant_id", "purchase_id", postgresql_where=text("purchase_id IS NOT NULL")),
    )

    customer_id: UUID
    kind: str
    before: str
    after: str
    cause: str
    points: int
    policy_version: int
    purchase_id: UUID | None = None
    day: date
    until: date | None = None
    occurred_at: datetime = instant()


class LoyaltyAchievement(TenantTable, table=True):
    """Something to achieve. `criteria`: {"purchases": 10}, {"spent": minor units}, {"distinct_days": 5}, …

    `repeats` is how often it can be achieved: once for `ever`, or once a `year` or `month`.
    """

    __tablename__ = "loyalty_achievements"
    __table_args__ = (
        of_tenant(),
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("points_reward >= 0", name="points_reward_counted"),
        one_of("repeats", ("ever", "year", "month")),
    )

    name: str
    description: str | None = None
    icon: str | None = None
    points_reward: int
    criteria: dict[str, Any] = json_object()
    repeats: str
    is_active: bool = True


class CustomerAchievement(TenantTable, table=True):
    """Something achieved in a period ("ever", "2026", "2026-11"), by the criteria that stood then.

    `revoked_at` is set when a purchase that it needed was taken back.
    """

    __tablename__ = "customer_achievements"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("achievement_id", "loyalty_achievements"),
        belongs_to("purchase_id", "purchases"),
        # once in a period, whoever asks at the same time
        Index(
            "uq_customer_achievements_standing",
            "tenant_id",
            "customer_id",
            "achievement_id",
            "period",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        # what a purchase led to
        Index(
            "ix_customer_achievements_purchase",
            "tenant_id",
            "purchase_id",
            postgresql_where=text("purchase_id IS NOT NULL"),
        ),
    )

    customer_id: UUID
    achievement_id: UUID
    period: str
    criteria: dict[str, Any] = json_object()
    points: int
    purchase_id: UUID | None = None
    earned_at: datetime = instant()
    revoked_at: datetime | None = instant(optional=True)


class Referral(TenantTable, table=True):
    """A friend who joined with a customer's code. Paid to both once, after the friend's first purchase has stood.

    `reason` says why it waits for the owner, or why it is not paid.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        belongs_to("referrer_id", "customers"),
        belongs_to("referred_customer_id", "customers"),
        belongs_to("purchase_id", "purchases"),
        belongs_to("reviewed_by_user_id", "users"),
        # a friend is new once
        UniqueConstraint("tenant_id", "referred_customer_id"),
        one_of("status", ReferralStatus),
        # which are to be paid now?
        Index("ix_referrals_due", "tenant_id", "due_at", postgresql_where=text("status = 'qualified'")),
        # which have waited too long, and which wait for the owner?
        Index("ix_referrals_open", "tenant_id", "joined_at", postgresql_where=text("status IN ('pending', 'review')")),
        # how many has the customer been paid for this month?
        Index("ix_referrals_referrer", "tenant_id", "referrer_id", "converted_at"),
    )

    referrer_id: UUID
    referred_customer_id: UUID
    referred_name: str | None = None
    referral_code: str
    status: str = ReferralStatus.PENDING
    reason: str | None = None
    purchase_id: UUID | None = None
    joined_at: datetime = instant()
    due_at: datetime | None = instant(optional=True)
    converted_at: datetime | None = instant(optional=True)
    points_awarded: int | None = None
    friend_points: int | None = None
    reviewed_by_user_id: UUID | None = None
    reviewed_at: datetime | None = instant(optional=True)
