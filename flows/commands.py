"""What a message can mean. Hearing turns words into these, by rule or by model; the engine carries them out.

The list is closed: whoever hears may only choose from it, so nothing heard can do more than these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a flow. `slots` are answers given with it, `secrets` those that may not be kept, `said` the words."""

    flow: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    said: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """An answer to a question of the open flow: the one that is asked, or an earlier one corrected.

    `ahead`: told together with the answer that follows, and kept until its question comes ("friday at 3").
    """

    slot: str
    value: Any = field(repr=False)
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """One of the things last offered, outside a question."""

    id: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the business."""

    question: str


@dataclass(frozen=True, slots=True)
class Back:
    """Return to the question before."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Leave the open flow."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin the open flow again."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the open question again."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave an optional question unanswered."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what was just done."""


@dataclass(frozen=True, slots=True)
class Human:
    """Let me talk to a person."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """Write to me no more."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """You may write to me again."""


@dataclass(frozen=True, slots=True)
class Clarify:
    """It could mean several of these flows: ask which."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """None of the above."""


Command = (
    Start
    | Fill
    | Choose
    | Ask
    | Back
    | Cancel
    | Restart
    | Repeat
    | Skip
    | Undo
    | Human
    | OptOut
    | OptIn
    | Clarify
    | Unclear
)
