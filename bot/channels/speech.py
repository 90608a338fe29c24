"""Text as a voice can read it out."""

import re
import unicodedata

_URL = re.compile(r"(?:https?://|www\.|\b(?:[\w-]+\.)+[a-z]{2,}/)\S*?(?=[.,;:!?)]*(?:\s|$))", re.IGNORECASE)
_CHAT_MARKS = re.compile(r"[*_~•\ufe0e\ufe0f\u20e3]")
_LINE_END = re.compile(r"(?<=[^\s.,;:!?])[^\S\n]*\n\s*")
_GAP = re.compile(r"\s+(?=[.,;:!?)](?:\s|$))")
# "ABC-DEFG" and "K7QX2M", not "10-15", "COVID", "10AM", "9AM-5PM" or the figure of "NGN5,000"; "234-5678" as well,
# for a code may be drawn of digits alone, but never with a 0 or a 1, without which hardly any range is written
_CODE = re.compile(
    r"(?<![\w-])(?![0-9]{1,2}[AP]M(?:-[0-9]{1,2}[AP]M)?(?![\w-]))"
    r"(?:(?![0-9-]+(?![\w-]))|(?=[2-9]{3}-[2-9]{4}(?![\w-])))"
    r"(?:[A-Z0-9]{2,}(?:-[A-Z0-9]{2,})+|(?=[A-Z]*[0-9])[A-Z0-9]{4,})(?![\w-]|[.,][0-9])"
)
# Amounts and points are written with separators: a long row of bare digits is a phone number or a code.
_LONG_NUMBER = re.compile(r"(?<![\w.,+-])\+?([0-9]{6,})(?![\w-]|[.,][0-9])")
_PICTURES = 0x2000  # below it, category So holds signs that are read out: °, ©


def speakable(text: str) -> str:
    """The text without what cannot be spoken, its codes and long numbers character by character.

    Addresses of web pages, emojis and chat marks are dropped; a line's end becomes a full stop. A code is a
    word of capitals and digits, or of capitals with hyphens; an all-letter code without a hyphen cannot be
    told from a word in capitals: give it through `spelled`. Currency signs stay: the voice of the language
    reads them.
    """
    words = _CHAT_MARKS.sub("", _URL.sub("", text))
    words = "".join(character for character in words if not _is_unspeakable(character))
    words = _LINE_END.sub(". ", words.strip())
    words = _LONG_NUMBER.sub(lambda number: spelled(number[1]), words)
    words = _CODE.sub(lambda code: spelled(code[0]), words)
    return _GAP.sub("", " ".join(words.split()))


def spelled(code: str) -> str:
    """A code character by character, with a pause at each hyphen: "A B C, D E F G"."""
    return ", ".join(" ".join(group) for group in code.split("-") if group)


def _is_unspeakable(character: str) -> bool:
    category = unicodedata.category(character)
    if category in {"So", "Sk"}:
        return ord(character) > _PICTURES
    return category.startswith("C") and not character.isspace()
