"""Keeping a time for a customer who is about to say yes: for minutes, and one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, literal_column
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update

from models.base import uuid7
from models.booking.busy import Asking
from models.booking.claims import Claim, SlotRefusal, win
from models.booking.references import new_reference
from models.booking.tables import Booking, PaymentStatus, Resource, Service
from models.db import Tx

_TRIES = 3
_COLUMNS = (
    "tenant_id",
    "id",
    "reference",
    "customer_id",
    "service_id",
    "resource_id",
    "consultant_id",
    "during",
    "blocked",
    "local_start",
    "zone",
    "seats",
    "exclusive",
    "hold_expires_at",
    "source",
)

_HOLD = (
    insert(Booking)
    .values(
        **{column: bindparam(column) for column in _COLUMNS},
        status="held",
        version=0,
        customer_data={},
        payment_status=PaymentStatus.WAIVED.value,
    )
    .on_conflict_do_nothing()
)

_HELD = (col(Booking.tenant_id) == bindparam("tenant_id"), col(Booking.status) == literal_column("'held'"))
_RELEASE = (
    update(Booking)
    .where(*_HELD, col(Booking.customer_id) == bindparam("customer"))
    .values(status="expired", hold_expires_at=func.least(Booking.hold_expires_at, bindparam("now")))
)
# whoever is at work on a lapsed hold decides what becomes of it: the sweep does not wait for him
_LAPSED = select(Booking.id).where(*_HELD, col(Booking.hold_expires_at) <= bindparam("now"))
_EXPIRE = (
    update(Booking)
    .where(
        col(Booking.tenant_id) == bindparam("tenant_id"),
        col(Booking.id).in_(_LAPSED.with_for_update(skip_locked=True)),
    )
    .values(status="expired")
)


@dataclass(frozen=True, slots=True)
class Held:
    """A time kept for one customer until `expires_at`. Times in UTC; `resource` is its name."""

    booking_id: UUID
    reference: str
    start: datetime
    end: datetime
    resource: str
    expires_at: datetime


async def hold(
    tx: Tx,
    service: Service,
    start: datetime,
    *,
    customer_id: UUID,
    now: datetime,
    zone: ZoneInfo,
    source: str,
    prefix: str,
    seats: int = 1,
    minutes: int = 5,
) -> Held | SlotRefusal:
    """Keeps `start` for the customer in place of what he held before, which a refusal leaves to him.

    `prefix` begins the reference, `source` is the channel. Raises ValueError for a prefix that cannot be one.
    """
    claim = Claim(service, start, Asking(now, zone, seats, customer_id))
    won = await win(tx, claim)
    if isinstance(won, SlotRefusal):
        return won
    until = now + timedelta(minutes=minutes)
    for resource in won:
        if held := await _hold_at(tx, claim, resource, until=until, source=source, prefix=prefix):
            return held
    return SlotRefusal.TAKEN


async def release_hold(tx: Tx, customer_id: UUID, now: datetime) -> bool:
    """Gives up what the customer holds; False when he holds nothing."""
    return await tx.run(_RELEASE, tenant_id=tx.tenant_id, customer=customer_id, now=now) > 0


async def expire_holds(tx: Tx, now: datetime) -> int:
    """Marks the holds that have lapsed and says how many: tidiness only, nothing waits for it."""
    return await tx.run(_EXPIRE, tenant_id=tx.tenant_id, now=now)


async def _hold_at(
    tx: Tx, claim: Claim, resource: Resource, *, until: datetime, source: str, prefix: str
) -> Held | None:
    key, during = uuid7(), claim.during
    row = {
        **claim.at(resource),
        "tenant_id": tx.tenant_id,
        "id": key,
        "customer_id": claim.asking.customer_id,
        "service_id": claim.service.id,
        "seats": claim.asking.seats,
        "hold_expires_at": until,
        "source": source,
    }
    # No row: the reference exists, or somebody who did not queue was faster. Another reference tells which.
    for _ in range(_TRIES):
        reference = new_reference(prefix)
        if await tx.run(_HOLD, reference=reference, **row):
            return Held(key, reference, during.lower, during.upper, resource.name, until)
    return None
