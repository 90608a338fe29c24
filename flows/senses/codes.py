"""A redemption code, printed ABC-DEFG: six random characters and one that checks them, no look-alikes."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.numerals import dictated
from flows.senses.wording import WORDS, one_of, tidy
from models.checked_code import ALPHABET

LENGTH: Final = 7

_LISTS: Final = WORDS["code"]
_AROUND: Final = re.compile(rf"(?<!\w){one_of(_LISTS['around'])}(?!\w)[:.,!]*", re.IGNORECASE)
_DASH: Final = re.compile(rf"(?<!\w){one_of(_LISTS['dashes'])}(?!\w)|[\s.-]+", re.IGNORECASE)
_CODE: Final = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_PRINTED: Final = re.compile(rf"(?<![\w-])([{ALPHABET}]{{3}})-([{ALPHABET}]{{4}})(?![\w-])")


def hear(text: str, _: Setting) -> str | None:
    """The seven characters of the code in capitals; whether it is a code of ours is not asked here."""
    said = tidy(text)
    for reading in (said, _AROUND.sub(" ", said), dictated(_AROUND.sub(" ", said.lower()))):
        code = _DASH.sub("", reading).upper()
        if _CODE.fullmatch(code):
            return code
    return _printed(said.upper())


def spot(text: str, _: Setting) -> str | None:
    """A code in a sentence, as it is printed: with its hyphen, and in capitals unless it holds a digit."""
    said = tidy(text)
    found = _printed(said.upper())
    return found if found and (_PRINTED.search(said) or not found.isalpha()) else None


def _printed(said: str) -> str | None:
    found = {"".join(parts) for parts in _PRINTED.findall(said)}
    return found.pop() if len(found) == 1 else None


code: Final = Sense("code", hear, spot)
