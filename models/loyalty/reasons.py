"""Why somebody got points: what was stored with the entry, and nothing that is worked out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Integer, bindparam, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.db import Tx
from models.loyalty.tables import EntryKind, PointsLot, PointsTransaction, Purchase
from models.statements import ours


@dataclass(frozen=True, slots=True)
class Reason:
    """One earning: `rules` as they were applied, the `campaign` that added to them, and what was taken back since.

    `amount` in minor units of `currency`, if it was a purchase; `source` in other cases.
    """

    points: int
    at: datetime
    rules: list[Mapping[str, Any]]
    campaign: Mapping[str, Any] | None
    achievement: str | None
    source: str | None
    amount: int | None
    currency: str | None
    taken_back: int
    available_at: datetime


_Back = aliased(PointsTransaction)
_taken_back = (
    select_columns(func.coalesce(-func.sum(col(_Back.points)), 0))
    .where(ours(_Back), col(_Back.reverses_id) == col(PointsTransaction.id))
    .correlate(PointsTransaction)
    .scalar_subquery()
)
_LATEST: Executable = (
    select_columns(
        col(PointsTransaction.points),
        col(PointsTransaction.occurred_at),
        col(PointsTransaction.details),
        col(PointsTransaction.source),
        col(Purchase.amount),
        col(Purchase.currency),
        col(PointsLot.available_at),
        _taken_back.label("taken_back"),
    )
    .select_from(PointsTransaction)
    .join(PointsLot, ours(PointsLot) & (col(PointsLot.transaction_id) == col(PointsTransaction.id)))
    .outerjoin(Purchase, ours(Purchase) & (col(Purchase.id) == col(PointsTransaction.purchase_id)))
    .where(
        ours(PointsTransaction),
        col(PointsTransaction.customer_id) == bindparam("customer_id"),
        col(PointsTransaction.transaction_type) == EntryKind.EARNED,
        func.coalesce(bindparam("points", type_=Integer()), col(PointsTransaction.points))
        == col(PointsTransaction.points),
    )
    .order_by(col(PointsTransaction.occurred_at).desc(), col(PointsTransaction.id).desc())
    .limit(1)
)


async def latest(tx: Tx, customer_id: UUID, points: int | None = None) -> Reason | None:
    """The customer's latest earning, or the latest of so many points. None if there is none."""
    row = await tx.one(_LATEST, tenant_id=tx.tenant_id, customer_id=customer_id, points=points)
    if row is None:
        return None
    return Reason(
        points=row.points,
        at=row.occurred_at,
        rules=row.details.get("earnings", []),
        campaign=row.details.get("campaign"),
        achievement=row.details.get("achievement"),
        source=row.source,
        amount=row.amount,
        currency=row.currency,
        taken_back=row.taken_back,
        available_at=row.available_at,
    )
