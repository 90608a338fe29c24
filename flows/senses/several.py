"""Several of the choices offered at once: "haircut and beard trim", "1 and 3", "both", "all of them"."""

import re
from typing import Final

from flows.senses import choices
from flows.senses.base import Sense, Setting
from flows.senses.choices import by_position
from flows.senses.wording import WORDS, fold, one_of

_LISTS: Final = WORDS["several"]
_ALL: Final = re.compile(
    rf"(?:{one_of(_LISTS['aside'])} )*{one_of(_LISTS['all'])}(?: {one_of(_LISTS['aside'])})*[ .!]*"
)
_BOTH: Final = re.compile(
    rf"(?:{one_of(_LISTS['aside'])} )*{one_of(_LISTS['both'])}(?: {one_of(_LISTS['aside'])})*[ .!]*"
)
_PARTS: Final = re.compile(rf"\s*(?:[,+&;]|(?<!\w){one_of(_LISTS['and'])}(?!\w))\s*")
_TWO: Final = 2


def hear(text: str, setting: Setting) -> tuple[str, ...] | None:
    """The ids of two or more, in the order in which they were said; also by number, and all of them at a word."""
    said, offered = fold(text), [choice.id for choice in setting.choices]
    if len(offered) >= _TWO and (_ALL.fullmatch(said) or (len(offered) == _TWO and _BOTH.fullmatch(said))):
        return tuple(offered)
    numbered = [by_position(part, setting.choices) for part in _PARTS.split(said)]
    if len(numbered) >= _TWO and all(numbered):
        return _at_least_two([one for one in numbered if one])
    return spot(text, setting)


def spot(text: str, setting: Setting) -> tuple[str, ...] | None:
    """By names on both sides of an "and"; what a name itself joins ("wash and fold") is not taken apart."""
    said = fold(text)
    if choices.choice.spot(said, setting) is not None and not _PARTS.search(said):
        return None
    found = [choices.choice.spot(part, setting) for part in _PARTS.split(said)]
    return _at_least_two([one for one in found if one]) if setting.choices else None


def _at_least_two(ids: list[str]) -> tuple[str, ...] | None:
    once = tuple(dict.fromkeys(ids))
    return once if len(once) >= _TWO else None


several: Final = Sense("several", hear, spot)
