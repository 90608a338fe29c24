"""Several services in one visit, one after the other: when they can begin, and who does what.

The first begins on its service's grid. Each later one begins as soon as it can after the one before, at the latest
half an hour after it: its own grid would leave gaps, and buffers between two parts are kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from models.booking.busy import Asking
from models.booking.openings import Busy
from models.booking.schedule import Diary, Extra, Schedule
from models.booking.tables import Service
from models.db import Tx

MOST_WAIT = timedelta(minutes=30)
"""The longest that a customer waits between two parts of a visit."""
PART_STEP = 1
"""Minutes: where the parts after the first may begin."""
_TRIED_EVERY = timedelta(minutes=5)
_WAYS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A service of the visit, and when it is free."""

    service: Service
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a part can be, in UTC, and who can do it."""

    service: Service
    start: datetime
    end: datetime
    diaries: tuple[Diary, ...]


@dataclass(frozen=True, slots=True)
class VisitTime:
    """A time to offer for a whole visit, in UTC; `starts` are those of its parts."""

    start: datetime
    end: datetime
    starts: tuple[datetime, ...]


async def visit_times(
    tx: Tx,
    services: Sequence[Service],
    day: date,
    *,
    now: datetime,
    zone: ZoneInfo,
    seats: int = 1,
    for_customer: UUID | None = None,
    moving: Sequence[UUID] = (),
) -> list[VisitTime]:
    """The times of one local day at which these services can follow each other in this order, earliest first."""
    asking = Asking(now, zone, seats, for_customer, tuple(moving))
    parts = await load_parts(tx, services, day, asking)
    offered = parts[0].schedule.free_times(day) if parts else []
    plans = [placed for slot in offered if (placed := plan(parts, slot.start))]
    return [VisitTime(one[0].start, one[-1].end, tuple(part.start for part in one)) for one in plans]


async def load_parts(tx: Tx, services: Sequence[Service], day: date, asking: Asking) -> list[Part]:
    """What is free for each service from `day` on, into the next: a visit may last past midnight."""
    later = replace(asking, step_minutes=PART_STEP)
    return [
        Part(service, await Schedule.load(tx, service, day, 2, later if place else asking))
        for place, service in enumerate(services)
    ]


def plan(parts: Sequence[Part], start: datetime) -> tuple[Placement, ...] | None:
    """The visit that begins at `start`, each part as early as can be; None if they cannot follow each other then."""
    return _place(parts, [start.astimezone(UTC)], ())


def _place(
    parts: Sequence[Part], starts: Sequence[datetime], before: tuple[Placement, ...]
) -> tuple[Placement, ...] | None:
    """Goes back on who does a part if nobody is left for the next one."""
    if not parts:
        return before
    extra = _taken_by(before)
    for start in starts:
        for placed in _ways(parts[0], start, before, extra):
            found = _place(parts[1:], list(_after(placed.end)), (*before, placed))
            if found is not None:
                return found
    return None


def _ways(part: Part, start: datetime, before: tuple[Placement, ...], extra: Extra) -> Iterator[Placement]:
    service, schedule = part.service, part.schedule
    same = sum(one.service.id == service.id for one in before)
    zone = next((diary.asking.zone for need in schedule.needs for diary in need), None)
    left = schedule.left_on(start.astimezone(zone).date()) if zone else 0
    if left is not None and left <= same:
        return
    end = start + timedelta(minutes=service.duration_minutes)
    for diaries in islice(schedule.free_at(start, extra), _WAYS):
        yield Placement(service, start, end, diaries)


def _after(end: datetime) -> Iterator[datetime]:
    return (end + waited * _TRIED_EVERY for waited in range(MOST_WAIT // _TRIED_EVERY + 1))


def _taken_by(placed: tuple[Placement, ...]) -> Extra:
    taken: defaultdict[UUID, list[Busy]] = defaultdict(list)
    for one in placed:
        for diary in one.diaries:
            rules = diary.rules
            busy = Busy(one.start - rules.buffer_before, one.end + rules.buffer_after, rules.seats)
            taken[diary.resource.id].append(busy)
    return taken
