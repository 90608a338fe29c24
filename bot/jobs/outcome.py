"""What a job that was asked for once says when it has ended. None of it is an error."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Done:
    """It need not be done any more; `result` is kept with the job, and tells nobody's secrets."""

    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Again:
    """Once more at `at`, and why. What it has done so far is kept, and the attempt counts."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It cannot be done, and this is why."""

    why: str


Outcome = Done | Again | GivenUp
