"""When a resource is there for a service: the hours of the shop that are also the resource's own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import reduce
from itertools import product, starmap
from typing import Self
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from models.booking.openings import Hours, Window
from models.booking.tables import AvailabilityOverride, AvailabilityTemplate
from models.db import Tx

_Windows = tuple[Window, ...]

_TEMPLATES = select(AvailabilityTemplate).where(
    col(AvailabilityTemplate.tenant_id) == bindparam("tenant_id"),
    col(AvailabilityTemplate.is_active),
    or_(
        col(AvailabilityTemplate.service_id).is_(None),
        col(AvailabilityTemplate.service_id) == bindparam("service_id"),
    ),
)
_OVERRIDES = select(AvailabilityOverride).where(
    col(AvailabilityOverride.tenant_id) == bindparam("tenant_id"),
    col(AvailabilityOverride.specific_date).between(bindparam("first"), bindparam("last")),
    or_(
        col(AvailabilityOverride.service_id).is_(None),
        col(AvailabilityOverride.service_id) == bindparam("service_id"),
    ),
)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The rows that speak of a service or of all services, over some local days."""

    templates: Sequence[AvailabilityTemplate]
    overrides: Sequence[AvailabilityOverride]
    shop: "_Side" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shop", self._side(None))  # every resource is asked against it

    @classmethod
    async def load(cls, tx: Tx, service_id: UUID, first: date, days: int) -> Self:
        """For the `days` days from `first` on."""
        of_service = {"tenant_id": tx.tenant_id, "service_id": service_id}
        last = first + timedelta(days=days - 1)
        return cls(
            await tx.all(_TEMPLATES, **of_service),
            await tx.all(_OVERRIDES, **of_service, first=first, last=last),
        )

    def hours(self, resource_id: UUID) -> Hours:
        """When the shop is open and the resource is in. One without hours of its own goes by the other's."""
        sides = self.shop, self._side(resource_id)
        dates = {day for side in sides for day in side.overrides}
        return Hours(
            weekly={day: _common(side.on_weekday(day) for side in sides) for day in range(7)},
            overrides={day: _common(side.on(day) for side in sides) for day in dates},
            breaks={day: tuple(cut for side in sides for cut in side.breaks.get(day, ())) for day in range(7)},
        )

    def limits(self) -> dict[date, int]:
        """How often the service may be booked on dates that say so: its own rows where there are any."""
        dates: defaultdict[date, list[AvailabilityOverride]] = defaultdict(list)
        for row in self.overrides:
            if row.max_bookings is not None:
                dates[row.specific_date].append(row)
        return {
            day: min(row.max_bookings or 0 for row in [row for row in rows if row.service_id] or rows)
            for day, rows in dates.items()
        }

    def _side(self, resource_id: UUID | None) -> "_Side":
        """What is written of the shop (None), or of one resource."""
        rows = _in_force([row for row in self.templates if row.resource_id == resource_id])
        return _Side(
            weekly=_by_weekday(row for row in rows if row.kind == "open"),
            overrides=_by_date([row for row in self.overrides if row.resource_id == resource_id]),
            breaks=_by_weekday(row for row in rows if row.kind == "break"),
        )


@dataclass(frozen=True, slots=True)
class _Side:
    """Hours of the shop or of one resource; a week without any says nothing, and does not mean closed."""

    weekly: Mapping[int, _Windows]
    overrides: Mapping[date, _Windows]
    breaks: Mapping[int, _Windows]

    def on_weekday(self, day: int) -> _Windows | None:
        return self.weekly.get(day, ()) if self.weekly else None

    def on(self, day: date) -> _Windows | None:
        return self.overrides.get(day, self.on_weekday(day.weekday()))


def _in_force(rows: list[AvailabilityTemplate]) -> list[AvailabilityTemplate]:
    """A service with open hours of its own keeps to its own rows; breaks alone join the general ones."""
    particular = [row for row in rows if row.service_id]
    return particular if any(row.kind == "open" for row in particular) else rows


def _by_weekday(rows: Iterable[AvailabilityTemplate]) -> dict[int, _Windows]:
    week: defaultdict[int, _Windows] = defaultdict(tuple)
    for row in rows:
        week[row.day_of_week] += (Window(row.start_time, row.end_time),)
    return dict(week)


def _by_date(rows: list[AvailabilityOverride]) -> dict[date, _Windows]:
    """Those for the service where there are any, else the general ones; one that closes settles the date."""
    dates: defaultdict[date, list[AvailabilityOverride]] = defaultdict(list)
    for row in rows:
        if row.start_time is not None or not row.is_available:  # else it speaks of something else than hours
            dates[row.specific_date].append(row)
    return {day: _of_day([row for row in found if row.service_id] or found) for day, found in dates.items()}


def _of_day(rows: list[AvailabilityOverride]) -> _Windows:
    windows = [_window(row) for row in rows]
    return () if None in windows else tuple(filter(None, windows))


def _window(row: AvailabilityOverride) -> Window | None:
    if row.start_time is None or row.end_time is None:
        return None
    # the table takes an end before the start: it must close its own date, not fail for all others
    return Window(row.start_time, row.end_time) if (False, row.start_time) < _as_end(row.end_time) else None


def _common(sides: Iterable[_Windows | None]) -> _Windows:
    """What lies in a window of every side that says something; closed if none does."""
    said = [windows for windows in sides if windows is not None]
    return reduce(_overlaps, said) if said else ()


def _overlaps(these: _Windows, those: _Windows) -> _Windows:
    return tuple(filter(None, starmap(_overlap, product(these, those))))


def _overlap(one: Window, other: Window) -> Window | None:
    start, end = max(one.start, other.start), min(one.end, other.end, key=_as_end)
    return Window(start, end) if (False, start) < _as_end(end) else None


def _as_end(end: time) -> tuple[bool, time]:
    """Ends in their order: midnight is the last."""
    return end == time(0), end
