"""The one runner of what happens by the clock. Every process has one, and the queue gives each thing to one of them.

pgqueuer gives out rounds and deliveries; what a job is, when it is over and what it left behind is ours.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.core.executors import ScheduleExecutor, ScheduleExecutorFactoryParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job, Schedule
from pgqueuer.domain.types import Channel

from bot import clock
from bot.jobs.one_off import ELSEWHERE, OneOffs
from bot.jobs.periodic import Rounds
from bot.jobs.registry import Periodic
from models.db import Database
from models.operations.queue import DELIVERY, NAMES, queries, read_delivery

log = structlog.get_logger()

PATIENCE = timedelta(seconds=20)
"""A delivery without a heartbeat for so long is given to another process: whoever had it is gone."""
LOOK = timedelta(seconds=5)
"""How often deliveries are looked for that nobody has announced: those of processes that are gone, and all of them
when the connection that listens is lost."""
BREATH = 2.0
"""Seconds until the runner starts again after the database was away."""

_EPOCH = datetime(2000, 1, 3, tzinfo=UTC)
"""A Monday: what comes round every week comes on that day."""
_ANY_CRON = "* * * * *"


def slot_after(every: timedelta, now: datetime) -> datetime:
    """When work that comes round so often is due next. All processes count from the same beginning."""
    return _EPOCH + every * ((now - _EPOCH) // every + 1)


def line_of(job: Periodic) -> str:
    """The job's line in the timetable: another rhythm is another line."""
    return f"{job.name} every {round(job.every.total_seconds())} s"


@dataclass
class _Every(ScheduleExecutor):
    """Due by its own rhythm, where pgqueuer knows cron's alone."""

    every: timedelta = timedelta(minutes=1)

    def get_next(self) -> datetime:
        return slot_after(self.every, clock.now())


class Runner:
    """Runs until it is told to finish. Several processes may run one each."""

    def __init__(
        self,
        db: Database,
        rounds: Rounds,
        one_offs: OneOffs,
        periodic: Sequence[Periodic],
        *,
        patience: timedelta = PATIENCE,
        look: timedelta = LOOK,
    ) -> None:
        self._db = db
        self._rounds = rounds
        self._one_offs = one_offs
        self._periodic = periodic
        self._patience = patience
        self._look = look
        self._running: dict[str, QueueManager | SchedulerManager] = {}
        self._ending = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Until `finish`. The two halves stand on their own: pgqueuer's own pair loses a connection when one fails."""
        try:
            await asyncio.gather(self._keep("deliveries", self._deliveries), self._keep("rounds", self._timetable))
        finally:
            self._ended.set()

    async def finish(self) -> None:
        """Ends after the jobs under way; what is not begun is left to another process, or to the next start."""
        self._ending.set()
        self._rounds.end()
        for half in self._running.values():
            half.shutdown.set()
        if self._running:
            await self._ended.wait()

    async def _keep(self, name: str, half: Callable[[], Awaitable[None]]) -> None:
        """Runs one half, and once more after it failed: a database that goes away is waited for."""
        while not self._ending.is_set():
            try:
                await half()
            except Exception:
                log.exception("runner_failed", half=name)
                await self._breathe()

    async def _breathe(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(BREATH):
                await self._ending.wait()

    async def _deliveries(self) -> None:
        manager = QueueManager(queries(AsyncpgPoolDriver(self._db.pool)), Channel(NAMES.channel))
        manager.entrypoint(DELIVERY, on_failure="hold")(self._deliver)
        self._running["deliveries"] = manager
        # its statistics are not ours: what was done stands in background_jobs and cron_job_logs
        await manager.run(
            dequeue_timeout=self._look,
            heartbeat_timeout=self._patience,
            log_aggregation_interval=timedelta(0),
        )

    async def _timetable(self) -> None:
        manager = SchedulerManager(queries(AsyncpgPoolDriver(self._db.pool)))
        for job in self._periodic:
            self._schedule(manager, job)
        self._running["rounds"] = manager
        await manager.run()

    def _schedule(self, manager: SchedulerManager, job: Periodic) -> None:
        def executor(parameters: ScheduleExecutorFactoryParameters) -> _Every:
            return _Every(parameters, job.every)

        async def go_round(_schedule: Schedule) -> None:
            await self._rounds.go_round(job)

        manager.schedule(line_of(job), _ANY_CRON, executor_factory=executor)(go_round)

    async def _deliver(self, delivery: Job) -> None:
        """A delivery ends here only when its job is over: in all other cases it comes again."""
        try:
            again = await self._one_offs.take(*read_delivery(delivery.payload))
        except asyncio.CancelledError:
            # pgqueuer would take a delivery that was cut off for one that is not wanted
            raise RetryRequested(ELSEWHERE, "cut off") from None
        except Exception:
            log.exception("delivery_failed")
            again = ELSEWHERE
        if again is not None:
            raise RetryRequested(again, "not over")
