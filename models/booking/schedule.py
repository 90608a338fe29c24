"""When a service is free: hours and bookings as the database has them, put before the rules of `openings`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from models.booking.busy import Asking, Occupied, Stretch, booked_on, occupied
from models.booking.hours import Timetable
from models.booking.needs import Need, Needs
from models.booking.openings import Busy, Hours, Opening, Rules, fits, open_days, openings
from models.booking.tables import Resource, Service
from models.booking.wall_time import first_reached
from models.db import Tx
from models.loyalty import priority

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_STAFF_LOOK_BACK = timedelta(hours=12)
"""How long ago something may have begun that staff put down."""

Extra = Mapping[UUID, Sequence[Busy]]
"""What else is taken of resources, besides what the database knows of."""
_NOTHING: Extra = {}


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to offer, in UTC. `resource_ids` are all that could serve it.

    `seats_left`, before it is booked, are those of all its resources together, or of the need that has fewest.
    """

    start: datetime
    end: datetime
    resource_ids: tuple[UUID, ...]
    seats_left: int


@dataclass(frozen=True, slots=True)
class Diary:
    """One resource for one need: when it is there, what it is booked for and when it is closed."""

    resource: Resource
    hours: Hours
    booked: Sequence[Busy]
    closed: Sequence[Busy]
    rules: Rules
    asking: Asking

    @property
    def busy(self) -> Sequence[Busy]:
        return [*self.booked, *self.closed]

    def openings(self, day: date) -> list[Opening]:
        return openings(day, self.hours, self.busy, self.rules, self.asking.now, self.asking.zone)

    def open_days(self, first: date, days: int) -> list[date]:
        return open_days(first, days, self.hours, self.busy, self.rules, self.asking.now, self.asking.zone)

    def fits(self, start: datetime, extra: Extra = _NOTHING) -> bool:
        busy = [*self.busy, *extra.get(self.resource.id, ())]
        return fits(start, self.hours, busy, self.rules, self.asking.now, self.asking.zone)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A service over some local days: the diaries of each need, and how often it may be and is booked."""

    needs: tuple[tuple[Diary, ...], ...]
    booked: Mapping[date, int] = field(default_factory=dict)
    limits: Mapping[date, int] = field(default_factory=dict)
    daily_limit: int | None = None

    @classmethod
    async def load(cls, tx: Tx, service: Service, first: date, days: int, asking: Asking) -> Self:
        """For the `days` days from `first` on: eight statements at most, however many days and resources."""
        if asking.days_ahead is None:
            asking = replace(asking, days_ahead=await priority.days_ahead(tx, asking.customer_id))
        needs = await Needs.of(tx, service)
        stretch = _stretch(service, first, days, asking.zone)
        timetable = await Timetable.load(tx, service.id, first, days)
        taken = await occupied(tx, needs.resources, stretch, asking)
        limits, daily = timetable.limits(), service.max_daily_bookings
        diaries = tuple(
            tuple(_diaries(service, need, needs.seats(need, asking.seats), timetable, taken, asking))
            for need in needs.each
        )
        limited = limits or daily is not None
        return cls(diaries, await booked_on(tx, service, stretch, asking) if limited else {}, limits, daily)

    def left_on(self, day: date) -> int | None:
        """How often the service can still be booked that day; None if that is up to its resources."""
        limit = self.limits.get(day, self.daily_limit)
        return None if limit is None else max(limit - self.booked.get(day, 0), 0)

    def free_days(self, first: date, days: int) -> list[date]:
        if len(self.needs) == 1:
            free = {day for diary in self.needs[0] for day in diary.open_days(first, days)}
        else:
            free = {day for day in (first + passed * _DAY for passed in range(days)) if self._slots(day)}
        return sorted(day for day in free if self.left_on(day) != 0)

    def free_times(self, day: date) -> list[Slot]:
        return [] if self.left_on(day) == 0 else self._slots(day)

    def is_offered(self, start: datetime) -> bool:
        """Whether `start` could be booked if nothing were."""
        return bool(self.needs) and all(any(replace(one, booked=()).fits(start) for one in need) for need in self.needs)

    def free_at(self, start: datetime, extra: Extra = _NOTHING) -> Iterator[tuple[Diary, ...]]:
        """Who can be booked together then, one of each need, the least busy first: work is shared out."""
        free = [[diary for diary in need if diary.fits(start, extra)] for need in self.needs]
        return _together([sorted(need, key=lambda diary: len(diary.booked)) for need in free])

    def _slots(self, day: date) -> list[Slot]:
        """Where every need has an opening and nobody would serve two of them."""
        open_at: list[dict[datetime, list[tuple[Diary, Opening]]]] = []
        for need in self.needs:
            found: defaultdict[datetime, list[tuple[Diary, Opening]]] = defaultdict(list)
            for diary in need:
                for opening in diary.openings(day):
                    found[opening.start].append((diary, opening))
            open_at.append(found)
        starts = sorted(set.intersection(*(set(found) for found in open_at))) if open_at else []
        return [slot for start in starts if (slot := _slot([found[start] for found in open_at]))]


def _slot(choices: Sequence[Sequence[tuple[Diary, Opening]]]) -> Slot | None:
    if len(choices) > 1 and next(_together([[diary for diary, _ in need] for need in choices]), None) is None:
        return None
    opening = choices[0][0][1]
    ids = dict.fromkeys(diary.resource.id for need in choices for diary, _ in need)
    # what there is one of serves the whole party: it does not say how many can come
    shared = [need for need in choices if any(diary.rules.capacity > 1 for diary, _ in need)]
    left = min(sum(opening.seats_left for _, opening in need) for need in shared or choices)
    return Slot(opening.start, opening.end, tuple(ids), left)


def _together(choices: Sequence[Sequence[Diary]]) -> Iterator[tuple[Diary, ...]]:
    """One diary of each need, and no resource twice."""
    return (taken for taken in product(*choices) if taken and len({one.resource.id for one in taken}) == len(taken))


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
    asking = Asking(now, zone, seats, for_customer, (moving,) if moving else ())
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
    """The times of one local day at which all that the service needs is free, earliest first."""
    asking = Asking(now, zone, seats, for_customer, (moving,) if moving else ())
    return (await Schedule.load(tx, service, day, 1, asking)).free_times(day)


def _stretch(service: Service, first: date, days: int, zone: ZoneInfo) -> Stretch:
    """The days in UTC, with the buffers that reach over their ends."""
    since, until = (first_reached(datetime.combine(day, time(0)), zone) for day in (first, first + days * _DAY))
    before, after = service.buffer_before_minutes * _MINUTE, service.buffer_after_minutes * _MINUTE
    return Stretch(since - before, until + after)


def _diaries(
    service: Service, need: Need, seats: int, timetable: Timetable, taken: Occupied, asking: Asking
) -> Iterator[Diary]:
    for one in need.resources:
        booked, closed = taken.booked.get(one.id, ()), taken.closed.get(one.id, ())
        yield Diary(one, timetable.hours(one.id), booked, closed, _rules(service, one, seats, asking), asking)


def _rules(service: Service, resource: Resource, seats: int, asking: Asking) -> Rules:
    return Rules(
        duration=service.duration_minutes * _MINUTE,
        step=(asking.step_minutes or service.step_minutes) * _MINUTE,
        notice=notice(service, asking),
        horizon=(service.horizon_days + (asking.days_ahead or 0)) * _DAY,
        buffer_before=service.buffer_before_minutes * _MINUTE,
        buffer_after=service.buffer_after_minutes * _MINUTE,
        capacity=resource.capacity,
        seats=seats,
    )


def notice(service: Service, asking: Asking) -> timedelta:
    """How long before its start the service can be booked at the latest; staff may put down what has begun."""
    return -_STAFF_LOOK_BACK if asking.by_staff else service.notice_minutes * _MINUTE
