"""Bookings from the first hold to the last change: this is the door to holds, confirmations and cancelling too.

Every change is one UPDATE that names the state it starts from, so two who press at once do it once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models.booking import journal, reminders
from models.booking.approvals import Answered, approve, decline, lapse_pending, mark_paid
from models.booking.busy import Asking
from models.booking.cancellations import OWN, CancelOutcome, cancel
from models.booking.claims import Claim, SlotRefusal, place, win
from models.booking.confirmations import BookedFor, Confirmed, Details, confirm
from models.booking.holds import Held, expire_holds, extend_hold, hold, release_hold
from models.booking.in_order import hold_customer_of
from models.booking.services import service as service_of
from models.booking.tables import Booking, BookingStatus, PaymentStatus, Resource, Service
from models.db import Tx
from models.people.tables import User
from models.statements import ours, written

__all__ = (
    "Answered",
    "Appointment",
    "BookedFor",
    "CancelOutcome",
    "Confirmed",
    "Details",
    "Held",
    "MoveRefusal",
    "Moved",
    "SlotRefusal",
    "approve",
    "cancel",
    "confirm",
    "decline",
    "expire_holds",
    "extend_hold",
    "hold",
    "lapse_pending",
    "mark_paid",
    "move",
    "release_hold",
    "upcoming",
)

_AHEAD: list[ColumnElement[str]] = [written("pending"), written("confirmed")]

_TOLD = (
    "seats",
    "notes",
    "pickup_address",
    "number_of_loads",
    "meeting_platform",
    "meeting_url",
    "meeting_id",
    "meeting_password",
    "needs_approval",
    "needs_payment",
    "approved_at",
    "payment_status",
    "payment_amount",
    "payment_currency",
)
"""What a customer is told of his booking besides its time."""

_STATUS = select(Booking.status).where(*OWN)
# not holds: whoever waits for time locks those only after he has queued for their resource
_TO_MOVE = select(Booking).where(*OWN, col(Booking.status).in_(_AHEAD)).with_for_update()
_UPCOMING = (
    select_columns(
        col(Booking.id),
        col(Booking.reference),
        col(Service.name).label("service"),
        col(Booking.service_id),
        col(Booking.during),
        col(Booking.status),
        col(Booking.visit_id),
        *(col(getattr(Booking, name)) for name in _TOLD),
        Booking.customer_data["booked_for"]["name"].as_string().label("booked_for"),
        col(Service.cutoff_minutes),
        col(Resource.name).label("resource"),
    )
    .join(Service, and_(col(Service.tenant_id) == Booking.tenant_id, col(Service.id) == Booking.service_id))
    .join(Resource, and_(col(Resource.tenant_id) == Booking.tenant_id, col(Resource.id) == Booking.resource_id))
    .where(
        ours(Booking),
        col(Booking.customer_id) == bindparam("customer_id"),
        col(Booking.status).in_([*_AHEAD, written("in_progress")]),
        func.upper(Booking.during) > bindparam("now"),
    )
    .order_by(col(Booking.starts_at))
)


class MoveRefusal(StrEnum):
    """Why a booking cannot be moved at all.

    `unknown`: the customer has no such booking. `cut_off`: it is too near for its customer, staff still may.
    """

    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    STARTED = "started"
    CUT_OFF = "cut_off"


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
    """A booking as its customer asks for it, in UTC. `service` and `resource` are names, the amount in minor units.

    `booked_for` is who comes in the customer's place; the customer may change it until `cutoff_minutes` before.
    """

    booking_id: UUID
    reference: str
    service: str
    service_id: UUID
    start: datetime
    end: datetime
    status: BookingStatus
    resource: str
    visit_id: UUID | None = None
    cutoff_minutes: int = 0
    seats: int = 1
    notes: str | None = None
    pickup_address: str | None = None
    number_of_loads: int | None = None
    booked_for: str | None = None
    meeting_platform: str | None = None
    meeting_url: str | None = None
    meeting_id: str | None = None
    meeting_password: str | None = None
    needs_approval: bool = False
    needs_payment: bool = False
    approved_at: datetime | None = None
    payment_status: str = PaymentStatus.WAIVED
    payment_amount: int | None = None
    payment_currency: str | None = None

    def is_cut_off(self, now: datetime) -> bool:
        """Whether it is too late for the customer to change it; a request can be taken back until it begins."""
        closes = self.start - timedelta(minutes=self.cutoff_minutes)
        return self.status == BookingStatus.CONFIRMED and closes < now


async def move(
    tx: Tx,
    booking_id: UUID,
    start: datetime,
    *,
    now: datetime,
    zone: ZoneInfo,
    customer_id: UUID | None = None,
    by: User | None = None,
) -> Moved | SlotRefusal | MoveRefusal:
    """Moves the customer's own booking to `start`; the old time is his until the new one is won.

    A refusal changes nothing. Reference and status stay; the service's present duration, buffers and cut-off
    apply. Staff (`by`) move anybody's, whatever cut-off and notice say.
    Raises ValueError if it is neither a customer nor staff who wants it.
    """
    if customer_id is None and by is None:
        raise ValueError("Somebody moves a booking: its customer, or staff.")
    own = {"tenant_id": tx.tenant_id, "customer_id": customer_id, "booking_id": booking_id}
    if by is not None:
        await hold_customer_of(tx, booking_id)
    booking = await tx.one(_TO_MOVE, **own)
    if booking is None:
        return _not_movable(await tx.value(_STATUS, **own))
    service = await service_of(tx, booking.service_id)
    if service is None:
        return MoveRefusal.UNKNOWN
    if refusal := too_near(booking, service, now, by):
        return refusal
    step = 1 if by else None
    asking = Asking(now, zone, booking.seats, booking.customer_id, (booking_id,), None, step, by is not None)
    return await _move(tx, booking, Claim(service, start, asking), by)


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
            visit_id=row.visit_id,
            cutoff_minutes=row.cutoff_minutes,
            booked_for=row.booked_for,
            **{name: row[name] for name in _TOLD},
        )
        for row in rows
    ]


async def _move(tx: Tx, booking: Booking, claim: Claim, by: User | None) -> Moved | SlotRefusal:
    won = await win(tx, claim)
    if isinstance(won, SlotRefusal):
        return won
    status = BookingStatus(booking.status)
    where = await place(tx, booking, claim, won, was=[status], becomes=status)
    if where is None:
        return SlotRefusal.TAKEN
    await reminders.plan(tx, booking.id, claim.asking.now)
    during, version = claim.during, booking.version + 1
    await journal.note_move(tx, booking.id, booking.during.lower, during.lower, by=by, now=claim.asking.now)
    return Moved(booking.id, booking.reference, during.lower, during.upper, where.name, version)


def too_near(booking: Booking, service: Service, now: datetime, by: User | None) -> MoveRefusal | None:
    """Why it is too late to move the booking; staff are never too late."""
    start = booking.during.lower
    if by:
        return None
    if start <= now:
        return MoveRefusal.STARTED
    closes = start - timedelta(minutes=service.cutoff_minutes)
    return MoveRefusal.CUT_OFF if booking.status == BookingStatus.CONFIRMED and closes < now else None


def _not_movable(status: str | None) -> MoveRefusal:
    if status in {None, BookingStatus.HELD, BookingStatus.EXPIRED}:
        return MoveRefusal.UNKNOWN
    return MoveRefusal.CANCELLED if status == BookingStatus.CANCELLED else MoveRefusal.STARTED
