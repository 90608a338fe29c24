"""Points that wait until the goods they were earned with cannot come back any more."""

from datetime import timedelta

import pytest

from models.errors import IdempotencyConflict
from models.loyalty.ledger import Balance, ReversalOutcome
from models.loyalty.redemptions import IssueRefusal
from models.loyalty.tables import PointsLot
from tests.models.loyalty.shop import DAY, Shop


async def test_pending_points_are_shown_and_not_spent(shop: Shop) -> None:
    """Invariants 19 and 20: no spend uses a pending lot, and what is pending is told apart from what can be spent."""
    await shop.earn(50, wait=14, days=30)
    reward = await shop.reward(50)
    window_ends = shop.now + 14 * DAY
    assert await shop.balance() == Balance(pending=50, pending_until=window_ends)
    assert await shop.later(days=14, seconds=-1).issue(reward) == IssueRefusal.NOT_ENOUGH
    assert (await shop.later(days=14).issued(reward)).points == 50


async def test_they_expire_as_long_after_the_window_as_others_after_the_purchase(shop: Shop) -> None:
    await shop.rule()
    logged = await shop.bought(250_000, expire_days=10, return_window_days=14)
    assert (logged.points, logged.balance, logged.available_at) == (25, 0, shop.now + 14 * DAY)
    assert (await shop.later(days=24, seconds=-1).balance()).points == 25
    assert await shop.later(days=24).balance() == Balance()


async def test_points_that_would_expire_while_they_wait_are_refused(shop: Shop) -> None:
    with pytest.raises(ValueError, match="cannot be earned"):
        await shop.earn(5, wait=7, days=7)


async def test_a_reversal_takes_the_pending_part_then_its_own_lot_then_others(shop: Shop) -> None:
    """Invariant 21. While the window is open nothing that could be spent is touched."""
    old = await shop.earn(30, days=9)
    own = await shop.earn(20, wait=14)
    other = await shop.earn(10, wait=3)
    await shop.reverse(own.id)
    assert await shop.balance() == Balance(
        points=30, expiring=30, expires_at=shop.now + 9 * DAY, pending=10, pending_until=shop.now + 3 * DAY
    )
    code = await shop.issued(await shop.reward(25))
    await shop.fulfil(code.code)
    assert (await shop.reverse(old.id)).debt == 15
    left = {lot.transaction_id: lot.remaining for lot in await shop.rows(PointsLot)}
    assert left == {old.id: 0, own.id: 0, other.id: 0}
    assert await shop.balance() == Balance(debt=15)


async def test_a_debt_is_paid_by_pending_points_at_once(shop: Shop) -> None:
    """Else it would come back if the points that could have paid it expire before anything else is written."""
    entry = await shop.earn(40)
    code = await shop.issued(await shop.reward(40))
    await shop.fulfil(code.code)
    await shop.reverse(entry.id)
    await shop.earn(60, wait=14, days=20)
    assert await shop.balance() == Balance(pending=20, pending_until=shop.now + 14 * DAY)
    assert await shop.later(days=21).balance() == Balance()


async def test_parts_of_an_earning_are_reversed_once_each(shop: Shop) -> None:
    """Invariants 18, 21 and 24: parts sum to the whole, one of them closes it, and a key stands for one of them."""
    entry = await shop.earn(10)
    first = await shop.reverse(entry.id, key="a", points=3)
    assert await shop.reverse(entry.id, key="a", points=3) == first
    with pytest.raises(IdempotencyConflict):
        await shop.reverse(entry.id, key="a")
    with pytest.raises(ValueError, match="7 stand"):
        await shop.reverse(entry.id, points=8)
    rest = await shop.reverse(entry.id, key="b")
    assert rest.entry is not None
    assert (rest.entry.points, rest.entry.is_partial) == (-7, False)
    assert (await shop.reverse(entry.id, key="c")).outcome == ReversalOutcome.ALREADY
    assert await shop.balance() == Balance()


@pytest.mark.parametrize("waits", [0, 14], ids=["at once", "after the window"])
@pytest.mark.parametrize("skipped", [timedelta(0), timedelta(days=31)], ids=["job runs", "job skips a month"])
async def test_a_month_without_the_job_changes_no_decision(shop: Shop, waits: int, skipped: timedelta) -> None:
    """Invariant 23: who may spend what is decided by the time, not by whether the books were closed."""
    await shop.earn(60, wait=waits, days=20)
    await shop.earn(15)
    over = shop.later(days=20)
    if not skipped:
        await over.expire()
    late = over.later(seconds=int(skipped.total_seconds()))
    assert await late.balance() == Balance(points=15)
    assert await late.issue(await shop.reward(50)) == IssueRefusal.NOT_ENOUGH
    await late.expire()
    assert await late.expire() == 0
    assert await late.balance() == Balance(points=15)
