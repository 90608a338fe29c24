"""Getting back to a customer after a visit: made by rule, due on a day, done by somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, and_, bindparam, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, update

from models.base import uuid7
from models.booking.tables import Booking, FollowUp, FollowUpStatus, FollowUpType, Priority, Service
from models.db import Row, Tx, written_columns
from models.people.leads import DETAILED, PAID
from models.people.tables import Customer, User
from models.statements import ours, written

OPEN = (FollowUpStatus.PENDING, FollowUpStatus.IN_PROGRESS, FollowUpStatus.OVERDUE)

_NEW = insert(FollowUp).values({name: bindparam(name) for name in written_columns(FollowUp)})
# the visit was reopened and has taken place after all: what was cancelled with it is to be done again
_ADD = _NEW.on_conflict_do_update(
    index_elements=["tenant_id", "booking_id", "follow_up_type"],
    set_={"status": _NEW.excluded.status, "due_date": _NEW.excluded.due_date},
    where=col(FollowUp.status) == written(FollowUpStatus.CANCELLED),
)
_IS_OPEN = col(FollowUp.status).in_([written(status) for status in OPEN])
_THIS = (ours(FollowUp), col(FollowUp.id) == bindparam("follow_up_id"), _IS_OPEN)
_DONE = (
    update(FollowUp)
    .where(*_THIS)
    .values(
        status=bindparam("becomes"),
        completed_date=bindparam("now"),
        outcome=func.coalesce(bindparam("told"), col(FollowUp.outcome)),
        assigned_to=bindparam("by"),
    )
)
_LATER = update(FollowUp).where(*_THIS).values(status="pending", due_date=bindparam("due"))
_CANCEL = (
    update(FollowUp).where(ours(FollowUp), col(FollowUp.booking_id) == bindparam("booking_id"), _IS_OPEN)
).values(status="cancelled")
_OVERDUE = (
    update(FollowUp)
    .where(
        ours(FollowUp),
        col(FollowUp.status) == written(FollowUpStatus.PENDING),
        col(FollowUp.due_date) < bindparam("now"),
    )
    .values(status="overdue")
    .returning(col(FollowUp.assigned_to))
)
_OPEN: Any = (  # of more columns than the types of SQLAlchemy count
    select_columns(
        col(FollowUp.id),
        col(FollowUp.booking_id),
        col(FollowUp.customer_id),
        col(FollowUp.follow_up_type),
        col(FollowUp.priority),
        col(FollowUp.due_date),
        col(FollowUp.title),
        col(User.full_name).label("assigned_to"),
        col(Customer.phone_number),
        func.coalesce(
            func.nullif(func.concat_ws(" ", Customer.first_name, Customer.last_name), ""), Customer.whatsapp_name
        ).label("customer"),
    )
    .join(Customer, and_(col(Customer.tenant_id) == FollowUp.tenant_id, col(Customer.id) == FollowUp.customer_id))
    .join(User, and_(col(User.tenant_id) == FollowUp.tenant_id, col(User.id) == FollowUp.assigned_to))
    .where(ours(FollowUp), _IS_OPEN)
)
_TO_DO: Executable = _OPEN.order_by(col(FollowUp.due_date), col(FollowUp.id)).limit(bindparam("most"))
_ONE: Executable = _OPEN.where(col(FollowUp.id) == bindparam("follow_up_id"))


@dataclass(frozen=True, slots=True)
class ToDo:
    """A follow-up that is not done; `is_overdue` whether or not a job has noticed. Instants in UTC."""

    follow_up_id: UUID
    booking_id: UUID
    customer_id: UUID
    kind: FollowUpType
    priority: Priority
    title: str
    customer: str
    phone: str
    assigned_to: str
    due: datetime
    is_overdue: bool


async def create(tx: Tx, booking: Booking, service: Service, *, by: UUID, now: datetime) -> bool:
    """What the service wants to be done after this visit, if anything: for its consultant, else for `by`."""
    if service.follow_up_days is None or service.follow_up_type is None:
        return False
    row = FollowUp(
        id=uuid7(),
        tenant_id=booking.tenant_id,
        booking_id=booking.id,
        customer_id=booking.customer_id,
        assigned_to=booking.consultant_id or by,
        follow_up_type=service.follow_up_type,
        priority=_priority(booking.lead_score or 0).value,
        due_date=now + timedelta(days=service.follow_up_days),
        title=service.name,
    )
    return await tx.run(_ADD, **{name: getattr(row, name) for name in written_columns(FollowUp)}) > 0


async def to_do(tx: Tx, now: datetime, *, most: int = 20) -> list[ToDo]:
    """What is not done yet, the longest due first."""
    return [_as_to_do(row, now) for row in await tx.all(_TO_DO, tenant_id=tx.tenant_id, most=most)]


async def follow_up(tx: Tx, follow_up_id: UUID, now: datetime) -> ToDo | None:
    """The one with this id, unless it is done."""
    row = await tx.one(_ONE, tenant_id=tx.tenant_id, follow_up_id=follow_up_id)
    return _as_to_do(row, now) if row is not None else None


async def done(
    tx: Tx, follow_up_id: UUID, *, by: UUID, now: datetime, outcome: str | None = None, failed: bool = False
) -> bool:
    """Marks it as done, or as given up (`failed`); False when it is not open. Who did it is kept."""
    status = FollowUpStatus.FAILED if failed else FollowUpStatus.COMPLETED
    whose = {"tenant_id": tx.tenant_id, "follow_up_id": follow_up_id}
    return await tx.run(_DONE, **whose, becomes=status.value, now=now, told=outcome, by=by) > 0


async def later(tx: Tx, follow_up_id: UUID, due: datetime) -> bool:
    """Puts it off until `due`; False when it is not open."""
    return await tx.run(_LATER, tenant_id=tx.tenant_id, follow_up_id=follow_up_id, due=due) > 0


async def cancel(tx: Tx, booking_id: UUID) -> int:
    """Drops what was to be done after a visit that has not taken place after all; says how many."""
    return await tx.run(_CANCEL, tenant_id=tx.tenant_id, booking_id=booking_id)


async def mark_overdue(tx: Tx, now: datetime) -> dict[UUID, int]:
    """Marks what has become overdue, each once, and says how many for which user."""
    rows = await tx.all(_OVERDUE, tenant_id=tx.tenant_id, now=now)
    users = [row.assigned_to for row in rows]
    return {user: users.count(user) for user in dict.fromkeys(users)}


def _priority(score: int) -> Priority:
    if score >= PAID:
        return Priority.HIGH
    return Priority.MEDIUM if score >= DETAILED else Priority.LOW


def _as_to_do(row: Row, now: datetime) -> ToDo:
    return ToDo(
        follow_up_id=row.id,
        booking_id=row.booking_id,
        customer_id=row.customer_id,
        kind=FollowUpType(row.follow_up_type),
        priority=Priority(row.priority),
        title=row.title,
        customer=row.customer or row.phone_number,
        phone=row.phone_number,
        assigned_to=row.assigned_to,
        due=row.due_date,
        is_overdue=row.due_date < now,
    )
