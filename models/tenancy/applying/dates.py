"""The days of a business file that are not like others."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlmodel import col, select

from models.booking.tables import AvailabilityOverride, Resource, Service
from models.db import Tx
from models.statements import ours
from models.tenancy.applying.listed import Brought
from models.tenancy.booking_parts import SpecialDate
from models.tenancy.business_file import BusinessFile

_DATES = select(AvailabilityOverride).where(ours(AvailabilityOverride))
_CLEAR = delete(AvailabilityOverride).where(
    ours(AvailabilityOverride), col(AvailabilityOverride.id) == bindparam("row")
)
_FACTS = (
    "service_id",
    "resource_id",
    "specific_date",
    "start_time",
    "end_time",
    "is_available",
    "max_bookings",
    "reason",
)
_Row = tuple[UUID | None, UUID | None, date, time | None, time | None, bool, int | None, str | None]


async def bring(
    tx: Tx, tenant_id: UUID, file: BusinessFile, services: Brought[Service], resources: Brought[Resource]
) -> int:
    """Puts the days in force; says how many rows came or went."""
    wanted = {row for day in file.dates for row in _rows(day, services, resources)}
    kept = {tuple(getattr(row, name) for name in _FACTS): row for row in await tx.all(_DATES, tenant_id=tenant_id)}
    for gone in kept.keys() - wanted:
        await tx.run(_CLEAR, tenant_id=tenant_id, row=kept[gone].id)
    facts: list[dict[str, Any]] = [dict(zip(_FACTS, new, strict=True)) for new in wanted - kept.keys()]
    await tx.add(*(AvailabilityOverride(tenant_id=tenant_id, **one) for one in facts))
    return len(kept.keys() ^ wanted)


def _rows(day: SpecialDate, services: Brought[Service], resources: Brought[Resource]) -> Iterator[_Row]:
    """A row for each stretch; one without times if the day has none of its own."""
    whose = (
        services.rows[day.service].id if day.service else None,
        resources.rows[day.resource].id if day.resource else None,
        day.date,
    )
    stretches: list[tuple[time | None, time | None]] = [(one.start, one.end) for one in day.hours]
    for start, end in stretches or [(None, None)]:
        yield (*whose, start, end, not day.closed, day.max_bookings, day.reason)
