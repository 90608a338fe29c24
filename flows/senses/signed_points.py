"""Points to be given or taken by hand: "+200", "minus 50", "take 30 points"."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.wording import WORDS, fold, one_of

_LISTS: Final = WORDS["signed_points"]
_SIGNED: Final = re.compile(
    rf"(?:(?P<plus>\+|{one_of(_LISTS['plus'])})|(?P<minus>[-−–]|{one_of(_LISTS['minus'])}))? ?"
    rf"(?P<points>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}})(?: ?{one_of(_LISTS['units'])})?[.!]?"
)


def hear(text: str, _: Setting) -> int | None:
    """The points with their sign; without one they are given. None for 0."""
    found = _SIGNED.fullmatch(" ".join(fold(text).split()))
    if found is None:
        return None
    points = int(found["points"].replace(",", ""))
    return (-points if found["minus"] else points) or None


def spot(text: str, setting: Setting) -> int | None:
    """Only figures with a sign before them: others count something else."""
    found = [hear(word, setting) for word in text.split() if word[0] in "+-−"]
    return found[0] if len(found) == 1 else None


signed_points: Final = Sense("signed_points", hear, spot)
