"""How long a customer's question for free times takes in a full calendar, next to a floor in the same run.

    python -m bench.openings [--rounds 20]

20 people, open 8 hours a day for 30 days, and 2,000 bookings of half an hour among them, all made by holding and
confirming. Three questions are asked of one connection: the days that have room, the times of one day, and every time
of all 30 days. Hours, breaks, buffers, notice, holds and closures are looked at each time; nothing is kept between two
questions. The floor is one statement that fetches the same bookings as the tables' owner and a set of taken half
hours: it knows no zone, no break, no buffer, no hold and no second business.
"""

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from bot.migrating import migrate
from bot.postgres import running
from models.base import uuid7
from models.booking import bookings
from models.booking.bookings import Confirmed, Details, Held
from models.booking.busy import Asking
from models.booking.schedule import Schedule, free_days, free_times
from models.booking.tables import AvailabilityTemplate, Resource, Service, ServiceResource
from models.db import Database, Tx
from models.people.tables import Customer
from models.tenancy.tables import Tenant

PEOPLE, DAYS, BOOKINGS, STARTS = 20, 30, 2000, 16
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 10, 25, 12, tzinfo=UTC)
FIRST = date(2026, 10, 26)
"""The clocks change on the seventh day."""
HALF_HOUR = timedelta(minutes=30)
FLOOR = """
SELECT resource_id, lower(blocked) AS start FROM booking_resources
WHERE tenant_id = $1 AND takes_time AND blocked_from BETWEEN $2 AND $3
"""


@dataclass(frozen=True)
class Calendar:
    """The business that is asked."""

    service: Service
    people: list[Resource]

    @property
    def tenant_id(self) -> UUID:
        return self.service.tenant_id


async def main() -> None:
    rounds = _rounds()
    folder = _folder()
    try:
        async with running(folder) as postgres:
            await migrate(postgres.dsn)
            database, owner = await Database.connect(postgres.dsn, size=2), await asyncpg.connect(postgres.dsn)
            calendar = await _open(database)
            spent = await _fill(database, calendar)
            await owner.execute("ANALYZE")
            await _measure(database, owner, calendar, rounds)
            print(f"making the bookings (held and confirmed, one after the other): {BOOKINGS / spent:.0f} a second")
            await owner.close()
            await database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    """A folder that others may enter: as root, the server runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-bench-"))
    folder.chmod(0o755)
    return folder


def _rounds() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds: int = parser.parse_args().rounds
    return rounds


async def _open(database: Database) -> Calendar:
    """Open from 9 to 17:30 with a break at noon; half an hour each, in Portland."""
    tenant = Tenant(
        id=uuid7(),
        slug="bench",
        business_name="Bench",
        vendor_code="BENCH",
        phone_number="+14155550199",
        zone=ZONE.key,
        currency="USD",
        country="US",
    )
    whose = {"tenant_id": tenant.id}
    service = Service(
        **whose,  # type: ignore[arg-type]  # one key
        slug="visit",
        name="Visit",
        currency="USD",
        duration_minutes=30,
        step_minutes=30,
        horizon_days=60,
        notice_minutes=60,
    )
    people = [Resource(tenant_id=tenant.id, name=f"Person {i:02}", kind="person") for i in range(PEOPLE)]
    links = [ServiceResource(tenant_id=tenant.id, service_id=service.id, resource_id=one.id) for one in people]
    hours = [_hours(tenant.id, day, kind) for day in range(7) for kind in ("open", "break")]
    async with database.tenant(tenant.id) as tx:
        await tx.add(tenant, service, *people, *links, *hours)
    return Calendar(service, people)


def _hours(tenant_id: UUID, day: int, kind: str) -> AvailabilityTemplate:
    begins, ends = ("09:00", "17:30") if kind == "open" else ("12:00", "12:30")
    start, end = (datetime.strptime(wall, "%H:%M").time() for wall in (begins, ends))  # noqa: DTZ007 - wall times
    return AvailabilityTemplate(tenant_id=tenant_id, day_of_week=day, start_time=start, end_time=end, kind=kind)


async def _fill(database: Database, calendar: Calendar) -> float:
    """Makes the bookings; how long it took, in seconds."""
    starts = [_start(day, place) for day, place in product(range(DAYS), range(STARTS))]
    wanted = Random(7).choices(starts, k=BOOKINGS * 2)  # noqa: S311 - a full calendar, not a secret
    customers = [Customer(tenant_id=calendar.tenant_id, phone_number=f"+1415556{i:04}") for i in range(100)]
    async with database.tenant(calendar.tenant_id) as tx:
        await tx.add(*customers)
    made, began = 0, time.perf_counter()
    for i, start in enumerate(wanted):
        async with database.tenant(calendar.tenant_id) as tx:
            made += await _book(tx, calendar, customers[i % 100].id, start)
        if made == BOOKINGS:
            break
    assert made == BOOKINGS
    return time.perf_counter() - began


def _start(day: int, place: int) -> datetime:
    """The starts of a day, the break left out."""
    opens = datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), ZONE).replace(hour=9)
    return (opens + (place + (place >= 6)) * HALF_HOUR).astimezone(UTC)


async def _book(tx: Tx, calendar: Calendar, customer_id: UUID, start: datetime) -> bool:
    asked: dict[str, Any] = {"customer_id": customer_id, "now": NOW, "zone": ZONE, "source": "sms", "prefix": "BEN"}
    held = await bookings.hold(tx, calendar.service, start, **asked)
    if not isinstance(held, Held):
        return False
    return isinstance(await bookings.confirm(tx, held.booking_id, now=NOW, details=Details()), Confirmed)


async def _measure(database: Database, owner: Any, calendar: Calendar, rounds: int) -> None:  # noqa: ANN401 - no types
    service = calendar.service
    place: dict[str, Any] = {"now": NOW, "zone": ZONE}

    async def ask(work: Callable[[Tx], Awaitable[Any]]) -> Any:  # noqa: ANN401 - whatever is asked
        async with database.tenant(calendar.tenant_id) as tx:
            return await work(tx)

    async def everything(tx: Tx) -> int:
        schedule = await Schedule.load(tx, service, FIRST, DAYS, Asking(NOW, ZONE))
        return sum(len(schedule.free_times(FIRST + timedelta(days=day))) for day in range(DAYS))

    questions: dict[str, Callable[[], Awaitable[Any]]] = {
        "floor: 30 days": lambda: _floor(owner, calendar),
        "every time of 30 days": lambda: ask(everything),
        "the days with room": lambda: ask(lambda tx: free_days(tx, service, FIRST, DAYS, **place)),
        "the times of one day": lambda: ask(lambda tx: free_times(tx, service, FIRST + timedelta(days=9), **place)),
    }
    assert await questions["floor: 30 days"]() == await questions["every time of 30 days"]()
    taken = {name: await _timed(question, rounds) for name, question in questions.items()}
    floor = taken["floor: 30 days"]
    print(f"openings: {DAYS} days, {PEOPLE} people, {BOOKINGS} bookings; median of {rounds}, milliseconds")
    for name, milliseconds in taken.items():
        print(f"  {name:<24}{milliseconds:8.1f}   {milliseconds / floor:5.1f} x floor")


async def _timed(question: Callable[[], Awaitable[Any]], rounds: int) -> float:
    await question()  # warms plans and caches up
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        await question()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


async def _floor(owner: Any, calendar: Calendar) -> int:  # noqa: ANN401 - asyncpg ships no types
    """How many half hours of the 30 days anybody has free."""
    last = _start(DAYS - 1, STARTS - 1)
    rows = await owner.fetch(FLOOR, calendar.tenant_id, _start(0, 0), last)
    taken = {(row["resource_id"], row["start"]) for row in rows}
    starts = [_start(day, place) for day, place in product(range(DAYS), range(STARTS))]
    return sum(any((one.id, start) not in taken for one in calendar.people) for start in starts)


if __name__ == "__main__":
    asyncio.run(main())
