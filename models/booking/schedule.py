"""When a service is free: hours and bookings as the database has them, put before the rules of `openings`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.booking.busy import Asking, Stretch, busy_times, full_days
from models.booking.hours import Timetable
from models.booking.openings import Busy, Hours, Opening, Rules, fits, open_days, openings
from models.booking.services import is_offered
from models.booking.tables import Resource, Service, ServiceResource
from models.booking.wall_time import first_reached
from models.db import Tx

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)

OF_SERVICE = (
    col(Resource.tenant_id) == bindparam("tenant_id"),
    col(Resource.id).in_(
        select(ServiceResource.resource_id).where(
            col(ServiceResource.tenant_id) == bindparam("tenant_id"),
            col(ServiceResource.service_id) == bindparam("service_id"),
        )
    ),
    col(Resource.is_active),
)
"""The resources that do a service."""

_RESOURCES = select(Resource).where(*OF_SERVICE).order_by(col(Resource.name))


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to offer, in UTC. `seats_left` are those of all its resources together, before it is booked."""

    start: datetime
    end: datetime
    resource_ids: tuple[UUID, ...]
    seats_left: int


@dataclass(frozen=True, slots=True)
class Diary:
    """One resource: when it is there and what it is taken by."""

    resource: Resource
    hours: Hours
    busy: Sequence[Busy]
    rules: Rules
    asking: Asking

    def openings(self, day: date) -> list[Opening]:
        return openings(day, self.hours, self.busy, self.rules, self.asking.now, self.asking.zone)

    def open_days(self, first: date, days: int) -> list[date]:
        return open_days(first, days, self.hours, self.busy, self.rules, self.asking.now, self.asking.zone)

    def fits(self, start: datetime) -> bool:
        return fits(start, self.hours, self.busy, self.rules, self.asking.now, self.asking.zone)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A service over some local days: the diaries of its resources, and the days that are full."""

    diaries: tuple[Diary, ...]
    full_days: frozenset[date]

    @classmethod
    async def load(cls, tx: Tx, service: Service, first: date, days: int, asking: Asking) -> Self:
        """For the `days` days from `first` on: five statements at most, however many days and resources."""
        resources = await _resources(tx, service)
        stretch = _stretch(service, first, days, asking.zone)
        timetable = await Timetable.load(tx, service.id, first, days)
        busy = await busy_times(tx, [resource.id for resource in resources], stretch, asking)
        diaries = [
            Diary(one, timetable.hours(one.id), busy[one.id], _rules(service, one, asking), asking) for one in resources
        ]
        return cls(tuple(diaries), await full_days(tx, service, stretch, asking))

    def free_days(self, first: date, days: int) -> list[date]:
        free = {day for diary in self.diaries for day in diary.open_days(first, days)}
        return sorted(free - self.full_days)

    def free_times(self, day: date) -> list[Slot]:
        slots: dict[datetime, Slot] = {}
        for diary in self.diaries if day not in self.full_days else ():
            for opening in diary.openings(day):
                slot = slots.get(opening.start) or Slot(opening.start, opening.end, (), 0)
                slots[opening.start] = replace(
                    slot,
                    resource_ids=(*slot.resource_ids, diary.resource.id),
                    seats_left=slot.seats_left + opening.seats_left,
                )
        return [slots[start] for start in sorted(slots)]

    def is_offered(self, start: datetime) -> bool:
        """Whether `start` could be booked if nothing were."""
        return any(replace(diary, busy=()).fits(start) for diary in self.diaries)

    def free_at(self, start: datetime) -> list[Resource]:
        """The resources that can be booked then, the least busy first: work is shared out."""
        free = [diary for diary in self.diaries if diary.fits(start)]
        return [diary.resource for diary in sorted(free, key=lambda diary: len(diary.busy))]


async def free_days(
    tx: Tx,
    service: Service,
    first: date,
    days: int,
    *,
    now: datetime,
    zone: ZoneInfo,
    seats: int = 1,
    for_customer: UUID | None = None,
    moving: UUID | None = None,
) -> list[date]:
    """Those of the `days` local days from `first` on that have a time to offer, earliest first."""
    asking = Asking(now, zone, seats, for_customer, moving)
    return (await Schedule.load(tx, service, first, days, asking)).free_days(first, days)


async def free_times(
    tx: Tx,
    service: Service,
    day: date,
    *,
    now: datetime,
    zone: ZoneInfo,
    seats: int = 1,
    for_customer: UUID | None = None,
    moving: UUID | None = None,
) -> list[Slot]:
    """The times of one local day at which any resource of the service is free, earliest first."""
    asking = Asking(now, zone, seats, for_customer, moving)
    return (await Schedule.load(tx, service, day, 1, asking)).free_times(day)


async def _resources(tx: Tx, service: Service) -> list[Resource]:
    if not is_offered(service):
        return []
    return await tx.all(_RESOURCES, tenant_id=tx.tenant_id, service_id=service.id)


def _stretch(service: Service, first: date, days: int, zone: ZoneInfo) -> Stretch:
    """The days in UTC, with the buffers that reach over their ends."""
    since, until = (first_reached(datetime.combine(day, time(0)), zone) for day in (first, first + days * _DAY))
    before, after = service.buffer_before_minutes * _MINUTE, service.buffer_after_minutes * _MINUTE
    return Stretch(since - before, until + after)


def _rules(service: Service, resource: Resource, asking: Asking) -> Rules:
    return Rules(
        duration=service.duration_minutes * _MINUTE,
        step=service.step_minutes * _MINUTE,
        notice=service.notice_minutes * _MINUTE,
        horizon=service.horizon_days * _DAY,
        buffer_before=service.buffer_before_minutes * _MINUTE,
        buffer_after=service.buffer_after_minutes * _MINUTE,
        capacity=resource.capacity,
        seats=asking.seats,
    )
