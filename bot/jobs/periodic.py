"""What comes round: each job for each business, in a transaction of its own."""

from uuid import UUID

import structlog

from bot import metrics
from bot.jobs.desk import Desk, described
from bot.jobs.registry import Periodic
from models.operations import cron_logs
from models.operations.cron_logs import Run
from models.tenancy.businesses import all_businesses

log = structlog.get_logger()


class Rounds:
    """Does the periodic work of all businesses."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ending = False

    def end(self) -> None:
        """The round under way ends with the business that it is at."""
        self._ending = True

    async def go_round(self, job: Periodic) -> None:
        """One job for all businesses. What one of them fails at is written down, and no other's trouble."""
        for business in await all_businesses(self._desk.db):
            if self._ending:
                return
            began = self._desk.now()
            try:
                await self.run(job, business.id)
            except Exception as error:
                log.exception("job_failed", job=job.name, business=business.slug)
                metrics.jobs.labels(job.name, "failed").inc()
                await self._note_failure(Run(job.name, began, self._desk.now()), business.id, described(error))

    async def run(self, job: Periodic, tenant_id: UUID) -> int:
        """One job for one business, and its line in the log; says how many things it did."""
        async with self._desk.at(tenant_id) as context:
            done = await job.work(context)
            await cron_logs.note(context.tx, Run(job.name, context.now, self._desk.now()), done)
        metrics.jobs.labels(job.name, "completed").inc()
        return done

    async def _note_failure(self, run: Run, tenant_id: UUID, error: str) -> None:
        try:
            async with self._desk.db.tenant(tenant_id) as tx:
                await cron_logs.note_failure(tx, run, error)
        except Exception:
            log.exception("job_log_failed", job=run.name)
