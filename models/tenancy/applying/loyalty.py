"""The rules and rewards of a business file.

A rule that changes becomes a new version, so that points earned before keep their reason.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.booking.wall_time import first_reached
from models.db import Tx
from models.loyalty.tables import PointsRule, Reward
from models.tenancy.applying.listed import Listed
from models.tenancy.loyalty_parts import RewardOffer, Rule
from models.tenancy.settings import TenantSettings

_RULES = select(PointsRule).where(col(PointsRule.tenant_id) == bindparam("tenant")).order_by(col(PointsRule.version))
_SWITCH = (
    update(PointsRule)
    .where(col(PointsRule.tenant_id) == bindparam("tenant"), col(PointsRule.id) == bindparam("row"))
    .values(is_active=bindparam("active"))
)
_REWARDS = Listed(Reward, "name", ("description", "points_required", "max_redemptions_per_customer", "category"))
_RESTOCK = (
    update(Reward)
    .where(col(Reward.tenant_id) == bindparam("tenant"), col(Reward.id) == bindparam("row"))
    .values(stock_quantity=bindparam("stock"))
)


async def bring_rules(tx: Tx, tenant_id: UUID, rules: list[Rule], zone: ZoneInfo) -> int:
    """Puts the rules in force; says how many rows came or changed. `zone` is that of their days."""
    versions: dict[str, list[PointsRule]] = {}
    for row in await tx.all(_RULES, tenant=tenant_id):
        versions.setdefault(row.name, []).append(row)
    wanted = {rule.name: rule for rule in rules}
    changed = 0
    for name in {**versions, **wanted}:
        changed += await _bring_rule(tx, tenant_id, versions.get(name, []), wanted.get(name), zone)
    return changed


async def _bring_rule(tx: Tx, tenant_id: UUID, versions: list[PointsRule], rule: Rule | None, zone: ZoneInfo) -> int:
    facts = _facts(rule, zone) if rule else {}
    in_force = next((row for row in versions if rule and row is versions[-1] and _same(row, facts)), None)
    changed = 0
    for row in versions:
        if row.is_active is not (row is in_force):
            changed += await tx.run(_SWITCH, tenant=tenant_id, row=row.id, active=row is in_force)
    if rule and in_force is None:
        version = versions[-1].version + 1 if versions else 1
        await tx.add(PointsRule(tenant_id=tenant_id, name=rule.name, version=version, **facts))
        changed += 1
    return changed


def config_of(rule: Rule) -> dict[str, Any]:
    """The figures of a rule as `points_rules.config` holds them."""
    return rule.model_dump(include={"points", "per", "minimum", "purchases", "friend_points"}, exclude_none=True)


def _facts(rule: Rule, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "rule_type": rule.type,
        "config": config_of(rule),
        "conditions": {"categories": rule.categories} if rule.categories else {},
        "priority": rule.priority,
        "valid_from": first_reached(rule.valid_from, zone) if rule.valid_from else None,
        "valid_until": first_reached(rule.valid_until, zone) if rule.valid_until else None,
    }


def _same(row: PointsRule, facts: dict[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in facts.items())


async def bring_rewards(tx: Tx, tenant_id: UUID, offers: list[RewardOffer], before: TenantSettings) -> int:
    """Puts the rewards on offer. A stock is set only where the file's figure is another than `before`."""
    wanted = [
        Reward(
            tenant_id=tenant_id,
            name=offer.name,
            description=offer.description,
            points_required=offer.points,
            stock_quantity=offer.stock,
            max_redemptions_per_customer=offer.limit_per_customer,
            category=offer.category,
        )
        for offer in offers
    ]
    brought = await _REWARDS.bring(tx, wanted)
    changed = brought.changed
    for offer in offers:
        row = brought.rows[offer.name]
        told = before.reward_figures.get(offer.name, row.stock_quantity)
        if offer.stock != told:
            changed += await tx.run(_RESTOCK, tenant=tenant_id, row=row.id, stock=offer.stock)
    return changed
