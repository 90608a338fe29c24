"""Looking over several days at once, and back to when a customer came last."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column
from sqlmodel import col, select

from models.booking.busy import Asking
from models.booking.schedule import Schedule, Slot
from models.booking.tables import Booking, Service
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


async def last_start(tx: Tx, customer_id: UUID) -> datetime | None:
    """When the customer's latest appointment begins or began, in UTC; what was called off does not count."""
    found: datetime | None = await tx.value(_LAST, tenant_id=tx.tenant_id, customer_id=customer_id)
    return found
