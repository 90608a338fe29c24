"""The ledger of points, through its own operations."""

import asyncio

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from models.db import Database
from tests.models.loyalty.ledger_machine import LedgerMachine


async def test_any_order_of_events(database: Database) -> None:
    """Sums, lots, debts, holds and stock are always what counting point by point says."""
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(
        run_state_machine_as_test,
        lambda: LedgerMachine(database, loop),
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
