"""Which purchase it is that is logged: welcomes and milestones."""

import asyncio

import pytest

from models.loyalty.tables import PaidWith, RuleType
from tests.models.loyalty.shop import Shop

A_BILL = 10_000


async def stamp_card(shop: Shop, every: int = 3) -> None:
    await shop.rule(RuleType.MILESTONE, purchases=every, points=20)


@pytest.mark.parametrize("paid_with", [PaidWith.GIFT_CARD, PaidWith.POINTS])
async def test_what_no_money_paid_is_no_stamp(shop: Shop, paid_with: PaidWith) -> None:
    """Invariant 25: neither a milestone nor the welcome is reached, or lost, by a gift card."""
    await stamp_card(shop)
    await shop.rule(RuleType.FIRST_PURCHASE_BONUS, points=7)
    assert (await shop.bought(A_BILL, paid_with=paid_with)).points == 0
    assert (await shop.bought(A_BILL)).points == 7
    assert (await shop.bought(A_BILL, paid_with=paid_with)).points == 0
    assert (await shop.bought(A_BILL)).points == 0
    assert (await shop.bought(A_BILL)).points == 20


async def test_a_milestone_is_reached_once(shop: Shop) -> None:
    """Invariant 21: taking an earlier purchase back and buying again does not come to the third a second time."""
    await stamp_card(shop)
    bought = [await shop.bought(A_BILL) for _ in range(3)]
    assert [one.points for one in bought] == [0, 0, 20]
    await shop.undo(bought[0].purchase_id)
    assert [(await shop.bought(A_BILL)).points for _ in range(4)] == [0, 0, 0, 20]


async def test_a_milestone_that_was_taken_back_is_reached_again(shop: Shop) -> None:
    await stamp_card(shop)
    bought = [await shop.bought(A_BILL) for _ in range(3)]
    await shop.undo(bought[2].purchase_id)
    assert (await shop.balance()).points == 0
    assert (await shop.bought(A_BILL)).points == 20


async def test_nine_at_once_are_three_milestones(shop: Shop) -> None:
    """Whatever their order, each counts those before it."""
    await stamp_card(shop)
    bought = await asyncio.gather(*(shop.bought(A_BILL) for _ in range(9)))
    assert sorted(one.points for one in bought) == [0] * 6 + [20] * 3
