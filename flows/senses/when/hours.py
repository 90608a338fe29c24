"""What a time said in words is on the clock; each function takes the match of a rule in clock_grammar.py."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from flows.senses.when.value import NOON, ClockTime

_HOURS: Final = 24
_MINUTES: Final = 60
_FRACTIONS: Final = {"HALF": 30, "QUARTER": 15}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A clock time, or two and what lies between them."""

    first: ClockTime
    last: ClockTime | None = None


def told(match: re.Match[str]) -> ClockTime | None:
    """3, 3pm, 15:30, 8 oh 5, noon. "09:00" is written by those who count to 24."""
    said = match.groupdict()
    if said.get("named"):
        return ClockTime(time(int(said["named"][1:3])), meridiem_known=True)
    hour, minute, meridiem = int(said["hour"]), int(said.get("minute") or 0), said.get("meridiem")
    if minute >= _MINUTES or hour > _HOURS or (meridiem and hour in (0, _HOURS)):
        return None
    padded = said["hour"].startswith("0")
    if meridiem and hour <= NOON:
        hour = hour % NOON + (NOON if meridiem == "PM" else 0)
    return ClockTime(time(hour % _HOURS, minute), bool(meridiem) or padded or not 1 <= hour <= NOON)


def shifted(match: re.Match[str]) -> ClockTime | None:
    """Half past 2, half 3, quarter to noon, 20 to 8: minutes after or before an hour."""
    base = told(match)
    minutes = _FRACTIONS.get(match["shift"]) or int(match["shift"])
    if base is None or minutes >= _MINUTES:
        return None
    minutes = -minutes if match["way"] in ("TO", "UNTIL", "BEFORE") else minutes
    total = (base.time.hour * _MINUTES + base.time.minute + minutes) % (_HOURS * _MINUTES)
    return ClockTime(time(*divmod(total, _MINUTES)), base.meridiem_known)


def stretch(first: ClockTime, last: ClockTime) -> Stretch:
    """From one to the other. Where only one tells a.m. from p.m., the other lies as near to it as it can."""
    if last.meridiem_known and not first.meridiem_known:
        early, late = sorted(first.readings)
        first = first.known_as(late if late < last.time else early)
    elif first.meridiem_known:
        last = last.known_as(last.next_after(first.time))
    return Stretch(first, last)
