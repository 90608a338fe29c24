"""The queue that says when a job is due: pgqueuer's tables, over our own connections.

The queue delivers and `background_jobs` keeps: a delivery names a business and a job of it, nothing else. Deliveries
are of no business, so they lie in a schema of their own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.driver import Driver
from pydantic_settings import PydanticBaseSettingsSource
from sqlalchemy import bindparam, text
from sqlmodel import col, select

from models.db import Database, Tx
from models.operations.job_tables import MOST_ATTEMPTS, BackgroundJob, JobStatus
from models.statements import business, ours, written

DELIVERY = "background_job"
OVERDUE = timedelta(minutes=10)
"""A job so late has lost its delivery: it is delivered anew."""


class _Names(DBSettings):
    """pgqueuer's names for its tables, from nowhere but here: it reads variables such as FUNCTION and CHANNEL."""

    @classmethod
    def settings_customise_sources(cls, *_kind: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        return (sources["init_settings"],)


NAMES = _Names(db_schema="jobs")
OPEN = (written(JobStatus.PENDING), written(JobStatus.PROCESSING), written(JobStatus.RETRYING))

_LATE = select(BackgroundJob).where(
    ours(BackgroundJob), col(BackgroundJob.status).in_(OPEN), col(BackgroundJob.scheduled_at) < bindparam("before")
)
_TIMETABLE = text("SELECT entrypoint, last_run, next_run FROM jobs.pgqueuer_schedules")
_FORGET_DELIVERIES = text("DELETE FROM jobs.pgqueuer_log WHERE created < :before")


def queries(driver: Driver) -> Queries:
    """The statements of pgqueuer, with our names."""
    return Queries(driver, QueryBuilderEnvironment(NAMES), QueryQueueBuilder(NAMES), QuerySchedulerBuilder(NAMES))


async def enqueue(
    tx: Tx,
    job_type: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    due: datetime | None = None,
    max_attempts: int = MOST_ATTEMPTS,
) -> UUID:
    """Asks for a job, at `due` or at once: it exists if the transaction commits, and not otherwise."""
    due = due or now
    asked: dict[str, Any] = {"job_type": job_type, "payload": payload, "max_attempts": max_attempts}
    row = BackgroundJob(tenant_id=business(tx), **asked, scheduled_at=due)
    await tx.add(row)
    await _deliver(tx, row.id, max(due - now, timedelta(0)))
    return row.id


async def _deliver(tx: Tx, job_id: UUID, after: timedelta) -> None:
    """One delivery of each job at a time: a second changes nothing."""
    named = f"{tx.tenant_id} {job_id}"
    sender = queries(AsyncpgDriver(tx.connection))
    await sender.enqueue(DELIVERY, named.encode(), execute_after=after, dedupe_key=named, on_conflict="skip")


def read_delivery(payload: bytes | None) -> tuple[UUID, UUID]:
    """The business and the job that a delivery names."""
    tenant_id, job_id = (payload or b"").decode().split(" ")
    return UUID(tenant_id), UUID(job_id)


async def deliver_again(tx: Tx, now: datetime) -> int:
    """Delivers what should long be done, if its delivery is lost; says how many jobs are late."""
    late = await tx.all(_LATE, tenant_id=tx.tenant_id, before=now - OVERDUE)
    for job in late:
        await _deliver(tx, job.id, timedelta(0))
    return len(late)


@dataclass(frozen=True, slots=True)
class Due:
    """When a line of the timetable was done last by any process, and when it is due next."""

    last: datetime | None
    next: datetime


async def timetable(db: Database) -> dict[str, Due]:
    """The lines of the timetable by name, also of jobs that there are no more."""
    return {row.entrypoint: Due(row.last_run, row.next_run) for row in await db.ask(_TIMETABLE)}


async def forget_deliveries(tx: Tx, before: datetime) -> int:
    """Clears pgqueuer's own log, of all businesses: it holds names of queues and numbers of deliveries."""
    return await tx.run(_FORGET_DELIVERIES, before=before)
