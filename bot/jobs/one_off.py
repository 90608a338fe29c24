"""What was asked for once: begun, done with its end in one transaction, and begun again if it has to be."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from bot import metrics
from bot.jobs.desk import Desk, described
from bot.jobs.outcome import Again, Done, GivenUp, Outcome
from bot.jobs.registry import OneOff
from models.db import Tx
from models.operations import background
from models.operations.job_tables import BackgroundJob, JobStatus

log = structlog.get_logger()

ELSEWHERE = timedelta(seconds=10)
"""When to look again at a job that another process is at, or that only a newer one knows."""
LEASE = timedelta(seconds=5)
"""How long an attempt that has begun is left alone, until its work holds the row: a second delivery begins none."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=30)


def pause(attempt: int) -> timedelta:
    """How long to wait after this many attempts that ended in an error: 5 s, 10 s, 20 s, …"""
    return min(FIRST_PAUSE * (1 << (attempt - 1)), LONGEST_PAUSE)


class OneOffs:
    """Takes the jobs that deliveries name."""

    def __init__(self, desk: Desk, kinds: Mapping[str, OneOff], *, lease: timedelta = LEASE) -> None:
        self._desk = desk
        self._kinds = kinds
        self._lease = lease

    async def take(self, tenant_id: UUID, job_id: UUID) -> timedelta | None:
        """One attempt, if one is due. Says when the job has to be delivered again; None when it is over."""
        begun = await self._begin(tenant_id, job_id)
        if not isinstance(begun, BackgroundJob):
            return begun
        try:
            return await self._work(tenant_id, begun)
        except Exception as error:
            log.exception("background_job_failed", job=begun.job_type, attempt=begun.attempts)
            return await self._after_error(tenant_id, begun, described(error))

    async def _begin(self, tenant_id: UUID, job_id: UUID) -> BackgroundJob | timedelta | None:
        """The job, with this attempt counted; or when to look again; or None if it is over."""
        now = self._desk.now()
        async with self._desk.db.tenant(tenant_id) as tx:
            seen = await background.look(tx, job_id)
            if seen is None or background.is_over(seen):
                return None
            free = await background.hold_if_free(tx, job_id)
            wait = self._wait(free, now) if free is not None else ELSEWHERE
            if free is None or wait is not None:
                return wait
            if free.attempts >= free.max_attempts:
                # each attempt that ended has said what comes next: the last one took its process with it
                await background.fail(tx, job_id, "The process ended in the middle of the last attempt.", now)
                return None
            return await background.count_attempt(tx, job_id, now)

    def _wait(self, job: BackgroundJob, now: datetime) -> timedelta | None:
        """How long an attempt has to wait: for the hour, or for who has just begun one; None if it may begin."""
        if job.job_type not in self._kinds:
            log.warning("background_job_unknown", job=job.job_type)
            return ELSEWHERE
        free_at = job.scheduled_at
        if job.status == JobStatus.PROCESSING and job.started_at is not None:
            free_at = max(free_at, job.started_at + self._lease)
        return free_at - now if free_at > now else None

    async def _work(self, tenant_id: UUID, job: BackgroundJob) -> timedelta | None:
        async with self._desk.at(tenant_id) as context:
            if not await background.hold_attempt(context.tx, job.id, job.attempts):
                return ELSEWHERE
            outcome = await self._kinds[job.job_type].work(context, job.payload)
            return await self._end(context.tx, job, outcome)

    async def _after_error(self, tenant_id: UUID, job: BackgroundJob, why: str) -> timedelta | None:
        again = Again(self._desk.now() + pause(job.attempts), why)
        async with self._desk.db.tenant(tenant_id) as tx:
            if not await background.hold_attempt(tx, job.id, job.attempts):
                return ELSEWHERE
            return await self._end(tx, job, again)

    async def _end(self, tx: Tx, job: BackgroundJob, outcome: Outcome) -> timedelta | None:
        now = self._desk.now()
        if isinstance(outcome, Again) and job.attempts >= job.max_attempts:
            outcome = GivenUp(outcome.why)
        metrics.jobs.labels(job.job_type, type(outcome).__name__.lower()).inc()
        match outcome:
            case Done(result):
                await background.complete(tx, job.id, result, now)
            case GivenUp(why):
                await background.fail(tx, job.id, why, now)
            case Again(at, why):
                await background.retry(tx, job.id, at, why)
                return max(at - now, timedelta(0))
        return None
