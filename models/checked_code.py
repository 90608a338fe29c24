"""Codes that people read out and type: no characters to confuse, and a last one that gives mistakes away."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 characters: 0 and O, 1 and I and L are left out."""

_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def new_code(length: int) -> str:
    """`length` random characters, at most 29, and the check character after them."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return body + _check_character(body)


def is_checked(code: str) -> bool:
    """Whether a tidied code ends with its own check character: one wrong character, or two swapped, show."""
    return len(code) > 1 and _VALUES.keys() >= set(code) and code[-1] == _check_character(code[:-1])


def tidied(text: str) -> str:
    """As the code was printed: capitals, narrow characters, no spaces or hyphens of any kind."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).upper()))


def _check_character(body: str) -> str:
    # 31 is prime, so no position times a difference of two values is a multiple of it: each difference shows
    total = sum(position * _VALUES[character] for position, character in enumerate(body, 1))
    return ALPHABET[total % len(ALPHABET)]
