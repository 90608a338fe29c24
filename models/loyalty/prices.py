"""What a reward costs a customer now: its points, less what the best running campaign takes off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.db import Tx
from models.loyalty import campaigns, rewards
from models.loyalty.earning_tables import Campaign, CampaignType
from models.loyalty.tables import Reward
from models.people.tables import Customer


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward at its price: `points_required` is what it costs the customer now, `campaign` what lowered it."""

    reward: Reward
    points_required: int
    campaign: Campaign | None = None

    @property
    def id(self) -> UUID:
        return self.reward.id

    @property
    def name(self) -> str:
        return self.reward.name


async def offers(tx: Tx, customer: Customer, now: datetime) -> list[Offer]:
    """Every reward that can be had now at the customer's price, cheapest first."""
    offered = await rewards.on_offer(tx, now)
    discounts = await campaigns.running(tx, customer, now, CampaignType.REWARD_DISCOUNT) if offered else []
    priced = [offer(reward, discounts) for reward in offered]
    return sorted(priced, key=lambda one: (one.points_required, one.name))


async def price(tx: Tx, customer: Customer, reward: Reward, now: datetime) -> Offer:
    """The reward at the customer's price."""
    return offer(reward, await campaigns.running(tx, customer, now, CampaignType.REWARD_DISCOUNT))


def offer(reward: Reward, discounts: Sequence[Campaign]) -> Offer:
    """The reward at the lowest price that one of the campaigns makes; they do not add up."""
    fitting = [one for one in discounts if reward.name in one.config.get("rewards", (reward.name,))]
    best = min(fitting, key=lambda one: (_lowered(reward, one), one.starts_at, one.name), default=None)
    if best is None or _lowered(reward, best) >= reward.points_required:
        return Offer(reward, reward.points_required)
    return Offer(reward, _lowered(reward, best), best)


def _lowered(reward: Reward, campaign: Campaign) -> int:
    """A part of a point is not taken off; a reward costs at least one."""
    full = reward.points_required
    off = campaign.config.get("points", 0) + full * campaign.config.get("percent", 0) // 100
    return max(1, full - int(off))
