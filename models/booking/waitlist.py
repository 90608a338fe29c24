"""Who waits for a time that is not free: joining, looking, leaving, and being served by a booking of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ARRAY, Executable, String, and_, any_, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, update

from models.booking import waitlist_offers
from models.booking.ahead_tables import PartOfDay, WaitlistEntry, WishState
from models.booking.tables import Booking, Service
from models.db import Tx
from models.statements import add_unless_taken, business, ours, unless_taken, written

NOON, EVENING = time(12), time(17)

_E = WaitlistEntry
_ADD = unless_taken(_E)
_IS_WAITING = col(_E.state) == written(WishState.WAITING)
_OF_CUSTOMER = (ours(_E), col(_E.customer_id) == bindparam("customer_id"), _IS_WAITING)
_THEIRS: Executable = (
    select_columns(
        col(_E.id),
        col(Service.name).label("service"),
        col(_E.from_day),
        col(_E.until_day),
        col(_E.part_of_day),
    )
    .join(Service, and_(col(Service.tenant_id) == _E.tenant_id, col(Service.id) == _E.service_id))
    .where(*_OF_CUSTOMER, col(_E.until_day) >= bindparam("today"))
    .order_by(col(_E.from_day), col(_E.id))
)
_LEAVE = (
    update(_E)
    .where(*_OF_CUSTOMER, col(_E.id) == bindparam("entry_id"))
    .values(state=WishState.LEFT.value, settled_at=bindparam("now"))
)
_OVER = (
    update(_E)
    .where(ours(_E), _IS_WAITING, col(_E.until_day) < bindparam("today"))
    .values(state=WishState.EXPIRED.value, settled_at=bindparam("now"))
)
_SERVED = (
    update(_E)
    .where(
        *_OF_CUSTOMER,
        col(_E.service_id) == bindparam("service_id"),
        col(_E.from_day) <= bindparam("day"),
        col(_E.until_day) >= bindparam("day"),
        col(_E.part_of_day) == any_(bindparam("parts", type_=ARRAY(String))),
    )
    .values(state=WishState.ACCEPTED.value, settled_at=bindparam("now"), booking_id=bindparam("booking_id"))
    .returning(col(_E.id))
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody waits for: a part of any of these local days."""

    customer_id: UUID
    service_id: UUID
    from_day: date
    until_day: date
    part: PartOfDay = PartOfDay.ANY
    seats: int = 1

    def suits(self, local: datetime) -> bool:
        """Whether a start, by the clock of the shop, is what is waited for."""
        return self.from_day <= local.date() <= self.until_day and self.part in parts_of(local.time())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wish as its customer asks for it. `service` is a name."""

    entry_id: UUID
    service: str
    from_day: date
    until_day: date
    part: PartOfDay


def parts_of(start: time) -> tuple[PartOfDay, ...]:
    """The parts of a day to which a start belongs: the morning ends at noon, the afternoon at five."""
    if start < NOON:
        return PartOfDay.ANY, PartOfDay.MORNING
    return PartOfDay.ANY, PartOfDay.AFTERNOON if start < EVENING else PartOfDay.EVENING


async def join(tx: Tx, wish: Wish, now: datetime, *, seen: Sequence[datetime] = ()) -> bool:
    """Puts the wish at the end of the queue; False if it is there. Starts he has `seen` are not offered to him.

    Raises ValueError if it ends before it starts.
    """
    if wish.until_day < wish.from_day:
        raise ValueError("The last day of a wish is not before its first.")
    entry = WaitlistEntry(
        tenant_id=business(tx),
        customer_id=wish.customer_id,
        service_id=wish.service_id,
        from_day=wish.from_day,
        until_day=wish.until_day,
        part_of_day=wish.part,
        seats=wish.seats,
        joined_at=now,
    )
    if not await add_unless_taken(tx, _ADD, entry):
        return False
    await waitlist_offers.leave_aside(tx, entry.id, seen, now)
    return True


async def waiting_for(tx: Tx, customer_id: UUID, today: date) -> list[Waiting]:
    """What the customer waits for, soonest first; `today` by the clock of the shop."""
    rows = await tx.all(_THEIRS, tenant_id=tx.tenant_id, customer_id=customer_id, today=today)
    return [Waiting(row.id, row.service, row.from_day, row.until_day, PartOfDay(row.part_of_day)) for row in rows]


async def leave(tx: Tx, entry_id: UUID, *, customer_id: UUID, now: datetime) -> bool:
    """Takes the customer's own wish back, and what is held for it; False if it is not waiting any more."""
    own = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    if not await tx.run(_LEAVE, entry_id=entry_id, now=now, **own):
        return False
    await waitlist_offers.close(tx, [entry_id], now)
    return True


async def served(tx: Tx, booking: Booking, now: datetime) -> None:
    """The customer has booked: what he waited for at that time is his, however he came by it."""
    entries = await tx.all(
        _SERVED,
        tenant_id=tx.tenant_id,
        customer_id=booking.customer_id,
        service_id=booking.service_id,
        day=booking.local_start.date(),
        parts=list(parts_of(booking.local_start.time())),
        booking_id=booking.id,
        now=now,
    )
    if entries:
        ids = [row.id for row in entries]
        await waitlist_offers.accept(tx, ids, booking, now)
        await waitlist_offers.close(tx, ids, now)


async def expire(tx: Tx, today: date, now: datetime) -> int:
    """Ends the wishes whose last day is past, by the clock of the shop; says how many."""
    return await tx.run(_OVER, tenant_id=tx.tenant_id, today=today, now=now)
