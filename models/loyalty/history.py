"""The last entries of a customer, with what a person needs to recognise them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.loyalty.tables import EntryKind, PointsTransaction, Purchase, Reward, RewardRedemption
from models.statements import ours


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: a purchase of `amount` minor units of `currency`, a `reward`, or something described."""

    points: int
    kind: EntryKind
    at: datetime
    balance_after: int
    amount: int | None = None
    currency: str | None = None
    reward: str | None = None
    description: str | None = None


_HISTORY = (
    select_columns(
        col(PointsTransaction.points),
        col(PointsTransaction.transaction_type),
        col(PointsTransaction.occurred_at),
        col(PointsTransaction.balance_after),
        col(PointsTransaction.description),
        col(Purchase.amount),
        col(Purchase.currency),
        col(Reward.name),
    )
    .select_from(PointsTransaction)
    .outerjoin(Purchase, ours(Purchase) & (col(Purchase.id) == col(PointsTransaction.purchase_id)))
    .outerjoin(
        RewardRedemption,
        ours(RewardRedemption) & (col(RewardRedemption.id) == col(PointsTransaction.reward_redemption_id)),
    )
    .outerjoin(Reward, ours(Reward) & (col(Reward.id) == col(RewardRedemption.reward_id)))
    .where(ours(PointsTransaction), col(PointsTransaction.customer_id) == bindparam("customer_id"))
    .order_by(col(PointsTransaction.occurred_at).desc(), col(PointsTransaction.id).desc())
    .limit(bindparam("limit"))
)


async def history(tx: Tx, customer_id: UUID, limit: int = 5) -> list[Line]:
    """The latest entries, newest first."""
    rows = await tx.all(_HISTORY, tenant_id=tx.tenant_id, customer_id=customer_id, limit=limit)
    return [
        Line(
            points=row.points,
            kind=EntryKind(row.transaction_type),
            at=row.occurred_at,
            balance_after=row.balance_after,
            amount=row.amount,
            currency=row.currency,
            reward=row.name,
            description=row.description,
        )
        for row in rows
    ]
