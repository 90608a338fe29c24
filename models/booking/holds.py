"""Keeping a time for a customer who is about to say yes: for minutes, and one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import ExclusionViolationError
from sqlalchemy import bindparam, func
from sqlmodel import col, update

from models.booking.busy import Asking
from models.booking.claims import Claim, Seat, SlotRefusal, clear, seat, win
from models.booking.in_order import one_by_one
from models.booking.numbering import next_reference
from models.booking.tables import Booking, BookingStatus, Service
from models.db import Tx
from models.people.tables import User
from models.statements import add_unless_taken, business, ours, unless_taken, written

_ADD = unless_taken(Booking)
_HELD = (ours(Booking), col(Booking.status) == written("held"))
_OWN = (*_HELD, col(Booking.customer_id) == bindparam("customer"))
_RELEASE = (
    update(Booking)
    .where(ours(Booking), one_by_one(*_OWN))
    .values(status="expired", hold_expires_at=func.least(Booking.hold_expires_at, bindparam("now")))
)
_EXTEND = (
    update(Booking)
    .where(*_OWN, col(Booking.hold_expires_at) > bindparam("now"), ~col(Booking.hold_extended))
    .values(hold_expires_at=func.greatest(Booking.hold_expires_at, bindparam("until")), hold_extended=True)
    .returning(col(Booking.hold_expires_at))
)
_LAPSED = (*_HELD, col(Booking.hold_expires_at) <= bindparam("now"))
_EXPIRE = update(Booking).where(ours(Booking), one_by_one(*_LAPSED, unless_locked=True)).values(status="expired")


@dataclass(frozen=True, slots=True)
class Held:
    """A time kept for one customer until `expires_at`. Times in UTC; `resource` is the name of the first it takes."""

    booking_id: UUID
    reference: str
    start: datetime
    end: datetime
    resource: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Keeping:
    """For whom a time is kept, under which reference, until when, on which channel, and as which part of a visit."""

    customer_id: UUID
    reference: str
    until: datetime
    source: str
    visit_place: int = 0


async def hold(
    tx: Tx,
    service: Service,
    start: datetime,
    *,
    customer_id: UUID,
    now: datetime,
    zone: ZoneInfo,
    source: str,
    prefix: str,
    seats: int = 1,
    minutes: int = 5,
    by: User | None = None,
) -> Held | SlotRefusal:
    """Keeps `start` for the customer in place of what he held before, which a refusal leaves to him.

    `prefix` begins the reference, `source` is the channel, `seats` the size of the party. Staff (`by`) are kept
    to the hours but to no notice, and start at any minute, also one that has just passed.
    Raises ValueError for a prefix that cannot be one.
    """
    asking = Asking(now, zone, seats, customer_id, step_minutes=1 if by else None, by_staff=by is not None)
    claim = Claim(service, start, asking)
    won = await win(tx, claim)
    if isinstance(won, SlotRefusal):
        return won
    # The number first: two turns of one customer would wait for each other, one for the number, one for the hold
    # that the other has given up.
    reference = await next_reference(tx, prefix, now.astimezone(zone).date())
    await clear(tx, asking, won)
    keeping = Keeping(customer_id, reference, now + timedelta(minutes=minutes), source)
    for where in won:
        if held := await hold_at(tx, claim, where, keeping):
            return held
    return SlotRefusal.TAKEN


async def extend_hold(tx: Tx, customer_id: UUID, *, now: datetime, minutes: int = 5) -> datetime | None:
    """Keeps what the customer holds `minutes` from now, once for each hold.

    The new end; None if he holds nothing any more or it was extended before.
    """
    until = now + timedelta(minutes=minutes)
    extended: datetime | None = await tx.value(
        _EXTEND, tenant_id=tx.tenant_id, customer=customer_id, now=now, until=until
    )
    return extended


async def release_hold(tx: Tx, customer_id: UUID, now: datetime) -> bool:
    """Gives up what the customer holds; False when he holds nothing."""
    return await tx.run(_RELEASE, tenant_id=tx.tenant_id, customer=customer_id, now=now) > 0


async def expire_holds(tx: Tx, now: datetime) -> int:
    """Marks the holds that have lapsed and says how many: tidiness only, nothing waits for it."""
    return await tx.run(_EXPIRE, tenant_id=tx.tenant_id, now=now)


async def hold_at(tx: Tx, claim: Claim, where: Seat, keeping: Keeping) -> Held | None:
    """Writes a hold of what was won. None if somebody who did not queue was faster, or the customer holds another."""
    asking, during = claim.asking, claim.during
    booking = Booking(
        tenant_id=business(tx),
        reference=keeping.reference,
        customer_id=keeping.customer_id,
        service_id=claim.service.id,
        seats=asking.seats,
        visit_id=asking.visit,
        visit_place=keeping.visit_place,
        status=BookingStatus.HELD,
        hold_expires_at=keeping.until,
        source=keeping.source,
        **claim.at(where),
    )
    try:
        async with tx.savepoint():
            if not await add_unless_taken(tx, _ADD, booking):
                return None
            await seat(tx, booking.id, claim, where)
    except ExclusionViolationError:
        return None
    return Held(booking.id, keeping.reference, during.lower, during.upper, where.name, keeping.until)
