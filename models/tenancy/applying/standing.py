"""The tiers and achievements of a business file.

Tiers that change become a new version from that day on: what a customer has reached by the old ones stays his.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.db import Tx
from models.loyalty.standing_tables import LoyaltyAchievement, LoyaltyTier
from models.tenancy.applying.listed import Listed
from models.tenancy.standing_parts import AchievementGoal, TierLevel

_TIERS = (
    select(LoyaltyTier)
    .where(col(LoyaltyTier.tenant_id) == bindparam("tenant"))
    .order_by(col(LoyaltyTier.version), col(LoyaltyTier.display_order))
)
_ACHIEVEMENTS = Listed(LoyaltyAchievement, "name", ("description", "icon", "points_reward", "criteria", "repeats"))


async def bring_tiers(tx: Tx, tenant_id: UUID, levels: Sequence[TierLevel], months: int, today: date) -> int:
    """Puts the tiers in force from `today` on, the first ones from ever; says how many rows came."""
    kept = in_force(await tx.all(_TIERS, tenant=tenant_id))
    wanted = [_facts(place, level, months) for place, level in enumerate(levels, 1)]
    if [_kept_facts(row) for row in kept] == wanted:
        return 0
    version, since = (kept[0].version + 1, today) if kept else (1, date.min)
    rows = [LoyaltyTier(tenant_id=tenant_id, version=version, since=since, **facts) for facts in wanted]
    await tx.add(*rows)
    return len(rows)


def in_force(rows: Sequence[LoyaltyTier]) -> list[LoyaltyTier]:
    """Those of the newest version, lowest first."""
    newest = max((row.version for row in rows), default=0)
    return [row for row in rows if row.version == newest]


def _facts(place: int, level: TierLevel, months: int) -> dict[str, Any]:
    return {
        "name": level.name,
        "points_required": level.points,
        "benefits": {"discount": level.discount, "priority_booking": level.priority_booking},
        "display_order": place,
        "period_months": months,
    }


def _kept_facts(row: LoyaltyTier) -> dict[str, Any]:
    return {
        "name": row.name,
        "points_required": row.points_required,
        "benefits": row.benefits,
        "display_order": row.display_order,
        "period_months": row.period_months,
    }


async def bring_achievements(tx: Tx, tenant_id: UUID, goals: Sequence[AchievementGoal]) -> int:
    """Puts up what can be achieved; says how many rows came or changed."""
    wanted = [
        LoyaltyAchievement(
            tenant_id=tenant_id,
            name=goal.name,
            description=goal.description,
            icon=goal.icon,
            points_reward=goal.points,
            criteria=goal.criteria(),
            repeats=goal.every or "ever",
        )
        for goal in goals
    ]
    return (await _ACHIEVEMENTS.bring(tx, wanted)).changed
