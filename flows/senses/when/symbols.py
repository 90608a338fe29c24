"""A message in the symbols of the grammar of times: "tmrw @ half three" is "TOMORROW AT HALF 3"."""

import re
from typing import Final

from flows.senses.lexicon import Lexicon
from flows.senses.numerals import ORDINAL_MARK, digits
from flows.senses.wording import WORDS, fold, one_of

SPOKEN_ORDINAL: Final = "ORD"
_LISTS: Final = WORDS["when"]
_LEXICON: Final = Lexicon(_LISTS["symbols"], _LISTS["plain"])

_ORDINAL: Final = re.compile(rf"(?<=\d){one_of(_LISTS['ordinal_endings'])}\b")
_ISO_TIME: Final = re.compile(r"(?<=\d)t(?=\d\d:)")
_HALVES: Final = re.compile(r"(?<=\d)([ap])(?!\.? ?m|[^\W_])\.?")
# What was, and what is not meant, is taken out before anything is looked for.
_PAST_OR_NOT: Final = re.compile(
    r"LAST (?:WD\d(?! OF| IN)|WEEKEND|WEEK|NIGHT|MONTH|MORNING|EVENING)|WD\d LAST WEEK"
    r"|(?:THE )?DAY BEFORE YESTERDAY|YESTERDAY(?: (?:MORNING|AFTERNOON|EVENING|NIGHT))?"
    r"|(?:\d+|A) (?:DAY|WEEK|MONTH|HOUR|MINUTE) AGO"
    r"|NOT (?:(?:ON|THIS|NEXT|FOR|AT|THE) )*(?:WD\d|TODAY|TOMORROW)(?: OR WD\d)*"
)


def read(text: str) -> str:
    """The message in symbols. What is not understood stays in lower case; numbers and punctuation stay."""
    told = _HALVES.sub(r"\1m", _ISO_TIME.sub(" ", fold(text)))
    symbols = digits(_LEXICON.read(told)).replace(ORDINAL_MARK, SPOKEN_ORDINAL)
    return _PAST_OR_NOT.sub("", " ".join(_ORDINAL.sub("TH", symbols).split()))
