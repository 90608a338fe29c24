"""The two tables of a flow: its questions in order, and the moves that are not "next"."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flows.senses.base import Sense

START = "start"
LEFT = "left"
ELSEWHERE = "elsewhere"
"""An end without words: another flow goes on from here, with what was told in this one."""
NEXT, CANCEL, BACK = "next", "cancel", "back"
NONE_LEFT = "none_left"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: its name is the slot it fills and the key of its words.

    hears   what the answer can be; the first sense that understands wins
    offers  name of the method that lists what can be chosen (nothing to choose is the move "none_left")
    needs   questions whose answers this one depends on: when they change, it is asked again
    then    name of the method that does something with the answer and says what happened
    when    name of the method that says, from the slots alone, whether to ask at all
    secret  the answer is handed to `then` and kept nowhere
    optional     may be skipped
    volunteered  listened for at every question of the flow, whether or not it is asked: "add a note: …"
    """

    state: StrEnum
    hears: tuple[Sense[Any], ...]
    offers: str | None = None
    needs: tuple[StrEnum, ...] = ()
    then: str | None = None
    when: str | None = None
    secret: bool = False
    optional: bool = False
    volunteered: bool = False


Move = tuple[str, str, str]
"""What happened, at which question (or START), and where that leads."""
