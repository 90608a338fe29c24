"""Free time finds who waits for it: compared every round, and offered to one person at a time.

Nobody has to say that he has freed time: a cancellation, a move, a lapsed hold, a block lifted, longer hours or
another chair all show in the calendar. What is offered is an ordinary hold: what keeps two people out of one chair
keeps these out as well.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, DateTime, and_, bindparam, exists, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from models.base import uuid7
from models.booking import waitlist_offers
from models.booking.ahead import free_slots
from models.booking.ahead_tables import OfferState, PartOfDay, WaitlistEntry, WaitlistOffer, WishState
from models.booking.busy import Asking
from models.booking.holds import Held, hold
from models.booking.reminders import NEAR
from models.booking.services import service as service_of
from models.booking.tables import Booking, BookingStatus, Resource, Service
from models.booking.waitlist import Wish
from models.db import Tx
from models.messaging.quiet_hours import quiet_until
from models.people.tables import Customer
from models.statements import ours, written

AT_ONCE = 10
"""Offers made in one round: who locks the calendar does not keep it long."""
FEWEST = 5
"""Minutes in which somebody can answer. What leaves him fewer is too near to be offered."""
SHARE = 4
"""Of the time until the start, one part in so many is kept for one person: the next must have his chance as well."""

_MINUTE = timedelta(minutes=1)
_RENEWED = ("booking_id", "state", "reason", "offered_at", "expires_at")
_WRITTEN = {"tenant_id", "id", "entry_id", "starts_at", *_RENEWED}

_E, _O = WaitlistEntry, WaitlistOffer
_TRIED = (
    select(_O.starts_at)
    .where(col(_O.tenant_id) == col(_E.tenant_id), col(_O.entry_id) == col(_E.id))
    .where(col(_O.state) != written(OfferState.SKIPPED))
    .correlate(_E)
)
_IS_ASKED = (
    exists()
    .where(col(_O.tenant_id) == col(_E.tenant_id), col(_O.entry_id) == col(_E.id))
    .where(col(_O.state) == written(OfferState.OFFERED), col(_O.expires_at) > bindparam("now"))
    .correlate(_E)
)
# who has opted out is told of nothing, and once that is written there is no more to do for him
_IS_LEFT_OUT = and_(
    exists()
    .where(col(_O.tenant_id) == col(_E.tenant_id), col(_O.entry_id) == col(_E.id))
    .where(col(_O.reason) == written("opted_out"))
    .correlate(_E),
    exists()
    .where(col(Customer.tenant_id) == col(_E.tenant_id), col(Customer.id) == col(_E.customer_id))
    .where(or_(~col(Customer.opted_in), col(Customer.deleted_at).is_not(None)))
    .correlate(_E),
)
_WAITING = (
    select_columns(
        col(_E.id),
        col(_E.customer_id),
        col(_E.service_id),
        col(_E.from_day),
        col(_E.until_day),
        col(_E.part_of_day),
        col(_E.seats),
        _IS_ASKED.label("is_asked"),
        _IS_LEFT_OUT.label("is_left_out"),
        func.array(_TRIED.scalar_subquery(), type_=ARRAY(DateTime(timezone=True))).label("tried"),
    )
    .where(ours(_E), col(_E.state) == written(WishState.WAITING))
    .order_by(col(_E.joined_at), col(_E.id))
)
# All that there is, before anything else and in the order of their keys: several times are held in one transaction,
# and whoever holds one and waits for the next must not meet somebody who does the same.
_QUEUE = select(Resource.id).where(ours(Resource)).order_by(col(Resource.id)).with_for_update(key_share=True)
# Not waited for: who is in the middle of a turn may be waiting for the calendar that we hold.
_CUSTOMER = (
    select(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .with_for_update(skip_locked=True, key_share=True)
)
_HOLDS = select(Booking.id).where(
    ours(Booking),
    col(Booking.customer_id) == bindparam("customer_id"),
    col(Booking.status) == written(BookingStatus.HELD),
    col(Booking.hold_expires_at) > bindparam("now"),
)
_NOTED = insert(_O).values({name: bindparam(name) for name in _O.model_fields if name in _WRITTEN})
# who was passed over is asked when the time is free once more
_NOTE = _NOTED.on_conflict_do_update(
    index_elements=["tenant_id", "entry_id", "starts_at"],
    set_={name: _NOTED.excluded[name] for name in _RENEWED},
    where=and_(
        col(_O.state) == written(OfferState.SKIPPED),
        col(_O.reason).is_distinct_from(_NOTED.excluded.reason),
    ),
).returning(col(_O.id))


class Skipped(StrEnum):
    """Why somebody who waits was passed over; a refusal of the calendar is another reason.

    `asked`: another time is kept for him. `deciding`: he holds one himself, and would lose it.
    """

    ASKED = "asked"
    DECIDING = "deciding"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a business offers: its zone, the minutes it keeps a time for one person, and how its references begin."""

    zone: ZoneInfo
    minutes: int
    prefix: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A time, in UTC, that is kept until `expires_at` for somebody who waits."""

    offer_id: UUID
    customer: Customer
    service: Service
    start: datetime
    seats: int
    expires_at: datetime


async def offer_free_time(tx: Tx, terms: Terms, now: datetime) -> list[Offered]:
    """Keeps what is free for those who have waited longest for it, one time for one person, and says for whom.

    The caller tells them, in this transaction. Nobody is asked twice about one time, or about two at once.
    """
    if not await Round(tx, terms, now).has_something():
        return []
    await tx.run(_QUEUE, tenant_id=tx.tenant_id)
    return await Round(tx, terms, now).run()  # another round may have come first: all is read anew


@dataclass
class Round:
    """One comparison of what is wished for with what is free. `free` is kept until something is taken."""

    tx: Tx
    terms: Terms
    now: datetime
    entries: list[Any] = field(default_factory=list)
    free: dict[tuple[UUID, int], list[datetime]] = field(default_factory=dict)

    async def has_something(self) -> bool:
        """Whether anything is free that somebody waits for."""
        self.entries = await self.tx.all(_WAITING, tenant_id=self.tx.tenant_id, now=self.now)
        for entry in self.entries:
            if not (entry.is_asked or entry.is_left_out) and await self._start_for(entry) is not None:
                return True
        return False

    async def run(self) -> list[Offered]:
        """What was offered, to the longest waiting first. For a transaction that has the calendar to itself."""
        offered: list[Offered] = []
        await waitlist_offers.lapse(self.tx, self.now)  # one open offer for one entry: what is over makes room
        self.entries = await self.tx.all(_WAITING, tenant_id=self.tx.tenant_id, now=self.now)
        for entry in self.entries:
            start = await self._start_for(entry)
            if start is None:
                continue
            customer = await self.tx.one(_CUSTOMER, tenant_id=self.tx.tenant_id, customer_id=entry.customer_id)
            if customer is None or len(offered) == AT_ONCE:
                break  # who is first is not overtaken: the next round is soon
            if made := await self._serve(entry, customer, start):
                offered.append(made)
        return offered

    async def _serve(self, entry: Any, customer: Customer, start: datetime) -> Offered | None:  # noqa: ANN401 - a row
        refused = await self._refusal(entry, customer)
        if refused is None:
            made = await self._hold(entry, customer, start)
            if isinstance(made, Offered):
                return made
            refused = made
        await self._note(entry, start, state=OfferState.SKIPPED, reason=refused, booking_id=None, expires_at=None)
        return None

    async def _refusal(self, entry: Any, customer: Customer) -> str | None:  # noqa: ANN401 - see _serve
        if not customer.opted_in or customer.deleted_at is not None:
            return Skipped.OPTED_OUT.value
        if entry.is_asked:
            return Skipped.ASKED.value
        own = {"tenant_id": self.tx.tenant_id, "customer_id": customer.id}
        is_deciding = await self.tx.value(_HOLDS, now=self.now, **own) is not None
        return Skipped.DECIDING.value if is_deciding else None

    async def _hold(self, entry: Any, customer: Customer, start: datetime) -> Offered | str:  # noqa: ANN401 - see _serve
        """What is kept for him, or why it cannot be."""
        service = await service_of(self.tx, entry.service_id)
        if service is None:
            raise LookupError(f"service {entry.service_id} is gone")
        held = await hold(
            self.tx,
            service,
            start,
            customer_id=customer.id,
            now=self.now,
            zone=self.terms.zone,
            source="waitlist",
            prefix=self.terms.prefix,
            seats=entry.seats,
            minutes=self._minutes(start),
        )
        return await self._offer(entry, customer, service, held) if isinstance(held, Held) else held.value

    async def _offer(self, entry: Any, customer: Customer, service: Service, held: Held) -> Offered:  # noqa: ANN401
        self.free.clear()
        kept = {"booking_id": held.booking_id, "expires_at": held.expires_at, "reason": None}
        offer_id = await self._note(entry, held.start, state=OfferState.OFFERED, **kept)
        return Offered(offer_id, customer, service, held.start, entry.seats, held.expires_at)

    async def _note(self, entry: Any, start: datetime, *, state: OfferState, **facts: Any) -> Any:  # noqa: ANN401
        values = {"tenant_id": self.tx.tenant_id, "id": uuid7(), "entry_id": entry.id, "starts_at": start}
        return await self.tx.value(_NOTE, state=state.value, offered_at=self.now, **values, **facts)

    # -- what is free --------------------------------------------------------------------------------------------

    async def _start_for(self, entry: Any) -> datetime | None:  # noqa: ANN401 - see _serve
        """The first start that is free, suits the wish and has not been offered for it yet."""
        wish = Wish(entry.customer_id, entry.service_id, entry.from_day, entry.until_day, PartOfDay(entry.part_of_day))
        tried = set(entry.tried)
        for start in await self._free(entry.service_id, entry.seats):
            if start not in tried and wish.suits(start.astimezone(self.terms.zone)) and self._is_time_to_ask(start):
                return start
        return None

    async def _free(self, service_id: UUID, seats: int) -> list[datetime]:
        key = (service_id, seats)
        if key not in self.free:
            self.free[key] = await self._load(service_id, seats)
        return self.free[key]

    async def _load(self, service_id: UUID, seats: int) -> list[datetime]:
        """Every free start of the days for which somebody waits."""
        service = await service_of(self.tx, service_id)
        wanted = [one for one in self.entries if (one.service_id, one.seats) == (service_id, seats)]
        today = self.now.astimezone(self.terms.zone).date()
        first = max(today, min(one.from_day for one in wanted))
        if service is None:
            return []
        last = min(today + timedelta(days=service.horizon_days), max(one.until_day for one in wanted))
        asking = Asking(self.now, self.terms.zone, seats)
        return [slot.start for slot in await free_slots(self.tx, service, first, last, asking)]

    def _is_time_to_ask(self, start: datetime) -> bool:
        """Not so near that nobody could answer, and in quiet hours only what is about the next twelve."""
        is_quiet = quiet_until(self.now, self.terms.zone) is not None
        return self._minutes(start) >= FEWEST and (start - self.now <= NEAR or not is_quiet)

    def _minutes(self, start: datetime) -> int:
        """How long a time is kept for one person: shorter near its start."""
        return min(self.terms.minutes, int((start - self.now) / (SHARE * _MINUTE)))
