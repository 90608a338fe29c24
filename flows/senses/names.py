"""A person's name: "my name is Ada Obi", "it's chidi"."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.wording import WORDS, closing, one_of, opening, tidy

_LISTS: Final = WORDS["name"]
_LEAD: Final = opening(_LISTS["lead_ins"])
_TAIL: Final = closing(_LISTS["aside"])
_CERTAIN: Final = re.compile(rf"(?<!\w){one_of(_LISTS['certain'])} (?P<rest>.+)", re.IGNORECASE)
_TITLE: Final = "".join(rf"(?<!\b{title})" for title in _LISTS["titles"])
_END: Final = re.compile(rf"[,!?;:()]|{_TITLE}\.|(?<!\w){one_of(_LISTS['ends'])}(?!\w)", re.IGNORECASE)
_REFUSED: Final = frozenset(_LISTS["refused"])
_TALK: Final = frozenset(_LISTS["words_of_talk"])
_WORD: Final = r"[^\W\d_]+(?:['.-][^\W\d_]+)*\.?"
_NAME: Final = re.compile(rf"{_WORD}(?: {_WORD})*")
_MOST_WORDS: Final = 5
_SHORTEST, _LONGEST = 2, 60


def hear(text: str, _: Setting) -> str | None:
    """The name without what led up to it. Digits, question marks and the words of talk stand in none."""
    said = tidy(text)
    if "?" in said:
        return None
    rest = _LEAD.sub("", said)
    return _name(_until_end(rest) if rest != said else _TAIL.sub("", said))


def spot(text: str, _: Setting) -> str | None:
    """The name behind "my name is"."""
    led = _CERTAIN.search(tidy(text))
    return _name(_until_end(led["rest"])) if led else None


def _until_end(said: str) -> str:
    end = _END.search(said)
    return said[: end.start()] if end else said


def _name(said: str) -> str | None:
    said = said.strip(" .,!-")
    words = said.lower().split()
    if len(words) > _MOST_WORDS or not _SHORTEST <= len(said) <= _LONGEST or not _NAME.fullmatch(said):
        return None
    if said.lower() in _REFUSED or _TALK.intersection(words):
        return None
    # Capitals that someone chose ("McDonald", "de Souza") are kept; "JOHN" and "john" were not chosen.
    return " ".join(map(str.capitalize, said.split())) if said in (said.lower(), said.upper()) else said


name: Final = Sense("name", hear, spot)
