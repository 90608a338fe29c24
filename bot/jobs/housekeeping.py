"""The loops of the clock: overdue turns are taken up, and the periodic work is done.

People who wait for an answer do not wait for the work of all businesses.
"""

import asyncio

import structlog

from bot.jobs.periodic import Rounds
from bot.reception import Reception

log = structlog.get_logger()

EVERY = 10.0
"""Seconds between two rounds."""


async def keep_house(reception: Reception, rounds: Rounds, *, every: float = EVERY) -> None:
    """Runs until cancelled."""
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_keep_sweeping(reception, every))
        loops.create_task(_keep_going_round(rounds, every))


async def _keep_sweeping(reception: Reception, every: float) -> None:
    while True:
        try:
            await reception.sweep()
        except Exception:
            log.exception("sweep_failed")
        await asyncio.sleep(every)


async def _keep_going_round(rounds: Rounds, every: float) -> None:
    while True:
        try:
            await rounds.round()
        except Exception:
            log.exception("round_failed")
        await asyncio.sleep(every)
