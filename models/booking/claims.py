"""Winning a time for one customer, whatever others do in the same instant.

Whoever wants to take time first queues for all resources that could serve him, then looks whether one is
free, and keeps the queue waiting until his transaction ends: a lost race is a plain answer. The constraint of
`bookings` stands behind it and refuses two bookings of one chair even to somebody who did not queue.
What one customer does comes one by one: his turn holds his row in `customers`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from asyncpg import ExclusionViolationError, Range
from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, func, literal_column
from sqlmodel import col, or_, select, update

from models.booking.busy import Asking
from models.booking.schedule import OF_SERVICE, Schedule
from models.booking.tables import Booking, BookingStatus, Resource, Service
from models.db import Tx

_MINUTE = timedelta(minutes=1)

# All of them, as the last two bookings of a day may want different ones. In the order of their keys, so that
# two who queue never wait for each other. FOR NO KEY UPDATE, so that who only refers to them does not queue.
_QUEUE = select(Resource.id).where(*OF_SERVICE).order_by(col(Resource.id)).with_for_update(key_share=True)
# the constraint cannot know what time it is: to it, a lapsed hold blocks until its status says otherwise
_CLEAR = (
    update(Booking)
    .where(
        col(Booking.tenant_id) == bindparam("tenant_id"),
        col(Booking.status) == literal_column("'held'"),
        or_(
            col(Booking.customer_id) == bindparam("customer"),
            and_(
                col(Booking.resource_id) == any_(bindparam("resources", type_=ARRAY(Uuid))),
                col(Booking.hold_expires_at) <= bindparam("now"),
            ),
        ),
    )
    .values(status="expired", hold_expires_at=func.least(Booking.hold_expires_at, bindparam("now")))
)
_PLACE = (
    update(Booking)
    .where(
        col(Booking.tenant_id) == bindparam("tenant_id"),
        col(Booking.id) == bindparam("booking_id"),
        col(Booking.status) == bindparam("was"),
    )
    .values(
        **{
            column: bindparam(column)
            for column in (
                "resource_id",
                "consultant_id",
                "exclusive",
                "during",
                "blocked",
                "local_start",
                "zone",
            )
        },
        status=bindparam("becomes"),
        hold_expires_at=bindparam("until"),
        customer_confirmed_at=None,  # what he said was of another time
        version=Booking.version + 1,
    )
)


class SlotRefusal(StrEnum):
    """Why a time cannot be had. `expired`: nothing is held that could be confirmed."""

    TAKEN = "taken"
    NOT_OFFERED = "not_offered"
    TOO_LATE = "too_late"
    FULL_DAY = "full_day"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Claim:
    """A time that somebody wants. `start` may be in any zone."""

    service: Service
    start: datetime
    asking: Asking

    @property
    def during(self) -> Range:
        start = self.start.astimezone(UTC)
        return Range(start, start + self.service.duration_minutes * _MINUTE)

    @property
    def blocked(self) -> Range:
        during, service = self.during, self.service
        return Range(
            during.lower - service.buffer_before_minutes * _MINUTE,
            during.upper + service.buffer_after_minutes * _MINUTE,
        )

    @property
    def local_start(self) -> datetime:
        return self.start.astimezone(self.asking.zone).replace(tzinfo=None)

    def at(self, resource: Resource) -> dict[str, object]:
        """What the row of a booking says of where and when."""
        return {
            "resource_id": resource.id,
            "consultant_id": resource.user_id,
            "exclusive": resource.capacity == 1,
            "during": self.during,
            "blocked": self.blocked,
            "local_start": self.local_start,
            "zone": self.asking.zone.key,
        }


async def queue(tx: Tx, service: Service) -> None:
    """Waits until nobody else takes time of the service; whoever comes next waits for us."""
    await tx.run(_QUEUE, tenant_id=tx.tenant_id, service_id=service.id)


async def win(tx: Tx, claim: Claim) -> list[Resource] | SlotRefusal:
    """The resources that can be booked, best first: nobody else takes them before this transaction ends.

    The customer's hold, if he has one, is given up. A refusal changes nothing.
    """
    await queue(tx, claim.service)
    day = claim.local_start.date()
    schedule = await Schedule.load(tx, claim.service, day, 1, claim.asking)
    refusal = _refusal(claim, schedule, full=day in schedule.full_days)
    free = schedule.free_at(claim.start)
    if refusal or not free:
        return refusal or SlotRefusal.TAKEN
    asking, resources = claim.asking, [resource.id for resource in free]
    await tx.run(_CLEAR, tenant_id=tx.tenant_id, customer=asking.customer_id, resources=resources, now=asking.now)
    return free


async def place(
    tx: Tx,
    booking: Booking,
    claim: Claim,
    won: Iterable[Resource],
    *,
    was: BookingStatus,
    becomes: BookingStatus,
    until: datetime | None = None,
) -> Resource | None:
    """Puts a booking where its time was won, with the resource it had if possible: one UPDATE of one row.

    None, and nothing has changed, when it is no longer what it `was` or no resource takes it after all.
    `until` is when it lapses if it becomes a hold.
    """
    values = {
        "tenant_id": tx.tenant_id,
        "booking_id": booking.id,
        "was": was,
        "becomes": becomes,
        "until": until,
    }
    for resource in sorted(won, key=lambda resource: resource.id != booking.resource_id):
        try:
            async with tx.savepoint():
                return resource if await tx.run(_PLACE, **values, **claim.at(resource)) else None
        except ExclusionViolationError:
            continue  # somebody who did not queue was faster
    return None


def _refusal(claim: Claim, schedule: Schedule, *, full: bool) -> SlotRefusal | None:
    if claim.start < claim.asking.now + claim.service.notice_minutes * _MINUTE:
        return SlotRefusal.TOO_LATE
    if not schedule.is_offered(claim.start):
        return SlotRefusal.NOT_OFFERED
    return SlotRefusal.FULL_DAY if full else None
