"""Times that were offered to people who wait: taking, refusing, lapsing, and what was refilled by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Executable, Uuid, and_, any_, bindparam, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update

from models.base import uuid7
from models.booking.ahead_tables import OfferState, WaitlistEntry, WaitlistOffer, WishState
from models.booking.tables import Booking, BookingStatus, Service
from models.db import Row, Tx
from models.people.tables import Customer
from models.statements import ours, written

_INSTANT = DateTime(timezone=True)
_E, _O = WaitlistEntry, WaitlistOffer
_OF_ENTRIES = (ours(_O), col(_O.entry_id) == any_(bindparam("entries", type_=ARRAY(Uuid))))
_IS_OPEN = col(_O.state) == written(OfferState.OFFERED)
_ENTRY = and_(col(_E.tenant_id) == col(_O.tenant_id), col(_E.id) == col(_O.entry_id))
_SERVICE = and_(col(Service.tenant_id) == col(_E.tenant_id), col(Service.id) == col(_E.service_id))
# who is late, and finds the time still free, has accepted all the same
_ACCEPT = (
    update(_O)
    .where(
        *_OF_ENTRIES,
        col(_O.starts_at) == bindparam("start", type_=_INSTANT),
        col(_O.state) != written(OfferState.SKIPPED),
    )
    .values(state=OfferState.ACCEPTED.value, settled_at=bindparam("now"), booking_id=bindparam("booking_id"))
)
_CLOSE = (
    update(_O)
    .where(*_OF_ENTRIES, _IS_OPEN)
    .values(state=OfferState.DECLINED.value, settled_at=bindparam("now"))
    .returning(col(_O.booking_id))
)
# who answers at this moment settles it himself
_UNANSWERED = (
    select(_O.id).where(ours(_O), _IS_OPEN, col(_O.expires_at) <= bindparam("now")).with_for_update(skip_locked=True)
)
_LAPSE = (
    update(_O)
    .where(ours(_O), col(_O.id).in_(_UNANSWERED))
    .values(state=OfferState.EXPIRED.value, settled_at=bindparam("now"))
)
_LET_GO = (
    update(Booking)
    .where(
        ours(Booking),
        col(Booking.id) == any_(bindparam("bookings", type_=ARRAY(Uuid))),
        col(Booking.status) == written(BookingStatus.HELD),
    )
    .values(
        status=BookingStatus.EXPIRED.value,
        hold_expires_at=func.least(Booking.hold_expires_at, bindparam("now")),
    )
)
_SEEN = insert(_O).from_select(
    ["tenant_id", "entry_id", "state", "offered_at", "id", "starts_at"],
    select_columns(
        bindparam("tenant_id", type_=Uuid),
        bindparam("entry_id", type_=Uuid),
        written(OfferState.DECLINED),
        bindparam("now", type_=_INSTANT),
        func.unnest(bindparam("ids", type_=ARRAY(Uuid))),
        func.unnest(bindparam("starts", type_=ARRAY(_INSTANT))),
    ),
)
_OWN: Executable = (
    select_columns(
        col(_O.entry_id),
        col(_O.state),
        col(_O.starts_at),
        col(_O.booking_id),
        col(Service.name).label("service"),
    )
    .join(_E, _ENTRY)
    .join(Service, _SERVICE)
    .where(
        ours(_O),
        col(_O.id) == bindparam("offer_id"),
        col(_E.customer_id) == bindparam("customer_id"),
        col(_O.booking_id).is_not(None),
    )
)
_IS_REFILLED = (ours(_O), col(_O.state) == written(OfferState.ACCEPTED))
_BOOKING = and_(col(Booking.tenant_id) == col(_O.tenant_id), col(Booking.id) == col(_O.booking_id))
_VALUE = func.coalesce(Booking.payment_amount, Service.price)
# two rounds at once tell of each gap once
_UNTOLD = (
    select(_O.id)
    .where(*_IS_REFILLED, col(_O.told_at).is_(None))
    .order_by(col(_O.settled_at))
    .with_for_update(skip_locked=True)
)
_TOLD: Executable = (
    update(_O)
    .where(
        ours(_O),
        col(_O.id).in_(_UNTOLD),
        _ENTRY,
        _SERVICE,
        _BOOKING,
        col(Customer.tenant_id) == col(_E.tenant_id),
        col(Customer.id) == col(_E.customer_id),
    )
    .values(told_at=bindparam("now"))
    .returning(
        col(_O.starts_at),
        col(Service.name).label("service"),
        _VALUE.label("amount"),
        col(Customer.first_name),
        col(Customer.whatsapp_name),
        col(Customer.phone_number),
    )
)
_SINCE = (
    select_columns(func.count().label("gaps"), func.coalesce(func.sum(_VALUE), 0).label("amount"))
    .select_from(_O)
    .join(_E, _ENTRY)
    .join(Service, _SERVICE)
    .join(Booking, _BOOKING)
    .where(*_IS_REFILLED, col(_O.settled_at) >= bindparam("since"))
)
_WAITING = select_columns(func.count()).select_from(_E).where(ours(_E), col(_E.state) == written(WishState.WAITING))


@dataclass(frozen=True, slots=True)
class Offer:
    """A time offered to the customer, in UTC. `booking_id` is the hold. `service` is a name."""

    entry_id: UUID
    booking_id: UUID
    start: datetime
    service: str
    state: OfferState


@dataclass(frozen=True, slots=True)
class Refilled:
    """A gap that somebody from the waiting list has filled. `amount` in minor units; `customer` as he is known."""

    start: datetime
    service: str
    amount: int
    customer: str


@dataclass(frozen=True, slots=True)
class Refills:
    """How many gaps were filled from the waiting list, what they bring in minor units, and how many wait now."""

    gaps: int
    amount: int
    waiting: int


async def find(tx: Tx, offer_id: UUID, *, customer_id: UUID) -> Offer | None:
    """The offer, if it was made to this customer."""
    row = await tx.one(_OWN, tenant_id=tx.tenant_id, offer_id=offer_id, customer_id=customer_id)
    if row is None:
        return None
    return Offer(row.entry_id, row.booking_id, row.starts_at, row.service, OfferState(row.state))


async def accept(tx: Tx, entries: Sequence[UUID], booking: Booking, now: datetime) -> None:
    """What was offered to these at the booking's time has been taken."""
    values = {"entries": entries, "start": booking.during.lower, "booking_id": booking.id}
    await tx.run(_ACCEPT, tenant_id=tx.tenant_id, now=now, **values)


async def close(tx: Tx, entries: Sequence[UUID], now: datetime) -> bool:
    """These want what is offered to them no more: it is free for the next. False if nothing was open."""
    held = [row.booking_id for row in await tx.all(_CLOSE, tenant_id=tx.tenant_id, entries=entries, now=now)]
    if held:
        await tx.run(_LET_GO, tenant_id=tx.tenant_id, bookings=held, now=now)
    return bool(held)


async def leave_aside(tx: Tx, entry_id: UUID, starts: Sequence[datetime], now: datetime) -> None:
    """These times were free when he began to wait, and are not what he waits for."""
    if starts:
        ids = [uuid7() for _ in starts]
        await tx.run(_SEEN, tenant_id=tx.tenant_id, entry_id=entry_id, ids=ids, starts=list(starts), now=now)


async def lapse(tx: Tx, now: datetime) -> int:
    """Marks what nobody has answered in time and says how many. Nothing waits for it: holds lapse by themselves."""
    return await tx.run(_LAPSE, tenant_id=tx.tenant_id, now=now)


async def tell(tx: Tx, now: datetime) -> list[Refilled]:
    """The gaps filled that the owner has not heard of: he is told in this transaction, and never again."""
    rows = await tx.all(_TOLD, tenant_id=tx.tenant_id, now=now)
    return sorted((_refilled(row) for row in rows), key=lambda one: one.start)


async def refills(tx: Tx, since: datetime) -> Refills:
    """What was filled since then."""
    row = await tx.one(_SINCE, tenant_id=tx.tenant_id, since=since)
    return Refills(row.gaps, int(row.amount), await tx.value(_WAITING, tenant_id=tx.tenant_id))


def _refilled(row: Row) -> Refilled:
    customer = row.first_name or row.whatsapp_name or row.phone_number
    return Refilled(row.starts_at, row.service, row.amount, customer)
