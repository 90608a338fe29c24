"""A question about points that were earned: "why 12 points?", "why did I get 100 points"; and of staff "why 0803…"."""

import re
from dataclasses import dataclass
from typing import Any, Final

from flows.senses.base import Setting
from flows.senses.phones import phone
from flows.senses.wording import one_of
from prompts.words import words

_LINE: Final = words("en", "hearing")["why_line"]
_OPENS: Final = re.compile(rf"\W*{one_of(_LINE['openings'])}\b", re.IGNORECASE)
_POINTS: Final = re.compile(rf"(?<![\d.,])(\d{{1,7}})\s*{one_of(_LINE['points'])}\b", re.IGNORECASE)
_BARE: Final = re.compile(rf"\W*{one_of(_LINE['openings'])}\s+(\d{{1,6}})(?=\W*$|\s+[+\d])", re.IGNORECASE)
_OTHERWISE: Final = re.compile(rf"\b{one_of(_LINE['otherwise'])}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WhyLine:
    """So many `points`, and whose: `customer` in E.164 where staff ask."""

    points: int | None = None
    customer: str | None = None

    def slots(self) -> dict[str, Any]:
        given = {"points": self.points, "customer": self.customer}
        return {name: value for name, value in given.items() if value is not None}


def read_why_line(text: str, setting: Setting, *, is_staff: bool) -> WhyLine | None:
    """The question, or None if it is about something else, as what a reward costs."""
    if not _OPENS.match(text) or _OTHERWISE.search(text):
        return None
    customer = phone.spot(text, setting) if is_staff else None
    found = _POINTS.search(text)
    if found is None and customer is None and (found := _BARE.match(text)) and is_staff:
        customer = phone.spot(text[found.end() :], setting)
    points = int(found[1]) if found else None
    return WhyLine(points, customer) if points or customer else None
