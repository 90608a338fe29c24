"""A remark for the business: "add a note: the gate code is 12", or any text where a remark is asked for."""

import re
from typing import Final

from flows.senses import texts
from flows.senses.base import Sense, Setting
from flows.senses.wording import WORDS, fold, one_of, tidy

_LISTS: Final = WORDS["note"]
_LED: Final = re.compile(
    rf"(?<!\w)(?:{one_of(_LISTS['lead_ins'])}(?:\s*[:,-]|(?: {one_of(_LISTS['that'])})?(?=\s))"
    rf"|{one_of(_LISTS['labels'])}\s*:)\s*(?P<note>\S.*)",
    re.IGNORECASE,
)


_NOTHING: Final = frozenset(_LISTS["nothing"])


def is_nothing(note: str) -> bool:
    """Whether it says no more than that there is nothing to say."""
    clauses = (" ".join(clause.split()) for clause in re.split(r"[.,;:!]", fold(note)))
    return all(clause in _NOTHING for clause in clauses if clause)


def spot(text: str, setting: Setting) -> str | None:
    """What follows "add a note" or "note:"."""
    led = _LED.search(tidy(text))
    return texts.text.hear(led["note"], setting) if led else None


def hear(text: str, setting: Setting) -> str | None:
    """The remark without what led up to it; a bare number is meant for some list, and is none."""
    said = spot(text, setting) or texts.text.hear(text, setting)
    return said if said and any(map(str.isalpha, said)) else None


note: Final = Sense("note", hear, spot)
