"""Bookings from the first hold to the last change: this is the door to holds and confirmations too.

Every change is one UPDATE that names the state it starts from, so two who press at once do it once.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update

from models.booking import reminders
from models.booking.busy import Asking
from models.booking.claims import Claim, SlotRefusal, place, win
from models.booking.confirmations import Confirmed, Details, confirm
from models.booking.holds import Held, expire_holds, hold, release_hold
from models.booking.services import service as service_of
from models.booking.tables import Booking, BookingStatus, Resource, Service
from models.db import Tx

__all__ = (
    "Appointment",
    "CancelOutcome",
    "Confirmed",
    "Details",
    "Held",
    "MoveRefusal",
    "Moved",
    "SlotRefusal",
    "cancel",
    "confirm",
    "expire_holds",
    "hold",
    "move",
    "release_hold",
    "upcoming",
)

_OF_CUSTOMER = (
    col(Booking.tenant_id) == bindparam("tenant_id"),
    col(Booking.customer_id) == bindparam("customer_id"),
)
_OWN = (*_OF_CUSTOMER, col(Booking.id) == bindparam("booking_id"))
_AHEAD: list[ColumnElement[str]] = [literal_column("'pending'"), literal_column("'confirmed'")]

_STATUS = select(Booking.status).where(*_OWN)
# not holds: whoever waits for time locks those only after he has queued for their resource
_TO_MOVE = select(Booking).where(*_OWN, col(Booking.status).in_(_AHEAD)).with_for_update()
_CANCEL = (
    update(Booking)
    .where(
        *_OWN,
        col(Booking.status).in_([literal_column("'held'"), *_AHEAD]),
        col(Booking.starts_at) > bindparam("now"),
    )
    .values(status="cancelled", cancelled_at=bindparam("now"), version=Booking.version + 1)
)
_UPCOMING = (
    select_columns(
        col(Booking.id),
        col(Booking.reference),
        col(Service.name).label("service"),
        col(Booking.service_id),
        col(Booking.during),
        col(Booking.status),
        col(Resource.name).label("resource"),
    )
    .join(Service, and_(col(Service.tenant_id) == Booking.tenant_id, col(Service.id) == Booking.service_id))
    .join(Resource, and_(col(Resource.tenant_id) == Booking.tenant_id, col(Resource.id) == Booking.resource_id))
    .where(
        *_OF_CUSTOMER,
        col(Booking.status).in_([*_AHEAD, literal_column("'in_progress'")]),
        func.upper(Booking.during) > bindparam("now"),
    )
    .order_by(col(Booking.starts_at))
)


class MoveRefusal(StrEnum):
    """Why a booking cannot be moved at all. `unknown`: the customer has no such booking."""

    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    STARTED = "started"


class CancelOutcome(StrEnum):
    """What became of the wish to cancel. `too_late`: it has started. `unknown`: it is not the customer's."""

    CANCELLED = "cancelled"
    ALREADY = "already"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a booking lies now, in UTC; `version` counts its changes. `resource` is a name."""

    booking_id: UUID
    reference: str
    start: datetime
    end: datetime
    resource: str
    version: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booking as its customer asks for it, in UTC. `service` and `resource` are names."""

    booking_id: UUID
    reference: str
    service: str
    service_id: UUID
    start: datetime
    end: datetime
    status: BookingStatus
    resource: str


async def move(
    tx: Tx, booking_id: UUID, start: datetime, *, customer_id: UUID, now: datetime, zone: ZoneInfo
) -> Moved | SlotRefusal | MoveRefusal:
    """Moves the customer's own booking to `start`; the old time is his until the new one is won.

    A refusal changes nothing. Reference and status stay; the service's present duration and buffers apply.
    """
    own = {"tenant_id": tx.tenant_id, "customer_id": customer_id, "booking_id": booking_id}
    booking = await tx.one(_TO_MOVE, **own)
    if booking is None:
        return _not_movable(await tx.value(_STATUS, **own))
    service = await service_of(tx, booking.service_id)
    if service is None or booking.during.lower <= now:
        return MoveRefusal.STARTED
    return await _move(tx, booking, Claim(service, start, Asking(now, zone, booking.seats, customer_id, booking_id)))


async def cancel(tx: Tx, booking_id: UUID, *, customer_id: UUID, now: datetime) -> CancelOutcome:
    """Gives up the customer's own booking, or hold, that has not started. Twice is once."""
    own = {"tenant_id": tx.tenant_id, "customer_id": customer_id, "booking_id": booking_id}
    if await tx.run(_CANCEL, now=now, **own):
        await reminders.drop(tx, booking_id, now)
        return CancelOutcome.CANCELLED
    status = await tx.value(_STATUS, **own)
    if status is None:
        return CancelOutcome.UNKNOWN
    gone = status in {BookingStatus.CANCELLED, BookingStatus.EXPIRED}
    return CancelOutcome.ALREADY if gone else CancelOutcome.TOO_LATE


async def upcoming(tx: Tx, customer_id: UUID, now: datetime) -> list[Appointment]:
    """The customer's bookings that are not over, soonest first: who is late asks for one that has begun."""
    rows = await tx.all(_UPCOMING, tenant_id=tx.tenant_id, customer_id=customer_id, now=now)
    return [
        Appointment(
            booking_id=row.id,
            reference=row.reference,
            service=row.service,
            service_id=row.service_id,
            start=row.during.lower,
            end=row.during.upper,
            status=BookingStatus(row.status),
            resource=row.resource,
        )
        for row in rows
    ]


async def _move(tx: Tx, booking: Booking, claim: Claim) -> Moved | SlotRefusal:
    won = await win(tx, claim)
    if isinstance(won, SlotRefusal):
        return won
    status = BookingStatus(booking.status)
    resource = await place(tx, booking, claim, won, was=status, becomes=status)
    if resource is None:
        return SlotRefusal.TAKEN
    await reminders.plan(tx, booking.id, claim.asking.now)
    during, version = claim.during, booking.version + 1
    return Moved(booking.id, booking.reference, during.lower, during.upper, resource.name, version)


def _not_movable(status: str | None) -> MoveRefusal:
    if status in {None, BookingStatus.HELD, BookingStatus.EXPIRED}:
        return MoveRefusal.UNKNOWN
    return MoveRefusal.CANCELLED if status == BookingStatus.CANCELLED else MoveRefusal.STARTED
