"""The visit itself: it starts, it takes place or the customer does not come; and what was marked wrongly is reopened.

Each change is one UPDATE that names the states it starts from, so what two mark at once is marked once. Nothing leads
back to confirmed but `reopen`. The customer's row is locked first, as in his own turn, then the resources, then the
booking.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from asyncpg import ExclusionViolationError
from sqlalchemy import Executable, and_, bindparam, func
from sqlmodel import col, or_, select, update

from models.base import Channel
from models.booking import follow_ups, journal, reminders
from models.booking.holds import expire_holds
from models.booking.in_order import hold_customer_of
from models.booking.room import has_room
from models.booking.services import service as service_of
from models.booking.tables import Booking, BookingStatus, PaymentStatus
from models.db import Tx, load
from models.operations import audit
from models.operations.tables import AuditAction
from models.people import interactions, leads
from models.people.tables import InteractionType, User
from models.statements import ours, written

EARLY = timedelta(hours=12)
"""Nobody comes earlier than this: it is another day's visit that is meant."""
REOPENABLE = (BookingStatus.IN_PROGRESS, BookingStatus.COMPLETED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED)
NOT_EARNED = frozenset({PaymentStatus.REFUNDED, PaymentStatus.FAILED})

_THIS = (ours(Booking), col(Booking.id) == bindparam("booking_id"))
_BY_ID = select(Booking).where(*_THIS)
_CONFIRMED = col(Booking.status) == written(BookingStatus.CONFIRMED)
_HAS_BEGUN = and_(_CONFIRMED, col(Booking.starts_at) <= bindparam("now"))
_VERSION = Booking.version + 1

_START = (
    update(Booking)
    .where(*_THIS, _CONFIRMED, col(Booking.starts_at) <= bindparam("early"))
    .values(status="in_progress", actual_start_time=bindparam("now"), version=_VERSION)
    .returning(Booking)
)
_COMPLETE = (
    update(Booking)
    .where(*_THIS, or_(col(Booking.status) == written(BookingStatus.IN_PROGRESS), _HAS_BEGUN))
    .values(status="completed", actual_end_time=bindparam("now"), completed_at=bindparam("now"), version=_VERSION)
    .returning(Booking)
)
_NO_SHOW = update(Booking).where(*_THIS, _HAS_BEGUN).values(status="no_show", version=_VERSION).returning(Booking)
_REOPEN = (
    update(Booking)
    .where(*_THIS, col(Booking.status) == bindparam("was"))
    .values(
        status="confirmed",
        confirmed_at=func.coalesce(col(Booking.confirmed_at), bindparam("now")),
        actual_start_time=None,
        actual_end_time=None,
        completed_at=None,
        cancelled_at=None,
        cancelled_by=None,
        cancellation_reason=None,
        version=_VERSION,
    )
)


class VisitOutcome(StrEnum):
    """What became of it. `impossible`: it is in a state from which no way leads there. `unknown`: no such booking."""

    STARTED = "started"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    REOPENED = "reopened"
    ALREADY = "already"
    TOO_EARLY = "too_early"
    TAKEN = "taken"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Change:
    """A way from one state to another: the UPDATE, where it leads and what it is called."""

    statement: Executable
    becomes: BookingStatus
    outcome: VisitOutcome
    starts_from: tuple[BookingStatus, ...]


_STARTING = _Change(_START, BookingStatus.IN_PROGRESS, VisitOutcome.STARTED, (BookingStatus.CONFIRMED,))
_COMPLETING = _Change(
    _COMPLETE,
    BookingStatus.COMPLETED,
    VisitOutcome.COMPLETED,
    (BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS),
)
_MISSING = _Change(_NO_SHOW, BookingStatus.NO_SHOW, VisitOutcome.NO_SHOW, (BookingStatus.CONFIRMED,))


async def start(tx: Tx, booking_id: UUID, *, by: User, now: datetime) -> VisitOutcome:
    """The customer is there. Twice is once; `too_early` more than half a day before the time."""
    changed = await _change(tx, booking_id, _STARTING, by, now, early=now + EARLY)
    return _STARTING.outcome if isinstance(changed, Booking) else changed


async def complete(tx: Tx, booking_id: UUID, *, by: User, now: datetime) -> VisitOutcome:
    """The visit has taken place: the customer's totals and journey grow, and what follows it is noted.

    From confirmed only once its time has begun. Twice is once.
    """
    changed = await _change(tx, booking_id, _COMPLETING, by, now)
    if not isinstance(changed, Booking):
        return changed
    await leads.update_customer_stats(tx, changed.customer_id, revenue=_revenue(changed))
    score = changed.lead_score or 0
    await interactions.record(
        tx,
        changed.customer_id,
        InteractionType.CONSULTATION_COMPLETED,
        now=now,
        booking_id=booking_id,
        user_id=by.id,
        score=score,
        potential=leads.potential_of(score),
    )
    service = await service_of(tx, changed.service_id)
    if service is not None:
        await follow_ups.create(tx, changed, service, by=by.id, now=now)
    return VisitOutcome.COMPLETED


async def no_show(tx: Tx, booking_id: UUID, *, by: User, now: datetime) -> VisitOutcome:
    """The customer did not come: only to be said once the time has begun. Twice is once."""
    changed = await _change(tx, booking_id, _MISSING, by, now)
    return _MISSING.outcome if isinstance(changed, Booking) else changed


async def reopen(
    tx: Tx, booking_id: UUID, *, by: User, reason: str, now: datetime, channel: Channel | None = None
) -> VisitOutcome:
    """Back to confirmed, if nobody else has taken the time; what completing it led to is taken back. Twice is once.

    The only way back, staff's alone, and kept in the audit log with its `reason`.
    """
    booking = await _held(tx, booking_id)
    if booking is None:
        return VisitOutcome.UNKNOWN
    if booking.status not in REOPENABLE:
        return VisitOutcome.ALREADY if booking.status == BookingStatus.CONFIRMED else VisitOutcome.IMPOSSIBLE
    if not await _reopen(tx, booking, now):
        return VisitOutcome.TAKEN
    if booking.status == BookingStatus.COMPLETED:
        await leads.update_customer_stats(tx, booking.customer_id, revenue=-_revenue(booking))
        await follow_ups.cancel(tx, booking_id)
    await reminders.plan(tx, booking_id, now)
    new = {"status": BookingStatus.CONFIRMED.value, "reason": reason}
    action, old = AuditAction.UPDATE, {"status": booking.status}
    await audit.record(tx, action, "bookings", booking_id, by=by, now=now, old=old, new=new, channel=channel)
    return VisitOutcome.REOPENED


async def _change(
    tx: Tx, booking_id: UUID, change: _Change, by: User, now: datetime, **more: datetime
) -> Booking | VisitOutcome:
    """The booking as it has become, or why it has not."""
    was = await _held(tx, booking_id)
    if was is None:
        return VisitOutcome.UNKNOWN
    row = await tx.one(change.statement, tenant_id=tx.tenant_id, booking_id=booking_id, now=now, **more)
    if row is not None:
        await journal.note_status(tx, booking_id, was.status, change.becomes, by=by, now=now)
        return load(Booking, row)
    if was.status == change.becomes:
        return VisitOutcome.ALREADY
    return VisitOutcome.TOO_EARLY if was.status in change.starts_from else VisitOutcome.IMPOSSIBLE


async def _held(tx: Tx, booking_id: UUID) -> Booking | None:
    """The booking, once its customer's row is ours: nothing that he does changes it any more."""
    await hold_customer_of(tx, booking_id)
    booking: Booking | None = await tx.one(_BY_ID, tenant_id=tx.tenant_id, booking_id=booking_id)
    return booking


async def _reopen(tx: Tx, booking: Booking, now: datetime) -> bool:
    """Whether the time was won again. One that is in progress has never lost it."""
    if booking.status != BookingStatus.IN_PROGRESS:
        if not await has_room(tx, booking, now):
            return False
        # To the constraint, a lapsed hold blocks until its status says otherwise. After the resources: whoever has
        # those may wait for the hold.
        await expire_holds(tx, now)
    try:
        async with tx.savepoint():
            whose = {"tenant_id": tx.tenant_id, "booking_id": booking.id}
            return await tx.run(_REOPEN, **whose, was=booking.status, now=now) > 0
    except ExclusionViolationError:
        return False  # somebody who did not queue was faster


def _revenue(booking: Booking) -> int:
    """What the visit brings in, in minor units."""
    return 0 if booking.payment_status in NOT_EARNED else booking.payment_amount or 0
