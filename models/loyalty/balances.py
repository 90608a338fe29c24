"""What a customer can spend, and what of it is about to expire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Select, bindparam, literal_column, true, union_all
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.loyalty.lots import UseState
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tables import PointsLot, PointsLotUse, RedemptionStatus, RewardRedemption
from models.statements import ours, written

_SOON = timedelta(days=30)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Balance:
    """`points` can be spent now, `held` wait at the till, `debt` is what the next earnings repay.

    `expiring` of the points go within the time asked about, the first of them at `expires_at`.
    """

    points: int = 0
    held: int = 0
    debt: int = 0
    expiring: int = 0
    expires_at: datetime | None = None


_in_lots: Select[Any, Any, Any, Any] = select_columns(
    col(PointsLot.available_at),
    col(PointsLot.expires_at),
    col(PointsLot.remaining).label("points"),
    literal_column("false", Boolean).label("overdue"),
).where(
    ours(PointsLot),
    col(PointsLot.customer_id) == bindparam("customer_id"),
    col(PointsLot.remaining) > written(0),
)

_in_overdue_codes: Select[Any, Any, Any, Any] = (
    select_columns(
        col(PointsLot.available_at),
        col(PointsLot.expires_at),
        col(PointsLotUse.points),
        literal_column("true", Boolean).label("overdue"),
    )
    .select_from(RewardRedemption)
    .join(PointsLotUse, col(PointsLotUse.reward_redemption_id) == col(RewardRedemption.id))
    .join(PointsLot, col(PointsLot.id) == col(PointsLotUse.lot_id))
    .where(
        *(ours(table) for table in (RewardRedemption, PointsLotUse, PointsLot)),
        col(RewardRedemption.customer_id) == bindparam("customer_id"),
        col(RewardRedemption.status) == written(RedemptionStatus.PENDING),
        col(RewardRedemption.expires_at) <= bindparam("now"),
        col(PointsLotUse.state) == UseState.HELD,
    )
)
_piles = union_all(_in_lots, _in_overdue_codes).subquery("piles")

# one statement, so that sums and lots are of one moment
_BALANCE = (
    select_columns(col(Account.held), col(Account.debt), _piles)
    .select_from(Account)
    .outerjoin(_piles, true())
    .where(ours(Account), col(Account.customer_id) == bindparam("customer_id"))
)


async def balance(tx: Tx, customer_id: UUID, now: datetime, *, soon: timedelta = _SOON) -> Balance:
    """What the customer has at `now`: expired points are gone and codes that have timed out hold nothing.

    Nobody needs to have written that down.
    """
    rows = await tx.all(_BALANCE, tenant_id=tx.tenant_id, customer_id=customer_id, now=now)
    if not rows:
        return Balance()
    piles = [row for row in rows if row.points is not None]
    usable = [row for row in piles if row.available_at <= now < (row.expires_at or _NEVER)]
    free = _after_debt(usable, rows[0].debt)
    going = [(expires_at, points) for expires_at, points in free if points and expires_at <= now + soon]
    return Balance(
        points=sum(points for _, points in free),
        held=rows[0].held - sum(row.points for row in piles if row.overdue),
        debt=max(0, rows[0].debt - sum(row.points for row in usable)),
        expiring=sum(points for _, points in going),
        expires_at=min((expires_at for expires_at, _ in going), default=None),
    )


def _after_debt(usable: Sequence[Any], debt: int) -> list[tuple[datetime, int]]:
    """Expiry and points of each pile once the debt is paid: a timed-out code may owe what it gives back."""
    free: list[tuple[datetime, int]] = []
    for row in sorted(usable, key=lambda row: row.expires_at or _NEVER):
        paid = min(debt, row.points)
        free.append((row.expires_at or _NEVER, row.points - paid))
        debt -= paid
    return free
