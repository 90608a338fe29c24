"""A phone number in E.164: "0803 123 4567" in Nigeria is +2348031234567."""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from flows.senses.base import Sense, Setting
from flows.senses.numerals import dictated
from flows.senses.wording import tidy

# Numbers kept for stories and demonstrations; the plan of numbers does not call all of them valid.
_FICTIONAL: Final = re.compile(r"\+1\d{3}55501\d\d|\+447700900\d{3}")
_DATES_AND_SUMS: Final = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?!\d)|\d{1,2}:\d\d(?::\d\d)?|\d+(?:/\d+|=)")
_CANDIDATE: Final = re.compile(r"(?<![\w.])\+?(?:\(\+?)?\d[\d ().-]*\d(?![^\W_])")
_GAPS: Final = re.compile(r"(?<=\d)[, ]+(?=\d)")
_FEWEST: Final = 7
_FEWEST_SPOTTED: Final = 9


def hear(text: str, setting: Setting) -> str | None:
    """The only valid number of the message, written or read out."""
    said = tidy(text)
    return _only(_numbers(said, setting.region, _FEWEST)) or _only(_numbers(_joined(said), setting.region, _FEWEST))


def spot(text: str, setting: Setting) -> str | None:
    """The only valid number of the message, of nine digits at least: less could be a date or a sum."""
    return _only(_numbers(tidy(text), setting.region, _FEWEST_SPOTTED))


def _numbers(said: str, region: str, fewest: int) -> Iterator[str]:
    for candidate in _CANDIDATE.findall(_DATES_AND_SUMS.sub(" ", said)):
        # "00" is dialled for "+" also from where the plan of numbers has another prefix.
        for written in (candidate, f"+{candidate[2:]}" if candidate.startswith("00") else ""):
            if sum(map(str.isdigit, written)) >= fewest and (number := _e164(written, region)):
                yield number


def _joined(said: str) -> str:
    """A number that was read out, in one piece: "oh eight oh three …"."""
    return _GAPS.sub("", dictated(said))


def _e164(candidate: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(candidate, region)
    except NumberParseException:
        return None
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    known = phonenumbers.is_valid_number(number) or _FICTIONAL.fullmatch(written)
    return written if known and phonenumbers.is_possible_number(number) else None


def _only(numbers: Iterator[str]) -> str | None:
    found = set(numbers)
    return found.pop() if len(found) == 1 else None


phone: Final = Sense("phone", hear, spot)
