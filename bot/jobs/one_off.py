"""What was asked for once: begun, done with its end in one transaction, and begun again if it has to be."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog

from bot import metrics
from bot.jobs.desk import Desk, described
from bot.jobs.outcome import Again, Done, GivenUp, Outcome
from bot.jobs.registry import OneOff
from models.db import Tx
from models.operations import background
from models.operations.job_tables import BackgroundJob

log = structlog.get_logger()

ELSEWHERE = timedelta(seconds=10)
"""When to look again at a job that another process is at, or that only a newer one knows."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=30)


def pause(attempt: int) -> timedelta:
    """How long to wait after this many attempts that ended in an error: 5 s, 10 s, 20 s, …"""
    return min(FIRST_PAUSE * (1 << (attempt - 1)), LONGEST_PAUSE)


class OneOffs:
    """Takes the jobs that deliveries name."""

    def __init__(self, desk: Desk, kinds: Mapping[str, OneOff]) -> None:
        self._desk = desk
        self._kinds = kinds

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
        now = self._desk.now()
        async with self._desk.db.tenant(tenant_id) as tx:
            seen = await background.look(tx, job_id)
            if seen is None or background.is_over(seen):
                return None
            if seen.job_type not in self._kinds:
                log.warning("background_job_unknown", job=seen.job_type)
                return ELSEWHERE
            if seen.scheduled_at > now:
                return seen.scheduled_at - now
            held = await background.hold(tx, job_id)
            if held is None:
                return ELSEWHERE
            if held.attempts >= held.max_attempts:
                # each attempt that ended has said what comes next: the last one took its process with it
                await background.fail(tx, job_id, "The process ended in the middle of the last attempt.", now)
                return None
            return await background.count_attempt(tx, job_id, now)

    async def _work(self, tenant_id: UUID, job: BackgroundJob) -> timedelta | None:
        async with self._desk.at(tenant_id) as context:
            held = await background.hold(context.tx, job.id)
            if held is None or held.attempts != job.attempts:
                return ELSEWHERE  # who began after us does it
            outcome = await self._kinds[job.job_type].work(context, job.payload)
            return await self._end(context.tx, job, outcome)

    async def _after_error(self, tenant_id: UUID, job: BackgroundJob, why: str) -> timedelta | None:
        again = Again(self._desk.now() + pause(job.attempts), why)
        async with self._desk.db.tenant(tenant_id) as tx:
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
