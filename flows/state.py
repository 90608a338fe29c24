"""Where a conversation is: kept as JSON with the customer, so that it outlives processes, deploys and days.

Names of flows, questions and slots are stored, never positions. Names are added and not renamed.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flows.reply import Choice


class Frame(BaseModel):
    """A flow under way: `awaiting` is the question asked, `slots` the answers, `early` those given before they were
    asked for, `said` the words the flow was opened with.
    """

    flow: str
    version: int
    awaiting: str | None = None
    slots: dict[str, Any] = Field(default_factory=dict)
    early: dict[str, Any] = Field(default_factory=dict)
    said: str = ""


class Undoable(BaseModel):
    """What the last flow did and can take back until `until`."""

    flow: str
    what: dict[str, Any]
    until: datetime


class ConversationState(BaseModel):
    """Everything the bot remembers of a conversation between two messages."""

    model_config = ConfigDict(extra="ignore")

    current: Frame | None = None
    stack: list[Frame] = Field(default_factory=list)
    choices: list[tuple[str, str, tuple[str, ...]]] = Field(default_factory=list)
    misses: int = 0
    language: str | None = None
    undo: Undoable | None = None
    listed_at: datetime | None = None

    def offered(self) -> tuple[Choice, ...]:
        """What can be chosen by number or by name just now."""
        return tuple(Choice(*choice) for choice in self.choices)

    def offer(self, choices: tuple[Choice, ...], now: datetime) -> None:
        """Remembers what was offered, and when; a message without choices ends the old offer."""
        self.listed_at = now if choices else self.listed_at
        self.choices = [(choice.id, choice.label, choice.also) for choice in choices]

    def let_go(self) -> None:
        """Forgets the open flow and what it offered; the one it interrupted is open again."""
        self.current, self.choices = self.stack.pop() if self.stack else None, []

    def forget_everything_open(self) -> None:
        """Nothing is asked any more."""
        self.current, self.stack, self.choices = None, [], []

    def forget(self, said: str, kept: str) -> None:
        """Keeps of the words that opened a flow only what may rest."""
        for frame in (self.current, *self.stack):
            if frame is not None and frame.said == said:
                frame.said = kept

    def stored(self) -> dict[str, Any]:
        """As it is written to `customers.conversation_state`."""
        return self.model_dump(mode="json", exclude_defaults=True)
