"""What may be kept of a message: PINs and codes are taken out before anything is written down."""

import re
from typing import Final

from flows import senses
from flows.flow import Flow
from flows.registry import FLOWS
from flows.senses.base import Setting
from flows.senses.code_line import read_code_line
from flows.senses.log_line import PIN_DIGITS, read_log_line
from flows.senses.numerals import dictated
from flows.senses.wording import LIMIT, fold, one_of
from flows.state import ConversationState
from flows.tables import Ask
from models.loyalty import codes
from prompts.words import words

MASK: Final = "••••••"

_GAP: Final = r"[\W_]{0,3}"
"""What may stand between two digits of one number: 48–29–15, 482/915, 482 - 915."""
# looked for from every digit on: of "500 918 273" the last two groups are a PIN as well as the first two
_SIX_DIGITS: Final = re.compile(rf"(?<!\d)(?=(\d(?:{_GAP}\d){{5}})(?!\d))")
_SIX_OR_MORE: Final = re.compile(rf"\d(?:{_GAP}\d){{5,}}")
_LAST_SIX: Final = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{5}}\W*$")
_DATE: Final = r"\s*[0-3]?\d/[0-3]?\d/(?:20)?[23]\d\W*$"
_ALONE: Final = re.compile(rf"(?!{_DATE})\W*\d(?:{_GAP}\d){{5}}\W*")
_CODE: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{3}[ -]?[A-Za-z0-9]{4}(?![A-Za-z0-9])")
_TELLS: Final = re.compile(r".*\b(?:pin|passcode|code)\b", re.IGNORECASE | re.DOTALL)
_MAY_TELL: Final = re.compile(rf"\d|\S\s+\S+\s+\S|{_CODE.pattern}")
"""Digits, words enough to read some out, or a code: most messages are a word or two and need no second look."""
_HEARING: Final = words("en", "hearing")
_OPENINGS: Final = (*_HEARING["log_line"]["openings"], *_HEARING["counter_lines"]["adjust"])
_PHONE_END: Final = 7
# the opening word may be left out before as many digits as the shortest phone number and a PIN have
_OPENS_LINE: Final = re.compile(
    rf"[\W_]*{one_of(_OPENINGS)}(?![^\W\d_])\s*|(?=[\W_]*\d(?:{_GAP}\d){{{_PHONE_END + PIN_DIGITS - 1}}})",
    re.IGNORECASE,
)
_ONE_SUM: Final = re.compile(r"\D*(?:\d{1,7}|\d{1,3}(?:,\d{3})+)(?:[.,]\d\d?)?\D*")
"""No more figures in one piece: 500482915 is an amount with the PIN behind it."""


def masked(text: str, state: ConversationState, setting: Setting, *, is_staff: bool) -> str:
    """The message as it may rest.

    A message that answers a question for a secret is masked whole: people wrap a PIN in all sorts of words. So is
    one that is nothing but a PIN or a code, or that reads one out. Staff may write from a phone that we do not know,
    so a logged purchase loses all its long numbers but the customer's, and what tells of a PIN or a code its six
    digits, whoever wrote it. Known staff type PINs unasked: of their numbers only the answer to a question stays.
    """
    ask = _open_question(state)
    if ask is not None and ask.secret:
        return MASK
    if not _MAY_TELL.search(text):
        return text
    kept = _CODE.sub(_without_code, text)
    opening = _OPENS_LINE.match(text)
    tells = kept != text or _TELLS.match(text) is not None or _is_code_line(text, setting)
    if _is_secret(text, kept, setting) or ((is_staff or tells or opening) and _is_read_out(text)):
        return MASK
    if opening and _digits(text) >= PIN_DIGITS:
        return _masked_line(text, opening.end(), setting)
    if is_staff:
        return _masked_of_staff(kept, None if tells else ask, setting)
    return _without_six_digits(kept) if tells else kept


def _is_secret(text: str, kept: str, setting: Setting) -> bool:
    """Whether the message is nothing but a PIN, or nothing but a code."""
    if senses.pin.hear(text, setting) is not None or _ALONE.fullmatch(text):
        return True
    code = senses.code.hear(kept, setting)
    return code is not None and codes.is_well_formed(code)


def _is_code_line(text: str, setting: Setting) -> bool:
    """Whether it is a code, with or without a PIN behind it, whatever stands between the digits of the PIN."""
    return read_code_line(_LAST_SIX.sub(lambda pin: re.sub(r"\D", "", pin[0]), text), setting) is not None


def _masked_line(text: str, start: int, setting: Setting) -> str:
    """A purchase in one line, whose opening word ends at `start`; one that cannot be read keeps nothing else."""
    line = read_log_line(f"{_OPENINGS[0]} {text[start:]}", setting) if len(text) <= LIMIT else None
    end = _end_of_phone(text, start, line.customer) if line else None
    if end is None:
        return text[:start] + MASK
    return text[:end] + _without_long_numbers(_CODE.sub(_without_code, text[end:]))


def _masked_of_staff(text: str, ask: Ask | None, setting: Setting) -> str:
    hears = ask.hears if ask else ()
    if senses.till_money in hears and _is_a_sum(text, setting):
        return text
    number = senses.phone.hear(text, setting) if senses.phone in hears else None
    end = (number and _end_of_phone(text, 0, number)) or 0
    return text[:end] + _without_long_numbers(text[end:])


def _is_a_sum(text: str, setting: Setting) -> bool:
    """Whether its one number is an amount; six figures are a PIN unless a currency is named."""
    could_be_a_pin = _digits(text) == PIN_DIGITS and senses.till_money.spot(text, setting) is None
    is_sum = _ONE_SUM.fullmatch(text) is not None and senses.till_money.hear(text, setting) is not None
    return is_sum and not could_be_a_pin


def _end_of_phone(text: str, start: int, number: str) -> int | None:
    """Where the phone number (E.164) ends that begins with the first digit; None if other digits stand before it.

    It may be written with 00 for the plus or without its country code, so only its last digits are compared.
    """
    head = rf"\D*(?:\d{_GAP}){{0,{len(number) + 1 - _PHONE_END}}}?"
    found = re.compile(rf"{head}{_GAP.join(number[-_PHONE_END:])}(?!\d)").match(text, start)
    return found.end() if found else None


def _without_code(found: re.Match[str]) -> str:
    """A code is known by its check character; one with a slip by its digits or its hyphen, "the menu" by neither."""
    text = found.group()
    code = codes.normalised(text)
    if code is None or text.replace(" ", "").isdigit():
        return text
    return MASK if codes.is_well_formed(code) or not text.replace(" ", "").isalpha() else text


def _without_six_digits(text: str) -> str:
    hidden = {place for found in _SIX_DIGITS.finditer(text) for place in range(*found.span(1))}
    kept = "".join("\0" if place in hidden else character for place, character in enumerate(text))
    return re.sub("\0+", MASK, kept)


def _without_long_numbers(text: str) -> str:
    """Six digits first: of "5000 482915" the amount stays, of "5000482915" nothing."""
    return _SIX_OR_MORE.sub(MASK, _without_six_digits(text))


def _is_read_out(text: str) -> bool:
    """Whether words stand for as many digits as a PIN has."""
    return _digits(dictated(fold(text))) - _digits(text) >= PIN_DIGITS


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _open_question(state: ConversationState) -> Ask | None:
    frame = state.current
    flow: type[Flow] | None = FLOWS.get(frame.flow) if frame else None
    return flow.by_state.get(frame.awaiting or "") if flow and frame else None
