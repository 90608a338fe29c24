"""What staff change of a booking, kept in the audit log. What customers change of theirs stands in their turns."""

from datetime import datetime
from uuid import UUID

from models.booking.tables import BookingStatus, PaymentStatus
from models.db import Tx
from models.operations import audit
from models.operations.tables import AuditAction
from models.people.tables import User


async def note_status(
    tx: Tx,
    booking_id: UUID,
    was: str | None,
    becomes: BookingStatus,
    *,
    by: User | None,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Notes that staff brought a booking from one state into another, and why if they said so."""
    if by is not None:
        told = {"reason": reason} if reason else {}
        old, new = {"status": was} if was else {}, {"status": becomes.value, **told}
        await audit.record(tx, AuditAction.UPDATE, "bookings", booking_id, by=by, now=now, old=old, new=new)


async def note_move(
    tx: Tx, booking_id: UUID, was: datetime, becomes: datetime, *, by: User | None, now: datetime
) -> None:
    """Notes that staff moved a booking from one start to another."""
    if by is not None:
        old, new = {"starts_at": was.isoformat()}, {"starts_at": becomes.isoformat()}
        await audit.record(tx, AuditAction.UPDATE, "bookings", booking_id, by=by, now=now, old=old, new=new)


async def note_payment(tx: Tx, booking_id: UUID, *, by: User | None, now: datetime, method: str) -> None:
    """Notes that staff took the amount due."""
    if by is not None:
        new = {"payment_status": PaymentStatus.PAID.value, "payment_method": method}
        await audit.record(tx, AuditAction.UPDATE, "bookings", booking_id, by=by, now=now, new=new)
