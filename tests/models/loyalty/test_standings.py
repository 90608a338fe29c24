"""Tiers and achievements in the books."""

import asyncio

from models.db import Database
from models.loyalty import standings, tier_review
from models.loyalty.standing_tables import TierCause
from tests.models.loyalty import climbing
from tests.models.loyalty.climbing import achieved, customer, events, goal, open_tiers, review, standing
from tests.models.loyalty.shop import Shop
from tests.models.loyalty.standing_machine import StandingMachine
from tests.thoroughness import run_machine


async def test_any_order_of_events(database: Database) -> None:
    """Invariants 17, 21 and 35: whatever happened, tier and achievements are those of the past told from zero; what is
    taken back leaves no trace; spending and expiry lower nothing; nothing is lost without a notice.
    """
    loop = asyncio.get_running_loop()

    await run_machine(lambda: StandingMachine(database, loop), usual=25, steps=30, same_each_time=True)


async def test_earning_and_full_reversal_restore_tier_and_achievements(shop: Shop) -> None:
    """Invariant 21, with a tier that the achievement's own points brought."""
    await open_tiers(shop)
    await goal(shop, points=30, purchases=2)
    await shop.rule()
    await shop.bought(400_000)
    before = await standing(shop)
    second = await shop.bought(400_000)
    assert second.led_to.moved is not None
    assert [one.name for one in second.led_to.achieved] == ["Regular"]
    assert (await customer(shop)).tier == "silver"
    await shop.undo(second.purchase_id)
    assert await standing(shop) == before
    assert (await customer(shop)).tier is None
    assert await achieved(shop) == []
    assert (await shop.balance()).points == 40
    assert [one.cause for one in await events(shop)] == [TierCause.EARNED, TierCause.REVERSED]


async def test_parts_that_come_back_count_less(shop: Shop) -> None:
    await open_tiers(shop)
    await goal(shop, points=0, spent=1_000_000)
    await shop.rule()
    bought = await shop.bought(1_000_000)
    assert (await customer(shop)).tier == "silver"
    await shop.return_part(bought.purchase_id, 10_000)
    assert (await customer(shop)).tier is None
    assert await achieved(shop) == []


async def test_the_same_key_again_tells_the_same_consequences(shop: Shop) -> None:
    await open_tiers(shop)
    await goal(shop, points=5, purchases=1)
    await shop.rule()
    first = await shop.bought(1_000_000, key="one")
    again = await shop.bought(1_000_000, key="one")
    assert again.led_to.moved is not None
    assert again == first
    assert len(await events(shop)) == 1


async def test_two_purchases_at_once_raise_once(shop: Shop) -> None:
    """Each would compute the tier from a past without the other."""
    await open_tiers(shop)
    await goal(shop, points=0, purchases=10)
    await shop.rule()
    await asyncio.gather(*(shop.bought(110_000) for _ in range(10)))
    assert (await customer(shop)).tier == "silver"
    assert len(await events(shop)) == 1
    assert len(await achieved(shop)) == 1


async def test_an_achievement_of_the_month_comes_back_next_month(shop: Shop) -> None:
    await goal(shop, points=5, repeats="month", purchases=2)
    for later in (shop, shop.later(days=1), shop.later(days=20), shop.later(days=21), shop.later(days=22)):
        await later.bought(1_000)
    assert [one.period for one in await achieved(shop)] == ["2026-11", "2026-12"]
    assert (await shop.later(days=22).balance()).points == 10


async def test_months_before_it_was_put_up_are_not_paid_for(shop: Shop) -> None:
    """An owner who puts up "two in a month" today does not owe every regular a year of it."""
    for days in (0, 1, 30, 31, 60):
        await shop.later(days=days).bought(1_000)
    await goal(shop, points=5, repeats="month", purchases=2)
    now = shop.later(days=61)
    logged = await now.bought(1_000)
    assert [one.period for one in logged.led_to.achieved] == ["2027-01"]
    assert (await now.balance()).points == logged.balance == 5


async def test_points_of_an_achievement_are_in_the_balance_that_is_told(shop: Shop) -> None:
    """Less what they pay of a debt; the same key again tells the same."""
    await shop.rule()
    reward = await shop.reward(50)
    spent = await shop.bought(600_000)
    await shop.fulfil((await shop.issued(reward)).code)
    await shop.undo(spent.purchase_id)
    assert (await shop.balance()).debt == 50
    await goal(shop, points=60, purchases=1)
    logged = await shop.bought(100_000, key="one")
    assert logged.points == 10
    assert logged.balance == (await shop.balance()).points == 20
    assert await shop.bought(100_000, key="one") == logged


async def test_weeks_follow_each_other_from_monday(shop: Shop) -> None:
    """18 November 2026 is a Wednesday: Sunday is the same week and Monday the next."""
    await goal(shop, streak_weeks=3)
    for days in (0, 4, 5):
        await shop.later(days=days).bought(1_000)
    assert await achieved(shop) == []
    await shop.later(days=12).bought(1_000)
    assert len(await achieved(shop)) == 1


async def test_gift_cards_and_points_achieve_nothing(shop: Shop) -> None:
    await goal(shop, purchases=1)
    await shop.bought(1_000, paid_with="gift_card")
    assert await achieved(shop) == []


async def test_stricter_criteria_take_nothing_from_who_has_it(shop: Shop) -> None:
    """What was achieved is measured by the criteria that stood then."""
    await goal(shop, purchases=1)
    first, second = await shop.bought(1_000), await shop.bought(1_000)
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.run(climbing.HARDER)
    await shop.undo(second.purchase_id)
    assert len(await achieved(shop)) == 1
    await shop.undo(first.purchase_id)
    assert await achieved(shop) == []


async def test_who_is_busy_is_reviewed_later(shop: Shop) -> None:
    """The clock waits for nobody, so that nobody waits in a circle."""
    await open_tiers(shop)
    await shop.rule()
    await shop.bought(1_000_000)
    late = shop.later(days=25)
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.one(climbing.LOCKED, customer=shop.customer.id)
        assert await review(late) == []
    assert len(await review(late)) == 1


async def test_a_round_of_the_clock_keeps_nobody_waiting_who_is_not_told_anything(shop: Shop) -> None:
    """While it runs the customer's next message takes his row at once."""
    await open_tiers(shop)
    await shop.rule()
    await shop.bought(1_000_000)
    late = shop.later(days=25)
    assert len(await review(late)) == 1
    async with shop.database.tenant(shop.tenant_id) as tx:
        found = await tier_review.candidates(tx, standings.today(late.now, climbing.LAGOS))
        assert found == [shop.customer.id]
        assert await tier_review.review(tx, shop.customer.id, late.now, climbing.LAGOS) is None
        async with shop.database.tenant(shop.tenant_id) as other:
            assert await other.one(climbing.FREE, customer=shop.customer.id) is not None
