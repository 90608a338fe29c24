"""How customers rise, as the business file says it."""

from typing import Any

from sqlalchemy import Uuid, bindparam
from sqlmodel import col, select

from models.db import Tx
from models.loyalty import tiers
from models.loyalty.standing_tables import LoyaltyAchievement, LoyaltyTier
from models.tenancy.applying.standing import in_force
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import Tenant

_TENANT = bindparam("tenant", type_=Uuid)
_TIERS = select(LoyaltyTier).where(col(LoyaltyTier.tenant_id) == _TENANT).order_by(col(LoyaltyTier.display_order))
_ACHIEVEMENTS = (
    select(LoyaltyAchievement)
    .where(col(LoyaltyAchievement.tenant_id) == _TENANT, col(LoyaltyAchievement.is_active))
    .order_by(col(LoyaltyAchievement.name))
)


async def parts(tx: Tx, tenant: Tenant) -> dict[str, Any]:
    """What [loyalty] says of it."""
    settings = TenantSettings.of(tenant)
    levels = in_force(await tx.all(_TIERS, tenant=tenant.id))
    kept: dict[str, Any] = {"tiers": [_tier(row) for row in levels]} if levels else {}
    return kept | {
        "tier_months": levels[0].period_months if levels else tiers.DEFAULT.months,
        "priority_days": settings.priority_days,
        "referrals_per_month": settings.referrals_per_month,
        "referral_days": settings.referral_days,
        "achievements": [_achievement(row) for row in await tx.all(_ACHIEVEMENTS, tenant=tenant.id)],
    }


def _tier(row: LoyaltyTier) -> dict[str, Any]:
    return {"name": row.name, "points": row.points_required, **row.benefits}


def _achievement(row: LoyaltyAchievement) -> dict[str, Any]:
    return {
        "name": row.name,
        "description": row.description,
        "icon": row.icon,
        "points": row.points_reward,
        "every": None if row.repeats == "ever" else row.repeats,
        **row.criteria,
    }
