"""Which points a purchase earns, and why. All rules that match add up; they are told in order of priority."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.loyalty.tables import PointsRule, RuleType


@dataclass(frozen=True, slots=True)
class Earning:
    """Points that one rule gave, and everything it looked at: "why 12 points?" has an exact answer."""

    rule_id: UUID
    rule_name: str
    version: int
    points: int
    inputs: dict[str, Any]


def points_for(rules: Sequence[PointsRule], amount: int, *, purchases_before: int, at: datetime) -> list[Earning]:
    """What a purchase of `amount` minor units earns a customer who has made `purchases_before` others.

    Every rule in force at `at` gives its points whatever the others give, rounded down for the receipt.
    Rules that give none are left out. Highest priority first, then by name.
    """
    if amount <= 0:
        return []
    in_force = sorted((rule for rule in rules if _is_in_force(rule, at)), key=lambda rule: (-rule.priority, rule.name))
    earnings = [_earning(rule, amount, purchases_before + 1) for rule in in_force]
    return [earning for earning in earnings if earning.points > 0]


def _is_in_force(rule: PointsRule, at: datetime) -> bool:
    began = rule.valid_from is None or rule.valid_from <= at
    ended = rule.valid_until is not None and rule.valid_until <= at
    return rule.is_active and rule.deleted_at is None and began and not ended


def _earning(rule: PointsRule, amount: int, purchase: int) -> Earning:
    reached = amount >= rule.config.get("minimum", 0)
    points = _POINTS[RuleType(rule.rule_type)](rule.config, amount, purchase) if reached else 0
    inputs = {"type": rule.rule_type, "config": rule.config, "amount": amount, "purchase": purchase}
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
