"""What staff type in one line besides purchases and codes: points by hand, a purchase to take back, whom to look up."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from flows.senses.base import Setting
from flows.senses.log_line import PIN_DIGITS, numbers_in
from flows.senses.phones import phone
from flows.senses.signed_points import signed_points
from flows.senses.wording import closing, fold, one_of
from prompts.words import words

_LINES: Final = words("en", "hearing")["counter_lines"]
_ADJUST: Final = re.compile(rf"{one_of(_LINES['adjust'])}\s+(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)
_REVERSE: Final = re.compile(rf"{one_of(_LINES['reverse'])}\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_LOOK_UP: Final = re.compile(rf"{one_of(_LINES['look_up'])}\s+(?P<who>\S.*)", re.IGNORECASE | re.DOTALL)
_LAST: Final = re.compile(rf"(?<!\w){one_of(_LINES['last'])}(?!\w)", re.IGNORECASE)
_POINTS: Final = rf"{one_of(_LINES['point'])}\b"
_SENTENCE: Final = re.compile(
    rf"(?:(?P<give>{one_of(_LINES['give'])})|{one_of(_LINES['take'])})\b(?=.*\b{_POINTS})(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SO_MANY: Final = re.compile(rf"(?<![\d+])(\d{{1,6}})\s*{_POINTS}", re.IGNORECASE)
_ASIDE: Final = re.compile(rf"\s*(?:{_POINTS})?\s*(?:(?:for|of|to)\b)?\s*", re.IGNORECASE)
_SIGN: Final = re.compile(r"\b(plus|minus)\s*(?=\d)", re.IGNORECASE)
_TAIL: Final = closing(_LINES["aside"])
_BARE: Final = re.compile(r"\+?[\d(][\d ().-]{7,}")
_REASONS: Final[dict[str, str]] = {word: reason for reason, said in _LINES["reasons"].items() for word in said}


@dataclass(frozen=True, slots=True)
class CounterLine:
    """The flow that is meant and what is told with it; the PIN may not be kept."""

    flow: str
    slots: dict[str, Any] = field(default_factory=dict)
    pin: str | None = field(default=None, repr=False)

    def secrets(self) -> dict[str, str]:
        return {} if self.pin is None else {"pin": self.pin}


def read_counter_line(text: str, setting: Setting, *, is_idle: bool) -> CounterLine | None:
    """The line, or None. A phone number alone looks its owner up where nothing else is talked about."""
    said = text.strip()
    if found := _ADJUST.fullmatch(said):
        rest = _SIGN.sub(lambda sign: "+" if sign[1].casefold() == "plus" else "-", found["rest"])
        return _adjustment(_ASIDE.sub("", rest, count=1).split(), setting)
    if found := _REVERSE.fullmatch(said):
        return _reversal(found["rest"], setting, is_idle=is_idle)
    if found := _LOOK_UP.fullmatch(said):
        return CounterLine("look_up", {"who": _TAIL.sub("", found["who"]).strip(" ?.!")})
    number = phone.hear(said, setting) if is_idle and _BARE.fullmatch(said) else None
    return CounterLine("look_up", {"who": number}) if number else None


def read_sentence(text: str, setting: Setting) -> CounterLine | None:
    """`give 0803 123 4567 50 points`, in whichever order; whose they are is asked for where no number stands there."""
    found = _SENTENCE.fullmatch(text.strip())
    if found is None:
        return None
    many = _SO_MANY.search(found["rest"])
    if many is None:
        return None
    customer = phone.spot(_SO_MANY.sub(" ; ", found["rest"]), setting)
    points = int(many[1]) * (1 if found["give"] else -1)
    pin = re.search(rf"(?<!\d)\d{{{PIN_DIGITS}}}$", found["rest"].strip())
    return CounterLine(
        "adjustment", {"points": points, **({"customer": customer} if customer else {})}, pin[0] if pin else None
    )


def _adjustment(tokens: list[str], setting: Setting) -> CounterLine | None:
    """`adjust 0803 123 4567 +200 goodwill 730264`: what was not typed is asked for."""
    for number, rest in numbers_in(tokens, setting):
        pin = rest[-1] if len(rest) > 1 and re.fullmatch(rf"\d{{{PIN_DIGITS}}}", rest[-1]) else None
        told = rest[:-1] if pin else rest
        points = signed_points.hear(told[0], setting) if told else None
        if points is not None or not told:
            slots = {"customer": number, "points": points, **_reason(" ".join(told[1:]))}
            return CounterLine("adjustment", {name: value for name, value in slots.items() if value is not None}, pin)
    return None


def _reason(said: str) -> dict[str, str]:
    """One of the reasons, and the words themselves where they say more."""
    if not said:
        return {}
    folded = fold(said)
    reason = next((_REASONS[word] for word in _REASONS if re.search(rf"(?<!\w){word}(?!\w)", folded)), "other")
    return {"reason": reason} if folded in _REASONS else {"reason": reason, "note": said}


def _reversal(rest: str, setting: Setting, *, is_idle: bool) -> CounterLine | None:
    """`reverse the last one for 0803 123 4567`; whose it was is asked for where no number stands there."""
    number = phone.spot(rest, setting)
    if number is None:
        return CounterLine("reversal") if is_idle and rest.strip() else None
    return CounterLine("reversal", {"customer": number, **({"last": True} if _LAST.search(rest) else {})})
