"""The code with which a customer brings friends: "K7M2QX", five characters at random and one that shows mistakes.

It is no secret. It holds a letter and a digit, so that no word and no PIN is taken for one.
"""

import re

from models import checked_code
from models.loyalty.codes import is_rude

LENGTH = 6
_WORD = re.compile(r"[A-Za-z0-9]+")


def new_code() -> str:
    """A code at random."""
    while not _looks_like_one(code := checked_code.new_code(LENGTH - 1)) or is_rude(code):
        pass
    return code


def find(text: str) -> str | None:
    """The code that a message holds, as it is kept: the last word that is one."""
    found = [word.upper() for word in _WORD.findall(text) if is_well_formed(word.upper())]
    return found[-1] if found else None


def is_well_formed(code: str) -> bool:
    """Whether it has the looks of a code and its own check character."""
    return len(code) == LENGTH and _looks_like_one(code) and checked_code.is_checked(code)


def _looks_like_one(code: str) -> bool:
    return any(map(str.isdigit, code)) and any(map(str.isalpha, code))
