"""What several campaigns come to: the best of them, in whatever order they are read."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import uuid7
from models.loyalty.campaigns import best_bonus
from models.loyalty.earning_tables import Campaign, CampaignType
from models.loyalty.prices import offer
from models.loyalty.rules import Earning
from models.loyalty.tables import Reward, RuleType
from tests.models.loyalty.shop import NOW
from tests.thoroughness import examples

NOBODY = UUID(int=0)
numbers = st.integers(0, 130)


def named(
    kinds: st.SearchStrategy[CampaignType], configs: st.SearchStrategy[dict[str, int]]
) -> st.SearchStrategy[list[Campaign]]:
    """Some campaigns, of which no two have one name, in an order of their own."""
    return st.lists(st.tuples(kinds, configs, st.integers(0, 2)), max_size=5).flatmap(
        lambda found: st.permutations([_campaign(name, *one) for name, one in enumerate(found)])
    )


def _campaign(name: int, kind: CampaignType, config: dict[str, int], day: int) -> Campaign:
    begins = NOW + timedelta(days=day)
    facts: dict[str, Any] = {"starts_at": begins, "ends_at": begins + timedelta(days=5), "config": config}
    return Campaign(tenant_id=NOBODY, name=f"Campaign {name}", campaign_type=kind, **facts)


discounts = named(
    st.just(CampaignType.REWARD_DISCOUNT), st.fixed_dictionaries({}, optional={"percent": numbers, "points": numbers})
)
bonuses = named(
    st.sampled_from([CampaignType.BONUS_POINTS, CampaignType.DOUBLE_POINTS]),
    st.fixed_dictionaries({}, optional={"points": numbers, "multiplier": st.integers(2, 4), "minimum": numbers}),
)


@settings(max_examples=examples(100), deadline=None)
@given(discounts, st.integers(1, 120), st.randoms(use_true_random=False))
def test_a_price_knows_no_order_and_is_never_nothing(found: list[Campaign], full: int, random: Random) -> None:
    """Invariant 37, of what rewards cost."""
    reward = Reward(tenant_id=NOBODY, name="Coffee", points_required=full)
    again = sorted(found, key=lambda _: random.random())
    first = offer(reward, found)
    assert first == offer(reward, again)
    assert 1 <= first.points_required <= full
    assert first.points_required == min([full, *(offer(reward, [one]).points_required for one in found)])


@settings(max_examples=examples(100), deadline=None)
@given(bonuses, st.lists(st.integers(0, 50), max_size=3), numbers, st.randoms(use_true_random=False))
def test_a_bonus_knows_no_order(found: list[Campaign], points: list[int], amount: int, random: Random) -> None:
    """Invariant 37, of what purchases earn."""
    inputs = {"type": RuleType.PER_AMOUNT_SPENT}
    earnings = [Earning(uuid7(), "Rule", 1, one, inputs) for one in points]
    again = sorted(found, key=lambda _: random.random())
    first = best_bonus(found, earnings, amount=amount, category=None)
    assert first == best_bonus(again, earnings, amount=amount, category=None)
    alone = [best_bonus([one], earnings, amount=amount, category=None) for one in found]
    assert (first.points if first else 0) == max([0, *(one.points for one in alone if one)])
