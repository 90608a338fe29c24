"""A purchase in one line, as staff type it with a queue before them: `log 0803 123 4567 5000 482915`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.senses.amounts import money
from flows.senses.base import Setting
from flows.senses.currencies import behind
from flows.senses.phones import phone
from prompts.words import words

PIN_DIGITS = 6
FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class LogLine:
    """`customer` in E.164, `amount` in minor units; what was not typed is asked for, but for what may be left out.

    `category` as it was typed, `paid_with` where it was not money: "gift_card" or "points".
    """

    customer: str
    amount: int | None = None
    pin: str | None = field(default=None, repr=False)
    category: str | None = None
    receipt: str | None = None
    paid_with: str | None = None

    def slots(self) -> dict[str, Any]:
        """The answers it gives to the purchase's questions; the PIN is none that may be kept."""
        names = ("customer", "amount", "category", "receipt", "paid_with")
        given = {name: value for name in names if (value := getattr(self, name)) is not None}
        return {**given, "one_line": self.amount is not None}


def read_log_line(text: str, setting: Setting) -> LogLine | None:
    """The line, or None when the text does not begin as one or names no phone number.

    A phone number may be typed in groups, so the longest run of groups that makes a number is taken for it; then
    comes the amount, what it was for, how it was paid, "receipt" with its number, and last the PIN.
    """
    tokens = text.split()
    if not tokens or tokens[0].casefold() not in _words("openings"):
        return None
    for number, rest in numbers_in(tokens[1:], setting):
        said, receipt = _without_receipt(rest)
        said, pin = _without_pin(said)
        said, paid_with = _without_payment(said)
        amount, category = _amount_and_category(said, setting)
        if amount is not None:
            return LogLine(number, amount, pin, category, receipt, paid_with)
        if not rest:
            return LogLine(number)
    return None


def read_bare_log_line(text: str, setting: Setting) -> LogLine | None:
    """The line without the word before it, as it is typed in a hurry: a phone number alone is none."""
    if not re.match(r"\s*[+(]?\d", text):
        return None
    line = read_log_line(f"{min(_words('openings'))} {text}", setting)
    return line if line is not None and line.amount is not None else None


def opens_like_a_log_line(text: str) -> bool:
    """Whether somebody meant to log a purchase in one line, readable or not."""
    tokens = text.split()
    return len(tokens) > 1 and tokens[0].casefold() in _words("openings") and any(map(str.isdigit, text))


def numbers_in(tokens: list[str], setting: Setting) -> Iterator[tuple[str, list[str]]]:
    """Phone numbers that the tokens begin with, the longest run first, and what comes behind each."""
    for length in range(len(tokens), 0, -1):
        typed = " ".join(tokens[:length])
        if len(re.sub(r"\D", "", typed)) >= FEWEST_DIGITS and re.fullmatch(r"[+(]*[\d()\-. ]+", typed):
            number = phone.hear(typed, setting)
            if number is not None:
                yield number, tokens[length:]


def _without_receipt(tokens: list[str]) -> tuple[list[str], str | None]:
    """What follows the word is the receipt's number, even if it has six figures."""
    for place, token in enumerate(tokens[:-1]):
        if token.casefold().rstrip(":.#") in _words("receipt"):
            after = place + 2
            return tokens[:place] + tokens[after:], tokens[place + 1].lstrip("#")
    return tokens, None


def _without_pin(tokens: list[str]) -> tuple[list[str], str | None]:
    """The last group of six figures, or two of three, behind an amount is the PIN."""
    for groups in (1, 2):
        pin = "".join(tokens[-groups:])
        if len(tokens) > groups and re.fullmatch(rf"\d{{{PIN_DIGITS}}}", pin):
            return tokens[:-groups], pin
    return tokens, None


def _without_payment(tokens: list[str]) -> tuple[list[str], str | None]:
    """The last words may say that no money was paid."""
    for paid_with in ("gift_card", "points"):
        for length in (2, 1):
            if len(tokens) > length and " ".join(tokens[-length:]).casefold() in _words(paid_with):
                return tokens[:-length], paid_with
    return tokens, None


def _amount_and_category(tokens: list[str], setting: Setting) -> tuple[int | None, str | None]:
    """The sum, and the words behind the shortest beginning that already says it."""
    amount = money.hear(" ".join(tokens), setting) if tokens else None
    if amount is None:
        return None, None
    length = next(n for n in range(1, len(tokens) + 1) if money.hear(" ".join(tokens[:n]), setting) == amount)
    while length < len(tokens) and behind(tokens[length], setting.currency)[0]:
        length += 1
    category = " ".join(tokens[length:])
    return (None, None) if any(map(str.isdigit, category)) else (amount, category or None)


def _words(kind: str) -> frozenset[str]:
    return frozenset(words("en", "hearing")["log_line"][kind])
