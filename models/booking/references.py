"""What a booking is called between people: "LEK-20261119-0007K". Everybody may know it; it opens nothing.

Prefix, the day it was made, its number on that day, and a check character over all of them. References of five
characters at random and a check character, "LEK-7K3QF5", are read as well.
"""

import re
from datetime import date

from models.checked_code import ALPHABET, is_checked, tidied

_PREFIX = re.compile(r"[A-Z0-9]{2,6}")
_RANDOM = 6
_NUMBERED = re.compile(r"([A-Z0-9]{2,6}?)(20[0-9]{6})([0-9]{4,5})([A-Z0-9])")
_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_CHECKS = {_VALUES[character]: character for character in ALPHABET}
# a prime above the 36 values: no position times a difference of two values is a multiple of it
_MODULUS = 37


def numbered(prefix: str, day: date, number: int) -> str | None:
    """The reference of a number, or None for one of the few whose check would be no character or easily misread.

    Raises ValueError unless the prefix is two to six capitals or digits and the number has at most five digits.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"A reference cannot begin with {prefix!r}.")
    if not 0 < number < 10**5:
        raise ValueError(f"{number} bookings on one day are more than references are made for.")
    code = f"{number:04}"
    check = _CHECKS.get(_sum(f"{prefix}{day:%Y%m%d}{code}"))
    return f"{prefix}-{day:%Y%m%d}-{code}{check}" if check else None


def normalised(text: str) -> str:
    """What was typed as a reference is written: "lek 20261119 0007k" is "LEK-20261119-0007K"."""
    plain = tidied(text)
    if found := _NUMBERED.fullmatch(plain):
        prefix, day, number, check = found.groups()
        return f"{prefix}-{day}-{number}{check}"
    return f"{plain[:-_RANDOM]}-{plain[-_RANDOM:]}"


def is_reference(text: str) -> bool:
    """Whether this can be somebody's reference, however it is typed: one wrong character, or two swapped, show."""
    plain = tidied(text)
    if _NUMBERED.fullmatch(plain):
        return _CHECKS.get(_sum(plain[:-1])) == plain[-1]
    prefix, _, code = normalised(text).partition("-")
    return bool(_PREFIX.fullmatch(prefix)) and is_checked(code)


def _sum(characters: str) -> int:
    return sum(place * _VALUES[character] for place, character in enumerate(characters, 1)) % _MODULUS
