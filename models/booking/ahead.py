"""Looking over several days at once, and back to when a customer came last."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column
from sqlmodel import col, select

from models.booking.busy import Asking
from models.booking.schedule import Schedule, Slot
from models.booking.tables import Booking, Service
from models.booking.visit_plan import visit_times
from models.db import Tx

_STOOD: list[ColumnElement[str]] = [
    literal_column(f"'{status}'") for status in ("pending", "confirmed", "in_progress", "completed")
]
# of one customer there are few: ix_bookings_customer leads to them
_LAST = (
    select(Booking.starts_at)
    .where(
        col(Booking.tenant_id) == bindparam("tenant_id"),
        col(Booking.customer_id) == bindparam("customer_id"),
        col(Booking.status).in_(_STOOD),
    )
    .order_by(col(Booking.starts_at).desc())
    .limit(1)
)


async def free_slots(tx: Tx, service: Service, first: date, last: date, asking: Asking) -> list[Slot]:
    """Every opening of the local days from `first` to `last`, both included, earliest first."""
    days = (last - first).days + 1
    if days < 1:
        return []
    schedule = await Schedule.load(tx, service, first, days, asking)
    return [slot for day in schedule.free_days(first, days) for slot in schedule.free_times(day)]


async def free_days(tx: Tx, service: Service, first: date, last: date, asking: Asking) -> list[date]:
    """The local days from `first` to `last`, both included, that have a time to offer, earliest first."""
    days = (last - first).days + 1
    if days < 1:
        return []
    return (await Schedule.load(tx, service, first, days, asking)).free_days(first, days)


async def free_visits(
    tx: Tx, services: Sequence[Service], first: date, last: date, asking: Asking, most_days: int = 10
) -> list[Slot]:
    """The times at which these services can follow each other, on the first days that have any, earliest first.

    A day costs a look at each service, so no more than `most_days` are looked for.
    """
    found: list[Slot] = []
    for day in await free_days(tx, services[0], first, last, asking):
        times = await visit_times(
            tx,
            services,
            day,
            now=asking.now,
            zone=asking.zone,
            seats=asking.seats,
            for_customer=asking.customer_id,
            moving=asking.moving,
        )
        found.extend(Slot(one.start, one.end, (), asking.seats) for one in times)
        most_days -= bool(times)
        if not most_days:
            break
    return found


async def last_start(tx: Tx, customer_id: UUID) -> datetime | None:
    """When the customer's latest appointment begins or began, in UTC; what was called off does not count."""
    found: datetime | None = await tx.value(_LAST, tenant_id=tx.tenant_id, customer_id=customer_id)
    return found
