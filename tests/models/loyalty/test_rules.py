"""What a purchase earns."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import uuid7
from models.loyalty.rules import Earning, because, in_force, points_for
from models.loyalty.tables import PointsRule, RuleType
from tests.models.loyalty.shop import DAY, NOW, Shop

PER_100 = {"points": 1, "per": 10_000}


def a_rule(rule_type: RuleType, config: dict[str, Any], **facts: Any) -> PointsRule:
    name = facts.pop("name", str(rule_type))
    return PointsRule(tenant_id=uuid7(), name=name, rule_type=rule_type, config=config, **facts)


def earned(rule: PointsRule, amount: int = 50_000, *, before: int = 0) -> int:
    return sum(it.points for it in points_for([rule], amount, purchases_before=before, at=NOW))


@pytest.mark.parametrize(
    ("amount", "points"),
    [(1, 0), (9_999, 0), (10_000, 1), (19_999, 1), (20_000, 2), (10**15, 10**11)],
)
def test_points_per_amount_are_rounded_down_for_the_receipt(amount: int, points: int) -> None:
    assert earned(a_rule(RuleType.PER_AMOUNT_SPENT, PER_100), amount) == points


def test_three_points_per_two_naira_lose_nothing_before_the_end() -> None:
    assert earned(a_rule(RuleType.PER_AMOUNT_SPENT, {"points": 3, "per": 200}), 500) == 7


@pytest.mark.parametrize("rule_type", [RuleType.PER_AMOUNT_SPENT, RuleType.PER_PURCHASE, RuleType.FIRST_PURCHASE_BONUS])
def test_a_minimum_is_reached_exactly(rule_type: RuleType) -> None:
    rule = a_rule(rule_type, {**PER_100, "minimum": 100_000})
    assert earned(rule, 99_999) == 0
    assert earned(rule, 100_000) > 0


def test_the_first_purchase_is_the_first_once() -> None:
    rule = a_rule(RuleType.FIRST_PURCHASE_BONUS, {"points": 50})
    assert [earned(rule, before=before) for before in range(3)] == [50, 0, 0]


def test_every_fifth_purchase_is_a_milestone() -> None:
    rule = a_rule(RuleType.MILESTONE, {"purchases": 5, "points": 50})
    assert [number for number in range(1, 16) if earned(rule, before=number - 1)] == [5, 10, 15]


@pytest.mark.parametrize("rule_type", [RuleType.REFERRAL, RuleType.BIRTHDAY])
def test_a_purchase_is_no_friend_and_no_birthday(rule_type: RuleType) -> None:
    assert earned(a_rule(rule_type, {"points": 50})) == 0


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({"is_active": False}, 0),
        ({"deleted_at": NOW}, 0),
        ({"valid_from": NOW}, 10),
        ({"valid_from": NOW + timedelta(seconds=1)}, 0),
        ({"valid_until": NOW}, 0),
        ({"valid_until": NOW + timedelta(seconds=1)}, 10),
        ({"valid_from": NOW - DAY, "valid_until": NOW + DAY}, 10),
    ],
)
def test_a_rule_counts_while_it_is_in_force(facts: dict[str, Any], points: int) -> None:
    assert earned(a_rule(RuleType.PER_PURCHASE, {"points": 10}, **facts)) == points


@pytest.mark.parametrize(("category", "points"), [("food", 10), ("drinks", 10), ("books", 0), (None, 0)])
def test_a_rule_for_some_categories_counts_for_no_other(category: str | None, points: int) -> None:
    rule = a_rule(RuleType.PER_PURCHASE, {"points": 10}, conditions={"categories": ["food", "drinks"]})
    found = points_for([rule], 50_000, purchases_before=0, at=NOW, category=category)
    assert sum(it.points for it in found) == points
    assert all(it.inputs["category"] == category for it in found)


async def test_rules_paid_without_a_purchase_are_found_by_type_and_time(shop: Shop) -> None:
    """What a friend brought along is worth is asked when it is paid."""
    facts: dict[str, Any] = {"tenant_id": shop.tenant_id, "rule_type": RuleType.REFERRAL}
    config = {"points": 100, "friend_points": 50}
    await shop.add(
        PointsRule(name="Bring a friend", config=config, **facts),
        PointsRule(name="Bring two", config={"points": 300}, priority=1, valid_until=NOW + DAY, **facts),
        PointsRule(name="No more", config=config, is_active=False, **facts),
        PointsRule(name="Not yet", config=config, valid_from=NOW + 2 * DAY, **facts),
    )
    await shop.rule(RuleType.BIRTHDAY, points=20)
    async with shop.database.tenant(shop.tenant_id) as tx:
        found = [await in_force(tx, RuleType.REFERRAL, NOW + days * DAY) for days in range(3)]
    names = [[rule.name for rule in rules] for rules in found]
    assert names == [["Bring two", "Bring a friend"], ["Bring a friend"], ["Bring a friend", "Not yet"]]
    told = because(found[1][0], 100, friend="Ben")["earnings"][0]
    assert (told["points"], told["inputs"]["config"], told["inputs"]["friend"]) == (100, config, "Ben")


def test_rules_add_up_and_are_told_by_priority() -> None:
    rules = [
        a_rule(RuleType.PER_AMOUNT_SPENT, PER_100, name="A point per 100"),
        a_rule(RuleType.FIRST_PURCHASE_BONUS, {"points": 50}, name="Welcome", priority=5),
        a_rule(RuleType.PER_PURCHASE, {"points": 10}, name="Visit", version=3, priority=1),
    ]
    found = points_for(rules, 25_000, purchases_before=0, at=NOW)
    assert [(it.rule_name, it.points) for it in found] == [("Welcome", 50), ("Visit", 10), ("A point per 100", 2)]
    inputs = {"type": "per_purchase", "config": {"points": 10}, "amount": 25_000, "purchase": 1}
    assert found[1] == Earning(rules[2].id, "Visit", 3, 10, inputs)


ANY_RULES = [
    a_rule(RuleType.PER_AMOUNT_SPENT, {"points": 3, "per": 700}),
    a_rule(RuleType.PER_PURCHASE, {"points": 10}),
    a_rule(RuleType.MILESTONE, {"purchases": 2, "points": 5}),
]


@given(st.integers(max_value=0), st.integers(0, 10))
def test_nothing_is_earned_for_nothing(amount: int, before: int) -> None:
    """No rule yields points for a negative or zero amount."""
    assert points_for(ANY_RULES, amount, purchases_before=before, at=NOW) == []


@given(st.integers(1, 10**12), st.integers(0, 100))
def test_points_are_whole_and_positive_in_any_order_of_rules(amount: int, before: int) -> None:
    """All amounts are integers, and the stacking of rules does not depend on the order they come in."""
    found = points_for(ANY_RULES, amount, purchases_before=before, at=NOW)
    assert found == points_for(ANY_RULES[::-1], amount, purchases_before=before, at=NOW)
    assert all(isinstance(it.points, int) and it.points > 0 for it in found)
