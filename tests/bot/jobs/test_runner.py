"""The runner on a real queue: each thing once, by whichever process, and after whichever process is gone."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.context import JobContext
from bot.jobs.outcome import Again, Done, GivenUp, Outcome
from bot.jobs.registry import OneOff, Periodic
from bot.jobs.runner import line_of
from models.base import Channel
from models.people import members
from models.people.staff import owners
from tests.bot.jobs.conftest import Yard
from tests.bot.jobs.worker import TELL, tell

ROOT = Path(__file__).resolve().parents[3]
SECRET = "a secret for tests only"
TOLD = "SELECT FROM messages WHERE direction = 'outbound'"
OVER = "SELECT status, attempts, error_message FROM background_jobs WHERE completed_at IS NOT NULL"


async def counted(_job: JobContext) -> int:
    return 1


HOURLY = Periodic("hourly", timedelta(hours=1), counted)
BEAT = Periodic("beat", timedelta(milliseconds=50), counted)
"""Keeps the runners looking at their timetable."""


async def test_two_runners_do_each_round_once(yard: Yard) -> None:
    for _ in range(2):
        await yard.starts(periodic=(HOURLY, BEAT))
    for due in (1, 2, 3):
        await yard.until("SELECT FROM cron_job_logs WHERE job_name = 'beat'", 2 * due)
        await yard.owner.execute(
            "UPDATE jobs.pgqueuer_schedules SET next_run = now() WHERE entrypoint = $1", line_of(HOURLY)
        )
        await yard.until("SELECT FROM cron_job_logs WHERE job_name = 'hourly'", due)
    beats = len(await yard.rows("SELECT FROM cron_job_logs WHERE job_name = 'beat'"))
    await yard.until("SELECT FROM cron_job_logs WHERE job_name = 'beat'", beats + 2)
    assert len(await yard.rows("SELECT FROM cron_job_logs WHERE job_name = 'hourly'")) == 3


async def test_a_slow_round_does_not_hold_up_the_others(yard: Yard) -> None:
    ending = asyncio.Event()

    async def slow(_job: JobContext) -> int:
        await ending.wait()
        return 1

    await yard.starts(periodic=(Periodic("slow", timedelta(milliseconds=50), slow), BEAT))
    await yard.until("SELECT FROM cron_job_logs WHERE job_name = 'beat'", 3)
    assert await yard.rows("SELECT FROM cron_job_logs WHERE job_name = 'slow'") == []
    ending.set()
    await yard.until("SELECT FROM cron_job_logs WHERE job_name = 'slow'")


async def customer_id(yard: Yard) -> str:
    now = datetime.now(UTC)
    async with yard.db.tenant(yard.tenant_id) as tx:
        (owner, *_) = await owners(tx, now)
    return str(owner.id)


@asynccontextmanager
async def worker(yard: Yard, where: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that works, killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.jobs.worker", yard.dsn, SECRET, where),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize(("where", "attempts"), [("at_work", 2), ("over", 1)])
async def test_what_a_killed_process_had_is_taken_again_and_done_once(yard: Yard, where: str, attempts: int) -> None:
    """SIGKILL in the middle of the work, or between its commit and the queue's learning of it."""
    await yard.asks(TELL, {"customer_id": await customer_id(yard)})
    async with worker(yard, where) as process:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == f"{where}\n".encode()
        process.kill()
        await process.wait()
    await yard.starts(one_off=(OneOff(TELL, tell),))
    await yard.until_delivered()
    assert await yard.rows(OVER) == [("completed", attempts, None)]
    assert len(await yard.rows(TOLD)) == 1


async def test_a_job_that_kills_every_process_is_given_up(yard: Yard) -> None:
    """Pgqueuer counts no attempt that ends like this."""
    await yard.asks(TELL, {"customer_id": await customer_id(yard)}, max_attempts=2)
    async with worker(yard, "dies") as one, worker(yard, "dies") as other, asyncio.timeout(30):
        await asyncio.gather(one.wait(), other.wait())
    await yard.starts(one_off=(OneOff(TELL, tell),))
    await yard.until_delivered()
    ((status, attempts, error),) = await yard.rows(OVER)
    assert (status, attempts) == ("failed", 2)
    assert "The process ended" in error
    assert await yard.rows(TOLD) == []


Says = Callable[[int], Outcome]


def saying(says: Says) -> Callable[[JobContext, dict[str, Any]], Awaitable[Outcome]]:
    """A job that says at its nth attempt what it wants, and leaves a person behind each time."""
    attempts = 0

    async def work(job: JobContext, _payload: dict[str, Any]) -> Outcome:
        nonlocal attempts
        attempts += 1
        (owner, *_) = await owners(job.tx, job.now)
        told: dict[str, Any] = {"channel": Channel.SMS, "source": str(attempts), "wording": "said"}
        await members.opt_in(job.tx, owner.id, **told, now=job.now)
        return says(attempts)

    return work


SOON = timedelta(milliseconds=50)


@pytest.mark.parametrize(
    ("says", "ended", "kept"),
    [
        (lambda n: Done({"n": n}), ("completed", 1, None), 1),
        (lambda n: Done() if n == 3 else Again(datetime.now(UTC) + SOON, "not yet"), ("completed", 3, None), 3),
        (lambda _: Again(datetime.now(UTC) + SOON, "never"), ("failed", 4, "never"), 4),
        (lambda _: GivenUp("it cannot be"), ("failed", 1, "it cannot be"), 1),
    ],
    ids=["done", "again, and done", "again for ever", "given up"],
)
async def test_a_job_says_what_comes_next(yard: Yard, says: Says, ended: tuple[Any, ...], kept: int) -> None:
    """Again for ever comes to an end, and each attempt's own work is kept."""
    await yard.starts(one_off=(OneOff("say", saying(says)),))
    await yard.asks("say", max_attempts=4)
    await yard.until_delivered()
    assert await yard.rows(OVER) == [ended]
    assert len(await yard.rows("SELECT DISTINCT source FROM consents WHERE wording = 'said'")) == kept


async def test_a_job_asked_for_later_waits(yard: Yard) -> None:
    await yard.starts(one_off=(OneOff("say", saying(lambda _: Done())),))
    later = await yard.asks("say", due=datetime.now(UTC) + timedelta(days=1))
    await yard.asks("say")
    await yard.until(OVER)
    assert await yard.rows("SELECT id FROM background_jobs WHERE status = 'pending'") == [(later,)]


async def test_a_runner_outlives_a_broken_connection(yard: Yard) -> None:
    await yard.starts(one_off=(OneOff("say", saying(lambda _: Done())),))
    await yard.asks("say")
    await yard.until(OVER)
    await yard.owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await asyncio.gather(*(yard.rows("SELECT 1") for _ in range(3)), return_exceptions=True)
    await yard.asks("say")
    await yard.until(OVER, 2)
    assert [row[0] for row in await yard.rows("SELECT attempts FROM background_jobs")] == [1, 1]
