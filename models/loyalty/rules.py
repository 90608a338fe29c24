"""Which points a purchase earns, and why. All rules that match add up; they are told in order of priority.

Rules for a friend brought along and for a birthday hold the figures that are paid when it happens: see `in_force`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.db import Tx
from models.loyalty.tables import PointsRule, RuleType
from models.statements import ours

_ACTIVE = (
    select(PointsRule)
    .where(ours(PointsRule), col(PointsRule.is_active), col(PointsRule.deleted_at).is_(None))
    .order_by(col(PointsRule.priority).desc(), col(PointsRule.name))
)
_OF_TYPE = _ACTIVE.where(col(PointsRule.rule_type) == bindparam("rule_type"))


@dataclass(frozen=True, slots=True)
class Earning:
    """Points that one rule gave, and everything it looked at: "why 12 points?" has an exact answer."""

    rule_id: UUID
    rule_name: str
    version: int
    points: int
    inputs: dict[str, Any]


async def in_force(tx: Tx, rule_type: RuleType, now: datetime) -> list[PointsRule]:
    """The rules of this type that count at `now`, highest priority first.

    `config["points"]` is what the customer gets, and of a referral `config.get("friend_points", 0)` what the friend
    gets. Who pays them out keeps `because(rule, points)` with the entry.
    """
    rows = await tx.all(_OF_TYPE, tenant_id=tx.tenant_id, rule_type=rule_type)
    return [rule for rule in rows if is_in_force(rule, now)]


async def active(tx: Tx) -> list[PointsRule]:
    """The rules of the business, whether their time has come or not, highest priority first."""
    return await tx.all(_ACTIVE, tenant_id=tx.tenant_id)


def because(rule: PointsRule, points: int, **inputs: Any) -> dict[str, Any]:
    """The `details` of an entry that pays `points` by a rule without a purchase, so that "why?" has its answer."""
    told = {"type": rule.rule_type, "config": rule.config, **inputs}
    return {"earnings": [asdict(Earning(rule.id, rule.name, rule.version, points, told))]}


def points_for(
    rules: Sequence[PointsRule], amount: int, *, purchases_before: int, at: datetime, category: str | None = None
) -> list[Earning]:
    """What a purchase of `amount` minor units earns a customer who has made `purchases_before` others.

    Every rule in force at `at` gives its points whatever the others give, rounded down for the receipt.
    Rules that give none are left out. Highest priority first, then by name.
    """
    if amount <= 0:
        return []
    counting = sorted((rule for rule in rules if is_in_force(rule, at)), key=lambda rule: (-rule.priority, rule.name))
    earnings = [_earning(rule, amount, purchases_before + 1, category) for rule in counting]
    return [earning for earning in earnings if earning.points > 0]


def is_in_force(rule: PointsRule, at: datetime) -> bool:
    """Whether the rule counts at `at`: from `valid_from` on, and before `valid_until`."""
    began = rule.valid_from is None or rule.valid_from <= at
    ended = rule.valid_until is not None and rule.valid_until <= at
    return rule.is_active and rule.deleted_at is None and began and not ended


def _earning(rule: PointsRule, amount: int, purchase: int, category: str | None) -> Earning:
    categories = rule.conditions.get("categories")
    matches = amount >= rule.config.get("minimum", 0) and (not categories or category in categories)
    points = _POINTS[RuleType(rule.rule_type)](rule.config, amount, purchase) if matches else 0
    inputs = {"type": rule.rule_type, "config": rule.config, "amount": amount, "purchase": purchase}
    if categories:
        inputs |= {"conditions": rule.conditions, "category": category}
    return Earning(rule.id, rule.name, rule.version, points, inputs)


def _per_amount_spent(config: Mapping[str, Any], amount: int, _: int) -> int:
    points: int = amount * config["points"] // config["per"]
    return points


def _per_purchase(config: Mapping[str, Any], _: int, __: int) -> int:
    points: int = config["points"]
    return points


def _first_purchase_bonus(config: Mapping[str, Any], _: int, purchase: int) -> int:
    return config["points"] if purchase == 1 else 0


def _milestone(config: Mapping[str, Any], _: int, purchase: int) -> int:
    """Every fifth purchase is one, not only the fifth: this is the card that is stamped and starts again."""
    return 0 if purchase % config["purchases"] else config["points"]


def _nothing(_: Mapping[str, Any], __: int, ___: int) -> int:
    return 0


_POINTS: dict[RuleType, Callable[[Mapping[str, Any], int, int], int]] = {
    RuleType.PER_AMOUNT_SPENT: _per_amount_spent,
    RuleType.PER_PURCHASE: _per_purchase,
    RuleType.FIRST_PURCHASE_BONUS: _first_purchase_bonus,
    RuleType.MILESTONE: _milestone,
    RuleType.REFERRAL: _nothing,
    RuleType.BIRTHDAY: _nothing,
}
