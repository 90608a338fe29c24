"""Codes, from the customer's wish to the counter and back."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from models.base import uuid7
from models.loyalty.codes import new_code, printed
from models.loyalty.ledger import Balance
from models.loyalty.redemptions import CodeRefusal, Fulfilled, IssueRefusal, Pending
from models.loyalty.tables import PointsTransaction, Reward, RewardRedemption
from tests.make import make_user
from tests.models.loyalty.shop import DAY, NOW, VAULT, Shop


async def stock(shop: Shop) -> list[int | None]:
    return [reward.stock_quantity for reward in await shop.rows(Reward)]


async def test_from_the_wish_to_the_counter(shop: Shop) -> None:
    """Points are held, shown to staff with name and reward, and spent when the code is checked."""
    await shop.earn(80)
    reward = await shop.reward(50, name="Free coffee", stock_quantity=3)
    issued = await shop.issued(reward)
    assert (issued.reward.id, issued.expires_at) == (reward.id, shop.later(minutes=15).now)
    assert await shop.balance() == Balance(points=30, held=50)
    who_and_what = (issued.redemption_id, shop.customer.id, "Ada Obi", shop.customer.phone_number, "Free coffee", 50)
    assert await shop.look_up(printed(issued.code).lower()) == Pending(*who_and_what)
    assert await shop.fulfil(printed(issued.code)) == Fulfilled(*who_and_what, balance=30)
    assert await shop.balance() == Balance(points=30)
    (row,), (left,) = await shop.rows(RewardRedemption), await shop.rows(Reward)
    assert (row.status, row.verified_by_user_id, row.fulfilled_at) == ("fulfilled", shop.staff.id, NOW)
    assert (left.stock_quantity, left.total_redemptions) == (2, 1)


async def test_only_the_fingerprint_of_a_code_is_stored(shop: Shop) -> None:
    """Invariant 31: a stolen table opens nothing, and the same code in another shop has another fingerprint."""
    await shop.earn(50)
    issued = await shop.issued(await shop.reward(50))
    (row,) = await shop.rows(RewardRedemption)
    assert row.code_hash == VAULT.fingerprint(str(shop.tenant_id), issued.code)
    assert issued.code not in repr([await shop.rows(table) for table in (RewardRedemption, PointsTransaction)])


# -- a code is issued or not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"points": 51}, IssueRefusal.NOT_ENOUGH),
        ({"stock_quantity": 0}, IssueRefusal.OUT_OF_STOCK),
        ({"is_active": False}, IssueRefusal.NOT_OFFERED),
        ({"deleted_at": NOW}, IssueRefusal.NOT_OFFERED),
        ({"valid_until": NOW}, IssueRefusal.NOT_OFFERED),
        ({"valid_from": NOW + DAY}, IssueRefusal.NOT_OFFERED),
        ({"max_redemptions_per_customer": 0}, IssueRefusal.LIMIT_REACHED),
    ],
)
async def test_a_refusal_changes_nothing(shop: Shop, facts: dict[str, Any], refusal: IssueRefusal) -> None:
    await shop.earn(50)
    reward = await shop.reward(**{"points": 50, **facts})
    assert await shop.issue(reward) == refusal
    assert await shop.balance() == Balance(points=50)
    assert await shop.rows(RewardRedemption) == []
    assert await stock(shop) == [reward.stock_quantity]


async def test_who_never_earned_has_not_enough(shop: Shop) -> None:
    assert await shop.issue(await shop.reward(1)) == IssueRefusal.NOT_ENOUGH


async def test_who_is_blocked_gets_neither_code_nor_reward(shop: Shop) -> None:
    await shop.earn(100)
    reward = await shop.reward(50)
    issued = await shop.issued(reward)
    await shop.block(shop.customer.id)
    assert await shop.issue(reward) == IssueRefusal.BLOCKED
    assert await shop.look_up(issued.code) == CodeRefusal.CANCELLED
    assert await shop.fulfil(issued.code) == CodeRefusal.CANCELLED


async def test_a_new_code_replaces_the_one_that_waits(shop: Shop) -> None:
    """One live code per customer and reward; points and stock for one are enough."""
    await shop.earn(50)
    reward = await shop.reward(50, stock_quantity=1, max_redemptions_per_customer=1)
    old = await shop.issued(reward)
    new = await shop.issued(reward)
    assert await shop.look_up(old.code) == CodeRefusal.CANCELLED
    assert isinstance(await shop.look_up(new.code), Pending)
    assert await shop.balance() == Balance(held=50)
    assert await stock(shop) == [0]


async def test_a_code_that_cannot_be_replaced_still_counts(shop: Shop) -> None:
    """The price has gone up since: the customer keeps the code they have."""
    await shop.earn(50)
    reward = await shop.reward(50)
    issued = await shop.issued(reward)
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.run(update(Reward).values(points_required=60))
    assert await shop.issue(reward) == IssueRefusal.NOT_ENOUGH
    assert isinstance(await shop.fulfil(issued.code), Fulfilled)


async def test_a_limit_counts_what_was_fetched_and_what_waits(shop: Shop) -> None:
    """Invariant 29: per-customer limit; a redemption taken back frees a use, once."""
    await shop.earn(500)
    reward = await shop.reward(50, max_redemptions_per_customer=2)
    codes = [await shop.issued(reward)]
    await shop.fulfil(codes[0].code)
    codes.append(await shop.issued(reward))
    await shop.fulfil(codes[1].code)
    assert await shop.issue(reward) == IssueRefusal.LIMIT_REACHED
    assert [await shop.take_back(codes[0].redemption_id) for _ in range(2)] == [True, False]
    await shop.fulfil((await shop.issued(reward)).code)
    assert await shop.issue(reward) == IssueRefusal.LIMIT_REACHED


# -- a code buys something or not ----------------------------------------------------------------------------


async def test_every_code_that_buys_nothing_says_why(shop: Shop) -> None:
    """Invariant 27."""
    await shop.earn(500)
    fetched, dropped, late = [await shop.issued(await shop.reward(50)) for _ in range(3)]
    await shop.fulfil(fetched.code)
    await shop.cancel(dropped.redemption_id)
    other = new_code()
    swapped = next(
        late.code[:i] + late.code[i + 1] + late.code[i] + late.code[i + 2 :]
        for i in range(5)
        if late.code[i] != late.code[i + 1]
    )
    later = shop.later(minutes=15)
    for code, refusal in {
        "what code?": CodeRefusal.MISTYPED,
        swapped: CodeRefusal.MISTYPED,
        other: CodeRefusal.UNKNOWN,
        fetched.code: CodeRefusal.USED,
        late.code: CodeRefusal.EXPIRED,
    }.items():
        assert (await later.look_up(code), await later.fulfil(code)) == (refusal, refusal)
    assert (await shop.look_up(dropped.code), await shop.fulfil(dropped.code)) == (CodeRefusal.CANCELLED,) * 2


async def test_a_code_is_good_until_its_last_instant(shop: Shop) -> None:
    """Invariant 28: a late verification fails cleanly, swept or not, and the points return exactly once."""
    await shop.earn(50)
    reward = await shop.reward(50, stock_quantity=1)
    code = (await shop.issued(reward)).code
    assert isinstance(await shop.later(minutes=15, seconds=-1).look_up(code), Pending)
    late = shop.later(minutes=15)
    assert await late.fulfil(code) == CodeRefusal.EXPIRED
    assert [await late.sweep() for _ in range(2)] == [1, 0]
    assert await late.fulfil(code) == CodeRefusal.EXPIRED
    assert await late.balance() == Balance(points=50)
    assert await stock(late) == [1]


async def test_staff_do_not_serve_themselves(shop: Shop) -> None:
    """Invariant 32: staff never redeem for their own record; a colleague can."""
    await shop.earn(50)
    code = (await shop.issued(await shop.reward(50))).code
    own = await make_user(shop.database, shop.tenant_id, shop.customer.phone_number)
    assert await shop.fulfil(code, by=own) == CodeRefusal.OWN
    assert isinstance(await shop.fulfil(code, by=shop.staff), Fulfilled)


# -- back ----------------------------------------------------------------------------------------------------


async def test_a_cancelled_code_gives_points_and_piece_back_once(shop: Shop) -> None:
    await shop.earn(50)
    issued = await shop.issued(await shop.reward(50, stock_quantity=1))
    assert [await shop.cancel(issued.redemption_id) for _ in range(2)] == [True, False]
    assert not await shop.cancel(uuid7())
    assert await shop.balance() == Balance(points=50)
    assert await stock(shop) == [1]


async def test_what_is_taken_back_cannot_be_used_as_well(shop: Shop) -> None:
    """Invariant 22: a reward cannot be both returned and still usable."""
    await shop.earn(50)
    issued = await shop.issued(await shop.reward(50, stock_quantity=1))
    assert not await shop.take_back(issued.redemption_id)
    await shop.fulfil(issued.code)
    assert await shop.take_back(issued.redemption_id)
    assert not await shop.take_back(uuid7())
    assert await shop.fulfil(issued.code) == CodeRefusal.CANCELLED
    assert await shop.balance() == Balance(points=50)
    (reward,) = await shop.rows(Reward)
    assert (reward.stock_quantity, reward.total_redemptions) == (1, 0)


async def test_the_sweep_gives_up_what_is_overdue_and_nothing_else(shop: Shop) -> None:
    rewards = [await shop.reward(50, stock_quantity=5) for _ in range(2)]
    people = [await shop.newcomer() for _ in range(4)]
    for person in people:
        await shop.earn(100, customer_id=person)
        await shop.issued(rewards[0], customer_id=person)
    later = shop.later(minutes=10)
    for person in people:
        await later.issued(rewards[1], customer_id=person)
    late = shop.later(minutes=15)
    assert await late.sweep() == 4
    assert [await late.balance(person) for person in people] == [Balance(points=50, held=50)] * 4
    assert sorted(left or 0 for left in await stock(shop)) == [1, 5]


async def test_nobody_takes_his_own_reward_back(shop: Shop) -> None:
    """Invariant 32: what he has eaten would cost him nothing."""
    await shop.earn(50)
    issued = await shop.issued(await shop.reward(50))
    await shop.fulfil(issued.code)
    himself = shop.staff.model_copy(update={"phone_number": shop.customer.phone_number})
    assert not await replace(shop, staff=himself).take_back(issued.redemption_id)
    assert (await shop.balance()).points == 0
