"""What points buy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from models.db import Tx
from models.loyalty.tables import Reward
from models.statements import ours


class Priced(Protocol):
    """A reward, or one at a customer's price."""

    @property
    def points_required(self) -> int: ...


P = TypeVar("P", bound=Priced)

_ON_OFFER = (
    select(Reward)
    .where(
        ours(Reward),
        col(Reward.is_active),
        col(Reward.deleted_at).is_(None),
        or_(col(Reward.stock_quantity).is_(None), col(Reward.stock_quantity) > 0),
        or_(col(Reward.valid_from).is_(None), col(Reward.valid_from) <= bindparam("now")),
        or_(col(Reward.valid_until).is_(None), col(Reward.valid_until) > bindparam("now")),
    )
    .order_by(col(Reward.points_required), col(Reward.name))
)


async def on_offer(tx: Tx, now: datetime) -> list[Reward]:
    """Every reward that can be had now, cheapest first."""
    return await tx.all(_ON_OFFER, tenant_id=tx.tenant_id, now=now)


def is_offered(reward: Reward, now: datetime) -> bool:
    """Whether the reward may be asked for at `now`, in stock or not."""
    began = reward.valid_from is None or reward.valid_from <= now
    ended = reward.valid_until is not None and reward.valid_until <= now
    return reward.is_active and reward.deleted_at is None and began and not ended


def affordable(rewards: Sequence[P], points: int) -> list[P]:
    """Those that `points` pay for, in the order given."""
    return [reward for reward in rewards if reward.points_required <= points]


def next_reward(rewards: Sequence[P], points: int) -> P | None:
    """The cheapest that `points` do not pay for yet."""
    beyond = [reward for reward in rewards if reward.points_required > points]
    return min(beyond, key=lambda reward: reward.points_required, default=None)
