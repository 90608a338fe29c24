"""Customers who wait for a person, from the moment they are told so until somebody has seen to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from models.base import uuid7
from models.db import Tx
from models.messaging.tables import Handoff, UnansweredQuestion
from models.operations.queue import enqueue
from models.people.members import name_of
from models.people.tables import Customer, User
from models.statements import ours

NUDGE_TEAM = "nudge_team"
"""The job that brings somebody who waits to mind once more: {"customer_id", "since"}."""
NUDGE_AFTER = timedelta(minutes=15)

_OPEN = (
    insert(Handoff)
    .values(
        tenant_id=bindparam("tenant_id"),
        id=bindparam("id"),
        customer_id=bindparam("customer_id"),
        reason=bindparam("reason"),
        waiting_since=bindparam("now"),
    )
    .on_conflict_do_nothing(index_elements=["tenant_id", "customer_id"], index_where=text("given_back_at IS NULL"))
)
_OPEN_QUESTIONS = (
    select(func.array_agg(col(UnansweredQuestion.question)))
    .where(
        ours(UnansweredQuestion),
        col(UnansweredQuestion.customer_id) == col(Handoff.customer_id),
        col(UnansweredQuestion.status) == "open",
    )
    .correlate(Handoff)
    .scalar_subquery()
)
_WAITING = (
    select(
        col(Handoff.customer_id),
        col(Handoff.waiting_since),
        col(Customer.phone_number),
        col(Customer.first_name),
        col(Customer.last_name),
        col(Customer.whatsapp_name),
        _OPEN_QUESTIONS.label("questions"),
    )
    .join(Customer, and_(ours(Customer), col(Customer.id) == col(Handoff.customer_id)))
    .where(ours(Handoff), col(Handoff.given_back_at).is_(None))
    .order_by(col(Handoff.waiting_since))
    .limit(bindparam("most"))
)
_STILL = select(col(Handoff.id)).where(
    ours(Handoff),
    col(Handoff.customer_id) == bindparam("customer_id"),
    col(Handoff.waiting_since) == bindparam("since"),
    col(Handoff.taken_at).is_(None),
    col(Handoff.given_back_at).is_(None),
)
_GIVE_BACK = (
    update(Handoff)
    .where(ours(Handoff), col(Handoff.customer_id) == bindparam("customer_id"), col(Handoff.given_back_at).is_(None))
    .values(
        given_back_at=bindparam("now"),
        taken_at=func.coalesce(col(Handoff.taken_at), bindparam("now")),
        taken_by_user_id=func.coalesce(col(Handoff.taken_by_user_id), bindparam("user_id")),
    )
)
_SETTLE = (
    update(UnansweredQuestion)
    .where(
        ours(UnansweredQuestion),
        col(UnansweredQuestion.customer_id) == bindparam("customer_id"),
        col(UnansweredQuestion.status) == "open",
    )
    .values(status="answered", answered_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer who waits, since when, and what he asked that nobody could answer."""

    customer_id: UUID
    name: str | None
    phone: str
    since: datetime
    questions: Sequence[str]


async def open_handoff(tx: Tx, customer_id: UUID, *, reason: str, now: datetime) -> bool:
    """Notes that the customer waits for a person, and that the team is to be reminded; False when he waits already."""
    whose = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    if await tx.run(_OPEN, **whose, id=uuid7(), reason=reason, now=now) == 0:
        return False
    waits = {"customer_id": str(customer_id), "since": now.isoformat()}
    await enqueue(tx, NUDGE_TEAM, waits, now=now, due=now + NUDGE_AFTER)
    return True


async def still_waiting(tx: Tx, customer_id: UUID, since: datetime) -> bool:
    """Whether nobody has seen to the customer who has waited since then."""
    return await tx.value(_STILL, tenant_id=tx.tenant_id, customer_id=customer_id, since=since) is not None


async def waiting(tx: Tx, most: int) -> list[Waiting]:
    """Those who wait, longest first."""
    rows = await tx.all(_WAITING, tenant_id=tx.tenant_id, most=most)
    return [
        Waiting(
            customer_id=row.customer_id,
            name=name_of(row.first_name, row.last_name, row.whatsapp_name),
            phone=row.phone_number,
            since=row.waiting_since,
            questions=row.questions or [],
        )
        for row in rows
    ]


async def give_back(tx: Tx, customer_id: UUID, *, by: User, now: datetime) -> bool:
    """Somebody has seen to the customer and to what he asked; False when he was not waiting."""
    whose = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    if await tx.run(_GIVE_BACK, **whose, user_id=by.id, now=now) == 0:
        return False
    await tx.run(_SETTLE, **whose, now=now)
    return True
