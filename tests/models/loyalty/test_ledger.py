"""The ledger of points, through its own operations."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import delete, update

from models.base import uuid7
from models.db import Database
from models.errors import IdempotencyConflict
from models.loyalty.ledger import Balance
from models.loyalty.redemptions import Issued, IssueRefusal
from models.loyalty.tables import EntryKind, PointsTransaction
from tests.models.loyalty.ledger_machine import LedgerMachine
from tests.models.loyalty.shop import DAY, Shop
from tests.thoroughness import run_machine


async def test_any_order_of_events(database: Database) -> None:
    """Invariants 15–23 and 34, with points that wait, reversals in parts and a campaign.

    Sum of entries = balance = points in lots + held - debt; every lot's points = left + taken; no spend uses a pending
    or expired lot or passes over an earlier one; what is shown can be spent; a reversal restores what it reverses.
    """
    loop = asyncio.get_running_loop()

    await run_machine(lambda: LedgerMachine(database, loop), usual=20, steps=40, same_each_time=True)


# -- keys ----------------------------------------------------------------------------------------------------


async def test_a_key_stands_for_one_earning(shop: Shop) -> None:
    """Invariant 18: the same key again, later too, is one entry and the same answer."""
    first = await shop.earn(40, key="once", days=5)
    assert await shop.later(days=2).earn(40, key="once", days=5) == first
    assert (await shop.balance()).points == 40


@pytest.mark.parametrize("other", [{"points": 41}, {"customer": "another"}])
async def test_a_key_does_not_stand_for_something_else(shop: Shop, other: dict[str, Any]) -> None:
    """Invariant 18: the same key with other arguments is an error, and nothing changes."""
    await shop.earn(40, key="once")
    stranger = await shop.newcomer()
    whose = stranger if "customer" in other else shop.customer.id
    with pytest.raises(IdempotencyConflict):
        await shop.earn(other.get("points", 40), customer_id=whose, key="once")
    assert (await shop.balance(), await shop.balance(stranger)) == (Balance(points=40), Balance())


async def test_a_key_of_an_earning_is_none_of_a_spending(shop: Shop) -> None:
    await shop.earn(50, key="once")
    code = await shop.issued(await shop.reward(50))
    with pytest.raises(IdempotencyConflict):
        await shop.post(code.redemption_id, key="once")
    assert (await shop.balance()).held == 50


@pytest.mark.parametrize(("points", "days"), [(0, None), (-5, None), (5, 0), (5, -1)])
async def test_nobody_earns_nothing(shop: Shop, points: int, days: int | None) -> None:
    """Invariant 25."""
    with pytest.raises(ValueError, match="cannot be earned"):
        await shop.earn(points, days=days)


# -- holds ---------------------------------------------------------------------------------------------------


async def test_what_is_held_is_posted_once(shop: Shop) -> None:
    """Invariant 18: a hold becomes one entry, whoever repeats it; a late release finds nothing."""
    await shop.earn(80)
    code = await shop.issued(await shop.reward(50))
    assert await shop.balance() == Balance(points=30, held=50)
    entry = await shop.post(code.redemption_id, key="till")
    assert entry is not None
    assert (entry.points, entry.balance_after, entry.kind) == (-50, 30, EntryKind.REDEEMED)
    assert await shop.post(code.redemption_id, key="till") == entry
    assert await shop.post(code.redemption_id, key="till again") is None
    assert await shop.release(code.redemption_id) == 0
    assert await shop.balance() == Balance(points=30)


async def test_what_is_released_comes_back_once(shop: Shop) -> None:
    """Invariant 28: hold time-out: points return exactly once, and cannot be posted afterwards."""
    await shop.earn(50)
    code = await shop.issued(await shop.reward(50))
    assert [await shop.release(code.redemption_id) for _ in range(2)] == [50, 0]
    assert await shop.post(code.redemption_id, key="late") is None
    assert await shop.balance() == Balance(points=50)


async def test_nothing_is_held_of_too_little(shop: Shop) -> None:
    await shop.earn(49)
    assert not await shop.hold(50, uuid7())
    assert await shop.balance() == Balance(points=49)


# -- expiry, seen from outside -------------------------------------------------------------------------------


async def test_points_are_spent_by_earliest_expiry(shop: Shop) -> None:
    """Invariant 19: among usable lots none with a later expiry is used while an earlier one has points."""
    for days in (None, 20, 5):
        await shop.earn(30, days=days)
    await shop.issued(await shop.reward(40))
    assert await shop.balance(soon=5 * DAY) == Balance(points=50, held=40)
    in_twenty = await shop.balance(soon=20 * DAY)
    assert (in_twenty.expiring, in_twenty.expires_at) == (20, shop.now + 20 * DAY)


async def test_points_are_gone_at_the_instant_they_expire(shop: Shop) -> None:
    """Invariant 19: expired lots never count, even if no job ran."""
    await shop.earn(30, days=5)
    assert (await shop.later(days=5, seconds=-1).balance()).points == 30
    assert await shop.later(days=5).balance() == Balance()


async def test_expired_points_buy_nothing(shop: Shop) -> None:
    """Invariant 19: no spend uses a lot that is expired at the spend's `now`."""
    await shop.earn(50, days=5)
    reward = await shop.reward(50)
    assert await shop.later(days=5).issue(reward) == IssueRefusal.NOT_ENOUGH
    assert isinstance(await shop.later(days=5, seconds=-1).issue(reward), Issued)


async def test_what_expires_is_told_in_time(shop: Shop) -> None:
    """N points expire on D: the sum within the time asked about, and its first instant."""
    for points, days in ((7, 3), (11, 9), (13, 40)):
        await shop.earn(points, days=days)
    assert await shop.balance() == Balance(points=31, expiring=18, expires_at=shop.now + 3 * DAY)
    assert (await shop.balance(soon=timedelta(days=2))).expiring == 0


async def test_a_code_that_has_timed_out_holds_nothing(shop: Shop) -> None:
    """Invariant 28: the points can be seen, and spent, before any sweep."""
    await shop.earn(50)
    rewards = [await shop.reward(50), await shop.reward(50)]
    await shop.issued(rewards[0])
    late = shop.later(minutes=15)
    assert await late.balance() == Balance(points=50)
    assert isinstance(await late.issue(rewards[1]), Issued)


# -- the book itself -----------------------------------------------------------------------------------------


async def test_the_last_entries_are_told_newest_first(shop: Shop) -> None:
    await shop.rule()
    await shop.bought(900_000)
    later = shop.later(minutes=1)
    code = await later.issued(await shop.reward(50, name="Free coffee"))
    await later.later(minutes=1).fulfil(code.code)
    spent, earned = await shop.history()
    assert (spent.points, spent.kind, spent.reward, spent.balance_after) == (-50, "redeemed", "Free coffee", 40)
    assert (earned.points, earned.kind, earned.amount, earned.currency) == (90, "earned", 900_000, "NGN")
    assert await shop.history(limit=1) == [spent]


@pytest.mark.parametrize("change", [update(PointsTransaction).values(points=1_000), delete(PointsTransaction)])
async def test_entries_cannot_be_changed(shop: Shop, change: Any) -> None:
    """Invariant 24: UPDATE and DELETE on entries are rejected for the application role."""
    await shop.earn(40)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with shop.database.tenant(shop.tenant_id) as tx:
            await tx.run(change)
    assert [entry.points for entry in await shop.rows(PointsTransaction)] == [40]
