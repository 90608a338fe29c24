"""Slips of the finger: words much like the few that requests begin with are read as those."""

import re
from functools import cache

from rapidfuzz import fuzz, process

from prompts.words import words

_WORD = re.compile(r"[^\W\d_]{3,}")
_ALIKE = 82
"""Of 100: "bok", "tommorow" and "appoitment" are alike enough; "look" and "cook" are not."""


def respelled(text: str, language: str) -> str:
    """The text with such words put right; the same text where there are none."""
    return _WORD.sub(lambda found: _meant(found[0], language), text)


def _meant(word: str, language: str) -> str:
    known, said = _known(language), word.casefold()
    found = process.extractOne(said, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    # "bookings" and "moved" are words of their own
    return word if found is None or said.startswith(found[0]) else str(found[0])


@cache
def _known(language: str) -> tuple[str, ...]:
    return tuple(words(language, "hearing")["spelling"]["words"])
