"""The whole programme at one moment: what the till, owners, customers and the clock do to the same few people."""

from asyncio import gather
from datetime import timedelta
from typing import Any

from models.db import Database
from models.loyalty.adjustments import Adjusted, Waits
from models.loyalty.tables import PointsTransaction, RuleType
from models.operations.tables import Approval
from tests.models.loyalty import climbing
from tests.models.loyalty.books import audited
from tests.models.loyalty.office import Office, open_office

A_POINT = 10_000


async def open_programme(database: Database) -> Office:
    office = await open_office(database)
    shop = office.shop
    await shop.rule()
    await shop.rule(RuleType.MILESTONE, purchases=3, points=20)
    await shop.rule(RuleType.REFERRAL, points=30, friend_points=15)
    await shop.rule(RuleType.BIRTHDAY, points=25)
    await climbing.open_tiers(shop)
    await climbing.goal(shop, points=10, purchases=2, referrals=1)
    async with database.tenant(shop.tenant_id) as tx:
        await tx.run(climbing.JOINED, customer=shop.customer.id, now=shop.now)
    return office


async def test_whatever_meets_ends_in_books_that_agree(database: Database) -> None:
    """Invariants 15, 16 and 20, at every commit: parts and wholes of purchases taken back, points by hand, decisions,
    codes, friends, birthdays, tiers and expiry meet on four people. Nobody waits in a circle: of staff, owners and
    the clock none is refused by the database.
    """
    office = await open_programme(database)
    shop, (reward, other) = office.shop, [await office.shop.reward(40, stock_quantity=9) for _ in range(2)]
    people = [shop.customer.id, *[await climbing.bring(shop) for _ in range(3)]]
    bought = [await shop.bought(90 * A_POINT, customer_id=person, expire_days=1) for person in people for _ in range(2)]
    codes = [await shop.issued(reward, customer_id=person) for person in people]
    asked = [await office.waits(600, customer_id=person) for person in people]
    receipts = [await office.submitted(customer_id=person, number=f"A{n}") for n, person in enumerate(people)]
    await climbing.tell_birthday(shop, (shop.now + timedelta(days=1)).date())
    late = office.later(days=1, hours=1)
    async with audited(shop):
        await gather(
            *(late.take_back(one.purchase_id, part=30 * A_POINT) for one in bought),
            *(late.take_back(one.purchase_id, by=late.other) for one in bought[::3]),
            *(late.shop.undo(one.purchase_id) for one in bought[::4]),
            *(shop.fulfil(code.code) for code in codes),
            *(shop.take_back(code.redemption_id) for code in codes),
            *(late.shop.issue(other, customer_id=person) for person in people),
            *(decided(late, one) for one in (*asked, *receipts)),
            *(late.adjust(points, customer_id=person) for points in (-10, 15) for person in people),
            *(late.shop.bought(60 * A_POINT, customer_id=person) for person in people),
            *(work for _ in range(3) for work in by_the_clock(late)),
        )
    await shop_closes(late, people)


def by_the_clock(office: Office) -> tuple[Any, ...]:
    shop = office.shop
    return (
        *(shop.expire(), shop.sweep(), climbing.celebrate(shop)),
        *(climbing.pay_due(shop), climbing.review(shop), office.expire_requests()),
    )


async def decided(office: Office, request: Approval) -> None:
    """Both owners press, and one of them twice."""
    one, two = office.owners
    await gather(office.approve(request, one), office.approve(request, two), office.refuse(request, one))


async def shop_closes(office: Office, people: list[Any]) -> None:
    """Nothing happened twice, and what is told is what the entries say."""
    end = office.later(days=2)
    for work in by_the_clock(end):
        await work
    entries = await end.shop.rows(PointsTransaction)
    assert len([one for one in entries if one.source == "birthday"]) == 1
    for person in people:
        balance = await end.shop.balance(person)
        told = balance.points + balance.pending + balance.held - balance.debt
        assert told == sum(one.points for one in entries if one.customer_id == person)
        given = [one for one in entries if one.customer_id == person and one.transaction_type == "adjusted"]
        assert sum(one.points == 600 for one in given) <= 1


async def test_points_are_taken_by_hand_or_spent(database: Database) -> None:
    """Invariant 20: a minus and a code want the same points; one of them has them, and nobody goes into debt."""
    office = await open_office(database)
    rewards = [await office.shop.reward(60) for _ in range(5)]
    await office.shop.earn(100)
    answers = await gather(*(office.shop.issue(reward) for reward in rewards), *(office.adjust(-60) for _ in range(5)))
    won = [one for one in answers if type(one).__name__ in ("Issued", Adjusted.__name__, Waits.__name__)]
    assert len(won) == 1
    balance = await office.shop.balance()
    assert (balance.points, balance.debt) == (40, 0)
