"""Expiry in the books."""

import asyncio

from models.loyalty.ledger import Balance
from models.loyalty.tables import PointsLot, PointsTransaction
from tests.models.loyalty.shop import Shop


async def test_the_books_are_closed_once(shop: Shop) -> None:
    """The expiry job is idempotent and changes no balance that is shown."""
    for days in (3, 5, 50):
        await shop.earn(10, days=days)
    late = shop.later(days=10)
    before = await late.balance()
    assert before.points == 10
    assert [await late.expire() for _ in range(2)] == [2, 0]
    assert await late.balance() == before
    expired = [entry for entry in await shop.rows(PointsTransaction) if entry.transaction_type == "expired"]
    assert [entry.points for entry in expired] == [-10, -10]
    assert min(entry.balance_after for entry in expired) == 10


async def test_two_jobs_at_once_write_each_lot_off_once(shop: Shop) -> None:
    """Order-free and concurrent: the second job leaves accounts in use alone."""
    for customer_id in [await shop.newcomer() for _ in range(10)]:
        await shop.earn(10, customer_id=customer_id, days=1)
    late = shop.later(days=2)
    assert sum(await asyncio.gather(*(late.expire() for _ in range(4)))) + await late.expire() == 10
    assert sum(lot.remaining for lot in await shop.rows(PointsLot)) == 0
    assert sum(entry.points for entry in await shop.rows(PointsTransaction)) == 0


async def test_held_points_expire_when_they_come_back(shop: Shop) -> None:
    """A code does not keep points alive: with one a fortnight they would live for ever."""
    await shop.earn(50, days=1)
    soon = shop.later(days=1, minutes=-5)
    code = await soon.issued(await shop.reward(50))
    late = shop.later(days=1, minutes=5)
    assert await late.expire() == 0
    assert await late.balance() == Balance(held=50)
    await late.cancel(code.redemption_id)
    assert await late.balance() == Balance()
    assert await late.expire() == 1
