"""The log of what comes round: enough to see that a job runs and why it fails, and no more.

Most runs find nothing to do. Such a run is written once a day for each job, as a sign of life, and when the run before
it failed. A failure like the one before is counted in its row. What is older than the view looks back is forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, update
from sqlmodel import col, select

from models.db import Tx
from models.operations.job_tables import CronJobLog, RunStatus
from models.statements import business, ours

SIGN_OF_LIFE = timedelta(days=1)
KEPT = timedelta(days=30)

_L = CronJobLog
_NEWEST = (
    select(_L)
    .where(ours(_L), col(_L.job_name) == bindparam("name"))
    .order_by(col(_L.started_at).desc(), col(_L.id).desc())
    .limit(1)
)
_ONCE_MORE = (
    update(_L)
    .where(ours(_L), col(_L.id) == bindparam("run"))
    .values(attempts=col(_L.attempts) + 1, completed_at=bindparam("completed"), duration_ms=bindparam("duration_ms"))
)
_FORGET = delete(_L).where(ours(_L), col(_L.started_at) < bindparam("before"))
_FAILURES = (
    select(_L)
    .where(ours(_L), col(_L.status) == RunStatus.FAILED, col(_L.completed_at) >= bindparam("since"))
    .order_by(col(_L.job_name), col(_L.completed_at))
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job for one business, from beginning to end."""

    name: str
    started: datetime
    completed: datetime

    def as_row(self, tx: Tx, status: RunStatus, *, done: int = 0, error: str | None = None) -> CronJobLog:
        return CronJobLog(
            tenant_id=business(tx),
            job_name=self.name,
            status=status,
            started_at=self.started,
            completed_at=self.completed,
            duration_ms=self.duration_ms,
            error_message=error,
            done=done,
        )

    @property
    def duration_ms(self) -> int:
        return round((self.completed - self.started) / timedelta(milliseconds=1))


async def note(tx: Tx, run: Run, done: int) -> None:
    """Writes down a run that went well, in its own transaction, if it is worth a row."""
    if not done:
        before = await tx.one(_NEWEST, tenant_id=tx.tenant_id, name=run.name)
        seen = before.started_at if before is not None and before.status == RunStatus.COMPLETED else None
        if seen is not None and run.started - seen < SIGN_OF_LIFE:
            return
    await tx.add(run.as_row(tx, RunStatus.COMPLETED, done=done))


async def note_failure(tx: Tx, run: Run, error: str) -> None:
    """Writes down a run that failed, in a transaction of its own, since that of the work is undone."""
    before = await tx.one(_NEWEST, tenant_id=tx.tenant_id, name=run.name)
    if before is not None and (before.status, before.error_message) == (RunStatus.FAILED, error):
        again = {"completed": run.completed, "duration_ms": run.duration_ms}
        await tx.run(_ONCE_MORE, tenant_id=tx.tenant_id, run=before.id, **again)
    else:
        await tx.add(run.as_row(tx, RunStatus.FAILED, error=error))


async def failures(tx: Tx, since: datetime) -> list[CronJobLog]:
    """What has failed since then, job by job."""
    return await tx.all(_FAILURES, tenant_id=tx.tenant_id, since=since)


async def forget(tx: Tx, now: datetime) -> int:
    return await tx.run(_FORGET, tenant_id=tx.tenant_id, before=now - KEPT)
