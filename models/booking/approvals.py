"""What a booking waits for: the yes of the business, a payment, or both; and what becomes of one that waits too long.

Each answer is one UPDATE that names the state it starts from: two who answer at once answer once.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, case, or_
from sqlmodel import col, select, update

from models.booking import journal, reminders
from models.booking.in_order import one_by_one
from models.booking.tables import Booking, BookingStatus, PaymentStatus
from models.db import Tx, load
from models.people.tables import User
from models.statements import ours, written

_NOW = bindparam("now", type_=DateTime(timezone=True))
_THIS = (ours(Booking), col(Booking.id) == bindparam("booking_id"))
_WAITS = (col(Booking.status) == written("pending"), col(Booking.pending_until) > _NOW)
_BY_ID = select(Booking).where(*_THIS)
_PAID = (PaymentStatus.PAID, PaymentStatus.WAIVED)


def _once(is_settled: ColumnElement[bool]) -> dict[str, ColumnElement[object]]:
    """The booking stands as soon as nothing else is missing."""
    return {
        "status": case((is_settled, written("confirmed")), else_=col(Booking.status)),
        "confirmed_at": case((is_settled, _NOW), else_=col(Booking.confirmed_at)),
    }


_APPROVE = (
    update(Booking)
    .where(*_THIS, *_WAITS, col(Booking.needs_approval), col(Booking.approved_at).is_(None))
    .values(
        approved_at=_NOW,
        approved_by=bindparam("user_id"),
        **_once(or_(~col(Booking.needs_payment), col(Booking.payment_status) == written("paid"))),
    )
    .returning(Booking)
)
_DECLINE = (
    update(Booking)
    .where(*_THIS, col(Booking.status) == written("pending"))
    .values(
        status="cancelled",
        cancelled_at=_NOW,
        cancelled_by=bindparam("user_id"),
        cancellation_reason=bindparam("reason"),
        version=Booking.version + 1,
    )
    .returning(Booking)
)
_PAY = (
    update(Booking)
    .where(
        *_THIS,
        col(Booking.payment_status).in_([written("pending"), written("processing"), written("failed")]),
        or_(
            and_(*_WAITS),
            col(Booking.status).in_([written("confirmed"), written("in_progress"), written("completed")]),
        ),
    )
    .values(
        payment_status="paid",
        payment_method=bindparam("method"),
        payment_reference=bindparam("receipt"),
        **_once(
            and_(
                col(Booking.status) == written("pending"),
                or_(~col(Booking.needs_approval), col(Booking.approved_at).is_not(None)),
            )
        ),
    )
    .returning(Booking)
)
_OVER = (ours(Booking), col(Booking.status) == written("pending"), col(Booking.pending_until) <= _NOW)
_LAPSE = (
    update(Booking)
    .where(ours(Booking), one_by_one(*_OVER, unless_locked=True))
    .values(
        status="cancelled",
        cancelled_at=_NOW,
        cancellation_reason="lapsed",
        version=Booking.version + 1,
    )
    .returning(Booking)
)
_WAITING = (
    select(Booking)
    .where(ours(Booking), *_WAITS, col(Booking.needs_approval), col(Booking.approved_at).is_(None))
    .order_by(col(Booking.pending_until), col(Booking.id))
)


class Outcome(StrEnum):
    """What became of an answer to a booking that waits.

    `waits_for_payment`, `waits_for_approval`: this half is settled, the other is not. `already`: somebody said so
    before. `gone`: it was cancelled, declined or has waited too long. `unknown`: there is none.
    """

    CONFIRMED = "confirmed"
    WAITS_FOR_PAYMENT = "waits_for_payment"
    WAITS_FOR_APPROVAL = "waits_for_approval"
    DECLINED = "declined"
    ALREADY = "already"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer, and the booking as it stands now; None if there is none."""

    outcome: Outcome
    booking: Booking | None


async def approve(tx: Tx, booking_id: UUID, *, by: User, now: datetime) -> Answered:
    """The business says yes. Twice is once."""
    if row := await tx.one(_APPROVE, tenant_id=tx.tenant_id, booking_id=booking_id, user_id=by.id, now=now):
        done = load(Booking, row)
        await reminders.plan(tx, booking_id, now)
        becomes, stands = BookingStatus(done.status), done.status == BookingStatus.CONFIRMED
        await journal.note_status(tx, booking_id, BookingStatus.PENDING, becomes, by=by, now=now, reason="approved")
        return Answered(Outcome.CONFIRMED if stands else Outcome.WAITS_FOR_PAYMENT, done)
    booking = await tx.one(_BY_ID, tenant_id=tx.tenant_id, booking_id=booking_id)
    if booking and _waits(booking, now) and not booking.needs_approval:
        return Answered(Outcome.WAITS_FOR_PAYMENT, booking)
    return Answered(_standing(booking, said=booking is not None and booking.approved_at is not None), booking)


async def decline(tx: Tx, booking_id: UUID, *, by: User, now: datetime, reason: str | None = None) -> Answered:
    """The business says no, and the time is free for others. Twice is once."""
    values: dict[str, Any] = {"user_id": by.id, "now": now, "reason": reason or "declined"}
    if row := await tx.one(_DECLINE, tenant_id=tx.tenant_id, booking_id=booking_id, **values):
        becomes = BookingStatus.CANCELLED
        await journal.note_status(
            tx, booking_id, BookingStatus.PENDING, becomes, by=by, now=now, reason=values["reason"]
        )
        return Answered(Outcome.DECLINED, load(Booking, row))
    booking = await tx.one(_BY_ID, tenant_id=tx.tenant_id, booking_id=booking_id)
    return Answered(_standing(booking, said=False), booking)


async def mark_paid(
    tx: Tx, booking_id: UUID, *, now: datetime, method: str, receipt: str | None = None, by: User | None = None
) -> Answered:
    """The amount due has come, to staff (`by`) or without them; `receipt` is the payment's reference. Twice is once."""
    values = {"now": now, "method": method, "receipt": receipt}
    if row := await tx.one(_PAY, tenant_id=tx.tenant_id, booking_id=booking_id, **values):
        paid = load(Booking, row)
        await reminders.plan(tx, booking_id, now)
        await journal.note_payment(tx, booking_id, by=by, now=now, method=method)
        waits = paid.status == BookingStatus.PENDING
        return Answered(Outcome.WAITS_FOR_APPROVAL if waits else Outcome.CONFIRMED, paid)
    booking = await tx.one(_BY_ID, tenant_id=tx.tenant_id, booking_id=booking_id)
    return Answered(_standing(booking, said=booking is not None and booking.payment_status in _PAID), booking)


async def waiting(tx: Tx, now: datetime) -> list[Booking]:
    """The bookings that wait for a yes of the business, those that lapse soonest first."""
    return await tx.all(_WAITING, tenant_id=tx.tenant_id, now=now)


async def lapse_pending(tx: Tx, now: datetime) -> list[Booking]:
    """Cancels what has waited too long, and says what that was, so that its customers can be told."""
    return [load(Booking, row) for row in await tx.all(_LAPSE, tenant_id=tx.tenant_id, now=now)]


def _waits(booking: Booking, now: datetime) -> bool:
    return booking.status == BookingStatus.PENDING and booking.pending_until is not None and booking.pending_until > now


def _standing(booking: Booking | None, *, said: bool) -> Outcome:
    """Why an answer changed nothing; `said` if it had been given before."""
    if booking is None or booking.status in {BookingStatus.HELD, BookingStatus.EXPIRED}:
        return Outcome.UNKNOWN
    if booking.status == BookingStatus.CANCELLED:
        return Outcome.GONE
    return Outcome.GONE if booking.status == BookingStatus.PENDING and not said else Outcome.ALREADY
