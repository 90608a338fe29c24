"""What a customer can spend, and what of it is about to expire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Executable, Select, bindparam, func, literal_column, or_, true, union_all
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.loyalty.lots import UseState
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tables import PointsLot, PointsLotUse, RedemptionStatus, RewardRedemption
from models.people.members import name_of
from models.people.tables import Customer
from models.statements import ours, written

_SOON = timedelta(days=30)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Balance:
    """`points` can be spent now, `held` wait at the till, `debt` is what the next earnings repay.

    `pending` can be spent once the goods they were earned with cannot come back, the first of them at `pending_until`.
    `expiring` of the points go within the time asked about, the first of them at `expires_at`.
    """

    points: int = 0
    held: int = 0
    debt: int = 0
    expiring: int = 0
    expires_at: datetime | None = None
    pending: int = 0
    pending_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with `points` to spend; `phone` in E.164."""

    name: str | None
    phone: str
    points: int


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
_TOP: Executable = (
    select_columns(
        col(Customer.phone_number),
        col(Customer.first_name),
        col(Customer.last_name),
        col(Customer.whatsapp_name),
        (func.sum(col(PointsLot.remaining)) - func.max(col(Account.debt))).label("points"),
    )
    .select_from(PointsLot)
    .join(Account, ours(Account) & (col(Account.customer_id) == col(PointsLot.customer_id)))
    .join(Customer, ours(Customer) & (col(Customer.id) == col(PointsLot.customer_id)))
    .where(
        ours(PointsLot),
        col(PointsLot.remaining) > written(0),
        col(PointsLot.available_at) <= bindparam("now"),
        or_(col(PointsLot.expires_at).is_(None), col(PointsLot.expires_at) > bindparam("now")),
        col(Customer.deleted_at).is_(None),
    )
    .group_by(col(Customer.tenant_id), col(Customer.id))
    .order_by(literal_column("points").desc(), col(Customer.phone_number))
    .limit(bindparam("most"))
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
    pending = sorted((row for row in piles if row.available_at > now), key=lambda row: row.available_at)
    free, debt = _after_debt(usable, rows[0].debt)
    coming, debt = _pay(pending, debt)
    going = [(pile, points) for pile, points in free if pile.expires_at and pile.expires_at <= now + soon]
    return Balance(
        points=_total(free),
        held=rows[0].held - sum(row.points for row in piles if row.overdue),
        debt=debt,
        expiring=_total(going),
        expires_at=going[0][0].expires_at if going else None,
        pending=_total(coming),
        pending_until=coming[0][0].available_at if coming else None,
    )


async def top(tx: Tx, now: datetime, most: int = 10) -> list[Holder]:
    """Who can spend most at `now`, most first."""
    rows = await tx.all(_TOP, tenant_id=tx.tenant_id, now=now, most=most)
    return [
        Holder(name_of(row.first_name, row.last_name, row.whatsapp_name), row.phone_number, row.points) for row in rows
    ]


def _after_debt(usable: Sequence[Any], debt: int) -> tuple[list[tuple[Any, int]], int]:
    """What is left in each pile once the debt is paid: a timed-out code may owe what it gives back."""
    return _pay(sorted(usable, key=lambda row: row.expires_at or _NEVER), debt)


def _pay(piles: Sequence[Any], debt: int) -> tuple[list[tuple[Any, int]], int]:
    """The piles that are not used up by the debt, with what is left of each, and what is left of the debt."""
    left: list[tuple[Any, int]] = []
    for pile in piles:
        paid = min(debt, pile.points)
        debt -= paid
        if pile.points > paid:
            left.append((pile, pile.points - paid))
    return left, debt


def _total(piles: Sequence[tuple[Any, int]]) -> int:
    return sum(points for _, points in piles)
