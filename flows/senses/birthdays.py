"""A birthday: "3 March", "the 5th of May 1990", "12/11/1985". With the year of birth where it is told."""

import re
from datetime import date
from typing import Final

from flows.senses import days
from flows.senses.base import Sense, Setting

_YEAR: Final = re.compile(r"(?<![\d:])(?P<year>19\d\d|20\d\d)(?![\d:])")
_EDGES: Final = " ,.-/"


def hear(text: str, setting: Setting) -> date | None:
    """The day, in the year of birth if that was told, else the coming one."""
    said = _YEAR.search(text)
    return days.hear(text, setting) if said is None else _born(text, said, setting)


def spot(text: str, setting: Setting) -> date | None:
    """The one day that is named for sure."""
    said = _YEAR.search(text)
    return days.spot(text, setting) if said is None else _born(text, said, setting)


def _born(text: str, said: re.Match[str], setting: Setting) -> date | None:
    """The day as it was said, or without its year, which is put to it then: few days are so long ago."""
    whole = days.spot(text, setting)
    if whole is not None and whole.year == int(said["year"]):
        return whole
    rest = f"{text[: said.start()].rstrip(_EDGES)} {text[said.end() :].lstrip(_EDGES)}".strip()
    day = days.spot(rest, setting)
    try:
        return day.replace(year=int(said["year"])) if day else None
    except ValueError:  # a 29th of February in a year without one
        return None


birthday: Final = Sense("birthday", hear, spot)
