"""Winning a time for one customer, whatever others do in the same instant.

Whoever wants to take time first queues for all resources that could serve him, then looks whether those he needs
are free, and keeps the queue waiting until his transaction ends: a lost race is a plain answer. The constraint of
`booking_resources` stands behind it and refuses two bookings of one chair even to somebody who did not queue.
What one customer does comes one by one: his turn holds his row in `customers`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from asyncpg import ExclusionViolationError, Range
from sqlalchemy import ARRAY, DateTime, String, Uuid, and_, any_, bindparam, case, delete, exists, func
from sqlmodel import col, or_, select, update

from models.booking.busy import Asking
from models.booking.in_order import one_by_one
from models.booking.needs import OF_SERVICES
from models.booking.schedule import Diary, Schedule, notice
from models.booking.tables import Booking, BookingStatus, Resource, Service
from models.booking.taken_tables import BookingResource
from models.db import Tx
from models.statements import business, ours, written

_MINUTE = timedelta(minutes=1)
_STARTS = bindparam("starts", type_=DateTime(timezone=True))
_VISIT = bindparam("visit", type_=Uuid)
_WAYS = 20
"""How many ways to serve a customer are tried before he is told that the time is taken."""

# All of them, as the last two bookings of a day may want different ones. In the order of their keys, so that
# two who queue never wait for each other. FOR NO KEY UPDATE, so that who only refers to them does not queue.
_QUEUE = select(Resource.id).where(*OF_SERVICES).order_by(col(Resource.id)).with_for_update(key_share=True)
# the constraint cannot know what time it is: to it, a lapsed hold blocks until its status says otherwise
_CLEAR = (
    update(Booking)
    .where(
        ours(Booking),
        one_by_one(
            ours(Booking),
            col(Booking.status) == written("held"),
            or_(
                and_(
                    col(Booking.customer_id) == bindparam("customer"),
                    or_(_VISIT.is_(None), col(Booking.visit_id).is_distinct_from(_VISIT)),
                ),
                and_(
                    col(Booking.hold_expires_at) <= bindparam("now"),
                    exists().where(
                        ours(BookingResource),
                        col(BookingResource.booking_id) == Booking.id,
                        col(BookingResource.resource_id) == any_(bindparam("resources", type_=ARRAY(Uuid))),
                    ),
                ),
            ),
        ),
    )
    .values(status="expired", hold_expires_at=func.least(Booking.hold_expires_at, bindparam("now")))
)
_AS_IT_WAS = (
    select(Booking.id)
    .where(
        ours(Booking),
        col(Booking.id) == bindparam("booking_id"),
        col(Booking.status) == any_(bindparam("was", type_=ARRAY(String))),
    )
    .with_for_update()
)
_UNSEAT = delete(BookingResource).where(
    ours(BookingResource), col(BookingResource.booking_id) == any_(bindparam("bookings", type_=ARRAY(Uuid)))
)
_WHERE_AND_WHEN = (
    "resource_id",
    "consultant_id",
    "during",
    "blocked",
    "local_start",
    "zone",
    "meeting_platform",
    "meeting_url",
    "meeting_id",
    "meeting_password",
)
_PLACE = (
    update(Booking)
    .where(ours(Booking), col(Booking.id) == bindparam("booking_id"))
    .values(
        **{column: bindparam(column) for column in _WHERE_AND_WHEN},
        status=bindparam("becomes"),
        hold_expires_at=bindparam("until"),
        customer_confirmed_at=None,  # what he said was of another time
        # a request that moves to an earlier time has its answer by then
        pending_until=case((col(Booking.pending_until) > _STARTS, _STARTS), else_=col(Booking.pending_until)),
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

    def at(self, seat: "Seat") -> dict[str, Any]:
        """What the row of a booking says of where and when. The meeting is the first resource's, or the service's."""
        first, service = seat.resources[0], self.service
        meeting = first if first.meeting_platform else service
        return {
            "resource_id": first.id,
            "consultant_id": next((one.user_id for one in seat.resources if one.user_id), None),
            "during": self.during,
            "blocked": self.blocked,
            "local_start": self.local_start,
            "zone": self.asking.zone.key,
            "meeting_platform": meeting.meeting_platform,
            "meeting_url": meeting.meeting_url,
            "meeting_id": meeting.meeting_id,
            "meeting_password": meeting.meeting_password,
        }


@dataclass(frozen=True, slots=True)
class Seat:
    """The resources that serve one booking, one of each need of its service, and the seats it takes of each."""

    resources: tuple[Resource, ...]
    seats: tuple[int, ...]

    @classmethod
    def of(cls, diaries: Sequence[Diary]) -> "Seat":
        return cls(tuple(one.resource for one in diaries), tuple(one.rules.seats for one in diaries))

    @property
    def name(self) -> str:
        """What the first of them is called."""
        return self.resources[0].name


async def queue(tx: Tx, service_ids: Iterable[UUID]) -> None:
    """Waits until nobody else takes time of these services; whoever comes next waits for us."""
    await tx.run(_QUEUE, tenant_id=tx.tenant_id, services=list(service_ids))


async def win(tx: Tx, claim: Claim) -> list[Seat] | SlotRefusal:
    """The ways to serve the claim, best first: nobody else takes them before this transaction ends.

    What the customer holds and what has lapsed is still in the way of the constraint: `clear` before writing.
    """
    await queue(tx, [claim.service.id])
    day = claim.local_start.date()
    schedule = await Schedule.load(tx, claim.service, day, 1, claim.asking)
    if refusal := refused(claim, schedule):
        return refusal
    ways = [Seat.of(diaries) for diaries in islice(schedule.free_at(claim.start), _WAYS)]
    return ways or SlotRefusal.TAKEN


def refused(claim: Claim, schedule: Schedule) -> SlotRefusal | None:
    """Why the claim could not be had even if nothing were booked at that hour."""
    if claim.start < claim.asking.now + notice(claim.service, claim.asking):
        return SlotRefusal.TOO_LATE
    if not schedule.is_offered(claim.start):
        return SlotRefusal.NOT_OFFERED
    return SlotRefusal.FULL_DAY if schedule.left_on(claim.local_start.date()) == 0 else None


async def clear(tx: Tx, asking: Asking, ways: Iterable[Seat]) -> None:
    """Gives up what the customer holds, less the visit he is putting together, and what has lapsed in these ways."""
    values = {"customer": asking.customer_id, "visit": asking.visit, "now": asking.now}
    resources = {one.id for way in ways for one in way.resources}
    await tx.run(_CLEAR, tenant_id=tx.tenant_id, resources=list(resources), **values)


async def seat(tx: Tx, booking_id: UUID, claim: Claim, where: Seat) -> None:
    """Writes what a booking takes. Raises ExclusionViolationError if somebody who did not queue has taken it."""
    for need, (resource, seats) in enumerate(zip(where.resources, where.seats, strict=True)):
        await tx.add(
            BookingResource(
                tenant_id=business(tx),
                booking_id=booking_id,
                resource_id=resource.id,
                need=need,
                takes_time=True,
                blocked=claim.blocked,
                seats=seats,
                exclusive=resource.capacity == 1,
            )
        )


async def unseat(tx: Tx, booking_ids: Iterable[UUID]) -> None:
    """Takes away what bookings take, in a transaction that is about to write it anew."""
    await tx.run(_UNSEAT, tenant_id=tx.tenant_id, bookings=list(booking_ids))


async def put(
    tx: Tx, booking_id: UUID, claim: Claim, where: Seat, *, becomes: BookingStatus, until: datetime | None = None
) -> None:
    """Writes where and when a booking is, after `unseat`. Raises as `seat`."""
    values = {"booking_id": booking_id, "becomes": becomes, "until": until, "starts": claim.during.lower}
    await tx.run(_PLACE, tenant_id=tx.tenant_id, **values, **claim.at(where))
    await seat(tx, booking_id, claim, where)


async def place(
    tx: Tx,
    booking: Booking,
    claim: Claim,
    won: Sequence[Seat],
    *,
    was: Sequence[BookingStatus],
    becomes: BookingStatus,
    until: datetime | None = None,
) -> Seat | None:
    """Puts a booking where its time was won, with the resource it had if possible; what the customer holds is given up.

    None, and the booking has not changed, when it is none of what it `was` or no resource takes it after all.
    `until` is when it lapses if it becomes a hold.
    """
    await clear(tx, claim.asking, won)
    if await tx.value(_AS_IT_WAS, tenant_id=tx.tenant_id, booking_id=booking.id, was=list(was)) is None:
        return None
    for where in sorted(won, key=lambda where: where.resources[0].id != booking.resource_id):
        try:
            async with tx.savepoint():
                await unseat(tx, [booking.id])
                await put(tx, booking.id, claim, where, becomes=becomes, until=until)
                return where
        except ExclusionViolationError:
            continue  # somebody who did not queue was faster
    return None
