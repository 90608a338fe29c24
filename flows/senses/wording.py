"""The words of prompts/ as the senses use them: folded to one spelling, and joined to patterns."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from prompts.words import words

LIMIT: Final = 400
"""A sense reads this many characters of a message; an answer is never longer."""

WORDS: Final[Mapping[str, Any]] = words("en", "senses")

_QUOTES: Final = str.maketrans(dict.fromkeys("’‘`´", "'") | dict.fromkeys("“”", '"') | dict.fromkeys("−—–‑", "-"))
# What only changes how the sign before it looks (skin tones, variation selectors), and what has no width.
_SHADES: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200b-\u200f\u2060\ufeff]")


def tidy(text: str) -> str:
    """The text with one kind of quotes, digits and spaces, and its capitals left alone."""
    plain = unicodedata.normalize("NFKC", text[:LIMIT]).translate(_QUOTES)
    return " ".join(_SHADES.sub("", plain).split())


def fold(text: str) -> str:
    """The text tidied and in lower case: what all words of prompts/ are compared with."""
    return tidy(text).lower()


def one_of(spellings: Iterable[str]) -> str:
    """A pattern for any of these spellings, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(spellings, key=len, reverse=True)) + ")"


def whole(spellings: Iterable[str]) -> str:
    """A pattern for any of these spellings standing as words of their own."""
    return rf"(?<!\w){one_of(spellings)}(?!\w)"


def opening(spellings: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the words with which people lead up to an answer: any number of these at the start."""
    return re.compile(rf"^{_row_of(spellings)}", re.IGNORECASE)


def closing(spellings: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the words that people add behind an answer: any number of these at the end."""
    return re.compile(rf"(?<!\w){_row_of(spellings)}$", re.IGNORECASE)


def _row_of(spellings: Iterable[str]) -> str:
    # Possessive, as "i want" can also be read as "i" and "want": a long row would be tried in every way.
    return rf"(?>{one_of(spellings)}(?!\w)[\s,.:;!?-]*+)++"
