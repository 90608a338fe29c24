"""A staff PIN: six digits, written "482 915" or read out "four eight two nine one five"."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.numerals import dictated
from flows.senses.wording import WORDS, fold

_AROUND: Final = frozenset(WORDS["pin"]["around"])
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_GAPS: Final = re.compile(r"(?<=\d)[ .,-]+(?=\d)")
_SIX: Final = re.compile(r"(?<![\d+])\d{6}(?!\d)")


def hear(text: str, _: Setting) -> str | None:
    """The only six digits of the message. Between them may stand spaces, dashes and full stops."""
    said = dictated(fold(text))
    if not _AROUND.issuperset(_WORD.findall(said)):
        return None
    return _six(_GAPS.sub("", said))


def spot(text: str, _: Setting) -> str | None:
    """Six digits in one piece, and no other digit: anything more could be a phone number or a sum."""
    said = fold(text)
    return _six(said) if sum(map(str.isdigit, said)) == len("482915") else None


def _six(said: str) -> str | None:
    found = _SIX.findall(said)
    return found[0] if len(found) == 1 and said.count(found[0]) == 1 else None


pin: Final = Sense("pin", hear, spot)
