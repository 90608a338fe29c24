"""A sum of money: "5000", "5k", "₦5,000", "2.500,50 €", "45 quid", "13 dollars 45", "five thousand naira"."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flows.senses import currencies
from flows.senses.base import Sense, Setting
from flows.senses.currencies import Codes, precision
from flows.senses.numerals import digits
from flows.senses.wording import WORDS, one_of, tidy, whole

_LISTS: Final = WORDS["money"]
_MULTIPLIERS: Final[dict[str, int]] = _LISTS["multipliers"]
_SPACED: Final = [word for word in _MULTIPLIERS if len(word) > 1]
_LARGEST: Final = 10**15
"""In minor units; more than that is a slip of the finger, and would leave the columns of the database."""
_LONGEST_BARE: Final = 9
"""A number of more figures than this, without a currency or a mark in it, is a phone number."""

_NUMBER: Final = re.compile(
    r"(?<!\d)(?<!\d[.,:])(?P<number>"
    r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?(?!\d)"  # 1,234,567.89 and 12,34,567
    r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)"  # 1.234.567,89
    r"|\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)"  # 1 234 567,89
    r"|\d+(?:[.,]\d+)?|\.\d\d?(?!\d))"
    rf"(?P<multiplier>(?:{one_of(_MULTIPLIERS)}| {one_of(_SPACED)})(?!\w))?",
    re.IGNORECASE,
)
_COINS: Final = one_of({**_LISTS["words"], **_LISTS["hundredths"]})
_ONE: Final = re.compile(rf"{whole(_LISTS['one'])} (?={_COINS}(?!\w))", re.IGNORECASE)
_MINUS: Final = re.compile(rf"(?:(?:^|\W)-|{whole(_LISTS['minus'])}) ?[^\s\d]{{0,4}} ?$", re.IGNORECASE)
_NO_SUM: Final = re.compile(rf" ?{one_of(_LISTS['no_sums'])}(?!\w)|:\d", re.IGNORECASE)
_SMALL_CHANGE: Final = re.compile(
    rf",? ?(?:{one_of(_LISTS['and'])} )?(?P<number>\d\d?)(?P<end>(?<=\d\d)(?= ?(?:[.,!?](?!\d)|$)))?"
)
_MARKS: Final = re.compile(r"[., ']")
_GROUPS_OR_NOT: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many minor units of a currency (ISO 4217)."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """One number of the message; `amount` is None when it cannot be a sum of money."""

    amount: Amount | None
    named: bool


def amount(text: str, setting: Setting) -> Amount | None:
    """The one sum named with a currency or, without any, the one number, in the currency of the business."""
    mentions = list(_mentions(text, setting.currency))
    return _only([mention for mention in mentions if mention.named]) or _only(mentions)


def hear(text: str, setting: Setting) -> int | None:
    """Minor units of the currency of the business; a sum in any other is none."""
    return _own(amount(text, setting), setting)


def spot(text: str, setting: Setting) -> int | None:
    """Minor units, if the message names the currency."""
    named = [mention for mention in _mentions(text, setting.currency) if mention.named]
    return _own(_only(named), setting)


def _own(found: Amount | None, setting: Setting) -> int | None:
    return found.minor if found and found.currency == setting.currency else None


def _only(mentions: list[_Mention]) -> Amount | None:
    found = {mention.amount for mention in mentions}
    return found.pop() if len(found) == 1 else None


def _mentions(text: str, own: str) -> Iterator[_Mention]:
    said = _ONE.sub("1 ", digits(tidy(text)))
    start = 0
    while match := _NUMBER.search(said, start):
        mention, end = _mention(said, start, match, own)
        if mention:
            yield mention
        start = max(end, match.end())


def _mention(said: str, start: int, match: re.Match[str], own: str) -> tuple[_Mention | None, int]:
    """What the number stands for, and where what belongs to it ends."""
    lead, rest = said[start : match.start()], said[match.end() :]
    before = currencies.before(lead, own)
    behind, length = currencies.behind(rest, own)
    hundredth, hundredth_length = currencies.hundredths(rest) if not before and not behind else ((), 0)
    currency = _chosen(before, behind or hundredth, own)
    if not currency and _NO_SUM.match(rest):
        return None, match.end()
    if not currency and _is_doubtful(lead, match["number"]):
        return _Mention(None, named=False), match.end()
    value = _value(match, precision(currency or own))
    end = match.end() + length + hundredth_length
    if currency and not hundredth:
        change, change_length = _small_change(said[end:])
        value, end = value + change, end + change_length
    found = _amount(value / 100 if hundredth else value, currency or own)
    return _Mention(None if _MINUS.search(lead) else found, bool(currency)), end


def _is_doubtful(lead: str, number: str) -> bool:
    """Behind a sign of money unknown here, as long as a phone number, or with a mark of either meaning."""
    sign = lead.rstrip()[-1:]
    unknown = bool(sign) and unicodedata.category(sign) == "Sc"
    long = number.isdecimal() and len(number) > _LONGEST_BARE
    return unknown or long or bool(_GROUPS_OR_NOT.fullmatch(number))


def _chosen(before: Codes, behind: Codes, own: str) -> str | None:
    """Of "$20 CAD" the Canadian dollar; of "$20" that of the business if it counts in dollars."""
    codes = [code for code in before if code in behind] or before or behind
    return own if own in codes else next(iter(codes), None)


def _value(match: re.Match[str], places: int) -> Decimal:
    number, multiplier = match["number"], (match["multiplier"] or "").strip().lower()
    # "N5,000.00k" is said in naira and kobo, not in thousands.
    times = 1 if "," in number and "." in number else _MULTIPLIERS.get(multiplier, 1)
    return _decimal(number, places) * times


def _decimal(number: str, places: int) -> Decimal:
    """The number, whichever of , and . is its decimal mark; a lone mark before three figures groups."""
    marks = _MARKS.findall(number)
    if not marks:
        return Decimal(number)
    whole_part, _, last = number.rpartition(marks[-1])
    groups = len(last) == 3 and len(set(marks)) == 1 and not whole_part.startswith("0")  # noqa: PLR2004
    if groups and marks == ["."] and places == 3:  # noqa: PLR2004  (1.500 Kuwaiti dinars)
        groups = False
    figures = _MARKS.sub("", whole_part)
    return Decimal(figures + last if groups else f"{figures}.{last}")


def _small_change(rest: str) -> tuple[Decimal, int]:
    """The cents of "20 dollars 50" and "3 pounds and 1 pence", and how many characters they take."""
    match = _SMALL_CHANGE.match(rest)
    if not match:
        return Decimal(0), 0
    named, length = currencies.hundredths(rest[match.end() :])
    if not named and match["end"] is None:
        return Decimal(0), 0
    return Decimal(match["number"]) / 100, match.end() + length


def _amount(value: Decimal, currency: str) -> Amount | None:
    """None for a fraction of the smallest coin and for a sum beyond any till."""
    minor = value.scaleb(precision(currency))
    return Amount(int(minor), currency) if minor == minor.to_integral_value() and minor < _LARGEST else None


money: Final = Sense("money", hear, spot)
