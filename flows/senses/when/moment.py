"""When: a day, a clock time and a part of the day out of one message.

A message is rewritten in steps: words to symbols, days to marks, clock times to marks. What then stands
before a mark tells whether it is the time itself, the earliest or the latest.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final

from flows.senses.base import Setting
from flows.senses.when import clock_grammar, day_grammar
from flows.senses.when.dates import Calendar, Span
from flows.senses.when.hours import Stretch
from flows.senses.when.symbols import read
from flows.senses.when.value import Bound, ClockTime, PartOfDay, When

_PARTS: Final = re.compile(r"\b(?:" + "|".join(part.name for part in PartOfDay) + r")\b")
_GREETING: Final = re.compile(rf"^{_PARTS.pattern}(?=[,!.] ?\S)")
_NUMBER: Final = r"(?P<number>\d{1,4}/[1-9]|\d{1,4}(?:\.\d)?|A|HALF|QUARTER|3 QUARTER)(?P<half> AND A HALF)?"
_LENGTH: Final = (
    rf"{_NUMBER}(?: OF)?(?: A)? ?(?P<unit>HOUR|MINUTE)(?P<more> AND A HALF)?"
    r"(?: (?:AND )?(?P<minutes>\d\d?) ?MINUTE)?"
)
_SOON: Final = (re.compile(rf"IN (?:AROUND )?(?:A )?{_LENGTH}"), re.compile(rf"{_LENGTH} FROM NOW"))
_LASTING: Final = re.compile(rf"FOR {_LENGTH}")
_FRACTIONS: Final = {"A": "1", "HALF": "1/2", "QUARTER": "1/4", "3 QUARTER": "3/4"}
_MARKS: Final = r"(?:<[DC]\d+>[ ,]*(?:AT )?)+"
_SPAN: Final = re.compile(rf"(?:FROM )?(?P<near>{_MARKS})(?:TO|UNTIL|-) (?P<far>{_MARKS})")
_BOUND: Final = r"(?:(?P<bound>FROM|AFTER|PAST|BEFORE|UNTIL) (?:(?:AT|AROUND|ON|THE) )*)?"
_MARK: Final = re.compile(rf"{_BOUND}<(?P<kind>[DC])(?P<index>\d+)>(?P<onwards> ONWARDS)?")
_POLITE: Final = re.compile(r"(?:(?:ASIDE|AT|AROUND|FOR|ON|THE|BEFORE|FROM|TO|ISH)\b|\d+(?:TH|ORD)?\b|[ .,!?])*")
_EARLIEST: Final = ("FROM", "AFTER", "PAST")
_LATEST: Final = ("BEFORE", "UNTIL")
_BOUNDS: Final = dict.fromkeys(_EARLIEST, Bound.FROM) | dict.fromkeys(_LATEST, Bound.UNTIL)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a message tells of time, in its order.

    `far` is the end of a span over days ("from 2pm till tomorrow 4pm"), `rest` what else was said.
    """

    now: datetime
    days: tuple[tuple[Span, Bound | None], ...] = ()
    clocks: tuple[tuple[Stretch, Bound | None], ...] = ()
    parts: tuple[PartOfDay, ...] = ()
    rest: str = ""
    lasting: timedelta | None = None
    far: "Reading | None" = None

    @property
    def is_nothing_else(self) -> bool:
        """Whether only times, numbers and polite words were said: then a number may be a time as well."""
        return _POLITE.fullmatch(self.rest) is not None

    @property
    def part(self) -> PartOfDay | None:
        """The part of the day, None when several were named."""
        return self.parts[0] if len(set(self.parts)) == 1 else None


def reading(text: str, setting: Setting, *, bare: bool = False) -> Reading:
    """What the message tells of time. `bare`: a lone number is a clock time, as it is in an answer."""
    return _reading(text, setting.now.astimezone(setting.zone), setting.day_first, bare)


@lru_cache(maxsize=32)
def _reading(text: str, now: datetime, day_first: bool, bare: bool) -> Reading:
    # Kept for a moment, as one message is asked for its day, its clock time and its part of the day.
    symbols = _GREETING.sub("", read(text))
    for pattern in _SOON:
        if soon := pattern.search(symbols):
            return _soon(soon, now)
    lasting = _LASTING.search(symbols)
    symbols, spans = day_grammar.mark(_LASTING.sub("", symbols), Calendar(now.date(), day_first))
    symbols, stretches = clock_grammar.mark(symbols, bare=bare)
    over = _SPAN.search(symbols)
    told = _collect(symbols.replace(over[0], over["near"]) if over else symbols, spans, stretches, now)
    far = _collect(over["far"], spans, stretches, now) if over else None
    return replace(told, far=far, lasting=_length(lasting) if lasting else None)


def moment(text: str, setting: Setting) -> When:
    """The time that the message names; an empty When if it names none."""
    return when(reading(text, setting))


def when(told: Reading) -> When:
    """One time out of all that was told: of several days or clock times, the first."""
    span, bound = _days(told)
    day = span.first if span else (told.now.date() if told.far and told.far.days else None)
    if not told.clocks:
        until = When(day=span.last) if span and span.last > span.first else None
        return When(day, None, told.part, until, bound)
    stretch, bound = told.clocks[0]
    clock = _settled(stretch.first.during(told.part), told, span)
    until = _until(told, day, clock, stretch)
    return When(day, clock, told.part, until, None if until else bound)


def _collect(symbols: str, spans: list[Span], stretches: list[Stretch], now: datetime) -> Reading:
    marks = list(_MARK.finditer(symbols))
    return Reading(
        now,
        tuple((spans[int(mark["index"])], _bound(mark)) for mark in marks if mark["kind"] == "D"),
        tuple((stretches[int(mark["index"])], _bound(mark)) for mark in marks if mark["kind"] == "C"),
        tuple(PartOfDay[name] for name in _PARTS.findall(symbols)),
        _MARK.sub("", symbols),
    )


def _days(told: Reading) -> tuple[Span | None, Bound | None]:
    """The first day named, or the days from it to the one named with "until"."""
    if not told.days:
        return None, None
    (first, bound), *others = told.days
    for other, limit in others:
        if limit is Bound.UNTIL and bound is None and other.last > first.first:
            return Span(first.first, other.last), None
    return first, bound


def _until(told: Reading, day: date | None, clock: ClockTime, stretch: Stretch) -> When | None:
    """The far end of a span whose near end is a clock time."""
    if told.far is not None:
        return replace(when(told.far), part=None)
    if stretch.last is not None:
        return When(day, stretch.last.during(told.part))
    if told.lasting is None:
        return None
    end = datetime.combine(day or told.now.date(), clock.time) + told.lasting
    return When(end.date() if day else None, replace(clock, time=end.time()))


def _settled(clock: ClockTime, told: Reading, span: Span | None) -> ClockTime:
    """Of the two readings of a clock time today, the one that is still to come."""
    if span is None or span.first != told.now.date() or clock.meridiem_known:
        return clock
    coming = [time for time in clock.readings if time > told.now.time()]
    return clock.known_as(coming[0]) if len(coming) == 1 else clock


def _bound(mark: re.Match[str]) -> Bound | None:
    """From "after 5", "5 onwards", "before 5"; "from Friday" is Friday."""
    if mark["onwards"]:
        return Bound.FROM
    if mark["kind"] == "D" and mark["bound"] == "FROM":
        return None
    return _BOUNDS.get(mark["bound"] or "")


def _length(match: re.Match[str]) -> timedelta:
    """Half an hour, an hour and a half, 2 hours 30 minutes."""
    number = Fraction(_FRACTIONS.get(match["number"], match["number"]))
    if match["half"] or match["more"]:
        number += Fraction(1, 2)
    minutes = number * (60 if match["unit"] == "HOUR" else 1)
    return timedelta(minutes=int(minutes) + int(match["minutes"] or 0))


def _soon(match: re.Match[str], now: datetime) -> Reading:
    """In an hour, in 90 minutes: a moment to the minute."""
    then = now + _length(match)
    clock = ClockTime(then.time().replace(second=0, microsecond=0), meridiem_known=True)
    return Reading(now, ((Span(then.date(), then.date()), None),), ((Stretch(clock), None),))
