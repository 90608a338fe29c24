"""How long the drawn tests try: THOROUGHNESS=20 draws twenty times as many examples as an ordinary run.

An ordinary run is short and, where it is said so, the same each time; a thorough one draws what nobody has drawn yet:
`THOROUGHNESS=20 pytest --timeout=0 tests/models`.
"""

import asyncio
import os
from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

_TIMES = int(os.environ.get("THOROUGHNESS", "1"))


def examples(usual: int) -> int:
    return usual * _TIMES


def is_thorough() -> bool:
    return _TIMES > 1


async def run_machine(
    make: Callable[[], RuleBasedStateMachine], *, usual: int, steps: int, same_each_time: bool = False
) -> None:
    """Lets machines take their steps in a thread, while this loop carries out what they ask of the database."""
    await asyncio.to_thread(
        run_state_machine_as_test,
        make,  # type: ignore[arg-type]  # a maker is all that is called
        settings=settings(
            max_examples=examples(usual),
            stateful_step_count=steps,
            deadline=None,
            derandomize=same_each_time and not is_thorough(),
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
