"""A redemption code as staff type it at the counter, with or without the PIN behind it: `ABC-DEFG 730264`."""

import re
from dataclasses import dataclass, field

from flows.senses.base import Setting
from flows.senses.codes import code
from flows.senses.log_line import PIN_DIGITS
from models.loyalty.codes import is_well_formed

_WITH_PIN = re.compile(rf"(?P<code>.*\S)\s+(?:pin\W*)?(?P<pin>\d{{{PIN_DIGITS}}})\W*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """The seven characters of a code, and the PIN if it was typed with it."""

    code: str = field(repr=False)
    pin: str | None = field(default=None, repr=False)

    def secrets(self) -> dict[str, str]:
        """What it answers, none of which may be kept."""
        return {"code": self.code} if self.pin is None else {"code": self.code, "pin": self.pin}


def read_code_line(text: str, setting: Setting) -> CodeLine | None:
    """The line, or None for words that only happen to have as many letters: "perhaps" is no code."""
    typed = _WITH_PIN.fullmatch(text.strip())
    words, pin = (typed["code"], typed["pin"]) if typed else (text, None)
    heard = code.hear(words, setting)
    if heard is None or not (is_well_formed(heard) or any(mark in words for mark in "-23456789")):
        return None
    return CodeLine(heard, pin)
