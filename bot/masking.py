"""What may be kept of a message: PINs and codes are taken out before anything is written down."""

import re

from flows import senses
from flows.flow import Flow
from flows.registry import FLOWS
from flows.senses.base import Setting
from flows.senses.numerals import dictated
from flows.senses.wording import fold
from flows.state import ConversationState
from models.loyalty import codes

MASK = "••••••"

# looked for from every digit on: of "500 918 273" the last two groups are a PIN as well as the first two
_SIX_DIGITS = re.compile(r"(?<!\d)(?=(\d(?:[ -]?\d){5})(?!\d))")
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{3}[ -]?[A-Za-z0-9]{4}(?![A-Za-z0-9])")
_TELLS = re.compile(r"\W*(?:log|add|sale|purchase|buy)\b|.*\b(?:pin|passcode|code)\b", re.IGNORECASE | re.DOTALL)
_MAY_TELL = re.compile(rf"\d|\S\s+\S+\s+\S|{_CODE.pattern}")
"""Digits, words enough to read some out, or a code: most messages are a word or two and need no second look."""
_PIN_DIGITS = 6


def masked(text: str, state: ConversationState, setting: Setting, *, is_staff: bool) -> str:
    """The message as it may rest.

    A message that answers a question for a secret is masked whole: people wrap a PIN in all sorts of words. So is
    one that is nothing but a PIN or a code, or that reads one out. Staff type PINs unasked, so their six digits go
    too, as do those of anything that tells of a PIN or begins like a logged purchase, whoever wrote it: staff may
    write from a phone that we do not know.
    """
    if _asks_for_a_secret(state):
        return MASK
    if not _MAY_TELL.search(text):
        return text
    tells = is_staff or _TELLS.match(text) is not None
    if senses.pin.hear(text, setting) or (tells and _is_read_out(text)):
        return MASK
    kept = _CODE.sub(_without_code, text)
    code = senses.code.hear(kept, setting)
    if code is not None and codes.is_well_formed(code):
        return MASK
    return _without_six_digits(kept) if tells else kept


def _without_code(found: re.Match[str]) -> str:
    """A code is known by its check character; one with a slip by its digits or its hyphen, "the menu" by neither."""
    text = found.group()
    code = codes.normalised(text)
    is_number = text.replace(" ", "").isdigit()
    if code is None or is_number:
        return text
    return MASK if codes.is_well_formed(code) or not text.replace(" ", "").isalpha() else text


def _without_six_digits(text: str) -> str:
    hidden = {place for found in _SIX_DIGITS.finditer(text) for place in range(*found.span(1))}
    kept = "".join("\0" if place in hidden else character for place, character in enumerate(text))
    return re.sub("\0+", MASK, kept)


def _is_read_out(text: str) -> bool:
    """Whether words stand for as many digits as a PIN has."""
    return _digits(dictated(fold(text))) - _digits(text) >= _PIN_DIGITS


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _asks_for_a_secret(state: ConversationState) -> bool:
    frame = state.current
    flow: type[Flow] | None = FLOWS.get(frame.flow) if frame else None
    ask = flow.by_state.get(frame.awaiting or "") if flow and frame else None
    return ask is not None and ask.secret
