"""The life of a job that was asked for once.

pending → processing → completed | failed | retrying → processing …

An attempt is begun and counted in a transaction of its own, so that a job which kills its process is given up one day.
It is ended in the transaction of its work: either both the work and its end are there, or neither.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, update
from sqlmodel import col, select

from models.db import Tx, load
from models.operations.job_tables import BackgroundJob, JobStatus
from models.operations.queue import OPEN
from models.statements import ours

KEPT = timedelta(days=30)

_J = BackgroundJob
_THIS = (ours(_J), col(_J.id) == bindparam("job"))
_LOOK = select(_J).where(*_THIS)
# another process may be at it: its work holds the row until the end, and is not waited for
_HOLD_IF_FREE = select(_J).where(*_THIS, col(_J.status).in_(OPEN)).with_for_update(skip_locked=True)
_HOLD_ATTEMPT = (
    select(col(_J.id))
    .where(*_THIS, col(_J.status) == JobStatus.PROCESSING, col(_J.attempts) == bindparam("attempt"))
    .with_for_update()
)
_DUE = (
    select(_J)
    .where(ours(_J), col(_J.status).in_(OPEN), col(_J.scheduled_at) <= bindparam("now"))
    .order_by(col(_J.scheduled_at))
)
_BEGIN = (
    update(_J)
    .where(*_THIS)
    .values(status=JobStatus.PROCESSING, attempts=col(_J.attempts) + 1, started_at=bindparam("now"))
    .returning(*_J.__table__.columns)  # type: ignore[attr-defined]  # SQLModel keeps it from type checkers
)
_COMPLETE = (
    update(_J)
    .where(*_THIS)
    .values(status=JobStatus.COMPLETED, result=bindparam("result"), error_message=None, completed_at=bindparam("now"))
)
_RETRY = (
    update(_J)
    .where(*_THIS)
    .values(status=JobStatus.RETRYING, error_message=bindparam("why"), scheduled_at=bindparam("due"))
)
_FAIL = (
    update(_J)
    .where(*_THIS)
    .values(status=JobStatus.FAILED, error_message=bindparam("why"), completed_at=bindparam("now"))
)
_FORGET = delete(_J).where(ours(_J), col(_J.completed_at) < bindparam("before"))
_BY_STATUS = (
    select(col(_J.job_type), col(_J.status), func.count().label("jobs"))
    .where(ours(_J))
    .group_by(col(_J.job_type), col(_J.status))
)


def is_over(job: BackgroundJob) -> bool:
    return job.status in (JobStatus.COMPLETED, JobStatus.FAILED)


async def look(tx: Tx, job_id: UUID) -> BackgroundJob | None:
    job: BackgroundJob | None = await tx.one(_LOOK, tenant_id=tx.tenant_id, job=job_id)
    return job


async def hold_if_free(tx: Tx, job_id: UUID) -> BackgroundJob | None:
    """The job, ours until the transaction ends; None if it is over, or another's at this moment."""
    job: BackgroundJob | None = await tx.one(_HOLD_IF_FREE, tenant_id=tx.tenant_id, job=job_id)
    return job


async def hold_attempt(tx: Tx, job_id: UUID, attempt: int) -> bool:
    """Holds the job for the attempt that was begun as the nth; False if it is over, or somebody has begun another.

    Waits for who only looks whether the job is free.
    """
    return await tx.value(_HOLD_ATTEMPT, tenant_id=tx.tenant_id, job=job_id, attempt=attempt) is not None


async def due(tx: Tx, now: datetime) -> list[BackgroundJob]:
    """What should be done by now, earliest first."""
    return await tx.all(_DUE, tenant_id=tx.tenant_id, now=now)


async def count_attempt(tx: Tx, job_id: UUID, now: datetime) -> BackgroundJob:
    """Counts one more attempt of a job that is held, and answers with the job as it then is."""
    return load(_J, await tx.one(_BEGIN, tenant_id=tx.tenant_id, job=job_id, now=now))


async def complete(tx: Tx, job_id: UUID, result: dict[str, Any], now: datetime) -> None:
    await tx.run(_COMPLETE, tenant_id=tx.tenant_id, job=job_id, result=result, now=now)


async def retry(tx: Tx, job_id: UUID, due: datetime, why: str) -> None:
    await tx.run(_RETRY, tenant_id=tx.tenant_id, job=job_id, due=due, why=why)


async def fail(tx: Tx, job_id: UUID, why: str, now: datetime) -> None:
    """Gives the job up for good."""
    await tx.run(_FAIL, tenant_id=tx.tenant_id, job=job_id, why=why, now=now)


async def forget(tx: Tx, now: datetime) -> int:
    """Forgets what has been over for a month."""
    return await tx.run(_FORGET, tenant_id=tx.tenant_id, before=now - KEPT)


async def count_by_status(tx: Tx) -> dict[tuple[str, str], int]:
    """How many jobs there are, by type and status."""
    rows = await tx.all(_BY_STATUS, tenant_id=tx.tenant_id)
    return {(row.job_type, row.status): row.jobs for row in rows}
