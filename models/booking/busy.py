"""What is taken already: the times of resources, and how often a service is booked on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Date, DateTime, Uuid, all_, and_, any_, bindparam, cast, func, literal_column
from sqlmodel import col, or_, select

from models.booking.openings import Busy
from models.booking.tables import Booking, Resource, Service
from models.booking.taken_tables import BookingResource, Closure
from models.db import Tx
from models.statements import ours, written

_INSTANT = DateTime(timezone=True)
_SINCE, _UNTIL = bindparam("since", type_=_INSTANT), bindparam("until", type_=_INSTANT)
_RESOURCES = bindparam("resources", type_=ARRAY(Uuid))

# A booking is found by when it begins to need its resource. One that began earlier may last into the time in
# question: it is looked for as far back as any booking is long.
_LONGEST = func.greatest(
    literal_column("interval '1 day'"),
    select(
        func.max(Service.duration_minutes + Service.buffer_before_minutes + Service.buffer_after_minutes)
        * literal_column("interval '1 minute'")
    )
    .where(ours(Service))
    .scalar_subquery(),
)

# A lapsed hold is no hold, whether or not it has been noticed; and nobody is in his own way, but for the other
# parts of the visit that he is putting together.
_COUNTS = and_(
    or_(
        col(Booking.status) != written("held"),
        and_(
            col(Booking.hold_expires_at) > bindparam("now"),
            or_(
                col(Booking.customer_id).is_distinct_from(bindparam("customer_id")),
                col(Booking.visit_id) == bindparam("visit", type_=Uuid),
            ),
        ),
    ),
    col(Booking.id) != all_(bindparam("moving", type_=ARRAY(Uuid))),
)

_BUSY = (
    select(BookingResource.resource_id, BookingResource.blocked, BookingResource.seats)
    .join(
        Booking,
        and_(col(Booking.tenant_id) == BookingResource.tenant_id, col(Booking.id) == BookingResource.booking_id),
    )
    .where(
        ours(BookingResource),
        col(BookingResource.resource_id) == any_(_RESOURCES),
        col(BookingResource.takes_time),
        col(BookingResource.blocked_from) > _SINCE - _LONGEST,
        col(BookingResource.blocked_from) < _UNTIL,
        ours(Booking),
        _COUNTS,
    )
)
_CLOSED = select(Closure.resource_id, Closure.starts_at, Closure.ends_at).where(
    ours(Closure),
    col(Closure.lifted_at).is_(None),
    col(Closure.ends_at) > _SINCE,
    col(Closure.starts_at) < _UNTIL,
    or_(col(Closure.resource_id).is_(None), col(Closure.resource_id) == any_(_RESOURCES)),
)

_DAY = cast(Booking.local_start, Date)
_BOOKED = (
    select(_DAY.label("day"), func.count().label("number"))
    .where(
        ours(Booking),
        col(Booking.starts_at).between(_SINCE, _UNTIL),
        col(Booking.service_id) == bindparam("service_id"),
        col(Booking.status).not_in([written("cancelled"), written("expired")]),
        _COUNTS,
    )
    .group_by(_DAY)
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when and where. The customer's own hold and the bookings that move count as free.

    `visit` is the one being put together: what is held for it is not free. With `step_minutes` starts lie on
    that grid instead of the service's. Staff are not kept to the notice. Who books with priority sees
    `days_ahead` beyond the service's last day; None is looked up.
    """

    now: datetime
    zone: ZoneInfo
    seats: int = 1
    customer_id: UUID | None = None
    moving: tuple[UUID, ...] = ()
    visit: UUID | None = None
    step_minutes: int | None = None
    by_staff: bool = False
    days_ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant to another, in UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Occupied:
    """For each resource what is booked of it, and when it is closed."""

    booked: Mapping[UUID, Sequence[Busy]]
    closed: Mapping[UUID, Sequence[Busy]]


async def occupied(tx: Tx, resources: Iterable[Resource], stretch: Stretch, asking: Asking) -> Occupied:
    """What reaches into the stretch, buffers included, and maybe some more before it."""
    capacities = {resource.id: resource.capacity for resource in resources}
    values = {"tenant_id": tx.tenant_id, "since": stretch.since, "until": stretch.until, "resources": [*capacities]}
    booked: defaultdict[UUID, list[Busy]] = defaultdict(list)
    for row in await tx.all(_BUSY, **values, **_values(asking)):
        booked[row.resource_id].append(Busy(row.blocked.lower, row.blocked.upper, row.seats))
    closed: defaultdict[UUID, list[Busy]] = defaultdict(list)
    for row in await tx.all(_CLOSED, **values):
        for resource_id in [row.resource_id] if row.resource_id else capacities:
            closed[resource_id].append(Busy(row.starts_at, row.ends_at, capacities[resource_id]))
    return Occupied(booked, closed)


async def booked_on(tx: Tx, service: Service, stretch: Stretch, asking: Asking) -> Mapping[date, int]:
    """How often the service is booked on the local days of the stretch."""
    values = {"tenant_id": tx.tenant_id, "since": stretch.since, "until": stretch.until, "service_id": service.id}
    return {row.day: row.number for row in await tx.all(_BOOKED, **values, **_values(asking))}


def _values(asking: Asking) -> dict[str, object]:
    return {
        "now": asking.now,
        "customer_id": asking.customer_id,
        "visit": asking.visit,
        "moving": list(asking.moving),
    }
