"""Putting entries right."""

from operator import attrgetter

import pytest

from models.base import uuid7
from models.errors import IdempotencyConflict
from models.loyalty.ledger import Balance, ReversalOutcome
from models.loyalty.redemptions import IssueRefusal
from models.loyalty.tables import CustomerPointsBalance, PointsLot, PointsTransaction
from tests.models.loyalty.shop import DAY, Shop

THE_BOOKS = pytest.mark.parametrize("close_books", [True, False], ids=["books closed", "books open"])
SUMS = attrgetter(
    "current_balance", "held", "debt", "total_points_earned", "total_points_redeemed", "total_points_expired"
)


async def sums(shop: Shop) -> tuple[int, ...]:
    (account,) = await shop.rows(CustomerPointsBalance)
    return tuple(SUMS(account))


async def spend(shop: Shop, points: int) -> str:
    """The code of a reward that was fetched."""
    code = await shop.issued(await shop.reward(points))
    await shop.fulfil(code.code)
    return code.code


async def test_an_earning_reversed_leaves_nothing(shop: Shop) -> None:
    """Invariant 21: earn(x) then full reversal = nothing changed."""
    await shop.earn(20)
    before = await sums(shop), await shop.balance()
    entry = await shop.earn(35, days=3)
    reversal = await shop.reverse(entry.id)
    assert (reversal.outcome, reversal.debt) == (ReversalOutcome.REVERSED, 0)
    assert reversal.entry is not None
    assert reversal.entry.reverses_id == entry.id
    assert (await sums(shop), await shop.balance()) == before


async def test_what_is_spent_becomes_debt_that_the_next_earning_repays(shop: Shop) -> None:
    """Buy, earn, spend, return: without the debt the points would be a present."""
    entry = await shop.earn(60)
    await spend(shop, 50)
    reversal = await shop.reverse(entry.id)
    assert reversal.debt == 50
    assert await shop.balance() == Balance(debt=50)
    await shop.earn(30)
    assert await shop.balance() == Balance(debt=20)
    await shop.earn(30)
    assert await shop.balance() == Balance(points=10)


async def test_a_debt_is_repaid_at_once_and_for_good(shop: Shop) -> None:
    """It must not come back when the points that paid it would have expired."""
    entry = await shop.earn(50)
    await spend(shop, 50)
    await shop.reverse(entry.id)
    await shop.earn(30, days=5)
    assert await shop.later(days=6).balance() == Balance(debt=20)


async def test_a_spending_reversed_pays_the_debt(shop: Shop) -> None:
    entry = await shop.earn(50, days=20)
    code = await shop.issued(await shop.reward(50))
    await shop.fulfil(code.code)
    await shop.reverse(entry.id)
    await shop.take_back(code.redemption_id)
    assert await shop.balance() == await shop.later(days=21).balance() == Balance()
    assert await sums(shop) == (0, 0, 0, 0, 0, 0)


async def test_a_debtor_does_not_spend_when_clocks_disagree(shop: Shop) -> None:
    """Points that another machine dates a second ahead are pending here: they pay, and buy nothing later."""
    entry = await shop.earn(50)
    await spend(shop, 50)
    ahead = shop.later(seconds=1)
    await ahead.earn(50)
    assert (await shop.reverse(entry.id)).debt == 0
    assert await ahead.balance() == Balance()
    assert await ahead.issue(await shop.reward(50)) == IssueRefusal.NOT_ENOUGH


async def test_a_debt_does_not_wait_for_new_points(shop: Shop) -> None:
    """Points that a code gives back pay it first: else the debtor could spend them again."""
    entry = await shop.earn(50)
    code = await shop.issued(await shop.reward(50))
    assert (await shop.reverse(entry.id)).debt == 50
    assert await shop.balance() == Balance(held=50, debt=50)
    assert await shop.later(minutes=15).balance() == Balance()
    await shop.cancel(code.redemption_id)
    assert await shop.balance() == Balance()
    assert await sums(shop) == (0, 0, 0, 0, 0, 0)


async def test_an_earning_takes_its_own_points_first(shop: Shop) -> None:
    """Then others by earliest expiry."""
    late, own, early = await shop.earn(10, days=20), await shop.earn(10, days=90), await shop.earn(10, days=5)
    await spend(shop, 5)
    await shop.reverse(own.id)
    left = {lot.transaction_id: lot.remaining for lot in await shop.rows(PointsLot)}
    assert left == {late.id: 10, own.id: 0, early.id: 5}


@THE_BOOKS
async def test_expired_points_are_not_taken_twice(shop: Shop, close_books: bool) -> None:
    """Invariant 23: skipping the expiry job changes no decision. Without care a return after the job would cost other
    points.
    """
    entry = await shop.earn(40, days=5)
    await shop.earn(25)
    late = shop.later(days=6)
    if close_books:
        assert await late.expire() == 1
    assert (await late.reverse(entry.id)).debt == 0
    assert await late.balance() == Balance(points=25)
    assert await late.expire() == 0
    assert await sums(shop) == (25, 0, 0, 25, 0, 0)


async def test_a_spending_reversed_goes_back_where_it_came_from(shop: Shop) -> None:
    """Invariant 22: every point returns to its lot, with the expiry it had."""
    await shop.earn(30, days=60)
    await shop.earn(30, days=90)
    before = await sums(shop), await shop.balance(soon=90 * DAY)
    code = await shop.issued(await shop.reward(50))
    await shop.fulfil(code.code)
    assert await shop.take_back(code.redemption_id)
    assert (await sums(shop), await shop.balance(soon=90 * DAY)) == before


@THE_BOOKS
async def test_points_that_expired_while_spent_get_a_fortnight(shop: Shop, close_books: bool) -> None:
    """Invariants 22 and 23: a lot that expired meanwhile gets a grace expiry; what was left in it and expired does
    not come back to life.
    """
    await shop.earn(70, days=5)
    code = await shop.issued(await shop.reward(50))
    await shop.fulfil(code.code)
    late = shop.later(days=6)
    if close_books:
        assert await late.expire() == 1
    assert await late.take_back(code.redemption_id)
    assert await late.balance() == Balance(points=50, expiring=50, expires_at=late.now + 14 * DAY)
    reversal = max(await shop.rows(PointsTransaction), key=attrgetter("occurred_at", "points"))
    assert reversal.details["grace"]["until"] == (late.now + 14 * DAY).isoformat()
    after = late.later(days=14)
    assert await after.balance() == Balance()
    assert await after.expire() == 1
    assert await sums(shop) == (0, 0, 0, 70, 0, 70)


async def test_an_entry_is_reversed_once(shop: Shop) -> None:
    """Invariants 18 and 24: at most one full reversal; the same key again gets the same answer."""
    entry = await shop.earn(40)
    first = await shop.reverse(entry.id, key="undo")
    assert await shop.reverse(entry.id, key="undo") == first
    again = await shop.reverse(entry.id, key="undo it")
    assert (again.outcome, again.entry) == (ReversalOutcome.ALREADY, first.entry)
    assert await shop.balance() == Balance()


async def test_a_key_does_not_stand_for_another_reversal(shop: Shop) -> None:
    """Invariant 18."""
    entry, other = await shop.earn(40), await shop.earn(40)
    await shop.reverse(entry.id, key="undo")
    with pytest.raises(IdempotencyConflict):
        await shop.reverse(other.id, key="undo")
    assert await shop.balance() == Balance(points=40)


async def test_a_reversal_stands(shop: Shop) -> None:
    """Undoing an undo would need another entry than the one that was reversed: earn again instead."""
    entry = await shop.earn(40)
    reversal = await shop.reverse(entry.id)
    assert reversal.entry is not None
    assert (await shop.reverse(reversal.entry.id)).outcome == ReversalOutcome.NOT_REVERSIBLE
    assert (await shop.reverse(uuid7())).outcome == ReversalOutcome.UNKNOWN
