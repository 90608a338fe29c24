"""How many come together: "for 2", "table for four", "the three of us"."""

import re
from typing import Final

from flows.senses import counts
from flows.senses.base import Sense, Setting
from flows.senses.numerals import digits
from flows.senses.wording import WORDS, fold, one_of

_LISTS: Final = WORDS["party"]
_FOR: Final = re.compile(rf"(?<!\w)for (?P<count>\d{{1,2}})(?=[.,!?]|$| (?:{one_of(_LISTS['behind'])})(?!\w))")


def spot(text: str, setting: Setting) -> int | None:
    """The one number of people in the message."""
    found = {int(match["count"]) for match in _FOR.finditer(digits(fold(text)))}
    return counts.count.spot(text, setting) or (found.pop() or None if len(found) == 1 else None)


def hear(text: str, setting: Setting) -> int | None:
    """From 1 to 999, alone or with the word for who comes."""
    return spot(text, setting) or counts.count.hear(text, setting)


party: Final = Sense("party", hear, spot)
