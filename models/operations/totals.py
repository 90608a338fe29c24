"""What a day at the shop came to: purchases, points, bookings. Each figure is a sum over that day's rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, func, literal_column, select
from sqlmodel import col

from models.booking.tables import Booking, BookingStatus
from models.db import Tx
from models.loyalty.refunds import AMOUNT_BACK
from models.loyalty.tables import EntryKind, PointsTransaction, Purchase
from models.people.tables import User
from models.statements import ours


@dataclass(frozen=True, slots=True)
class Totals:
    """`amount` in minor units, of what was bought and not brought back.

    `adjusted` is what adjustments came to, with its sign.
    """

    purchases: int
    amount: int
    given: int
    redeemed: int
    taken_back: int
    adjusted: int
    adjustments: int
    bookings: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one member of staff logged and has not come back: `amount` in minor units."""

    name: str
    purchases: int
    amount: int


def _during(column: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:  # noqa: ANN401 - a column
    return column >= bindparam("since"), column < bindparam("until")


def _sum(column: Any, *which: ColumnElement[bool]) -> ColumnElement[int]:  # noqa: ANN401 - a column
    return cast(func.coalesce(func.sum(column).filter(*which), 0), BigInteger)


_STANDS = col(Purchase.reversed_at).is_(None)
_KEPT_AMOUNT = col(Purchase.amount) - AMOUNT_BACK
_KIND, _POINTS = col(PointsTransaction.transaction_type), col(PointsTransaction.points)
_PURCHASES = select(func.count().label("purchases"), _sum(_KEPT_AMOUNT).label("amount")).where(
    ours(Purchase), *_during(col(Purchase.purchased_at)), _STANDS
)
_TAKEN_BACK = select(func.count()).where(ours(Purchase), *_during(col(Purchase.reversed_at)))
_ENTRIES = select(
    _sum(_POINTS, _KIND == EntryKind.EARNED).label("given"),
    _sum(-_POINTS, _KIND == EntryKind.REDEEMED).label("redeemed"),
    _sum(_POINTS, _KIND == EntryKind.ADJUSTED).label("adjusted"),
    func.count().filter(_KIND == EntryKind.ADJUSTED).label("adjustments"),
).where(ours(PointsTransaction), *_during(col(PointsTransaction.occurred_at)))
_BOOKINGS = select(func.count()).where(
    ours(Booking),
    *_during(col(Booking.starts_at)),
    col(Booking.status).not_in((BookingStatus.HELD, BookingStatus.CANCELLED)),
)
_SHARES = (
    select(col(User.full_name), func.count().label("purchases"), _sum(_KEPT_AMOUNT).label("amount"))
    .select_from(Purchase)
    .join(User, ours(User) & (col(User.id) == col(Purchase.logged_by_user_id)))
    .where(ours(Purchase), *_during(col(Purchase.purchased_at)), _STANDS)
    .group_by(col(User.id), col(User.full_name))
    .order_by(literal_column("amount").desc(), col(User.full_name))
)


async def totals(tx: Tx, since: datetime, until: datetime) -> Totals:
    """The figures of [since, until)."""
    of_day = {"tenant_id": tx.tenant_id, "since": since, "until": until}
    bought, entries = await tx.one(_PURCHASES, **of_day), await tx.one(_ENTRIES, **of_day)
    taken_back, bookings = await tx.value(_TAKEN_BACK, **of_day), await tx.value(_BOOKINGS, **of_day)
    return Totals(
        purchases=bought.purchases,
        amount=bought.amount,
        given=entries.given,
        redeemed=entries.redeemed,
        taken_back=taken_back,
        adjusted=entries.adjusted,
        adjustments=entries.adjustments,
        bookings=bookings,
    )


async def shares(tx: Tx, since: datetime, until: datetime) -> list[Share]:
    """Who logged how much of it, most first."""
    rows = await tx.all(_SHARES, tenant_id=tx.tenant_id, since=since, until=until)
    return [Share(*row) for row in rows]
