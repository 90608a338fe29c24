"""What is done by the clock: work that was asked for once, and the runs of what comes round."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text

from models.base import TenantTable, instant, json_object, of_tenant, one_of

MOST_ATTEMPTS = 5


class JobStatus(StrEnum):
    """Where a job is. `processing` outlives its process if that is killed: the job is then taken again."""

    PENDING = "pending"
    PROCESSING = "processing"
    RETRYING = "retrying"
    COMPLETED = "completed"
    FAILED = "failed"


class RunStatus(StrEnum):
    """How a run ended. `started` is a word of the source: our rows are written at the end."""

    STARTED = "started"
    COMPLETED = "completed"
    FAILED = "failed"


class BackgroundJob(TenantTable, table=True):
    """Work asked for once, not before `scheduled_at`. `attempts` counts those that were begun, killed ones too."""

    __tablename__ = "background_jobs"
    __table_args__ = (
        of_tenant(),
        one_of("status", JobStatus),
        # what is still to be done, earliest first
        Index(
            "ix_background_jobs_open",
            "tenant_id",
            "scheduled_at",
            postgresql_where=text("status IN ('pending', 'processing', 'retrying')"),
        ),
        # what is over, for forgetting it
        Index("ix_background_jobs_over", "tenant_id", "completed_at"),
    )

    job_type: str
    status: str = JobStatus.PENDING
    payload: dict[str, Any] = json_object()
    result: dict[str, Any] = json_object()
    error_message: str | None = None
    attempts: int = 0
    max_attempts: int = MOST_ATTEMPTS
    scheduled_at: datetime = instant()
    started_at: datetime | None = instant(optional=True)
    completed_at: datetime | None = instant(optional=True)


class CronJobLog(TenantTable, table=True):
    """Runs of a periodic job for one business.

    A row is a run that did something (`done` counts what), a run that had nothing to do, once a day and after a
    failure, or a row of failures of one kind: `attempts` counts them, `completed_at` is the last.
    """

    __tablename__ = "cron_job_logs"
    __table_args__ = (
        of_tenant(),
        one_of("status", RunStatus),
        # the newest run of a job
        Index("ix_cron_job_logs_newest", "tenant_id", "job_name", "started_at"),
    )

    job_name: str
    status: str
    started_at: datetime = instant()
    completed_at: datetime | None = instant(optional=True)
    duration_ms: int | None = None
    error_message: str | None = None
    attempts: int = 1
    done: int = 0
