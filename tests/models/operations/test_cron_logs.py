"""The log of what comes round stays small, and says what went wrong."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from models.db import Database
from models.operations import cron_logs
from models.operations.cron_logs import KEPT, SIGN_OF_LIFE, Run
from tests.make import make_tenant

ROWS = text(
    "SELECT status, attempts, done, duration_ms, error_message FROM cron_job_logs WHERE job_name = 'sweep'"
    " ORDER BY started_at"
)
RATES = text("SELECT job_name, successful_runs, failed_runs, total_runs, success_rate FROM cron_job_success_rates")


class Log:
    """A job of one business that runs again and again."""

    def __init__(self, database: Database, tenant_id: UUID, now: datetime) -> None:
        self.database, self.tenant_id, self.now = database, tenant_id, now

    def _run(self) -> Run:
        self.now += timedelta(seconds=10)
        return Run("sweep", self.now, self.now + timedelta(milliseconds=250))

    async def does(self, *counts: int) -> None:
        for done in counts:
            async with self.database.tenant(self.tenant_id) as tx:
                await cron_logs.note(tx, self._run(), done)

    async def fails(self, *errors: str) -> None:
        for error in errors:
            async with self.database.tenant(self.tenant_id) as tx:
                await cron_logs.note_failure(tx, self._run(), error)

    async def rows(self) -> list[tuple[object, ...]]:
        async with self.database.tenant(self.tenant_id) as tx:
            return [tuple(row) for row in await tx.all(ROWS)]


@pytest.fixture
async def log(database: Database, now: datetime) -> Log:
    return Log(database, (await make_tenant(database)).id, now)


async def test_a_run_that_did_something_has_its_row(log: Log) -> None:
    await log.does(3, 1)
    assert await log.rows() == [("completed", 1, 3, 250, None), ("completed", 1, 1, 250, None)]


async def test_runs_with_nothing_to_do_have_a_row_a_day(log: Log) -> None:
    await log.does(0, 0, 0)
    assert len(await log.rows()) == 1
    log.now += SIGN_OF_LIFE
    await log.does(0, 0)
    assert len(await log.rows()) == 2


async def test_failures_of_one_kind_are_counted_in_one_row_until_it_works_again(log: Log) -> None:
    await log.fails("no", "no", "no", "never")
    await log.does(0, 0)
    await log.fails("no")
    assert await log.rows() == [
        ("failed", 3, 0, 250, "no"),
        ("failed", 1, 0, 250, "never"),
        ("completed", 1, 0, 250, None),
        ("failed", 1, 0, 250, "no"),
    ]


async def test_what_is_a_month_old_is_forgotten(log: Log) -> None:
    await log.does(1)
    log.now += KEPT
    await log.does(2)
    async with log.database.tenant(log.tenant_id) as tx:
        assert await cron_logs.forget(tx, log.now + timedelta(seconds=1)) == 1
    assert [row[2] for row in await log.rows()] == [2]


async def test_the_rates_are_each_businesss_own(database: Database, log: Log) -> None:
    """A view that ran with its owner's rights would show everybody's."""
    other = Log(database, (await make_tenant(database)).id, log.now)
    await other.does(1)
    await log.does(1, 1)
    await log.fails("no")
    async with database.tenant(log.tenant_id) as tx:
        (row,) = await tx.all(RATES)
    assert (row.job_name, row.successful_runs, row.failed_runs, row.total_runs) == ("sweep", 2, 1, 3)
    assert float(row.success_rate) == 66.67
