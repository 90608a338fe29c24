"""Many want the same in the same instant, on connections of their own."""

from asyncio import gather, wait_for
from collections import Counter
from collections.abc import Awaitable, Iterable
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from models.errors import IdempotencyConflict
from models.loyalty import ledger
from models.loyalty.ledger import Balance
from models.loyalty.purchases import Refused, UndoOutcome
from models.loyalty.redemptions import CodeRefusal, Issued, IssueRefusal
from models.loyalty.tables import PointsTransaction, Purchase, Reward, RuleType
from models.people.tables import Customer
from tests.models.loyalty.books import audited
from tests.models.loyalty.shop import Shop


async def answers(attempts: Iterable[Awaitable[Any]]) -> Counter[str]:
    """How often each answer was given: the refusal, or the name of what was won."""
    given = await gather(*attempts)
    return Counter(answer if isinstance(answer, StrEnum) else type(answer).__name__ for answer in given)


async def test_a_hundred_check_one_code(shop: Shop) -> None:
    """Invariants 27 and 34: exactly one success, one entry, one piece of stock. With check-then-write all hundred
    would succeed.
    """
    await shop.earn(200)
    code = (await shop.issued(await shop.reward(50, stock_quantity=5))).code
    assert await answers(shop.fulfil(code) for _ in range(100)) == {"Fulfilled": 1, CodeRefusal.USED: 99}
    spent = [entry.points for entry in await shop.rows(PointsTransaction) if entry.points < 0]
    assert spent == [-50]
    assert await shop.balance() == Balance(points=150)
    (reward,) = await shop.rows(Reward)
    assert (reward.stock_quantity, reward.total_redemptions) == (4, 1)


async def test_sixty_keys_fifteen_times_each(shop: Shop) -> None:
    """Invariant 18: the same key k times, concurrently, is one entry and the same answer."""
    asked = [f"key {i}" for i in range(60)] * 15
    entries = await gather(*(shop.earn(1, key=key) for key in asked))
    assert len({entry.id for entry in entries}) == 60
    assert all(len({entry.id for entry in entries if entry.key == key}) == 1 for key in asked)
    assert len(await shop.rows(PointsTransaction)) == 60
    assert await shop.balance() == Balance(points=60)


async def test_one_key_for_two_people_at_once(shop: Shop) -> None:
    """Invariant 18: one of them has it, the others get an error and no points: their accounts do not queue for each
    other.
    """
    people = [await shop.newcomer() for _ in range(5)]
    given = await gather(*(shop.earn(10, customer_id=person, key="one") for person in people), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in given) == ["Entry"] + [IdempotencyConflict.__name__] * 4
    assert sum([(await shop.balance(person)).points for person in people]) == 10


async def test_first_accounts_are_opened_once(shop: Shop) -> None:
    """Twenty earnings of somebody without an account: each would open one."""
    newcomer = await shop.newcomer()
    await gather(*(shop.earn(3, customer_id=newcomer) for _ in range(20)))
    assert await shop.balance(newcomer) == Balance(points=60)


async def test_twenty_wishes_for_the_points_of_four(shop: Shop) -> None:
    """Invariant 20: spendable is never negative: holds and spendings never exceed what there is."""
    for points in (70, 70, 70):
        await shop.earn(points)
    rewards = [await shop.reward(50) for _ in range(20)]
    won = await answers(shop.issue(reward) for reward in rewards)
    assert won == {"Issued": 4, IssueRefusal.NOT_ENOUGH: 16}
    assert await shop.balance() == Balance(points=10, held=200)


async def test_thirty_want_the_last_five(shop: Shop) -> None:
    """Invariant 34: reward stock never goes below zero, and all of it goes."""
    people = [await shop.newcomer() for _ in range(30)]
    await gather(*(shop.earn(50, customer_id=person) for person in people))
    reward = await shop.reward(50, stock_quantity=5)
    won = await answers(shop.issue(reward, customer_id=person) for person in people)
    assert won == {"Issued": 5, IssueRefusal.OUT_OF_STOCK: 25}
    assert [row.stock_quantity for row in await shop.rows(Reward)] == [0]


async def test_one_asks_ten_times_at_once(shop: Shop) -> None:
    """Invariant 29: one live code for the reward, the limit kept, one piece of stock."""
    await shop.earn(500)
    reward = await shop.reward(50, stock_quantity=3, max_redemptions_per_customer=1)
    assert await answers(shop.issue(reward) for _ in range(10)) == {"Issued": 10}
    assert await shop.balance() == Balance(points=450, held=50)
    assert [row.stock_quantity for row in await shop.rows(Reward)] == [2]


async def test_what_may_be_used_four_times_and_once_by_each(shop: Shop) -> None:
    """Invariants 29 and 34, with those who have just fetched theirs asking again."""
    people = [await shop.newcomer() for _ in range(6)]
    await gather(*(shop.earn(500, customer_id=person) for person in people))
    reward = await shop.reward(50, stock_quantity=4, max_redemptions_per_customer=1)

    async def ask_and_fetch(person: UUID) -> Any:
        issued = await shop.issue(reward, customer_id=person)
        return await shop.fulfil(issued.code) if isinstance(issued, Issued) else issued

    async with audited(shop):
        won = await answers(ask_and_fetch(person) for person in people * 5)
    assert won["Fulfilled"] == 4
    assert won.keys() <= {"Fulfilled", CodeRefusal.CANCELLED, IssueRefusal.LIMIT_REACHED, IssueRefusal.OUT_OF_STOCK}
    spent = [entry.customer_id for entry in await shop.rows(PointsTransaction) if entry.points < 0]
    assert len(spent) == len(set(spent)) == 4


async def test_fetched_cancelled_and_swept_at_once(shop: Shop) -> None:
    """Invariants 22, 28 and 34: never both: the points are spent or given back, exactly once, and so is the piece of
    stock.
    """
    people = [await shop.newcomer() for _ in range(12)]
    rewards = [await shop.reward(50, stock_quantity=20) for _ in range(2)]
    codes: list[Issued] = []
    for i, person in enumerate(people):
        await shop.earn(50, customer_id=person)
        codes.append(await shop.issued(rewards[i % 2], customer_id=person))
    late = shop.later(minutes=15)
    # their clocks differ: for some the codes have timed out already
    fetched = [shop.fulfil(code.code) for code in codes]
    given_up = [shop.cancel(code.redemption_id) for code in codes]
    again = [late.issue(rewards[(i + 1) % 2], customer_id=person) for i, person in enumerate(people)]
    async with audited(shop):
        await gather(*fetched, *given_up, *again, late.sweep(), late.sweep())
    await late.later(minutes=15).sweep()
    spent = -sum(entry.points for entry in await shop.rows(PointsTransaction) if entry.points < 0)
    left = [await late.balance(person) for person in people]
    assert sum(balance.points for balance in left) + spent == 600
    assert all(balance.held == 0 for balance in left)
    assert sum(row.stock_quantity for row in await shop.rows(Reward)) == 40 - spent // 50


async def test_one_purchase_five_times(shop: Shop) -> None:
    """Invariant 18: a tap repeated by a nervous network is one purchase."""
    await shop.rule()
    logged = await gather(*(shop.bought(100_000, key="tap") for _ in range(5)))
    assert all(answer == logged[0] for answer in logged)
    assert len(await shop.rows(Purchase)) == 1
    assert await shop.balance() == Balance(points=10)


async def test_one_receipt_at_ten_tills(shop: Shop) -> None:
    """Invariant 33: the same receipt cannot earn twice, even on two devices at once."""
    people = [await shop.newcomer() for _ in range(10)]
    won = await answers(shop.log(100_000, customer_id=person, receipt="A1") for person in people)
    assert won == {"Logged": 1, Refused.RECEIPT_USED: 9}


async def test_one_first_purchase(shop: Shop) -> None:
    """Ten purchases at once have one first among them, and two fifths."""
    await shop.rule(RuleType.FIRST_PURCHASE_BONUS, points=50)
    await shop.rule(RuleType.MILESTONE, purchases=5, points=7)
    logged = await gather(*(shop.bought(1_000) for _ in range(10)))
    assert sorted(answer.points for answer in logged) == [0] * 7 + [7, 7, 50]
    (customer,) = await shop.rows(Customer)
    assert (customer.total_purchases, customer.total_spent) == (10, 10_000)


async def test_one_purchase_undone_ten_times(shop: Shop) -> None:
    """Invariant 21."""
    await shop.rule()
    logged = await shop.bought(100_000)
    outcomes = await answers(shop.undo(logged.purchase_id) for _ in range(10))
    assert outcomes == {UndoOutcome.UNDONE: 1, UndoOutcome.ALREADY: 9}
    assert await shop.balance() == Balance()


async def test_one_earning_reversed_ten_times(shop: Shop) -> None:
    """Invariants 21 and 24: at most one full reversal."""
    entry = await shop.earn(10)
    outcomes = Counter(answer.outcome for answer in await gather(*(shop.reverse(entry.id) for _ in range(10))))
    assert outcomes == {"reversed": 1, "already": 9}
    assert await shop.balance() == Balance()


async def test_sweeps_wait_for_nobody(shop: Shop) -> None:
    """They hold many accounts at once: whoever held one and waited for another could close a circle."""
    await shop.earn(80, days=1)
    await shop.issued(await shop.reward(50))
    late = shop.later(days=2)
    async with shop.database.tenant(shop.tenant_id) as tx:
        await ledger.earn(tx, shop.customer.id, 5, key="busy", now=late.now)
        assert await wait_for(late.sweep(), 5) == 0
        assert await wait_for(late.expire(), 5) == 0
    assert (await late.sweep(), await late.expire()) == (1, 1)


@pytest.mark.parametrize("rounds", [3])
async def test_all_at_once_in_any_order(shop: Shop, rounds: int) -> None:
    """Invariants 15 and 16, at every commit. Nobody waits in a circle: all of these take their locks in one order."""
    await shop.rule()
    people = [await shop.newcomer() for _ in range(6)]
    rewards = [await shop.reward(20, stock_quantity=50) for _ in range(3)]
    for round_ in range(rounds):
        now = shop.later(minutes=20 * round_)
        bought = await gather(*(now.bought(500_000, customer_id=person) for person in people))
        codes = await gather(*(now.issued(rewards[i % 3], customer_id=person) for i, person in enumerate(people)))
        late = now.later(minutes=16)
        async with audited(shop):
            await gather(
                *(now.fulfil(code.code) for code in codes[:3]),
                *(now.undo(logged.purchase_id) for logged in bought[::2]),
                *(late.issue(reward, customer_id=person) for reward in rewards for person in people),
                *(late.bought(500_000, customer_id=person) for person in people),
                *(late.sweep() for _ in range(3)),
                *(late.expire() for _ in range(2)),
            )
    end = shop.later(days=1)
    await end.sweep()
    entries = await shop.rows(PointsTransaction)
    for person in people:
        balance = await end.balance(person)
        assert balance.points - balance.debt == sum(it.points for it in entries if it.customer_id == person)
        assert balance.held == 0
