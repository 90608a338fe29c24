"""Currencies as people name them: by sign, by code, by word; and how many decimals each has (CLDR)."""

import re
from functools import cache
from typing import Final

from babel import Locale
from babel.numbers import get_currency_name, get_currency_precision

from flows.senses.wording import WORDS

Codes = tuple[str, ...]
"""What a name may stand for, the commonest first."""

_LISTS: Final = WORDS["money"]
_LOCALE: Final = Locale("en")
_METALS_AND_TESTS: Final = re.compile(r"X(?!AF|CD|OF|PF)..")

CODES: Final = frozenset(code for code in map(str, _LOCALE.currencies) if not _METALS_AND_TESTS.fullmatch(code))
SIGNS: Final[dict[str, Codes]] = {sign: tuple(codes) for sign, codes in _LISTS["signs"].items()}
HUNDREDTHS: Final[dict[str, Codes]] = {word: tuple(codes) for word, codes in _LISTS["hundredths"].items()}
_NOT_CODES: Final = frozenset(_LISTS["words_not_codes"])
_ONLY_OWN: Final = frozenset(_LISTS["only_own"])


def _names() -> dict[str, Codes]:
    """The full names of CLDR ("kuwaiti dinars") without abolished money, and above them our own words."""
    names = {
        get_currency_name(code, count, _LOCALE).lower(): (code,)
        for code in sorted(CODES)
        for count in (1, 2)
        if "(" not in get_currency_name(code, count, _LOCALE)
    }
    return names | {word: tuple(codes) for word, codes in _LISTS["words"].items()}


_NAMES: Final = _names()
_BEFORE: Final = re.compile(r"(?:(?P<far>\S+) )?(?P<near>[^\s\d]+)(?P<gap> ?)$")
_BEHIND: Final = re.compile(r"[ -]?(?P<words>[^\s\d,;:!?()/-]+(?: [^\s\d,;:!?()/-]+){0,3})")


@cache
def precision(code: str) -> int:
    """How many decimals the currency has: 2 for NGN, 0 for JPY, 3 for KWD."""
    return get_currency_precision(code)


def before(text: str, own: str) -> Codes:
    """What the sign or code at the end of this text may stand for: of "I paid US$" the dollar."""
    match = _BEFORE.search(text)
    if not match:
        return ()
    near = match["near"].lstrip("(*~+-=")
    if match["gap"] and len(near) == 1 and near.isalpha():
        return ()
    for sign in (f"{match['far']} {near}", near, near[-1:] if not near[-1:].isalnum() else ""):
        if found := _sign(sign, own) or _code(sign, own):
            return found
    return ()


def behind(text: str, own: str) -> tuple[Codes, int]:
    """What the name at the start of this text may stand for, and how many characters it takes."""
    match = _BEHIND.match(text)
    words = match["words"].split(" ") if match else []
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length])
        for spelling in (name, name.rstrip(".*")):
            if found := _NAMES.get(spelling.lower()) or _sign_behind(spelling, own) or _code(spelling, own):
                return found, text.index(name) + len(spelling)
    return (), 0


def hundredths(text: str) -> tuple[Codes, int]:
    """Whose hundredth the word at the start of this text may be, and how many characters it takes."""
    match = _BEHIND.match(text)
    word = match["words"].split(" ")[0].rstrip(".") if match else ""
    found = HUNDREDTHS.get(word.lower(), ())
    return found, text.index(word) + len(word) if found else 0


def _sign(sign: str, own: str) -> Codes:
    found = SIGNS.get(sign.lower(), ())
    # A capital N is the naira anywhere, a small one only where naira are paid.
    return () if sign in _ONLY_OWN and own not in found else found


def _sign_behind(sign: str, own: str) -> Codes:
    """As `_sign`; a letter alone behind a number ("5 r") is no sign."""
    return () if len(sign) == 1 and sign.isalpha() else _sign(sign, own)


def _code(code: str, own: str) -> Codes:
    known = code.upper()
    ordinary_word = code.lower() in _NOT_CODES and not code.isupper() and known != own
    return (known,) if known in CODES and not ordinary_word else ()
