"""A visit of several services: a booking each, held, confirmed, moved and cancelled together or not at all.

Each part stays a booking like any other, with a reference of its own: it can be moved or cancelled alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import ExclusionViolationError
from sqlalchemy import Uuid, bindparam, or_
from sqlmodel import col, select

from models.base import uuid7
from models.booking import journal, reminders
from models.booking.bookings import Moved, MoveRefusal, too_near
from models.booking.busy import Asking
from models.booking.cancellations import CancelOutcome, cancel
from models.booking.claims import Claim, Seat, SlotRefusal, clear, put, queue, refused, unseat
from models.booking.confirmations import Confirmed, Details, confirm
from models.booking.holds import Held, Keeping, hold_at
from models.booking.in_order import hold_customer_of
from models.booking.numbering import next_reference
from models.booking.services import service as service_of
from models.booking.tables import Booking, BookingStatus, Service
from models.booking.visit_plan import Placement, load_parts, plan
from models.db import Tx
from models.people.tables import User
from models.statements import ours, written

_OF_VISIT = (
    ours(Booking),
    col(Booking.visit_id) == bindparam("visit_id"),
    or_(bindparam("customer_id", type_=Uuid).is_(None), col(Booking.customer_id) == bindparam("customer_id")),
)
_PARTS = select(Booking).where(*_OF_VISIT).order_by(col(Booking.visit_place))
_AHEAD = _PARTS.where(col(Booking.status).in_([written("pending"), written("confirmed")])).with_for_update()
_LAPSED = frozenset({BookingStatus.HELD, BookingStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """A visit kept for one customer until `expires_at`, in the order of its parts."""

    visit_id: UUID
    parts: tuple[Held, ...]
    expires_at: datetime


class _Refused(Exception):  # noqa: N818 - ends a savepoint, nobody outside sees it
    """Why a part of a visit failed, and with it all others."""

    def __init__(self, refusal: SlotRefusal | CancelOutcome) -> None:
        self.refusal = refusal


async def hold_visit(
    tx: Tx,
    services: Sequence[Service],
    start: datetime,
    *,
    customer_id: UUID,
    now: datetime,
    zone: ZoneInfo,
    source: str,
    prefix: str,
    seats: int = 1,
    minutes: int = 5,
) -> HeldVisit | SlotRefusal:
    """Keeps the time of all these services from `start` on, in place of what the customer held before.

    See `hold`. Raises ValueError if there are none, or for a prefix that cannot be one.
    """
    if not services:
        raise ValueError("A visit is of one service at least.")
    asking = Asking(now, zone, seats, customer_id, visit=uuid7())
    placed = await _win(tx, services, start, asking)
    if isinstance(placed, SlotRefusal):
        return placed
    today, until = now.astimezone(zone).date(), now + timedelta(minutes=minutes)
    numbers = [await next_reference(tx, prefix, today) for _ in placed]
    await clear(tx, replace(asking, visit=None), [Seat.of(one.diaries) for one in placed])
    try:
        async with tx.savepoint():
            keeping = [Keeping(customer_id, number, until, source, place) for place, number in enumerate(numbers)]
            held = [await _hold_part(tx, asking, one, kept) for one, kept in zip(placed, keeping, strict=True)]
    except _Refused:
        return SlotRefusal.TAKEN
    assert asking.visit is not None  # noqa: S101 - tells the type checker
    return HeldVisit(asking.visit, tuple(held), until)


async def confirm_visit(
    tx: Tx, visit_id: UUID, *, now: datetime, details: Details, by: User | None = None
) -> tuple[Confirmed, ...] | SlotRefusal:
    """Makes bookings of all parts that are held, or of none. What has lapsed is won again. Twice is once."""
    parts = await tx.all(_PARTS, tenant_id=tx.tenant_id, visit_id=visit_id, customer_id=None)
    parts = [part for part in parts if part.status != BookingStatus.CANCELLED]
    if any(part.status in _LAPSED for part in parts):
        # all at once and in order: two visits that are confirmed late must not wait for each other
        await queue(tx, [part.service_id for part in parts])
    try:
        async with tx.savepoint():
            done = [await _confirm_part(tx, part, now, details, by) for part in parts]
    except _Refused as refused_part:
        return SlotRefusal(refused_part.refusal)
    return tuple(done) or SlotRefusal.EXPIRED


async def move_visit(
    tx: Tx,
    visit_id: UUID,
    start: datetime,
    *,
    now: datetime,
    zone: ZoneInfo,
    customer_id: UUID | None = None,
    by: User | None = None,
) -> tuple[Moved, ...] | SlotRefusal | MoveRefusal:
    """Moves all parts that lie ahead to follow each other from `start` on, or none. See `move`."""
    of_visit = {"tenant_id": tx.tenant_id, "visit_id": visit_id, "customer_id": customer_id}
    if by is not None:
        await hold_customer_of(tx, visit_id)
    parts = await tx.all(_AHEAD, **of_visit)
    services = [found for part in parts if (found := await service_of(tx, part.service_id))]
    if not parts:
        return MoveRefusal.CANCELLED if await tx.all(_PARTS, **of_visit) else MoveRefusal.UNKNOWN
    for part, service in zip(parts, services, strict=True):
        if refusal := too_near(part, service, now, by):
            return refusal
    ids, staff = tuple(part.id for part in parts), by is not None
    asking = Asking(
        now, zone, parts[0].seats, parts[0].customer_id, ids, step_minutes=1 if by else None, by_staff=staff
    )
    placed = await _win(tx, services, start, asking)
    if isinstance(placed, SlotRefusal):
        return placed
    return await _put_parts(tx, parts, placed, asking, by)


async def cancel_visit(
    tx: Tx,
    visit_id: UUID,
    *,
    now: datetime,
    customer_id: UUID | None = None,
    by: User | None = None,
    reason: str | None = None,
) -> CancelOutcome:
    """Gives up all parts that are held or lie ahead, or none of them. See `cancel`."""
    parts = await tx.all(_PARTS, tenant_id=tx.tenant_id, visit_id=visit_id, customer_id=customer_id)
    gone = {BookingStatus.CANCELLED, BookingStatus.EXPIRED}
    ahead = [part for part in parts if part.status not in gone]
    if not ahead:
        return CancelOutcome.ALREADY if parts else CancelOutcome.UNKNOWN
    try:
        async with tx.savepoint():
            for part in ahead:
                await _cancel_part(tx, part, now, by, reason)
    except _Refused as refused_part:
        return CancelOutcome(refused_part.refusal)
    return CancelOutcome.CANCELLED


async def _win(
    tx: Tx, services: Sequence[Service], start: datetime, asking: Asking
) -> tuple[Placement, ...] | SlotRefusal:
    """Who does which part when: nobody else takes them before this transaction ends."""
    await queue(tx, [service.id for service in services])
    claim = Claim(services[0], start, asking)
    parts = await load_parts(tx, services, claim.local_start.date(), replace(asking, visit=None))
    return refused(claim, parts[0].schedule) or plan(parts, start) or SlotRefusal.TAKEN


async def _hold_part(tx: Tx, asking: Asking, placed: Placement, keeping: Keeping) -> Held:
    held = await hold_at(tx, Claim(placed.service, placed.start, asking), Seat.of(placed.diaries), keeping)
    if held is None:
        raise _Refused(SlotRefusal.TAKEN)
    return held


async def _confirm_part(tx: Tx, part: Booking, now: datetime, details: Details, by: User | None) -> Confirmed:
    done = await confirm(tx, part.id, now=now, details=details, by=by)
    if isinstance(done, SlotRefusal):
        raise _Refused(done)
    return done


async def _cancel_part(tx: Tx, part: Booking, now: datetime, by: User | None, reason: str | None) -> None:
    outcome = await cancel(tx, part.id, now=now, customer_id=part.customer_id, by=by, reason=reason)
    if outcome is not CancelOutcome.CANCELLED:
        raise _Refused(outcome)


async def _put_parts(
    tx: Tx, parts: Sequence[Booking], placed: Sequence[Placement], asking: Asking, by: User | None
) -> tuple[Moved, ...] | SlotRefusal:
    seats = [Seat.of(one.diaries) for one in placed]
    await clear(tx, asking, seats)
    moved = []
    try:
        async with tx.savepoint():
            await unseat(tx, [part.id for part in parts])
            for part, one, where in zip(parts, placed, seats, strict=True):
                claim = Claim(one.service, one.start, asking)
                await put(tx, part.id, claim, where, becomes=BookingStatus(part.status))
                moved.append(Moved(part.id, part.reference, one.start, one.end, where.name, part.version + 1))
    except ExclusionViolationError:
        return SlotRefusal.TAKEN  # somebody who did not queue was faster
    for part, one in zip(parts, placed, strict=True):
        await reminders.plan(tx, part.id, asking.now)
        await journal.note_move(tx, part.id, part.during.lower, one.start, by=by, now=asking.now)
    return tuple(moved)
