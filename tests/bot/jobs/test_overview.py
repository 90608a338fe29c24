"""What an operator is shown of the clock."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from rich.console import Console

from bot.jobs import overview
from bot.jobs.context import JobContext
from bot.jobs.desk import Desk
from bot.jobs.periodic import Rounds
from bot.jobs.registry import PERIODIC, Periodic
from bot.jobs.runner import line_of, slot_after
from tests.bot.jobs.conftest import Yard


def shown(seen: overview.Seen) -> str:
    paper = StringIO()
    console = Console(file=paper, width=80)
    for table in overview.tables(seen):
        console.print(table)
    return paper.getvalue()


async def broken(_job: JobContext) -> int:
    raise ValueError("out of beans")


async def test_troubles_are_told_by_business_and_counted(yard: Yard, now: datetime) -> None:
    later = now + timedelta(minutes=1)
    rounds = Rounds(Desk(yard.db, yard.vault, None, lambda: later))
    name = PERIODIC[0].name
    for _ in range(2):
        await rounds.go_round(Periodic(name, PERIODIC[0].every, broken))
    await yard.asks("say")
    seen = await overview.look(yard.db, later)
    assert seen.failures(name) == 2
    (trouble,) = seen.troubles
    assert str(trouble) == (
        f"{name} failed 2 times for {trouble.slug}, last at 2026-11-18 11:01:00: ValueError: out of beans"
    )
    assert "say" in shown(seen)
    assert (await overview.look(yard.db, later + overview.RECENT + timedelta(seconds=1))).troubles == []


async def test_the_timetable_is_what_the_runners_keep(yard: Yard) -> None:
    await yard.starts(periodic=PERIODIC)
    await yard.until("SELECT FROM jobs.pgqueuer_schedules", len(PERIODIC))
    seen = await overview.look(yard.db, datetime.now(UTC))
    assert seen.due.keys() == {line_of(job) for job in PERIODIC}
    lines = shown(seen).splitlines()
    assert all(any(line.split()[:1] == [job.name] for line in lines) for job in PERIODIC), "cut off, or over two lines"
    assert all(len(line) <= 80 for line in lines)


def test_slots_are_the_same_for_everybody() -> None:
    """Whole multiples of the rhythm: days begin at midnight UTC, weeks on Monday."""
    now = datetime(2026, 11, 20, 19, 30, 7, tzinfo=UTC)
    assert slot_after(timedelta(seconds=10), now) == datetime(2026, 11, 20, 19, 30, 10, tzinfo=UTC)
    assert slot_after(timedelta(days=1), now) == datetime(2026, 11, 21, tzinfo=UTC)
    assert slot_after(timedelta(days=7), now) == datetime(2026, 11, 23, tzinfo=UTC)
    on_time = datetime(2026, 11, 20, 19, 30, 10, tzinfo=UTC)
    assert slot_after(timedelta(seconds=10), on_time) == on_time + timedelta(seconds=10)


def test_the_page_for_operators_names_every_job() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [job.name for job in PERIODIC if f"`{job.name}`" not in page] == []
