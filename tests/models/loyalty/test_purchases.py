"""Purchases at the till."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import uuid7
from models.errors import IdempotencyConflict
from models.loyalty.ledger import Balance
from models.loyalty.purchases import Refused, UndoOutcome, is_unusual
from models.loyalty.tables import PaidWith, PointsTransaction, Purchase, RuleType
from models.people.tables import Customer, LoyaltyStatus, User
from tests.make import make_user
from tests.models.loyalty.shop import DAY, NOW, Shop

AMOUNT = 250_000


async def totals(shop: Shop) -> tuple[int, int, Any]:
    (customer,) = [row for row in await shop.rows(Customer) if row.id == shop.customer.id]
    return customer.total_purchases, customer.total_spent, customer.last_purchase_at


async def test_a_purchase_earns_by_all_rules_and_says_which(shop: Shop) -> None:
    """Why did I get 75 points? Rule, version and inputs are kept with the entry."""
    await shop.rule()
    welcome = await shop.rule(RuleType.FIRST_PURCHASE_BONUS, points=50)
    logged = await shop.bought(AMOUNT)
    assert (logged.points, logged.balance) == (75, 75)
    assert sorted(earning.points for earning in logged.earnings) == [25, 50]
    assert await shop.balance() == Balance(points=75)
    (entry,), (purchase,) = await shop.rows(PointsTransaction), await shop.rows(Purchase)
    assert (entry.purchase_id, purchase.points_awarded) == (purchase.id, 75)
    told = {UUID(earning["rule_id"]): earning for earning in entry.details["earnings"]}
    assert (told[welcome.id]["version"], told[welcome.id]["inputs"]["amount"]) == (1, AMOUNT)


async def test_the_totals_of_the_customer_are_kept(shop: Shop) -> None:
    await shop.bought(AMOUNT)
    await shop.later(hours=1).bought(1)
    assert await totals(shop) == (2, AMOUNT + 1, shop.later(hours=1).now)


async def test_points_live_as_long_as_the_shop_says(shop: Shop) -> None:
    await shop.rule()
    await shop.bought(AMOUNT, expire_days=10)
    await shop.bought(AMOUNT, expire_days=None)
    assert await shop.balance() == Balance(points=50, expiring=25, expires_at=shop.now + 10 * DAY)


@pytest.mark.parametrize("has_rule", [True, False], ids=["with points", "without points"])
async def test_a_key_stands_for_one_purchase(shop: Shop, has_rule: bool) -> None:
    """The same key twice, even later: one purchase, the same answer. A network retry must not count twice."""
    if has_rule:
        await shop.rule()
    first = await shop.bought(AMOUNT, key="retry", receipt="A1")
    await shop.bought(AMOUNT)
    before = await totals(shop)
    assert await shop.later(days=1).bought(AMOUNT, key="retry", receipt="A1") == first
    assert await totals(shop) == before
    assert len(await shop.rows(Purchase)) == 2


async def test_a_retry_is_answered_even_if_the_customer_is_blocked_by_then(shop: Shop) -> None:
    await shop.rule()
    first = await shop.bought(AMOUNT, key="retry")
    await shop.block(shop.customer.id)
    assert await shop.log(AMOUNT, key="retry") == first
    assert await shop.log(AMOUNT) == Refused.BLOCKED


@pytest.mark.parametrize(
    "other",
    [
        {"amount": AMOUNT + 1},
        {"receipt": "B2"},
        {"category": "food"},
        {"paid_with": PaidWith.GIFT_CARD},
        {"customer_id": "another"},
    ],
)
async def test_a_key_does_not_stand_for_another_purchase(shop: Shop, other: dict[str, Any]) -> None:
    await shop.bought(AMOUNT, key="retry")
    if "customer_id" in other:
        other = {"customer_id": await shop.newcomer()}
    with pytest.raises(IdempotencyConflict):
        await shop.log(**{"amount": AMOUNT, "key": "retry", **other})
    assert len(await shop.rows(Purchase)) == 1


@pytest.mark.parametrize("amount", [0, -1])
async def test_nobody_buys_for_nothing(shop: Shop, amount: int) -> None:
    with pytest.raises(ValueError, match="Nobody buys"):
        await shop.log(amount)


# -- refusals ------------------------------------------------------------------------------------------------


async def test_a_blocked_customer_earns_nothing(shop: Shop) -> None:
    await shop.rule()
    blocked = await shop.newcomer(loyalty_status=LoyaltyStatus.BLOCKED)
    assert await shop.log(AMOUNT, customer_id=blocked) == Refused.BLOCKED
    assert await shop.rows(Purchase) == []


async def test_who_has_not_joined_yet_earns_all_the_same(shop: Shop) -> None:
    await shop.rule()
    newcomer = await shop.newcomer(loyalty_status=LoyaltyStatus.INACTIVE)
    assert (await shop.bought(AMOUNT, customer_id=newcomer)).points == 25


async def test_staff_do_not_earn_for_themselves(shop: Shop) -> None:
    """Staff never earn for their own record: somebody else has to log it."""
    await shop.rule()
    own = await make_user(shop.database, shop.tenant_id, shop.customer.phone_number)
    assert await shop.log(AMOUNT, by=own) == Refused.OWN_ACCOUNT
    assert (await shop.bought(AMOUNT, by=shop.staff)).points == 25


@pytest.mark.parametrize("again", ["A-17", " a-17 ", "A - 17"])
async def test_a_receipt_earns_once(shop: Shop, again: str) -> None:
    """The same receipt cannot earn twice, for whomever and however it is typed."""
    await shop.rule()
    await shop.bought(AMOUNT, receipt="A-17")
    assert await shop.log(AMOUNT, receipt=again) == Refused.RECEIPT_USED
    assert await shop.log(AMOUNT, receipt=again, customer_id=await shop.newcomer()) == Refused.RECEIPT_USED
    assert await shop.balance() == Balance(points=25)
    assert (await totals(shop))[0] == 1


async def test_purchases_without_a_receipt_are_as_many_as_there_are(shop: Shop) -> None:
    for receipt in (None, "", "  "):
        await shop.bought(AMOUNT, receipt=receipt)
    assert len(await shop.rows(Purchase)) == 3


# -- undo ----------------------------------------------------------------------------------------------------


async def test_an_undone_purchase_leaves_nothing(shop: Shop) -> None:
    """Points, totals and last visit are as before, and the receipt can be used again."""
    await shop.rule()
    await shop.bought(AMOUNT)
    before = await totals(shop), await shop.balance()
    later = shop.later(hours=1)
    logged = await later.bought(AMOUNT, receipt="A1")
    assert [await later.undo(logged.purchase_id) for _ in range(2)] == [UndoOutcome.UNDONE, UndoOutcome.ALREADY]
    assert (await totals(shop), await shop.balance()) == before
    (undone,) = [row for row in await shop.rows(Purchase) if row.id == logged.purchase_id]
    assert undone.reversed_at == later.now
    assert (await later.bought(AMOUNT, receipt="A1")).points == 25


async def test_a_purchase_undone_makes_room_for_the_first(shop: Shop) -> None:
    await shop.rule(RuleType.FIRST_PURCHASE_BONUS, points=50)
    mistake = await shop.bought(AMOUNT)
    await shop.undo(mistake.purchase_id)
    assert await totals(shop) == (0, 0, None)
    assert (await shop.bought(AMOUNT)).points == 50


async def test_a_purchase_without_points_can_be_undone(shop: Shop) -> None:
    logged = await shop.bought(AMOUNT)
    assert logged.points == 0
    assert await shop.undo(logged.purchase_id) == UndoOutcome.UNDONE
    assert await shop.undo(uuid7()) == UndoOutcome.UNKNOWN


async def test_the_next_purchase_says_what_is_left_after_the_debt(shop: Shop) -> None:
    await shop.rule()
    mistake = await shop.bought(AMOUNT)
    code = await shop.issued(await shop.reward(20))
    await shop.fulfil(code.code)
    await shop.undo(mistake.purchase_id)
    assert await shop.balance() == Balance(debt=20)
    assert (await shop.bought(AMOUNT)).balance == 5


# -- what is usual -------------------------------------------------------------------------------------------


async def test_what_is_usual_is_learnt_from_ten_purchases(shop: Shop) -> None:
    """The 90th percentile, so that one large party does not make large amounts usual."""
    for amount in range(1, 10):
        await shop.bought(amount * 1_000)
    assert await shop.usual_amount() is None
    party = await shop.bought(5_000_000)
    assert await shop.usual_amount() == 9_000
    await shop.undo(party.purchase_id)
    assert await shop.usual_amount() is None


async def test_what_is_usual_is_forgotten_after_ninety_days(shop: Shop) -> None:
    for _ in range(10):
        await shop.bought(1_000)
    assert await shop.later(days=90, seconds=-1).usual_amount() == 1_000
    assert await shop.later(days=90).usual_amount() is None


@given(st.integers(1, 10**9), st.none() | st.integers(1, 10**9), st.integers(1, 10**9))
def test_unusual_is_five_times_the_usual(amount: int, usual: int | None, ceiling: int) -> None:
    limit = ceiling if usual is None else 5 * usual
    assert is_unusual(amount, usual, ceiling) == (amount > limit)
    assert is_unusual(limit + 1, usual, ceiling)
    assert not is_unusual(limit, usual, ceiling)


async def test_who_logged_it_is_known(shop: Shop) -> None:
    """Every entry has an actor."""
    await shop.rule()
    cashier: User = await make_user(shop.database, shop.tenant_id, "+2348030000077")
    await shop.bought(AMOUNT, by=cashier)
    (entry,), (purchase,) = await shop.rows(PointsTransaction), await shop.rows(Purchase)
    assert (entry.created_by_user_id, purchase.logged_by_user_id, purchase.purchased_at) == (
        cashier.id,
        cashier.id,
        NOW,
    )
