"""Somebody else for whom something is booked: "for my daughter Ada", "on behalf of my mum"."""

import re
from dataclasses import dataclass
from typing import Final

from flows.senses import names
from flows.senses.base import Sense, Setting
from flows.senses.wording import WORDS, one_of, tidy

_LISTS: Final = WORDS["another"]
_WORD: Final = r"[^\W\d_]+(?:['.-][^\W\d_]+)*"
_RELATION: Final = rf"(?P<relation>(?:{one_of(_LISTS['kinds'])} )?{one_of(_LISTS['relations'])})"
_FOR: Final = re.compile(
    rf"(?<!\w){one_of(_LISTS['for'])} (?:my|our) {_RELATION}(?!\w),? ?"
    rf"(?:{one_of(_LISTS['called'])} )?(?P<name>(?:{_WORD}(?: |(?=[,.!?;])|$)){{0,2}})",
    re.IGNORECASE,
)
_NO_NAME: Final = frozenset(_LISTS["no_name"])


@dataclass(frozen=True, slots=True)
class Another:
    """Who comes in the customer's place: what he is to him, and his name if it was told."""

    relation: str
    name: str | None


def spot(text: str, setting: Setting) -> Another | None:
    """The one named as belonging to the speaker."""
    found = _FOR.search(tidy(text))
    return Another(found["relation"].lower(), _name(found["name"], setting)) if found else None


def _name(said: str, setting: Setting) -> str | None:
    """The words behind, as far as they are a name: "Ada", not "Ada on friday" or "next week"."""
    words = []
    for word in said.split():
        if word.lower() in _NO_NAME or names.name.hear(word, setting) is None:
            break
        words.append(word)
    return names.name.hear(" ".join(words), setting) if words else None


another: Final = Sense("another", spot, spot)
