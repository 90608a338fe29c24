import asyncio, sys, time
from hypothesis import HealthCheck, settings, Phase
from hypothesis.stateful import run_state_machine_as_test
from tests.models.loyalty.ledger_machine import LedgerMachine
async def test_dev(database):
    loop = asyncio.get_running_loop()
    t=time.time()
    await asyncio.to_thread(run_state_machine_as_test, lambda: LedgerMachine(database, loop),
      settings=settings(max_examples=120, stateful_step_count=25, deadline=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)))
    print(time.time()-t)
