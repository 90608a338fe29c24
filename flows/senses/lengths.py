"""How long something takes, in words: "an hour", "30 minutes", "2 hours", "half an hour"."""

import re
from typing import Final

from flows.senses.wording import WORDS, fold, one_of

_LISTS: Final = WORDS["length"]
_LENGTH: Final = re.compile(
    rf"(?<!\w)(?:(?P<half>{one_of(_LISTS['half'])})|(?P<one>{one_of(_LISTS['one'])})|(?P<number>\d{{1,3}})) ?"
    rf"(?:(?P<hours>{one_of(_LISTS['hours'])})|{one_of(_LISTS['minutes'])})(?!\w)"
)
_HOUR: Final = 60


def cut_out(text: str) -> tuple[int, str] | None:
    """The minutes and what else was said; None where no length is named."""
    said = fold(text)
    found = _LENGTH.search(said)
    if found is None:
        return None
    number = int(found["number"]) if found["number"] else 1
    unit = _HOUR if found["hours"] else 1
    minutes = unit // 2 if found["half"] else number * unit
    return (minutes, f"{said[: found.start()]} {said[found.end() :]}") if minutes else None
