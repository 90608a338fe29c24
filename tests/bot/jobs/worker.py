"""A process with a runner and nothing else, to be killed: `python -m tests.bot.jobs.worker DSN SECRET WHERE`.

Its one job tells somebody something. WHERE says at which point it stays for ever: `at_work`, in the open transaction;
`over`, after the commit and before pgqueuer knows; `dies` ends the process in the middle of the work.
"""

import asyncio
import os
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot import clock
from bot.jobs.context import JobContext
from bot.jobs.desk import Desk
from bot.jobs.one_off import OneOffs
from bot.jobs.outcome import Done, Outcome
from bot.jobs.periodic import Rounds
from bot.jobs.registry import OneOff
from bot.jobs.runner import Runner
from flows.reply import Reply
from models.db import Database
from models.people.members import customer_of
from models.vault import Vault

PATIENCE, LEASE, LOOK = timedelta(milliseconds=600), timedelta(milliseconds=300), timedelta(milliseconds=50)
TELL = "tell"


async def tell(job: JobContext, payload: dict[str, Any]) -> Outcome:
    customer = await customer_of(job.tx, UUID(payload["customer_id"]))
    await job.tell(customer, Reply("thanks-welcome"))
    return Done()


async def _stays(where: str) -> None:
    print(where, flush=True)  # noqa: T201 - the test waits for this line
    await asyncio.Event().wait()


class _Worker(OneOffs):
    """Does the job, up to a point."""

    def __init__(self, desk: Desk, where: str) -> None:
        super().__init__(desk, {TELL: OneOff(TELL, self.tell)}, lease=LEASE)
        self._where = where

    async def tell(self, job: JobContext, payload: dict[str, Any]) -> Outcome:
        done = await tell(job, payload)
        if self._where == "at_work":
            await _stays("at_work")
        if self._where == "dies":
            os._exit(1)
        return done

    async def take(self, tenant_id: UUID, job_id: UUID) -> timedelta | None:
        again = await super().take(tenant_id, job_id)
        if self._where == "over":
            await _stays("over")
        return again


async def _main(dsn: str, secret: str, where: str) -> None:
    db = await Database.connect(dsn, size=4)
    desk = Desk(db, Vault(secret), None, clock.now)
    await Runner(db, Rounds(desk), _Worker(desk, where), (), patience=PATIENCE, look=LOOK).run()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
