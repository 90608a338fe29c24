"""A purchase in one line, as staff type it with a queue before them: `log 0803 123 4567 5000 482915`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.senses.amounts import money
from flows.senses.base import Setting
from flows.senses.phones import phone
from prompts.words import words

PIN_DIGITS = 6
FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class LogLine:
    """`customer` in E.164, `amount` in minor units; what was not typed is asked for."""

    customer: str
    amount: int | None = None
    pin: str | None = field(default=None, repr=False)

    def slots(self) -> dict[str, Any]:
        """The answers it gives to the purchase's questions; the PIN is none that may be kept."""
        given = {"customer": self.customer, "amount": self.amount}
        return {name: value for name, value in given.items() if value is not None}


def read_log_line(text: str, setting: Setting) -> LogLine | None:
    """The line, or None when the text does not begin as one or names no phone number.

    A phone number may be typed in groups, so the longest run of groups that makes a number is taken for it; then
    comes the amount, and last the PIN.
    """
    tokens = text.split()
    if not tokens or tokens[0].casefold() not in _opening_words():
        return None
    for number, rest in numbers_in(tokens[1:], setting):
        amount, pin = _amount_and_pin(rest, setting)
        if amount is not None or not rest:
            return LogLine(number, amount, pin)
    return None


def opens_like_a_log_line(text: str) -> bool:
    """Whether somebody meant to log a purchase in one line, readable or not."""
    tokens = text.split()
    return len(tokens) > 1 and tokens[0].casefold() in _opening_words() and any(map(str.isdigit, text))


def numbers_in(tokens: list[str], setting: Setting) -> Iterator[tuple[str, list[str]]]:
    """Phone numbers that the tokens begin with, the longest run first, and what comes behind each."""
    for length in range(len(tokens), 0, -1):
        typed = " ".join(tokens[:length])
        if len(re.sub(r"\D", "", typed)) >= FEWEST_DIGITS and re.fullmatch(r"[\d+()\-. ]+", typed):
            number = phone.hear(typed, setting)
            if number is not None:
                yield number, tokens[length:]


def _amount_and_pin(tokens: list[str], setting: Setting) -> tuple[int | None, str | None]:
    """The last group of six figures, or two of three, behind an amount is the PIN."""
    for groups in (1, 2):
        pin = "".join(tokens[-groups:])
        if len(tokens) > groups and re.fullmatch(rf"\d{{{PIN_DIGITS}}}", pin):
            return money.hear(" ".join(tokens[:-groups]), setting), pin
    return (money.hear(" ".join(tokens), setting) if tokens else None), None


def _opening_words() -> frozenset[str]:
    return frozenset(words("en", "hearing")["log_line"]["openings"])
