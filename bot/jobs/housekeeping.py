"""The loop beside the requests: turns that a crash left behind are taken up."""

import asyncio

import structlog

from bot.reception import Reception

log = structlog.get_logger()

EVERY = 10.0
"""Seconds between two sweeps."""


async def keep_house(reception: Reception, *, every: float = EVERY) -> None:
    """Runs until cancelled. People who wait for an answer wait for no job: those have a runner of their own."""
    while True:
        try:
            await reception.sweep()
        except Exception:
            log.exception("sweep_failed")
        await asyncio.sleep(every)
