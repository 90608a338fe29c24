"""What is taken already: the times of resources, and the days on which a service has had its number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Date, DateTime, Uuid, and_, any_, bindparam, cast, func, literal_column
from sqlmodel import col, or_, select

from models.booking.openings import Busy
from models.booking.tables import TAKES_TIME, Booking, Resource, Service
from models.db import Tx

_INSTANT = DateTime(timezone=True)
_SINCE, _UNTIL = bindparam("since", type_=_INSTANT), bindparam("until", type_=_INSTANT)

# A booking is found by its start. One that began earlier may last into the time in question, and one that
# starts later may need time to get ready in it: both are looked for as far away as any booking is long.
_LONGEST = func.greatest(
    literal_column("interval '1 day'"),
    select(
        func.max(Service.duration_minutes + Service.buffer_before_minutes + Service.buffer_after_minutes)
        * literal_column("interval '1 minute'")
    )
    .where(col(Service.tenant_id) == bindparam("tenant_id"))
    .scalar_subquery(),
)

# A lapsed hold is no hold, whether or not it has been noticed; and nobody is in his own way.
_COUNTS = and_(
    or_(
        col(Booking.status) != "held",
        and_(
            col(Booking.hold_expires_at) > bindparam("now"),
            col(Booking.customer_id).is_distinct_from(bindparam("customer_id")),
        ),
    ),
    col(Booking.id).is_distinct_from(bindparam("moving")),
)

_BUSY = select(Booking.resource_id, Booking.blocked, Booking.seats).where(
    col(Booking.tenant_id) == bindparam("tenant_id"),
    col(Booking.resource_id) == any_(bindparam("resources", type_=ARRAY(Uuid))),
    col(Booking.starts_at) > _SINCE - _LONGEST,
    col(Booking.starts_at) < _UNTIL + _LONGEST,
    col(Booking.status).in_([literal_column(f"'{status}'") for status in TAKES_TIME]),
    _COUNTS,
)

_DAY = cast(Booking.local_start, Date)
_FULL_DAYS = (
    select(_DAY.label("day"), func.count())
    .where(
        col(Booking.tenant_id) == bindparam("tenant_id"),
        # all resources, also those that have stopped doing the service: their index leads to the days
        col(Booking.resource_id).in_(select(Resource.id).where(col(Resource.tenant_id) == bindparam("tenant_id"))),
        col(Booking.starts_at).between(_SINCE, _UNTIL),
        col(Booking.service_id) == bindparam("service_id"),
        col(Booking.status).not_in([literal_column("'cancelled'"), literal_column("'expired'")]),
        _COUNTS,
    )
    .group_by(_DAY)
    .having(func.count() >= bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when and where. The customer's own hold and the booking that moves count as free."""

    now: datetime
    zone: ZoneInfo
    seats: int = 1
    customer_id: UUID | None = None
    moving: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant to another, in UTC."""

    since: datetime
    until: datetime


async def busy_times(
    tx: Tx, resource_ids: Iterable[UUID], stretch: Stretch, asking: Asking
) -> defaultdict[UUID, list[Busy]]:
    """For each resource what reaches into the stretch, buffers included, and maybe some more around it."""
    rows = await tx.all(_BUSY, resources=list(resource_ids), **_values(tx, stretch, asking))
    busy: defaultdict[UUID, list[Busy]] = defaultdict(list)
    for row in rows:
        busy[row.resource_id].append(Busy(row.blocked.lower, row.blocked.upper, row.seats))
    return busy


async def full_days(tx: Tx, service: Service, stretch: Stretch, asking: Asking) -> frozenset[date]:
    """The local days of the stretch on which the service is booked as often as it may be."""
    if service.max_daily_bookings is None:
        return frozenset()
    values = _values(tx, stretch, asking)
    rows = await tx.all(_FULL_DAYS, service_id=service.id, limit=service.max_daily_bookings, **values)
    return frozenset(row.day for row in rows)


def _values(tx: Tx, stretch: Stretch, asking: Asking) -> dict[str, object]:
    return {
        "tenant_id": tx.tenant_id,
        "since": stretch.since,
        "until": stretch.until,
        "now": asking.now,
        "customer_id": asking.customer_id,
        "moving": asking.moving,
    }
