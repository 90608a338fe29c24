"""The grammar of clock times over the symbols of a message whose days were marked (day_grammar.py)."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from flows.senses.when import hours
from flows.senses.when.hours import Stretch
from flows.senses.when.value import ClockTime

Make = Callable[[re.Match[str]], ClockTime | None]
Rules = tuple[tuple[re.Pattern[str], Make], ...]

_HOUR: Final = r"(?<![\w/$£€₦#])(?<!\d[:.,])(?P<hour>\d{1,2})"
_MINUTE: Final = r"(?P<minute>[0-5]\d)(?!\d)"
_MERIDIEM: Final = r"[. ]*(?P<meridiem>[AP]M)\b"
_NAMED: Final = r"(?P<named>T\d{4})"
_PART: Final = r"(?:EARLY[ -])?(?:MORNING|LUNCH|AFTERNOON|EVENING|NIGHT)"
_AT: Final = r"(?P<lead>AT|AROUND|BEFORE|AFTER|FROM|UNTIL|PAST)"
_DAY: Final = r"<D\d+>"
_BASE: Final = rf"(?:{_NAMED}|{_HOUR}(?::00)?(?:{_MERIDIEM})?)"
_SHIFT: Final = r"(?<![\d:.])(?P<shift>\d\d?)"
# Behind a lone number stands nothing that it might count or belong to: "at 3 please", but not "at 3 places".
_LONE: Final = r"(?![\d:/%]|[.,]\d| ?[a-z$£€₦]| \d| ?-?(?:MINUTE|HOUR|DAY|WEEK|MONTH|[AP]M|TH|ORD|NEXT|MO\d))"


def _rules(*rules: tuple[str, Make]) -> Rules:
    return tuple((re.compile(pattern), make) for pattern, make in rules)


_PLAIN: Final = _rules(
    (rf"(?P<shift>HALF|QUARTER) (?P<way>PAST|TO|UNTIL|AFTER|BEFORE) {_BASE}", hours.shifted),
    (rf"{_SHIFT} ?(?:MINUTE )?(?P<way>PAST) {_BASE}", hours.shifted),
    (rf"{_SHIFT} ?MINUTE (?P<way>TO|UNTIL|BEFORE) {_BASE}", hours.shifted),
    # Minutes to the hour, where they cannot be the first of two hours.
    (
        rf"(?<!FROM )(?<!BETWEEN )(?<!> )(?P<shift>10(?! TO 1[12]\b)|15|20|25) (?P<way>TO) {_BASE}",
        hours.shifted,
    ),
    (rf"(?P<shift>HALF)(?P<way> ){_HOUR}(?:{_MERIDIEM}|{_LONE})", hours.shifted),
    (rf"{_HOUR} ?: ?{_MINUTE}(?::[0-5]\d)?(?:{_MERIDIEM})?", hours.told),
    (rf"{_HOUR}h(?:{_MINUTE})?(?![a-z\d])", hours.told),
    (rf"{_HOUR}[.,]{_MINUTE}{_MERIDIEM}", hours.told),
    (rf"{_HOUR} ?(?:OH )?{_MINUTE}{_MERIDIEM}", hours.told),
    (rf"{_HOUR} OH (?P<minute>\d)(?!\d)(?:{_MERIDIEM})?", hours.told),
    (rf"{_HOUR}(?: ?OCLOCK)?{_MERIDIEM}", hours.told),
    (rf"{_HOUR} ?OCLOCK", hours.told),
    (rf"(?<![\d.,])(?P<hour>[01]\d|2[0-3]){_MINUTE} ?HOUR", hours.told),
    (_NAMED, hours.told),
)
_LED: Final = _rules(
    (rf"{_AT} {_HOUR}[. ]{_MINUTE}{_LONE}", hours.told),
    (rf"{_AT} (?P<hour>\d\d?){_MINUTE}{_LONE}", hours.told),
    (rf"{_AT} {_HOUR}(?: ?ISH)?{_LONE}", hours.told),
    (rf"{_HOUR} ?ISH", hours.told),
    (rf"(?P<lead>{_PART},?(?: AT| AROUND)?) {_HOUR}(?:[. ]{_MINUTE})?{_LONE}", hours.told),
    (rf"{_HOUR}[. ]{_MINUTE}(?= (?:IN (?:THE )?|AT |THIS )?{_PART})", hours.told),
    (rf"{_HOUR}(?= (?:IN (?:THE )?|AT |THIS |OCLOCK ){_PART})", hours.told),
    (rf"(?P<lead>{_DAY},?) {_HOUR}(?:[. ]{_MINUTE})?{_LONE}", hours.told),
    (rf"(?P<lead>{_DAY},?) (?!20[0-5])(?P<hour>[01]\d|2[0-3]){_MINUTE}{_LONE}", hours.told),
    (
        rf"(?<!FOR )(?<![\w:.,])(?!20[0-5])(?P<hour>[01]?\d|2[0-3])[. ]?{_MINUTE},?(?= (?:ON )?{_DAY})",
        hours.told,
    ),
    (rf"(?<!FOR ){_HOUR},?(?= {_DAY} {_PART})", hours.told),
    (rf"^{_HOUR},?(?= (?:ON )?{_DAY})", hours.told),
    (rf"^{_HOUR}[ .]{_MINUTE}(?! \d|[.,]\d)", hours.told),
    (rf"(?<!\d ){_HOUR} {_MINUTE}(?=[ .!?]*(?:ASIDE)?[ .!?]*$)", hours.told),
)
_BARE: Final = _rules((rf"{_HOUR}(?:[. ]?{_MINUTE})?{_LONE}", hours.told))

_RANGE: Final = re.compile(
    rf"(?P<lead>FROM |BETWEEN |{_DAY},? (?:AT |FROM |BETWEEN )?)?(?P<first><C\d+>|(?<![\w:.,/$£€₦#-])\d\d?) ?"
    rf"(?P<to>TO|UNTIL|-|AND) ?(?:AROUND )?(?P<last><C\d+>|\d\d?{_LONE})"
    rf"(?P<part>(?=,? (?:(?:ON )?{_DAY}|(?:IN (?:THE )?)?{_PART})))?"
)


class _Marked:
    """The symbols while clock times are found in them; <C0>, <C1>, … stand for the stretches found."""

    def __init__(self, symbols: str) -> None:
        self.symbols = symbols
        self.stretches: list[Stretch] = []

    def find(self, rules: Rules) -> None:
        for pattern, make in rules:
            self.symbols = pattern.sub(partial(self._mark, make), self.symbols)

    def join(self, *, bare: bool) -> None:
        """Makes one stretch of "<C0> to <C1>", "from 2 to <C0>" and, if `bare`, of "2 to 4"."""
        self.symbols = _RANGE.sub(partial(self._joined, bare=bare), self.symbols)

    def _mark(self, make: Make, match: re.Match[str]) -> str:
        clock = make(match)
        if clock is None:
            return match[0]
        lead = match.groupdict().get("lead")
        return f"{lead} {self._add(Stretch(clock))}" if lead else self._add(Stretch(clock))

    def _joined(self, match: re.Match[str], *, bare: bool) -> str:
        lead, ends = match["lead"] or "", (match["first"], match["last"])
        clocks = [self._end(end) for end in ends]
        sure = bare or any(end.startswith("<") for end in ends) or lead or match["part"] is not None
        if not sure or (match["to"] == "AND" and "BETWEEN" not in lead) or None in clocks:
            return match[0]
        first, last = (clock for clock in clocks if clock)
        return lead.removesuffix("FROM ").removesuffix("BETWEEN ") + self._add(hours.stretch(first, last))

    def _end(self, end: str) -> ClockTime | None:
        if end.startswith("<"):
            return self.stretches[int(end[2:-1])].first
        found = re.match(r"(?P<hour>\d+)", end)
        return hours.told(found) if found else None

    def _add(self, stretch: Stretch) -> str:
        self.stretches.append(stretch)
        return f"<C{len(self.stretches) - 1}>"


def mark(symbols: str, *, bare: bool = False) -> tuple[str, list[Stretch]]:
    """The symbols with <C0>, <C1>, … in the place of each clock time, and what these stand for.

    `bare`: a lone number is a clock time too, as in the answer "3" to "what time?".
    """
    marked = _Marked(symbols)
    marked.find(_PLAIN)
    marked.join(bare=bare)
    marked.find((*_LED, *_BARE) if bare else _LED)
    return marked.symbols, marked.stretches
