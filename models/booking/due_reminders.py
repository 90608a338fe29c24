"""Reminders whose time has come: the booking is looked at again, and the reminder queued, dropped or left for later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Date, Executable, String, and_, bindparam, cast, exists, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update

from models.booking.ahead_tables import BookingReminder, ReminderState
from models.booking.reminders import NEAR, lead
from models.booking.tables import Booking, BookingStatus, Service
from models.db import Tx
from models.messaging.quiet_hours import quiet_until
from models.people.tables import Customer
from models.statements import ours, written

AT_ONCE = 100
"""Reminders taken in one round."""
LATEST = timedelta(hours=2)
"""A reminder later than this is not worth sending; a short one is not after a quarter of its time."""

_R, _B = BookingReminder, Booking
_PART, _OF_PART = aliased(Booking), aliased(Service)
# a visit of several services is one appointment to its customer, for as long as its parts lie on one day
_PARTS = (
    col(_PART.tenant_id) == col(_B.tenant_id),
    col(_PART.visit_id) == col(_B.visit_id),
    col(_PART.status) == written(BookingStatus.CONFIRMED),
    cast(_PART.local_start, Date) == cast(_B.local_start, Date),
)
_SERVICES = (
    select(_OF_PART.name)
    .join(_PART, and_(col(_PART.tenant_id) == col(_OF_PART.tenant_id), col(_PART.service_id) == col(_OF_PART.id)))
    .where(*_PARTS)
    .order_by(col(_PART.visit_place))
    .correlate(_B)
)
_IS_LATER_PART = exists().where(*_PARTS, col(_PART.visit_place) < col(_B.visit_place)).correlate(_B)
# Skipping what is locked: another worker has it, or the booking is being changed at this moment, and whoever changes
# it drops what we would send. Nothing is waited for, so there is no order of locks to keep.
_DUE: Executable = (
    select_columns(
        col(_R.id),
        col(_R.kind),
        col(_R.due_at),
        col(_R.booking_version),
        col(_B.id).label("booking_id"),
        col(_B.version),
        col(_B.status),
        col(_B.during),
        col(_B.zone),
        col(_B.reference),
        col(_B.customer_id),
        col(Service.name).label("service"),
        func.array(_SERVICES.scalar_subquery(), type_=ARRAY(String)).label("services"),
        _IS_LATER_PART.label("is_later_part"),
        col(Customer.opted_in),
    )
    .join(_B, and_(col(_B.tenant_id) == col(_R.tenant_id), col(_B.id) == col(_R.booking_id)))
    .join(Service, and_(col(Service.tenant_id) == col(_B.tenant_id), col(Service.id) == col(_B.service_id)))
    .join(Customer, and_(col(Customer.tenant_id) == col(_B.tenant_id), col(Customer.id) == col(_B.customer_id)))
    .where(ours(_R), col(_R.state) == written(ReminderState.PLANNED), col(_R.due_at) <= bindparam("now"))
    .order_by(col(_R.due_at))
    .limit(AT_ONCE)
    .with_for_update(of=[_R, _B], skip_locked=True, key_share=True)
)
_SETTLE = (
    update(_R)
    .where(ours(_R), col(_R.id) == bindparam("reminder"))
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        message_id=bindparam("message"),
        settled_at=bindparam("now"),
    )
)


class Dropped(StrEnum):
    """Why a reminder is not sent. The other reasons are the planner's."""

    NOT_CONFIRMED = "not_confirmed"
    MOVED = "moved"
    PAST = "past"
    OPTED_OUT = "opted_out"
    LATE = "late"
    QUIET_HOURS = "quiet_hours"
    PART_OF_VISIT = "part_of_visit"


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due, ours until the transaction ends. Times in UTC; `services` are names, of a whole visit."""

    reminder_id: UUID
    booking_id: UUID
    customer_id: UUID
    kind: str
    version: int
    start: datetime
    services: tuple[str, ...]
    reference: str
    expires_at: datetime
    refused: Dropped | None


async def take(tx: Tx, now: datetime) -> list[Due]:
    """The reminders that are due, with what speaks against them; nobody else takes them before the transaction ends."""
    return [_due(row, now) for row in await tx.all(_DUE, tenant_id=tx.tenant_id, now=now)]


async def queued(tx: Tx, reminder_id: UUID, message_id: UUID | None, now: datetime) -> None:
    """The reminder is written down as this message, in this transaction."""
    values = {"state": ReminderState.QUEUED.value, "reason": None, "message": message_id}
    await tx.run(_SETTLE, tenant_id=tx.tenant_id, reminder=reminder_id, now=now, **values)


async def dropped(tx: Tx, reminder_id: UUID, reason: Dropped, now: datetime) -> None:
    """The reminder is not sent, and this is why."""
    values = {"state": ReminderState.DROPPED.value, "reason": reason.value, "message": None}
    await tx.run(_SETTLE, tenant_id=tx.tenant_id, reminder=reminder_id, now=now, **values)


def _due(row: Any, now: datetime) -> Due:  # noqa: ANN401 - a row of _DUE
    start = row.during.lower
    return Due(
        reminder_id=row.id,
        booking_id=row.booking_id,
        customer_id=row.customer_id,
        kind=row.kind,
        version=row.version,
        start=start,
        services=tuple(row.services) or (row.service,),
        reference=row.reference,
        expires_at=min(_worth_until(row), start),
        refused=_refusal(row, start, now),
    )


def _refusal(row: Any, start: datetime, now: datetime) -> Dropped | None:  # noqa: ANN401, PLR0911 - a line a reason
    if row.status != BookingStatus.CONFIRMED:
        return Dropped.NOT_CONFIRMED
    if row.version != row.booking_version:
        return Dropped.MOVED
    if start <= now:
        return Dropped.PAST
    if not row.opted_in:
        return Dropped.OPTED_OUT
    if row.is_later_part:
        return Dropped.PART_OF_VISIT  # the first part tells of it
    if now >= _worth_until(row):
        return Dropped.LATE
    if start - now > NEAR and quiet_until(now, ZoneInfo(row.zone)) is not None:
        return Dropped.QUIET_HOURS  # it was planned for a better hour, and is late
    return None


def _worth_until(row: Any) -> datetime:  # noqa: ANN401 - see _due
    due: datetime = row.due_at
    return due + min(LATEST, lead(row.kind) / 4)
