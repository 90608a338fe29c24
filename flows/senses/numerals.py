"""Numbers in words, as digits: "five thousand" is "5000", "twenty first" "21º", "ten forty five" "10 45".

Step by step: small numbers first, then each scale from the smallest up, so that the steps need no look ahead.
"""

import re
from decimal import Decimal
from functools import partial
from typing import Final

from flows.senses.wording import WORDS, one_of, whole

ORDINAL_MARK: Final = "º"
"""Stands behind an ordinal said in words: "second" is weaker evidence of a day than "2nd"."""

_LISTS: Final = WORDS["numbers"]
_UNITS: Final[dict[str, int]] = _LISTS["units"]
_TENS: Final[dict[str, int]] = _LISTS["tens"]
_TEN: Final = 10
_DIGITS: Final = {word: value for word, value in _UNITS.items() if value < _TEN}


def _spellings() -> dict[str, str]:
    """Every number below a hundred that is said in words: "twenty one" -> "21", "twenty first" -> "21º"."""
    ordinals = {word: f"{value}{ORDINAL_MARK}" for word, value in _LISTS["ordinals"].items()}
    spelled = {word: str(value) for word, value in (_UNITS | _TENS).items()} | ordinals
    for ten, tens in _TENS.items():
        for unit, value in (_DIGITS | _LISTS["ordinals"]).items():
            if 0 < value < _TEN:
                mark = ORDINAL_MARK if unit in ordinals else ""
                spelled |= {f"{ten}{gap}{unit}": f"{tens + value}{mark}" for gap in (" ", "-")}
    return spelled


_SPELLED: Final = _spellings()
_PAIR: Final = rf"{one_of(_TENS)}[ -]{one_of({*_DIGITS, *_LISTS['ordinals']})}"
# "That one" is no number, "one" and "the two of us" are.
_PRONOUN: Final = rf"{one_of(_LISTS['before_pronoun'])} {one_of(_LISTS['pronoun'])}"
_WORD: Final = re.compile(rf"(?<![\w'])(?:(?:{_PAIR}|{_PRONOUN})(?![\w'])|[^\W\d_]+)", re.IGNORECASE)
_NUMBER: Final = r"(?<!\d)(?<!\d[.,])(\d[\d,]*(?:\.\d+)?)"
_POINT: Final = re.compile(rf"{_NUMBER} {one_of(_LISTS['point'])}((?: \d)+)\b", re.IGNORECASE)
_SCALE: Final = rf"{one_of(_LISTS['scales'])}\b"
_ONE: Final = re.compile(rf"{whole(_LISTS['a'])} (?={_SCALE})", re.IGNORECASE)
_HALF: Final = re.compile(rf"{whole(_LISTS['half'])} (?={_SCALE})", re.IGNORECASE)


def _scale_pattern(words: list[str], scale: int) -> re.Pattern[str]:
    """A number times this scale, and what is added: "5 hundred and 6", "2 thousand 500"."""
    places = len(str(scale)) - 1
    joined = rf" {one_of(_LISTS['and'])} (\d{{1,{places}}})|[ ,]+(\d{{2,{max(2, places)}}})"
    return re.compile(rf"{_NUMBER}[ -]?{one_of(words)}\b(?:(?:{joined})(?![\w.,:]))?", re.IGNORECASE)


_SCALES: Final = tuple(
    (scale, _scale_pattern([word for word, value in _LISTS["scales"].items() if value == scale], scale))
    for scale in sorted(set(_LISTS["scales"].values()))
)

_OH: Final = whole(_LISTS["oh"])
_OH_BEFORE_DIGIT: Final = re.compile(rf"{_OH}(?= ?\d| {_OH})", re.IGNORECASE)
_OH_AFTER_DIGIT: Final = re.compile(rf"(?<=\d ){_OH}", re.IGNORECASE)
_REPEATS: Final = tuple(
    (re.compile(rf"{whole(_LISTS[key])} (\d)(?!\d)", re.IGNORECASE), r"\1" * times)
    for key, times in (("double", 2), ("triple", 3))
)


def digits(text: str) -> str:
    """The text with its spelled numbers in digits. Capitals elsewhere are kept."""
    text = _WORD.sub(_spelled, text)
    text = _POINT.sub(lambda match: f"{match[1]}.{match[2].replace(' ', '')}", text)
    text = _ONE.sub("1 ", _HALF.sub("0.5 ", text))
    for scale, pattern in _SCALES:
        text = pattern.sub(partial(_times, scale), text)
    return text


def dictated(text: str) -> str:
    """As `digits`, for what is read out one by one: "oh eight double three" is "0 8 33"."""
    text = digits(text)
    for pattern, repeated in _REPEATS:
        text = pattern.sub(repeated, text)
    return _OH_AFTER_DIGIT.sub("0", _OH_BEFORE_DIGIT.sub("0", text))


def _spelled(match: re.Match[str]) -> str:
    found = _SPELLED.get(match[0].lower())
    if found is None and " " in match[0]:
        before, pronoun = match[0].split(" ")
        return f"{_SPELLED.get(before.lower(), before)} {pronoun}"
    return found or match[0]


def _times(scale: int, match: re.Match[str]) -> str:
    added = match[2] or match[3] or "0"
    return f"{(Decimal(match[1].replace(',', '')) * scale + int(added)).normalize():f}"
