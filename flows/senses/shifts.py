"""Another time as it lies to the one talked about: "anything earlier?", "next week same time", "the day after"."""

import re
from enum import StrEnum
from typing import Final

from flows.senses import days
from flows.senses.base import Sense, Setting
from flows.senses.wording import WORDS, closing, fold, one_of, opening, whole

_LISTS: Final = WORDS["shift"]


class Shift(StrEnum):
    """Where to look, seen from what was shown or chosen last."""

    EARLIER = "earlier"
    LATER = "later"
    EARLIER_IN_WEEK = "earlier_in_week"
    LATER_IN_WEEK = "later_in_week"
    WEEK_LATER = "week_later"
    DAY_LATER = "day_later"
    DAY_EARLIER = "day_earlier"
    SAME_TIME = "same_time"
    OTHER_DAY = "other_day"
    OTHER_TIME = "other_time"
    SOONEST = "soonest"


_PHRASES: Final = {spelling: Shift(name) for name, said in _LISTS["phrases"].items() for spelling in said}
_PHRASE: Final = re.compile(rf"{whole(_PHRASES)}(?! than)")  # "anything earlier than 3" tells the hour itself
_OVERLAPPING: Final = re.compile(rf"(?=({_PHRASE.pattern}))")
_ALONE: Final = {spelling: Shift(name) for name, said in _LISTS["alone"].items() for spelling in said}
_LEAD: Final = opening(_LISTS["aside"])
_TAIL: Final = closing(_LISTS["aside"])
_REFUSED: Final = re.compile(rf"(?<!\w){one_of(_LISTS['not'])} (?={_PHRASE.pattern})")


def hear(text: str, setting: Setting) -> Shift | None:
    """As `spot`; a word alone will do as well ("later")."""
    said = fold(text).strip(" .,!?")
    bare = _TAIL.sub("", _LEAD.sub("", said)).strip(" .,!?")
    return _ALONE.get(said) or _ALONE.get(bare) or spot(text, setting)


def spot(text: str, setting: Setting) -> Shift | None:
    """The longest phrase that stands in the message, unless a day is named beside it: "the day after tomorrow"."""
    said = fold(text)
    return None if days.spot(_PHRASE.sub(" ", said), setting) else _longest(said)


def _same_time(text: str, _: Setting) -> Shift | None:
    """The time of the one talked about, whatever is said of the day: "friday same time"."""
    return Shift.SAME_TIME if _longest(fold(text)) is Shift.SAME_TIME else None


def _longest(said: str) -> Shift | None:
    found = max(_OVERLAPPING.findall(said), key=len, default=None)
    return _PHRASES[found] if found and not _REFUSED.search(said) else None


shift: Final = Sense("shift", hear, spot)
same_time: Final = Sense("same_time", _same_time, _same_time)
