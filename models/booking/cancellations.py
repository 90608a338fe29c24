"""Giving up a booking: by its customer until the service's cut-off, by staff whenever it has not been kept."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, update

from models.booking import journal, reminders
from models.booking.tables import Booking, BookingStatus, Service
from models.db import Row, Tx
from models.people.tables import User
from models.statements import ours, written

OWN = (
    ours(Booking),
    col(Booking.id) == bindparam("booking_id"),
    # staff name no customer: they change everybody's
    or_(bindparam("customer_id", type_=Uuid).is_(None), col(Booking.customer_id) == bindparam("customer_id")),
)
"""A booking, if it is the customer's."""

# until when the customer may change a booking that stands
_CLOSES_AT = col(Booking.starts_at) - func.make_interval(0, 0, 0, 0, 0, Service.cutoff_minutes)
_OF_SERVICE = and_(col(Service.tenant_id) == Booking.tenant_id, col(Service.id) == Booking.service_id)
_STANDING = select_columns(col(Booking.status), col(Booking.starts_at)).where(*OWN)
_CANCEL = (
    update(Booking)
    .where(
        *OWN,
        _OF_SERVICE,
        col(Booking.status).in_([written("held"), written("pending"), written("confirmed")]),
        or_(
            bindparam("user_id", type_=Uuid).is_not(None),
            and_(
                col(Booking.starts_at) > bindparam("now"),
                # a request that nobody has answered can be taken back until it begins
                or_(col(Booking.status) != written("confirmed"), bindparam("now") <= _CLOSES_AT),
            ),
        ),
    )
    .values(
        status="cancelled",
        cancelled_at=bindparam("now"),
        cancelled_by=bindparam("user_id"),
        cancellation_reason=bindparam("reason"),
        version=Booking.version + 1,
    )
)


class CancelOutcome(StrEnum):
    """What became of the wish to cancel.

    `too_late`: it has started, or is over. `cut_off`: it is too near for its customer, staff still may.
    `unknown`: it is not the customer's.
    """

    CANCELLED = "cancelled"
    ALREADY = "already"
    TOO_LATE = "too_late"
    CUT_OFF = "cut_off"
    UNKNOWN = "unknown"


async def cancel(
    tx: Tx,
    booking_id: UUID,
    *,
    now: datetime,
    customer_id: UUID | None = None,
    by: User | None = None,
    reason: str | None = None,
) -> CancelOutcome:
    """Gives up the customer's own booking, or hold, that has not started. Twice is once.

    Staff (`by`) cancel anybody's, after the cut-off and after its start too, as long as it was not kept.
    Raises ValueError if it is neither a customer nor staff who wants it.
    """
    if customer_id is None and by is None:
        raise ValueError("Somebody cancels a booking: its customer, or staff.")
    own = {"tenant_id": tx.tenant_id, "customer_id": customer_id, "booking_id": booking_id}
    if await tx.run(_CANCEL, now=now, user_id=by.id if by else None, reason=reason, **own):
        await reminders.drop(tx, booking_id, now)
        await journal.note_status(tx, booking_id, None, BookingStatus.CANCELLED, by=by, now=now, reason=reason)
        return CancelOutcome.CANCELLED
    return _why_not(await tx.one(_STANDING, **own), now)


def _why_not(row: Row | None, now: datetime) -> CancelOutcome:
    if row is None:
        return CancelOutcome.UNKNOWN
    if row.status in {BookingStatus.CANCELLED, BookingStatus.EXPIRED}:
        return CancelOutcome.ALREADY
    ahead = row.status == BookingStatus.CONFIRMED and row.starts_at > now
    return CancelOutcome.CUT_OFF if ahead else CancelOutcome.TOO_LATE
