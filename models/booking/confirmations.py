"""The customer says yes: what was held becomes a booking, even when he took longer than it was held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, DateTime, Integer, String, bindparam, func, literal_column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col, select, update

from models.booking import journal, reminders, waitlist
from models.booking.busy import Asking
from models.booking.claims import Claim, SlotRefusal, place, queue, win
from models.booking.tables import Booking, BookingStatus, PaymentStatus, Resource, Service
from models.booking.visit_plan import PART_STEP
from models.db import Tx, load
from models.people.interactions import record
from models.people.leads import calculate_lead_score, potential_of, update_customer_stats
from models.people.tables import Customer, InteractionType, User

_MOMENT = timedelta(minutes=1)
_SETTLED = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS)
_LAPSED = (BookingStatus.HELD, BookingStatus.EXPIRED)
_Values = dict[str, object]

_THIS = (col(Booking.tenant_id) == bindparam("tenant_id"), col(Booking.id) == bindparam("booking_id"))
_BY_ID = select(Booking).where(*_THIS)
_SERVICE = select(Service).where(
    col(Service.tenant_id) == bindparam("tenant_id"),
    col(Service.id) == select(Booking.service_id).where(*_THIS).scalar_subquery(),
)
_RESOURCE_NAME = select(Resource.name).where(
    col(Resource.tenant_id) == bindparam("tenant_id"), col(Resource.id) == bindparam("resource_id")
)
_KNOWN_NAME = func.nullif(func.concat_ws(" ", Customer.first_name, Customer.last_name), "")
_CONFIRM = (
    update(Booking)
    .where(
        *_THIS,
        col(Booking.status) == literal_column("'held'"),
        col(Booking.hold_expires_at) > bindparam("now"),
        col(Customer.tenant_id) == Booking.tenant_id,
        col(Customer.id) == Booking.customer_id,
    )
    .values(
        status=bindparam("becomes"),
        confirmed_at=bindparam("since"),
        hold_expires_at=None,
        customer_data=func.jsonb_build_object(
            "phone",
            Customer.phone_number,
            "name",
            func.coalesce(bindparam("name", type_=String), _KNOWN_NAME, Customer.whatsapp_name),
        ).op("||")(bindparam("further", type_=JSONB)),
        notes=bindparam("remarks"),
        pickup_address=bindparam("address"),
        number_of_loads=bindparam("loads"),
        payment_status=bindparam("payment"),
        payment_amount=bindparam("price", type_=BigInteger)
        * func.coalesce(bindparam("loads", type_=Integer), Booking.seats),
        payment_currency=bindparam("currency"),
        lead_score=bindparam("score"),
        needs_approval=bindparam("approval"),
        needs_payment=bindparam("prepayment"),
        # who would begin by then has his answer by then
        pending_until=func.least(bindparam("lapses", type_=DateTime(timezone=True)), Booking.starts_at),
    )
    .returning(Booking)
)


@dataclass(frozen=True, slots=True)
class BookedFor:
    """Somebody else who comes in the customer's place, and the number to reach him at if it was told."""

    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What the customer told for this booking. Without a name the one he is known by is kept."""

    pickup_address: str | None = None
    number_of_loads: int | None = None
    notes: str | None = None
    name: str | None = None
    booked_for: BookedFor | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The booking as it stands: `pending` while it waits for approval or payment. The others are names."""

    booking: Booking
    service: str
    resource: str


async def confirm(
    tx: Tx, booking_id: UUID, *, now: datetime, details: Details, by: User | None = None
) -> Confirmed | SlotRefusal:
    """Makes a booking of what is held; if the hold has lapsed, its time is won again. Twice is once.

    What staff (`by`) book waits for nobody's approval and no payment. `expired` when there is no such hold, or
    it was cancelled.
    """
    service = await tx.one(_SERVICE, tenant_id=tx.tenant_id, booking_id=booking_id)
    if service is None:
        return SlotRefusal.EXPIRED
    score = calculate_lead_score(service.price, details.notes)
    terms = {**_terms(service, now, by), **_told(details), "score": score}
    found: Booking | SlotRefusal | None = await _settle(tx, booking_id, now, terms, by)
    found = found or await _settle_late(tx, booking_id, service, now, terms, by)
    if isinstance(found, SlotRefusal):
        return found
    resource = await tx.value(_RESOURCE_NAME, tenant_id=tx.tenant_id, resource_id=found.resource_id)
    return Confirmed(found, service.name, resource)


async def _settle(tx: Tx, booking_id: UUID, now: datetime, terms: _Values, by: User | None) -> Booking | None:
    """Compares and swaps: None unless the hold is there and alive."""
    row = await tx.one(_CONFIRM, tenant_id=tx.tenant_id, booking_id=booking_id, now=now, **terms)
    if row is None:
        return None
    booking = load(Booking, row)
    await journal.note_status(tx, booking_id, BookingStatus.HELD, BookingStatus(booking.status), by=by, now=now)
    await _count(tx, booking, now)
    await reminders.plan(tx, booking_id, now)
    await waitlist.served(tx, booking, now)
    return booking


async def _count(tx: Tx, booking: Booking, now: datetime) -> None:
    """A booking more for the customer, and a step of his journey."""
    await update_customer_stats(tx, booking.customer_id, bookings=1)
    score = booking.lead_score or 0
    await record(
        tx,
        booking.customer_id,
        InteractionType.BOOKING_CREATED,
        now=now,
        booking_id=booking.id,
        score=score,
        potential=potential_of(score),
    )


async def _settle_late(
    tx: Tx, booking_id: UUID, service: Service, now: datetime, terms: _Values, by: User | None
) -> Booking | SlotRefusal:
    await queue(tx, [service.id])  # who presses twice waits here for himself, and then finds it settled
    booking = await tx.one(_BY_ID, tenant_id=tx.tenant_id, booking_id=booking_id)
    if booking and booking.status in _SETTLED:
        return booking
    if booking is None or booking.status not in _LAPSED:
        return SlotRefusal.EXPIRED
    refusal = await _hold_again(tx, booking, service, now)
    return refusal or await _settle(tx, booking_id, now, terms, by) or SlotRefusal.TAKEN


async def _hold_again(tx: Tx, booking: Booking, service: Service, now: datetime) -> SlotRefusal | None:
    zone, start = ZoneInfo(booking.zone), booking.during.lower
    step = PART_STEP if booking.visit_place else None
    asking = Asking(now, zone, booking.seats, booking.customer_id, visit=booking.visit_id, step_minutes=step)
    claim = Claim(service, start, asking)
    won = await win(tx, claim)
    if isinstance(won, SlotRefusal):
        return won
    held = BookingStatus.HELD
    placed = await place(tx, booking, claim, won, was=_LAPSED, becomes=held, until=now + _MOMENT)
    return None if placed else SlotRefusal.TAKEN


def _terms(service: Service, now: datetime, by: User | None) -> _Values:
    """What the service asks for before a booking stands: payment, approval, both or nothing."""
    due = service.price > 0
    approval = not service.auto_confirm and by is None
    prepayment = service.requires_payment and due and by is None
    waits = approval or prepayment
    return {
        "becomes": BookingStatus.PENDING if waits else BookingStatus.CONFIRMED,
        "since": None if waits else now,
        "approval": approval,
        "prepayment": prepayment,
        "lapses": now + timedelta(minutes=service.pending_minutes),
        "payment": PaymentStatus.PENDING if due else PaymentStatus.WAIVED,
        "price": service.price if due else None,
        "currency": service.currency if due else None,
    }


def _told(details: Details) -> _Values:
    other = details.booked_for
    return {
        "name": details.name,
        "further": {"booked_for": {"name": other.name, "phone": other.phone}} if other else {},
        "remarks": details.notes,
        "address": details.pickup_address,
        "loads": details.number_of_loads,
    }
