"""What an operator asks of the clock: when did each job run, when does it run next, and what went wrong?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.jobs.registry import PERIODIC
from bot.jobs.runner import line_of
from models.db import Database
from models.operations import background, cron_logs
from models.operations.job_tables import CronJobLog, JobStatus
from models.operations.queue import Due, timetable
from models.tenancy.businesses import all_businesses

RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one business's job failed at."""

    slug: str
    row: CronJobLog

    def __str__(self) -> str:
        times = "once" if self.row.attempts == 1 else f"{self.row.attempts} times"
        return (
            f"{self.row.job_name} failed {times} for {self.slug}, last at {_clock(self.row.completed_at)}: "
            f"{self.row.error_message}"
        )


@dataclass(slots=True)
class Seen:
    """The state of things: `asked` counts jobs by type and status, of all businesses."""

    due: Mapping[str, Due]
    troubles: list[Trouble] = field(default_factory=list)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def failures(self, name: str) -> int:
        return sum(trouble.row.attempts for trouble in self.troubles if trouble.row.job_name == name)


async def look(db: Database, now: datetime) -> Seen:
    """Asks each business for itself: nobody sees the rows of all."""
    seen = Seen(await timetable(db))
    for business in await all_businesses(db):
        async with db.tenant(business.id) as tx:
            seen.troubles += [Trouble(business.slug, row) for row in await cron_logs.failures(tx, now - RECENT)]
            seen.asked.update(await background.count_by_status(tx))
    return seen


def tables(seen: Seen) -> list[Table]:
    """As a terminal of 80 columns shows it, a line for each job; times are in UTC."""
    return [_periodic(seen), _asked(seen)] if seen.asked else [_periodic(seen)]


def _periodic(seen: Seen) -> Table:
    table = _table("job", "every", "last run (UTC)", "next (UTC)", "failed, 24 h")
    for job in PERIODIC:
        due = seen.due.get(line_of(job))
        last, following = (due.last, due.next) if due else (None, None)
        table.add_row(job.name, _rhythm(job.every), _near(last), _near(following), str(seen.failures(job.name)))
    return table


def _asked(seen: Seen) -> Table:
    table = _table("asked for once", *JobStatus)
    for job_type in sorted({job_type for job_type, _status in seen.asked}):
        table.add_row(job_type, *(str(seen.asked[job_type, status]) for status in JobStatus))
    return table


def _table(*headers: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    for header in headers:
        table.add_column(header, no_wrap=True)
    return table


def _near(instant: datetime | None) -> str:
    """Without its year: jobs run within days."""
    return instant.astimezone(UTC).strftime("%m-%d %H:%M:%S") if instant else "never"


def _clock(instant: datetime | None) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if instant else "never"


def _rhythm(every: timedelta) -> str:
    """10 s, 5 min, 1 h, 7 d"""
    units = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1), "s": timedelta(seconds=1)}
    name, unit = next((name, unit) for name, unit in units.items() if every % unit == timedelta(0))
    return f"{every // unit} {name}"
