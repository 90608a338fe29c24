"""How a customer rises with what he does, and falls with what is taken back: achievements first, then the tier.

In this order, as an achievement may bring the points that a tier takes. The customer is locked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from models.db import Tx
from models.loyalty import achievements, standings
from models.loyalty.achievements import Achieved
from models.loyalty.standings import Moved
from models.people.tables import User
from models.tenancy.businesses import load_tenant
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import Tenant


@dataclass(frozen=True, slots=True)
class Terms:
    """What a business has decided about it. Points live for `expire_days`, or for ever."""

    zone: ZoneInfo
    expire_days: int | None
    return_window: timedelta
    referral_valid: timedelta
    referrals_per_month: int

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        settings = TenantSettings.of(tenant)
        return cls(
            zone=ZoneInfo(tenant.zone),
            expire_days=settings.points_expire_after_days,
            return_window=timedelta(days=settings.return_window_days),
            referral_valid=timedelta(days=settings.referral_days),
            referrals_per_month=settings.referrals_per_month,
        )

    def expiry(self, now: datetime) -> datetime | None:
        """When points that are given at `now` expire."""
        return None if self.expire_days is None else now + timedelta(days=self.expire_days)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What has changed for a customer: the tier, what was achieved, or lost."""

    moved: Moved | None = None
    achieved: tuple[Achieved, ...] = ()
    lost: tuple[Achieved, ...] = ()


NOTHING = Consequences()


async def terms(tx: Tx) -> Terms:
    """Those of the business of the transaction."""
    return Terms.of(await load_tenant(tx))


async def rise(tx: Tx, customer_id: UUID, of: Terms, now: datetime, *, purchase_id: UUID | None = None) -> Consequences:
    """After something was earned or done."""
    achieved = await achievements.award(
        tx, customer_id, now=now, zone=of.zone, expire_days=of.expire_days, purchase_id=purchase_id
    )
    moved = await standings.settle(tx, customer_id, now, of.zone, purchase_id=purchase_id)
    return Consequences(moved, achieved)


async def fall(tx: Tx, customer_id: UUID, of: Terms, now: datetime, *, by: User | None) -> Consequences:
    """After something was taken back."""
    lost = await achievements.revoke(tx, customer_id, now=now, zone=of.zone, by=by)
    return Consequences(await standings.settle(tx, customer_id, now, of.zone), lost=lost)


async def risen_by(tx: Tx, purchase_id: UUID) -> Consequences:
    """What a purchase led to when it was logged."""
    return Consequences(await standings.moved_by(tx, purchase_id), await achievements.by_purchase(tx, purchase_id))
