"""One of the choices offered, by tap, number, ordinal, label, part of a label, other word, time or near miss.

What fits two choices is none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from flows.reply import Choice
from flows.senses import clocks, days
from flows.senses.base import Sense, Setting
from flows.senses.numerals import digits
from flows.senses.when.moment import moment
from flows.senses.when.value import When
from flows.senses.wording import WORDS, closing, fold, one_of, opening

_LISTS: Final = WORDS["choice"]
_LEAD: Final = opening(_LISTS["aside"])
_TAIL: Final = closing(_LISTS["aside"])
_ONE: Final = re.compile(rf"(?<=\w) {one_of(_LISTS['one'])}$")
_NUMBER: Final = re.compile(
    rf"(?:{one_of(_LISTS['number'])} ?)?#?(?P<number>\d{{1,3}})(?:[.)º]|{one_of(_LISTS['ordinal_endings'])})*"
)
_LAST: Final = re.compile(one_of(_LISTS["last"]))
_WORD: Final = re.compile(r"\w+(?:[:.'&-]\w+)*")
_NOT: Final = rf"(?<!\w){one_of(_LISTS['not'])} "

_TELLING: Final = 6
"""Letters of a word that can stand for a label: shorter ones are in everybody's mouth."""
_SHORTEST_MISS: Final = 4
_NEAR: Final = 78
_MARGIN: Final = 8
"""A near miss is this much alike (of 100), and this much more than the next choice."""


def hear(text: str, setting: Setting) -> str | None:
    """The id of the choice meant."""
    choices, said = setting.choices, _bare(text)
    found = (
        _tapped(text, choices)
        or _named(said, choices)
        or _at_position(said, choices)
        or _containing(said, choices)
        or _contained(said, choices)
    )
    if found or not choices:
        return found
    # A time that is not offered is no slip of the pen: "tuesday" is spelled much like "Thursday".
    wanted = When(days.spot(said, setting), clocks.hear(said, setting))
    return _at_time(wanted, setting) if wanted else _nearest(said, choices)


def spot(text: str, setting: Setting) -> str | None:
    """The id of the one choice whose label, another word for it, or a word that no other has, stands in the message."""
    said = _plain(text)
    return _containing(said, setting.choices) or _distinguished(said, setting.choices)


def by_position(text: str, choices: Sequence[Choice]) -> str | None:
    """The id of the choice tapped or numbered, words left aside."""
    return _tapped(text, choices) or _at_position(_bare(text), choices)


def _bare(text: str) -> str:
    """What is said without "I'd like the … please", unless nothing is left of it."""
    plain = _plain(text)
    said = _TAIL.sub("", _LEAD.sub("", plain)).strip(" .,!?")
    return _ONE.sub("", said) or plain


def _plain(text: str) -> str:
    return fold(text).replace("&", _LISTS["ampersand"])


def _names(choice: Choice) -> list[str]:
    return [_plain(name) for name in (choice.label, *choice.also) if name.strip()]


def _only(ids: Iterable[str]) -> str | None:
    found = set(ids)
    return found.pop() if len(found) == 1 else None


def _tapped(text: str, choices: Sequence[Choice]) -> str | None:
    return _only(choice.id for choice in choices if choice.id == text.strip())


def _named(said: str, choices: Sequence[Choice]) -> str | None:
    return _only(choice.id for choice in choices if said in (_plain(choice.id), *_names(choice)))


def _at_position(said: str, choices: Sequence[Choice]) -> str | None:
    """By number or ordinal, counted from one; nothing else may be said. The last is the last of the answers."""
    if choices and _LAST.fullmatch(said):
        return next((choice.id for choice in reversed(choices) if not choice.id.startswith("start:")), choices[-1].id)
    match = _NUMBER.fullmatch(digits(said))
    position = int(match["number"]) if match else 0
    return choices[position - 1].id if 1 <= position <= len(choices) else None


def _containing(said: str, choices: Sequence[Choice]) -> str | None:
    """By a label that stands in the text; of "wash" and "wash and fold" the longer."""
    found = [(name, choice.id) for choice in choices for name in _names(choice) if _stands(name, said)]
    return _only(id_ for name, id_ in found if not any(name != other and name in other for other, _ in found))


def _stands(name: str, said: str) -> bool:
    if name not in said:
        return False
    whole = rf"(?<!\w){re.escape(name)}(?!\w)"
    return bool(re.search(whole, said)) and not re.search(_NOT + whole, said)


def _contained(said: str, choices: Sequence[Choice]) -> str | None:
    """By words that all belong to one label: "premium" of "Premium wash"."""
    words = _words(said)
    if not words or len(said) < 2:  # noqa: PLR2004  (a letter alone is no word of a label)
        return None
    return _only(choice.id for choice in choices if any(words <= _words(name) for name in _names(choice)))


def _distinguished(said: str, choices: Sequence[Choice]) -> str | None:
    """By a long word of one label alone: "upholstery" in a sentence, where all others are of carpets."""
    words = [set().union(*map(_words, _names(choice))) for choice in choices]
    spoken = {word for word in _words(said) if len(word) >= _TELLING and word.isalpha()}
    telling = ((spoken & own, sum(bool(spoken & own & other) for other in words)) for own in words)
    return _only(choice.id for choice, (found, shared) in zip(choices, telling, strict=True) if found and shared == 1)


def _words(said: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(said)}


def _at_time(wanted: When, setting: Setting) -> str | None:
    """By the day and clock time that one label names in its own way: "half 3" of "15:30"."""
    today = setting.now.astimezone(setting.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    place = replace(setting, now=today, choices=())
    return _only(choice.id for choice in setting.choices if _same_time(wanted, _offered_time(choice.label, place)))


@lru_cache(maxsize=1024)
def _offered_time(label: str, place: Setting) -> When:
    return moment(label, place)


def _same_time(wanted: When, offered: When) -> bool:
    if wanted.day and offered.day and wanted.day != offered.day:
        return False
    if wanted.clock:
        return bool(offered.clock and set(wanted.clock.readings) & set(offered.clock.readings))
    return wanted.day == offered.day


def _nearest(said: str, choices: Sequence[Choice]) -> str | None:
    """By a spelling that is close to one label, or to a long word of it, and to no other."""
    if len(said) < _SHORTEST_MISS or any(character.isdigit() for character in said):
        return None
    alike = sorted((_likeness(said, choice), choice.id) for choice in choices)
    if not alike or alike[-1][0] < _NEAR:
        return None
    runner_up = alike[-2][0] if len(alike) > 1 else 0
    return alike[-1][1] if alike[-1][0] - runner_up >= _MARGIN else None


def _likeness(said: str, choice: Choice) -> float:
    names = _names(choice)
    words = [word for name in names for word in _WORD.findall(name) if len(word) > _SHORTEST_MISS]
    return max((fuzz.ratio(said, spelling) for spelling in (*names, *words)), default=0.0)


choice: Final = Sense("choice", hear, spot)
