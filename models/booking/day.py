"""A day as staff see it: who comes when, for what, to whom, and how far it has got."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Range
from sqlalchemy import Executable, and_, bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.booking.tables import Booking, BookingStatus, PaymentStatus, Resource, Service
from models.db import Row, Tx
from models.people.tables import Customer
from models.statements import ours, written

_SEEN = ("pending", "confirmed", "in_progress", "completed", "no_show", "cancelled")
_KNOWN_NAME = func.nullif(func.concat_ws(" ", Customer.first_name, Customer.last_name), "")
_VISIT = (
    select_columns(
        col(Booking.id),
        col(Booking.reference),
        col(Booking.customer_id),
        col(Booking.customer_data),
        col(Booking.service_id),
        col(Booking.during),
        col(Booking.status),
        col(Booking.seats),
        col(Booking.notes),
        col(Booking.pickup_address),
        col(Booking.number_of_loads),
        col(Booking.needs_approval),
        col(Booking.approved_at),
        col(Booking.payment_status),
        col(Booking.payment_amount),
        col(Booking.payment_currency),
        col(Service.name).label("service"),
        col(Resource.name).label("resource"),
        col(Resource.user_id),
        col(Customer.phone_number),
        func.coalesce(_KNOWN_NAME, Customer.whatsapp_name).label("name"),
    )
    .join(Service, and_(col(Service.tenant_id) == Booking.tenant_id, col(Service.id) == Booking.service_id))
    .join(Resource, and_(col(Resource.tenant_id) == Booking.tenant_id, col(Resource.id) == Booking.resource_id))
    .join(Customer, and_(col(Customer.tenant_id) == Booking.tenant_id, col(Customer.id) == Booking.customer_id))
    .where(ours(Booking), col(Booking.status).in_([written(status) for status in _SEEN]))
)
_BETWEEN: Executable = _VISIT.where(
    col(Booking.starts_at) >= bindparam("since"), col(Booking.starts_at) < bindparam("until")
).order_by(col(Booking.starts_at), col(Booking.id))
_ONE: Executable = _VISIT.where(col(Booking.id) == bindparam("booking_id"))


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking with all that staff want to know of it. Times in UTC; `due` is what is not paid, in minor units.

    `name` is who comes: whoever it was booked for, else what the customer gave for it, or is known by. `user_id` is
    whose resource it is.
    """

    booking_id: UUID
    reference: str
    customer_id: UUID
    name: str | None
    phone: str
    service: str
    service_id: UUID
    resource: str
    user_id: UUID | None
    start: datetime
    end: datetime
    status: BookingStatus
    seats: int
    notes: str | None
    address: str | None
    loads: int | None
    needs_approval: bool
    payment: PaymentStatus
    amount: int
    currency: str | None

    @property
    def due(self) -> int:
        """What is still to be paid, in minor units."""
        unpaid = self.payment in (PaymentStatus.PENDING, PaymentStatus.PROCESSING, PaymentStatus.FAILED)
        return self.amount if unpaid else 0


async def visits_between(tx: Tx, since: datetime, until: datetime) -> list[Visit]:
    """Those that start in [since, until), earliest first, cancelled ones too; not what is merely held."""
    return [_as_visit(row) for row in await tx.all(_BETWEEN, tenant_id=tx.tenant_id, since=since, until=until)]


async def visit(tx: Tx, booking_id: UUID) -> Visit | None:
    """The one with this id."""
    row = await tx.one(_ONE, tenant_id=tx.tenant_id, booking_id=booking_id)
    return _as_visit(row) if row is not None else None


def _as_visit(row: Row) -> Visit:
    during: Range = row.during
    return Visit(
        booking_id=row.id,
        reference=row.reference,
        customer_id=row.customer_id,
        name=(row.customer_data.get("booked_for") or row.customer_data).get("name") or row.name,
        phone=row.phone_number,
        service=row.service,
        service_id=row.service_id,
        resource=row.resource,
        user_id=row.user_id,
        start=during.lower,
        end=during.upper,
        status=BookingStatus(row.status),
        seats=row.seats,
        notes=row.notes,
        address=row.pickup_address,
        loads=row.number_of_loads,
        needs_approval=row.needs_approval and row.approved_at is None,
        payment=PaymentStatus(row.payment_status),
        amount=row.payment_amount or 0,
        currency=row.payment_currency,
    )
