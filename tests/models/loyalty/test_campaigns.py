"""Something extra for a while."""

from asyncio import gather
from collections import Counter
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from models.base import uuid7
from models.loyalty import campaigns, prices
from models.loyalty.campaigns import Counts, best_bonus, status_at
from models.loyalty.earning_tables import Campaign, CampaignStatus, CampaignType
from models.loyalty.ledger import Balance
from models.loyalty.tables import PaidWith, PointsTransaction, Reward, RuleType
from models.people.tables import Customer
from tests.models.loyalty.shop import DAY, NOW, Shop

AMOUNT = 250_000
BONUS, DOUBLE, DISCOUNT = CampaignType.BONUS_POINTS, CampaignType.DOUBLE_POINTS, CampaignType.REWARD_DISCOUNT
NOBODY = uuid7()
BACK, FRIENDS = CampaignType.REACTIVATION, CampaignType.REFERRAL


async def counted(shop: Shop, campaign: Campaign) -> Counts:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return (await campaigns.counts(tx)).get(campaign.id, Counts())


async def step(shop: Shop, campaign: Campaign, name: str) -> CampaignStatus | None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await campaigns.take_step(tx, campaign.id, name, shop.now)


# -- when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day", "status"),
    [
        ("scheduled", -1, "scheduled"),
        ("scheduled", 0, "active"),
        ("scheduled", 3, "completed"),
        ("active", -1, "scheduled"),
        ("active", 2, "active"),
        ("active", 3, "completed"),
        ("paused", 1, "paused"),
        ("paused", 3, "completed"),
        ("draft", 1, "draft"),
        ("draft", 4, "draft"),
        ("cancelled", 1, "cancelled"),
        ("completed", 1, "active"),
    ],
)
def test_the_clock_says_where_a_campaign_stands(written: str, day: int, status: str) -> None:
    """Whatever the job has written, or has not."""
    campaign = Campaign(
        tenant_id=NOBODY, name="", campaign_type=BONUS, starts_at=NOW, ends_at=NOW + 3 * DAY, status=written
    )
    assert status_at(campaign, NOW + day * DAY) == status


async def test_a_late_job_does_not_matter(shop: Shop) -> None:
    """Points come while it runs, from the first moment to the last, though nobody has written it down."""
    await shop.campaign(BONUS, config={"points": 10}, days=(1, 2))
    moments = [shop.later(days=1, seconds=-1), shop.later(days=1), shop.later(days=2, seconds=-1), shop.later(days=2)]
    assert [(await moment.bought(AMOUNT)).points for moment in moments] == [0, 10, 10, 0]


async def test_the_job_writes_down_what_the_clock_says_once(shop: Shop) -> None:
    await shop.campaign(BONUS, config={"points": 10}, days=(1, 2), name="Soon")
    for later, moved, status in ((0, 0, "scheduled"), (1, 1, "active"), (1, 0, "active"), (2, 1, "completed")):
        at = shop.later(days=later)
        async with shop.database.tenant(shop.tenant_id) as tx:
            assert await campaigns.settle(tx, at.now) == moved
            assert [one.status for one in await campaigns.all_of(tx)] == [status]


async def test_a_step_is_taken_once_by_whoever_is_first(shop: Shop) -> None:
    campaign = await shop.campaign(BONUS, config={"points": 10})
    done = await gather(*(step(shop, campaign, "pause") for _ in range(8)))
    assert Counter(done) == {CampaignStatus.PAUSED: 1, None: 7}
    assert (await shop.bought(AMOUNT)).points == 0
    assert await step(shop, campaign, "resume") == CampaignStatus.ACTIVE
    assert (await shop.bought(AMOUNT)).points == 10
    assert await step(shop, campaign, "call_off") == CampaignStatus.CANCELLED
    assert await step(shop, campaign, "resume") is None
    assert (await shop.bought(AMOUNT)).points == 0


# -- for whom ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segment", "is_meant"),
    [
        ({}, True),
        ({"tags": ["vip", "early"]}, True),
        ({"tags": ["early"]}, False),
        ({"min_purchases": 5}, True),
        ({"min_purchases": 6}, False),
        ({"max_purchases": 5}, True),
        ({"max_purchases": 4}, False),
        ({"inactive_days": 30}, True),
        ({"inactive_days": 31}, False),
        ({"tags": ["vip"], "min_purchases": 6}, False),
    ],
)
def test_a_segment_is_all_that_it_says(segment: dict[str, Any], is_meant: bool) -> None:
    customer = Customer(
        tenant_id=NOBODY, phone_number="", tags=["vip"], total_purchases=5, last_purchase_at=NOW - 30 * DAY
    )
    campaign = Campaign(
        tenant_id=NOBODY, name="", campaign_type=BONUS, starts_at=NOW, ends_at=NOW, target_segment=segment
    )
    assert campaigns.is_for(campaign, customer, NOW) == is_meant


async def test_who_comes_back_is_thanked_once(shop: Shop) -> None:
    """A purchase ends the absence that it was thanked for; who never came has not been away."""
    campaign = await shop.campaign(BACK, config={"points": 40}, target_segment={"inactive_days": 60}, days=(-1, 400))
    assert (await shop.bought(AMOUNT)).points == 0
    back = shop.later(days=60)
    assert (await back.bought(AMOUNT)).points == 40
    assert (await back.later(hours=1).bought(AMOUNT)).points == 0
    assert await counted(shop, campaign) == Counts(1, 1)


# -- how much ------------------------------------------------------------------------------------------------


async def test_double_points_double_what_was_bought_and_not_the_welcome(shop: Shop) -> None:
    await shop.rule()
    await shop.rule(RuleType.FIRST_PURCHASE_BONUS, points=50)
    campaign = await shop.campaign(DOUBLE, name="Double weekend")
    logged = await shop.bought(AMOUNT)
    assert logged.bonus is not None
    assert (logged.points, logged.bonus.points, logged.bonus.name) == (100, 25, "Double weekend")
    (entry,) = await shop.rows(PointsTransaction)
    assert (entry.campaign_id, entry.source) == (campaign.id, "purchase")
    assert entry.details["campaign"]["inputs"]["amount"] == AMOUNT


async def test_only_the_best_campaign_counts_in_whatever_order(shop: Shop) -> None:
    """Invariant 37: the result does not depend on the order in which the campaigns come."""
    await shop.rule()
    three = [
        await shop.campaign(BONUS, config={"points": 20}, name="Twenty"),
        await shop.campaign(BONUS, config={"points": 30}, name="Thirty"),
        await shop.campaign(DOUBLE, config={"multiplier": 2}, name="Double"),
    ]
    logged = await shop.bought(AMOUNT)
    assert logged.points == 25 + 30
    picked = {
        best_bonus(order, logged.earnings, amount=AMOUNT, category=None).name  # type: ignore[union-attr]
        for order in permutations(three)
    }
    assert picked == {"Thirty"}
    assert (await shop.bought(500_000)).points == 50 + 50


@pytest.mark.parametrize(
    ("config", "points"),
    [
        ({"minimum": AMOUNT}, 10),
        ({"minimum": AMOUNT + 1}, 0),
        ({"categories": ["drinks"]}, 10),
        ({"categories": ["food"]}, 0),
    ],
)
async def test_a_campaign_has_conditions(shop: Shop, config: dict[str, Any], points: int) -> None:
    await shop.campaign(BONUS, config={"points": 10, **config})
    assert (await shop.bought(AMOUNT, category="drinks")).points == points


@pytest.mark.parametrize("paid_with", [PaidWith.GIFT_CARD, PaidWith.POINTS])
async def test_what_no_money_paid_earns_nothing(shop: Shop, paid_with: PaidWith) -> None:
    """Invariant 25: no rule and no campaign gives points on a gift card or on points."""
    for rule_type in RuleType:
        await shop.rule(rule_type, points=10, per=1, purchases=1)
    await shop.campaign(BONUS, config={"points": 10})
    assert (await shop.bought(AMOUNT, paid_with=paid_with)).points == 0
    assert await shop.rows(PointsTransaction) == []


async def test_a_key_answers_with_the_same_bonus(shop: Shop) -> None:
    """Invariant 18, though the campaign is over by then."""
    await shop.rule()
    await shop.campaign(DOUBLE)
    first = await shop.bought(AMOUNT, key="retry", return_window_days=3)
    assert await shop.later(days=2).bought(AMOUNT, key="retry") == first


# -- how often -----------------------------------------------------------------------------------------------


async def test_ten_at_once_stay_within_the_limit(shop: Shop) -> None:
    """Invariant 29: uses per customer never exceed the limit, and what is taken back frees one."""
    campaign = await shop.campaign(BONUS, config={"points": 10, "limit_per_customer": 3})
    logged = await gather(*(shop.bought(AMOUNT) for _ in range(10)))
    assert sorted(answer.points for answer in logged) == [0] * 7 + [10] * 3
    other = await shop.newcomer()
    assert (await shop.bought(AMOUNT, customer_id=other)).points == 10
    assert await counted(shop, campaign) == Counts(2, 4)
    await shop.undo(next(answer.purchase_id for answer in logged if answer.points))
    assert await counted(shop, campaign) == Counts(2, 3)
    assert (await shop.bought(AMOUNT)).points == 10


async def test_counts_are_right_whatever_comes_and_goes_at_once(shop: Shop) -> None:
    campaign = await shop.campaign(BONUS, config={"points": 10})
    people = [await shop.newcomer() for _ in range(5)]
    logged = await gather(*(shop.bought(AMOUNT, customer_id=people[i % 5]) for i in range(20)))
    await gather(
        *(shop.undo(answer.purchase_id) for answer in logged[::5]),
        *(shop.return_part(answer.purchase_id, AMOUNT // 2) for answer in logged[1::5]),
        *(shop.bought(AMOUNT, customer_id=people[1]) for _ in range(3)),
    )
    assert await counted(shop, campaign) == Counts(4, 19)


# -- what rewards cost ---------------------------------------------------------------------------------------


async def test_a_reward_costs_less_while_the_campaign_runs(shop: Shop) -> None:
    campaign = await shop.campaign(DISCOUNT, config={"percent": 25})
    reward = await shop.reward(50)
    await shop.earn(38)
    code = await shop.issued(reward)
    assert code.points == 38
    assert await counted(shop, campaign) == Counts()
    # the price holds until the code's time is over, even if the campaign's is before
    await shop.later(minutes=5).fulfil(code.code)
    assert await shop.balance() == Balance()
    assert await counted(shop, campaign) == Counts(1, 1)
    await shop.take_back(code.redemption_id)
    assert await counted(shop, campaign) == Counts()
    assert (await shop.balance()).points == 38


@pytest.mark.parametrize(
    ("configs", "price"),
    [
        ([{"percent": 25}], 38),
        ([{"percent": 100}], 1),
        ([{"points": 80}], 1),
        ([{"percent": 20}, {"points": 15}, {"percent": 10}], 35),
        ([{"percent": 50, "rewards": ["Something else"]}], 50),
        ([{"percent": 50, "rewards": ["Coffee"]}], 25),
    ],
)
def test_the_lowest_price_counts_and_is_never_nothing(configs: list[dict[str, Any]], price: int) -> None:
    """Invariant 37: discounts do not add up, and their order does not matter."""
    reward = Reward(tenant_id=NOBODY, name="Coffee", points_required=50)
    found = [
        Campaign(tenant_id=NOBODY, name=str(config), campaign_type=DISCOUNT, starts_at=NOW, ends_at=NOW, config=config)
        for config in configs
    ]
    assert {prices.offer(reward, order).points_required for order in permutations(found)} == {price}


async def test_a_friend_is_worth_more_while_a_campaign_runs(shop: Shop) -> None:
    await shop.campaign(FRIENDS, config={"points": 20}, name="Small")
    await shop.campaign(FRIENDS, config={"points": 15, "friend_points": 15}, name="Large")
    async with shop.database.tenant(shop.tenant_id) as tx:
        bonus = await campaigns.bonus_for_referral(tx, shop.customer, NOW)
        none = await campaigns.bonus_for_referral(tx, shop.customer, NOW + timedelta(days=1))
    assert bonus is not None
    assert (bonus.name, bonus.points, bonus.friend_points) == ("Large", 15, 15)
    assert none is None
