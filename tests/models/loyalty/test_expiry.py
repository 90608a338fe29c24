"""Expiry in the books."""

import asyncio
from zoneinfo import ZoneInfo

from models.base import uuid7
from models.db import Tx
from models.loyalty import expiry_notices
from models.loyalty.expiry_notices import Expiring
from models.loyalty.ledger import Balance
from models.loyalty.tables import PointsLot, PointsTransaction
from models.people.tables import Consent, Customer, Purpose
from tests.models.loyalty.shop import DAY, Shop

LAGOS = ZoneInfo("Africa/Lagos")
AHEAD = 3


async def test_the_books_are_closed_once(shop: Shop) -> None:
    """Invariant 23: the expiry job is idempotent and changes no balance that is shown."""
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
    """Invariant 23: order-free and concurrent: the second job leaves accounts in use alone."""
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


async def due(tx: Tx, shop: Shop) -> list[tuple[Customer, list[Expiring]]]:
    until, beyond = shop.now + (AHEAD + 1) * DAY, shop.now + (2 * AHEAD + 1) * DAY
    return await expiry_notices.due(tx, shop.now, until, beyond, LAGOS)


async def agree(shop: Shop) -> Consent:
    agreed = Consent(
        tenant_id=shop.tenant_id,
        customer_id=shop.customer.id,
        channel="sms",
        purpose=Purpose.MARKETING,
        granted=True,
        source="test",
        wording="",
        given_at=shop.now,
    )
    await shop.add(agreed)
    return agreed


async def test_ten_rounds_at_once_tell_a_day_once(shop: Shop) -> None:
    """Every process has its clock: the second round waits for the first and finds it told."""
    agreed = await agree(shop)
    await shop.earn(10, days=2)
    await shop.earn(20, days=2)
    await shop.earn(5, days=3)

    async def round_() -> bool:
        async with shop.database.tenant(shop.tenant_id) as tx:
            found = await due(tx, shop)
            assert [[one.points for one in going] for _, going in found] in ([[30, 5]], [])
            return any([await expiry_notices.note(tx, *one, LAGOS, shop.now) for one in found])

    assert sorted(await asyncio.gather(*(round_() for _ in range(10)))) == [False] * 9 + [True]
    refused = agreed.model_copy(update={"id": uuid7(), "granted": False, "given_at": shop.now + DAY})
    await shop.add(refused)
    async with shop.database.tenant(shop.tenant_id) as tx:
        assert await due(tx, shop) == []


async def test_nothing_is_told_late_because_something_before_it_was_told(shop: Shop) -> None:
    """Points that go a day after others are told with them; who buys daily hears of it now and then, in time."""
    await agree(shop)
    for day in range(2, 20):
        await shop.earn(day, days=day)
    told: dict[int, int] = {}
    for day in range(17):
        today = shop.later(days=day)
        async with shop.database.tenant(shop.tenant_id) as tx:
            for customer, going in await due(tx, today):
                assert await expiry_notices.note(tx, customer, going, LAGOS, today.now)
                told |= {one.points: day for one in going}
    assert all(points - day >= AHEAD for points, day in told.items() if points > AHEAD)
    assert set(range(2, 20)) <= told.keys()
    assert len(set(told.values())) <= 5
