"""A street address, as written: "12 Allen Avenue, Ikeja"."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.wording import WORDS, closing, one_of, opening, tidy, whole

_LISTS: Final = WORDS["address"]
_LEAD: Final = opening(_LISTS["lead_ins"])
_TAIL: Final = closing(_LISTS["aside"])
_END: Final = rf"(?=[.!?;]|,? {one_of(_LISTS['ends'])}(?!\w)|$)"
_CERTAIN: Final = re.compile(rf"(?<!\w){one_of(_LISTS['certain'])} (?P<address>.+?){_END}", re.IGNORECASE)
_NUMBERED: Final = re.compile(
    rf"(?<![\w:.,/-])(?P<address>\d{{1,5}}[a-z]?,? (?:(?!{one_of(_LISTS['not_inside'])} )[\w'-]+ ){{1,4}}"
    rf"{one_of(_LISTS['streets'])}(?!\w)(?:, ?[\w' -]+?)*?){_END}",
    re.IGNORECASE,
)
_EVASION: Final = re.compile(whole(_LISTS["no_address"]), re.IGNORECASE)
_TALK: Final = re.compile(rf"(?<!\w){one_of(_LISTS['talk'])}(?!\w)", re.IGNORECASE)
_SHORTEST, _LONGEST = 8, 200


def hear(text: str, _: Setting) -> str | None:
    """The address without what led up to it: with a digit, or at least eight characters long and no talk about it."""
    said = tidy(text)
    address = _TAIL.sub("", _LEAD.sub("", said)).strip(" ,;")
    if "?" in said or _EVASION.search(said) or not any(map(str.isalpha, address)):
        return None
    numbered = any(map(str.isdigit, address))
    complete = numbered or (len(address) >= _SHORTEST and not _TALK.search(said))
    return address if complete and len(address) <= _LONGEST else None


def spot(text: str, setting: Setting) -> str | None:
    """The address behind "pick up from", or a number with a street; always with a digit."""
    said = tidy(text)
    found = _CERTAIN.search(said) or _NUMBERED.search(said)
    address = hear(found["address"], setting) if found else None
    return address if address and any(map(str.isdigit, address)) else None


address: Final = Sense("address", hear, spot)
