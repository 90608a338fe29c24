"""What was logged at the till over some weeks, as the signals look at it."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import col

from models.booking.hours import Timetable
from models.booking.openings import Hours, Window
from models.booking.wall_time import first_reached
from models.db import Tx
from models.loyalty.signals import Move, Sale, Till
from models.loyalty.tables import EntryKind, PointsTransaction, Purchase
from models.statements import ours

WEEK, LOOKING_BACK = timedelta(days=7), timedelta(days=28)
GRACE = timedelta(minutes=30)
"""So long before opening and after closing somebody may still be logging what was sold."""
_NOBODY = UUID(int=0)
"""The hours of no service and no resource in particular: those of the shop."""

_SALES = (
    select(
        col(Purchase.customer_id),
        col(Purchase.logged_by_user_id),
        col(Purchase.amount),
        col(Purchase.points_awarded),
        col(Purchase.purchased_at),
        (col(Purchase.logged_via) == "receipt").label("by_receipt"),
    )
    .where(
        ours(Purchase),
        col(Purchase.purchased_at) >= bindparam("since"),
        col(Purchase.purchased_at) < bindparam("until"),
        col(Purchase.reversed_at).is_(None),
        col(Purchase.logged_by_user_id).is_not(None),
    )
    .order_by(col(Purchase.purchased_at), col(Purchase.id))
)
_MOVES = (
    select(
        col(PointsTransaction.customer_id),
        col(PointsTransaction.created_by_user_id),
        col(PointsTransaction.transaction_type),
        col(PointsTransaction.points),
        col(PointsTransaction.occurred_at),
        col(PointsTransaction.details)["is_alone"].as_boolean().is_(True).label("is_alone"),
    )
    .where(
        ours(PointsTransaction),
        col(PointsTransaction.occurred_at) >= bindparam("since"),
        col(PointsTransaction.occurred_at) < bindparam("until"),
        col(PointsTransaction.created_by_user_id).is_not(None),
        col(PointsTransaction.transaction_type) != EntryKind.REVERSED,
    )
    .order_by(col(PointsTransaction.occurred_at), col(PointsTransaction.id))
)


async def of_week(tx: Tx, monday: date, zone: ZoneInfo) -> Till:
    """The week that begins on this Monday of the shop's own calendar, and the sales of the three weeks before."""
    since, until = (first_reached(datetime.combine(day, time(0)), zone) for day in (monday, monday + WEEK))
    sales = await tx.all(_SALES, tenant_id=tx.tenant_id, since=until - LOOKING_BACK, until=until)
    moves = await tx.all(_MOVES, tenant_id=tx.tenant_id, since=since, until=until)
    hours = (await Timetable.load(tx, _NOBODY, monday, 7)).hours(_NOBODY)
    return Till(since, [Sale(*row) for row in sales], [_move(row) for row in moves], _Doors(hours, zone).is_open)


def _move(row: Any) -> Move:  # noqa: ANN401 - a row of chosen columns
    return Move(row[0], row[1], row[2], row[3], row[4], row.is_alone)


class _Doors:
    """Whether the shop was open, or nearly; one that has told no hours always was."""

    def __init__(self, hours: Hours, zone: ZoneInfo) -> None:
        self._hours, self._zone = hours, zone
        self._are_told = any(hours.weekly.values()) or bool(hours.overrides)

    def is_open(self, at: datetime) -> bool:
        wall = at.astimezone(self._zone).replace(tzinfo=None)
        days = (wall.date() - timedelta(days=1), wall.date(), wall.date() + timedelta(days=1))
        return not self._are_told or any(
            _holds(day, window, wall) for day in days for window in self._hours.windows(day)
        )


def _holds(day: date, window: Window, wall: datetime) -> bool:
    """Whether the window of that day, with its grace, holds the wall time; one that ends at midnight ends the day."""
    start = datetime.combine(day, window.start)
    end = datetime.combine(day + timedelta(days=window.end == time(0)), window.end)
    return start - GRACE <= wall <= end + GRACE
