"""Rewards that wait for their customer at the counter: what is held, until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.loyalty.tables import RedemptionStatus, Reward, RewardRedemption
from models.statements import ours, written


@dataclass(frozen=True, slots=True)
class Held:
    """A reward whose code still counts until `expires_at`, and the points it costs."""

    redemption_id: UUID
    reward_id: UUID
    reward: str
    points: int
    expires_at: datetime


_HELD: Executable = (
    select_columns(
        col(RewardRedemption.id),
        col(RewardRedemption.reward_id),
        col(Reward.name),
        col(RewardRedemption.points_deducted),
        col(RewardRedemption.expires_at),
    )
    .join(Reward, ours(Reward) & (col(Reward.id) == col(RewardRedemption.reward_id)))
    .where(
        ours(RewardRedemption),
        col(RewardRedemption.customer_id) == bindparam("customer_id"),
        col(RewardRedemption.status) == written(RedemptionStatus.PENDING),
        col(RewardRedemption.expires_at) > bindparam("now"),
    )
    .order_by(col(RewardRedemption.expires_at), col(RewardRedemption.id))
)


async def held(tx: Tx, customer_id: UUID, now: datetime) -> list[Held]:
    """The customer's rewards that still wait, the first to run out first."""
    whose: dict[str, Any] = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    rows = await tx.all(_HELD, **whose, now=now)
    return [Held(row.id, row.reward_id, row.name, row.points_deducted, row.expires_at) for row in rows]
