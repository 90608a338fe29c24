"""How many: "two", "a couple", "3 loads"."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.numerals import digits
from flows.senses.wording import WORDS, closing, fold, one_of, opening, whole

_LISTS: Final = WORDS["count"]
_PHRASES: Final[dict[str, int]] = _LISTS["phrases"]
_PHRASE: Final = re.compile(whole(_PHRASES))
_LEAD: Final = opening(_LISTS["aside"])
_TAIL: Final = closing(_LISTS["aside"])
_NOT_UNIT: Final = rf"(?! ?{one_of(_LISTS['not_units'])}(?!\w))"
_WHOLE_NUMBER: Final = rf"(?<![\w.,:/-])(?P<count>\d{{1,3}})(?![\w%]|[.,:/-]\d){_NOT_UNIT}"
_LONE: Final = re.compile(rf"{_WHOLE_NUMBER}(?: [^\W\d]+){{0,3}}[.!]?")
_COUNTED: Final = re.compile(
    rf"{_WHOLE_NUMBER} (?:[^\W\d]+ )?{one_of(_LISTS['units'])}(?!\w)"
    rf"|{whole(_LISTS['before'])} (?P<of>\d{{1,3}})(?![\w:]|[.,]\d)"
)


def hear(text: str, setting: Setting) -> int | None:
    """From 1 to 999, alone or with the word for what is counted."""
    said = _TAIL.sub("", _LEAD.sub("", _in_digits(text))).strip()
    lone = _LONE.fullmatch(said)
    return _count(lone["count"]) if lone else spot(text, setting)


def spot(text: str, _: Setting) -> int | None:
    """The one number in the message that counts something that is counted: "… for 2 loads"."""
    counts = {match["count"] or match["of"] for match in _COUNTED.finditer(_in_digits(text))}
    return _count(counts.pop()) if len(counts) == 1 else None


def _in_digits(text: str) -> str:
    return digits(_PHRASE.sub(lambda match: str(_PHRASES[match[0]]), fold(text)))


def _count(number: str) -> int | None:
    return int(number) or None


count: Final = Sense("count", hear, spot)
