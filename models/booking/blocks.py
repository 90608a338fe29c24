"""Time that staff take out of the calendar: an hour, a day off, the whole shop. Openings respect it at once.

What is booked in it already stays booked: `affected` says who that is. What is merely held there is let go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, and_, any_, bindparam, func, literal_column, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update

from models.base import uuid7
from models.booking.in_order import one_by_one
from models.booking.tables import Booking, BookingStatus, Resource, Service
from models.booking.taken_tables import BookingResource, Closure
from models.db import Tx
from models.operations import audit
from models.operations.tables import AuditAction
from models.people.tables import Customer, User
from models.statements import business, ours, written

_INSTANT = DateTime(timezone=True)
_START, _END = bindparam("start", type_=_INSTANT), bindparam("end", type_=_INSTANT)
_RESOURCES = bindparam("resources", type_=ARRAY(Uuid))
_MEANT = or_(_RESOURCES.is_(None), col(BookingResource.resource_id) == any_(_RESOURCES))

# who is winning time of these at this moment is waited for, and then seen; who comes later sees the closure
_QUEUE = (
    select(Resource.id)
    .where(ours(Resource), or_(_RESOURCES.is_(None), col(Resource.id) == any_(_RESOURCES)))
    .order_by(col(Resource.id))
    .with_for_update(key_share=True)
)
_TAKEN_IN_IT = (
    select(BookingResource.booking_id)
    .where(
        ours(BookingResource),
        col(BookingResource.takes_time),
        _MEANT,
        col(BookingResource.blocked_from) < _END,
        func.upper(BookingResource.blocked) > _START,
    )
    .distinct()
)
_LET_GO = (
    update(Booking)
    .where(
        ours(Booking),
        one_by_one(ours(Booking), col(Booking.status) == written("held"), col(Booking.id).in_(_TAKEN_IN_IT)),
    )
    .values(status="expired", hold_expires_at=func.least(Booking.hold_expires_at, bindparam("now", type_=_INSTANT)))
)
_LIFT = (
    update(Closure)
    .where(ours(Closure), col(Closure.block_id) == bindparam("block_id"), col(Closure.lifted_at).is_(None))
    .values(lifted_at=bindparam("now"), lifted_by=bindparam("user_id"))
)
_IN_FORCE = (
    select(Closure)
    .where(
        ours(Closure), col(Closure.lifted_at).is_(None), col(Closure.starts_at) < _END, col(Closure.ends_at) > _START
    )
    .order_by(col(Closure.starts_at), col(Closure.id))
)
_AFFECTED = (
    select_columns(
        col(Booking.id),
        col(Booking.reference),
        col(Booking.customer_id),
        col(Booking.customer_data),
        col(Booking.service_id),
        col(Service.name).label("service"),
        col(Booking.during),
        col(Booking.status),
        col(Customer.phone_number),
    )
    .join(Service, and_(col(Service.tenant_id) == Booking.tenant_id, col(Service.id) == Booking.service_id))
    .join(Customer, and_(col(Customer.tenant_id) == Booking.tenant_id, col(Customer.id) == Booking.customer_id))
    .where(
        ours(Booking),
        col(Booking.status).in_([literal_column("'pending'"), literal_column("'confirmed'")]),
        col(Booking.starts_at) > bindparam("now", type_=_INSTANT),
        col(Booking.starts_at) < _END,
        func.upper(Booking.during) > _START,
        col(Booking.id).in_(_TAKEN_IN_IT),
    )
    .order_by(col(Booking.starts_at), col(Booking.id))
)


@dataclass(frozen=True, slots=True)
class Block:
    """What was taken out, in UTC. `resource_ids` is None for the whole shop."""

    block_id: UUID
    resource_ids: tuple[UUID, ...] | None
    start: datetime
    end: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Affected:
    """A booking that lies in time taken out, in UTC. `name` is what the customer was called when he booked."""

    booking_id: UUID
    reference: str
    customer_id: UUID
    name: str | None
    phone: str
    service_id: UUID
    service: str
    start: datetime
    end: datetime
    status: BookingStatus


async def block(
    tx: Tx,
    resource_ids: Sequence[UUID] | None,
    start: datetime,
    end: datetime,
    *,
    by: User,
    now: datetime,
    reason: str | None = None,
) -> Block:
    """Takes [start, end) out for these resources, or for the whole shop, also for what it will have later.

    Holds that reach into it lapse; bookings stay, see `affected`. Raises ValueError unless it ends after its
    start and, if resources are named, names one.
    """
    if end <= start or (resource_ids is not None and not resource_ids):
        raise ValueError("A block has a length, and something that is blocked.")
    chosen = None if resource_ids is None else sorted(set(resource_ids))
    await tx.run(_QUEUE, tenant_id=tx.tenant_id, resources=chosen)
    key = uuid7()
    for resource_id in [None] if chosen is None else chosen:
        await tx.add(
            Closure(
                tenant_id=business(tx),
                block_id=key,
                resource_id=resource_id,
                starts_at=start,
                ends_at=end,
                reason=reason,
                created_by=by.id,
            )
        )
    await tx.run(_LET_GO, tenant_id=tx.tenant_id, resources=chosen, start=start, end=end, now=now)
    told = {"resources": [str(one) for one in chosen or ()], "starts_at": start.isoformat(), "ends_at": end.isoformat()}
    await audit.record(tx, AuditAction.INSERT, "closures", key, by=by, now=now, new={**told, "reason": reason})
    return Block(key, None if chosen is None else tuple(chosen), start, end, reason)


async def unblock(tx: Tx, block_id: UUID, *, by: User, now: datetime) -> bool:
    """Gives the time of a block back; False if there is none in force."""
    if not await tx.run(_LIFT, tenant_id=tx.tenant_id, block_id=block_id, user_id=by.id, now=now):
        return False
    await audit.record(tx, AuditAction.UPDATE, "closures", block_id, by=by, now=now, new={"lifted": True})
    return True


async def blocks(tx: Tx, start: datetime, end: datetime) -> list[Block]:
    """The blocks in force that reach into [start, end), earliest first."""
    found: dict[UUID, list[Closure]] = {}
    for row in await tx.all(_IN_FORCE, tenant_id=tx.tenant_id, start=start, end=end):
        found.setdefault(row.block_id, []).append(row)
    return [_as_block(rows) for rows in found.values()]


async def affected(
    tx: Tx, resource_ids: Sequence[UUID] | None, start: datetime, end: datetime, *, now: datetime
) -> list[Affected]:
    """The bookings ahead that reach into [start, end) of these resources, or of any, soonest first."""
    chosen = None if resource_ids is None else list(resource_ids)
    rows = await tx.all(_AFFECTED, tenant_id=tx.tenant_id, resources=chosen, start=start, end=end, now=now)
    return [
        Affected(
            booking_id=row.id,
            reference=row.reference,
            customer_id=row.customer_id,
            name=row.customer_data.get("name"),
            phone=row.phone_number,
            service_id=row.service_id,
            service=row.service,
            start=row.during.lower,
            end=row.during.upper,
            status=BookingStatus(row.status),
        )
        for row in rows
    ]


def _as_block(rows: Sequence[Closure]) -> Block:
    first = rows[0]
    whole_shop = any(row.resource_id is None for row in rows)
    ids = None if whole_shop else tuple(row.resource_id for row in rows if row.resource_id)
    return Block(first.block_id, ids, first.starts_at, first.ends_at, first.reason)
