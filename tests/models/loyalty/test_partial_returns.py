"""Goods that come back in parts."""

from asyncio import gather
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import uuid7
from models.db import Database
from models.errors import IdempotencyConflict
from models.loyalty.ledger import Balance
from models.loyalty.partial_returns import PartRefusal, PartReturned
from models.loyalty.purchases import UndoOutcome
from models.loyalty.tables import PointsTransaction
from models.people.tables import Customer
from tests.models.loyalty.shop import Shop, make_shop

AMOUNT = 250_000


async def test_a_part_takes_its_share_of_points_and_totals(shop: Shop) -> None:
    await shop.rule()
    logged = await shop.bought(AMOUNT)
    assert await shop.return_part(logged.purchase_id, 100_000) == PartReturned(logged.purchase_id, 100_000, 10, 150_000)
    (customer,) = await shop.rows(Customer)
    assert (customer.total_purchases, customer.total_spent) == (1, 150_000)
    assert await shop.balance() == Balance(points=15)


async def test_the_last_part_is_as_undoing_it(shop: Shop) -> None:
    """Invariant 21: nothing is left, and the receipt can be used again."""
    await shop.rule()
    logged = await shop.bought(AMOUNT, receipt="A1")
    await shop.return_part(logged.purchase_id, 90_000)
    last = await shop.return_part(logged.purchase_id, 160_000)
    assert last == PartReturned(logged.purchase_id, 160_000, 16, 0)
    (customer,) = await shop.rows(Customer)
    assert (customer.total_purchases, customer.total_spent, customer.last_purchase_at) == (0, 0, None)
    assert await shop.balance() == Balance()
    assert await shop.return_part(logged.purchase_id, 1) == PartRefusal.ALREADY
    assert await shop.undo(logged.purchase_id) == UndoOutcome.ALREADY
    assert (await shop.bought(AMOUNT, receipt="A1")).points == 25


async def test_undoing_what_is_left_leaves_nothing(shop: Shop) -> None:
    await shop.rule()
    logged = await shop.bought(AMOUNT)
    await shop.return_part(logged.purchase_id, 90_000)
    assert await shop.undo(logged.purchase_id) == UndoOutcome.UNDONE
    (customer,) = await shop.rows(Customer)
    assert (customer.total_purchases, customer.total_spent) == (0, 0)
    assert await shop.balance() == Balance()


async def test_a_key_stands_for_one_return(shop: Shop) -> None:
    """Invariant 18."""
    await shop.rule()
    logged = await shop.bought(AMOUNT)
    first = await shop.return_part(logged.purchase_id, 90_000, key="once")
    assert await shop.later(days=1).return_part(logged.purchase_id, 90_000, key="once") == first
    with pytest.raises(IdempotencyConflict):
        await shop.return_part(logged.purchase_id, 90_001, key="once")
    assert await shop.balance() == Balance(points=16)


async def test_one_key_for_two_peoples_returns_at_once(shop: Shop) -> None:
    """Invariant 18: they do not queue for each other, and one of them has it."""
    bought = [await shop.bought(AMOUNT, customer_id=await shop.newcomer()) for _ in range(5)]
    returns = (shop.return_part(logged.purchase_id, 90_000, key="one") for logged in bought)
    given = await gather(*returns, return_exceptions=True)
    assert Counter(type(answer) for answer in given) == {PartReturned: 1, IdempotencyConflict: 4}


async def test_no_more_comes_back_than_was_bought(shop: Shop) -> None:
    logged = await shop.bought(AMOUNT)
    await shop.return_part(logged.purchase_id, AMOUNT - 1)
    assert await shop.return_part(logged.purchase_id, 2) == PartRefusal.TOO_MUCH
    assert await shop.return_part(uuid7(), 1) == PartRefusal.UNKNOWN
    with pytest.raises(ValueError, match="Nobody returns"):
        await shop.return_part(logged.purchase_id, 0)


async def test_ten_at_once_return_what_there_is(shop: Shop) -> None:
    """Without the customer's lock each would find the whole purchase still there."""
    await shop.rule()
    logged = await shop.bought(AMOUNT)
    answers = await gather(*(shop.return_part(logged.purchase_id, 60_000) for _ in range(10)))
    assert Counter(type(answer).__name__ for answer in answers) == {"PartReturned": 4, "PartRefusal": 6}
    assert sum(answer.points for answer in answers if isinstance(answer, PartReturned)) == 24
    assert await shop.balance() == Balance(points=1)


@settings(max_examples=15, deadline=None)
@given(earned=st.integers(1, 200), cuts=st.lists(st.integers(1, 999), max_size=5, unique=True))
async def test_any_split_takes_all_points_in_the_end(database: Database, earned: int, cuts: list[int]) -> None:
    """Invariant 21: at most the share each time, and exactly what was earned at full refund, for any split."""
    shop = await make_shop(database)
    await shop.rule(points=earned, per=1_000)
    logged = await shop.bought(1_000)
    marks = [0, *sorted(cuts), 1_000]
    gone = 0
    for before, after in pairwise(marks):
        part = await shop.return_part(logged.purchase_id, after - before)
        assert isinstance(part, PartReturned)
        gone += part.points
        assert gone == earned * after // 1_000
    assert gone == earned
    assert sum(entry.points for entry in await shop.rows(PointsTransaction)) == 0
