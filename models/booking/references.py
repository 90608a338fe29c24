"""What a booking is called between people: "LEK-7K3QF5". Everybody may know it; it opens nothing."""

import re

from models.checked_code import is_checked, new_code, tidied

_RANDOM = 5
_CODE = _RANDOM + 1
_PREFIX = re.compile(r"[A-Z0-9]{2,6}")


def new_reference(prefix: str) -> str:
    """A reference at random: five characters and their check character after the business's prefix.

    Raises ValueError unless the prefix is two to six capitals or digits.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"A reference cannot begin with {prefix!r}.")
    return f"{prefix}-{new_code(_RANDOM)}"


def normalised(text: str) -> str:
    """What was typed as a reference is written: "lek 7k3 qf5" is "LEK-7K3QF5"."""
    plain = tidied(text)
    return f"{plain[:-_CODE]}-{plain[-_CODE:]}"


def is_reference(text: str) -> bool:
    """Whether this can be somebody's reference, however it is typed. The check does not cover the prefix."""
    prefix, _, code = normalised(text).partition("-")
    return bool(_PREFIX.fullmatch(prefix)) and is_checked(code)
