"""The customer's word that he will come: kept with the booking, for the time it was given for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, update

from models.booking.tables import Booking, BookingStatus, Service
from models.db import Tx
from models.statements import ours, written

_WANTED = bindparam("booking_id", type_=Uuid)
_OWN = (
    ours(Booking),
    col(Booking.customer_id) == bindparam("customer_id"),
    col(Booking.status) == written(BookingStatus.CONFIRMED),
    col(Booking.starts_at) > bindparam("now"),
)
# held still, so that it is not moved away under the word that is given for it
_BOOKING = (
    select_columns(
        col(Booking.id),
        col(Booking.visit_id),
        col(Booking.during),
        col(Booking.version),
        col(Service.name).label("service"),
    )
    .join(Service, and_(col(Service.tenant_id) == Booking.tenant_id, col(Service.id) == Booking.service_id))
    .where(*_OWN, or_(_WANTED.is_(None), col(Booking.id) == _WANTED))
    .order_by(col(Booking.starts_at))
    .limit(1)
    .with_for_update(of=Booking, key_share=True)
)
_KEEP = (
    update(Booking)
    .where(*_OWN, or_(col(Booking.id) == _WANTED, col(Booking.visit_id) == bindparam("visit_id", type_=Uuid)))
    .values(customer_confirmed_at=func.coalesce(Booking.customer_confirmed_at, bindparam("now")))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The booking that is coming, `start` in UTC. Unless it `is_as_spoken_of`, nothing was kept: it has changed."""

    service: str
    start: datetime
    is_as_spoken_of: bool


async def keep(
    tx: Tx, booking_id: UUID | None, *, version: int | None, customer_id: UUID, now: datetime
) -> Kept | None:
    """The customer will be there, at the time that `version` of the booking has; None if he has no such booking.

    It counts for the whole visit. Without a `booking_id` his next one is meant. Twice is once.
    """
    row = await tx.one(_BOOKING, tenant_id=tx.tenant_id, booking_id=booking_id, customer_id=customer_id, now=now)
    if row is None:
        return None
    kept = Kept(row.service, row.during.lower, is_as_spoken_of=version in {None, row.version})
    if kept.is_as_spoken_of:
        own = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
        await tx.run(_KEEP, booking_id=row.id, visit_id=row.visit_id, now=now, **own)
    return kept
