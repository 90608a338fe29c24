"""The day that staff want to see, as they ask for it: "friday", "schedule for 3 december"."""

import re
from datetime import date
from functools import cache

from flows.senses.base import Setting
from flows.senses.days import day
from flows.senses.when.moment import reading
from flows.senses.wording import fold, one_of
from prompts.words import words

_NOTHING_ELSE = re.compile(r"(?:(?:FOR|ON|THE|OF)\b|[ .,!?])*")


def read_day_line(text: str, setting: Setting) -> date | None:
    """The day, or None for a message that tells anything besides: "friday at 3" is no look at a day."""
    asked = _lead().sub("", fold(text), count=1)
    told = reading(asked, setting)
    is_day = _NOTHING_ELSE.fullmatch(told.rest) and not told.clocks and not told.parts
    return day.spot(asked, setting) if is_day else None


@cache
def _lead() -> re.Pattern[str]:
    said = words("en", "hearing")["day_line"]
    return re.compile(rf"^\s*(?:{one_of(said['openings'])}\s+)*(?:{one_of(said['joints'])}\s+)?")
