"""What points buy."""

from typing import Any

import pytest

from models.loyalty.rewards import affordable, is_offered, next_reward, on_offer
from models.loyalty.tables import Reward
from tests.models.loyalty.shop import DAY, NOW, Shop


async def offered(shop: Shop) -> list[Reward]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await on_offer(tx, shop.now)


async def test_the_offer_is_cheapest_first(shop: Shop) -> None:
    for points in (90, 30, 60):
        await shop.reward(points, name=f"For {points}")
    rewards = await offered(shop)
    assert [reward.points_required for reward in rewards] == [30, 60, 90]
    assert [reward.points_required for reward in affordable(rewards, 60)] == [30, 60]
    nearest = [next_reward(rewards, points) for points in (0, 30, 60)]
    assert [reward and reward.points_required for reward in nearest] == [30, 60, 90]
    assert next_reward(rewards, 90) is None


@pytest.mark.parametrize(
    ("facts", "can_be_had"),
    [
        ({"is_active": False}, False),
        ({"deleted_at": NOW}, False),
        ({"stock_quantity": 0}, False),
        ({"stock_quantity": 1}, True),
        ({"valid_from": NOW}, True),
        ({"valid_from": NOW + DAY}, False),
        ({"valid_until": NOW}, False),
        ({"valid_until": NOW + DAY}, True),
    ],
)
async def test_only_what_can_be_had_is_offered(shop: Shop, facts: dict[str, Any], can_be_had: bool) -> None:
    reward = await shop.reward(**facts)
    assert [found.id for found in await offered(shop)] == ([reward.id] if can_be_had else [])
    assert is_offered(reward, NOW) == (can_be_had or reward.stock_quantity == 0)
