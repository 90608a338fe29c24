"""The number printed on a receipt, as people copy it: "R-0017", "no. 2026-11-18/004", "it's 17"."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.wording import WORDS, opening, tidy

_LEAD: Final = opening(WORDS["receipt_number"]["lead_ins"])
_NUMBER: Final = re.compile(r"#?\s*(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")
_MOST_WORDS: Final = 4


def hear(text: str, _: Setting) -> str | None:
    """The number without what led up to it; it has a digit and is no sentence."""
    said = _LEAD.sub("", tidy(text)).strip(" .,!:#")
    return said if _NUMBER.fullmatch(said) and len(said.split()) <= _MOST_WORDS else None


def spot(_text: str, _setting: Setting) -> str | None:
    """None: in a sentence it looks like any other figure."""
    return None


receipt_number: Final = Sense("receipt_number", hear, spot)
