"""The grammar of days over the symbols of a message: which words name a day, the most telling rules first."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from flows.senses.when import dates
from flows.senses.when.dates import Calendar, Span

Make = Callable[[re.Match[str], Calendar], Span | None]

_WD: Final = r"WD(?P<weekday>[1-7])"
_LED: Final = rf"(?:(?:THIS |NEXT )?{_WD},? ?(?:ON )?(?:THE )?)?"
_MONTH: Final = r"MO(?P<month>\d+)"
_DAY: Final = r"(?<![\w$£€₦])(?<!\d[:.,])(?P<day>\d{1,2})(?:TH|ORD)?"
_YEAR: Final = r"(?:,? ?(?:OF )?(?P<year>20\d\d)(?![\d:]))?"
_SHORT: Final = r",? (?P<short>\d\d)(?=$|[,.]|,? (?:AT|FROM|AROUND|FOR)\b)"
_LAST: Final = r"(?P<last>\d{1,2})(?:TH|ORD)?"
_TO: Final = r" ?(?:TO|UNTIL|-) ?(?:THE )?"
_NO_CLOCK: Final = r"(?!\d|[:.]\d| ?[AP]M| OCLOCK)"
_ENDS: Final = r"(?! ?[a-z]| ?MINUTE| ?HOUR)"
_NUMBER: Final = r"(?P<number>\d+|A)"
_WHICH: Final = r"(?P<which>NEXT|THIS)"
_YMD: Final = r"(?<!\d)(?P<year>\d{4})(?P<gap>[-/.])(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})(?!\d)"
_SLASHED: Final = r"(?P<one>\d{1,2})(?P<gap>[-/.])(?P<two>\d{1,2})(?P=gap)(?P<year>\d{4}|\d\d)(?!\d)"
_PART: Final = r"(?:MORNING|LUNCH|AFTERNOON|EVENING|NIGHT)"

_RULES: Final[tuple[tuple[re.Pattern[str], Make], ...]] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"{_LED}{_YMD}", dates.dated),
        (rf"{_LED}(?<!\d){_SLASHED}", dates.slashed),
        (rf"{_LED}(?<![\w/.])(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})(?![\d/]| HOUR)", dates.slashed),
        (rf"{_DAY}{_TO}{_LAST} (?:OF )?{_MONTH}{_YEAR}", dates.part_of_month),
        (rf"BETWEEN (?:THE )?{_DAY} AND (?:THE )?{_LAST} (?:OF )?{_MONTH}{_YEAR}", dates.part_of_month),
        (rf"{_MONTH} (?:THE )?{_DAY}{_TO}{_LAST}(?! ?MO){_NO_CLOCK}{_YEAR}", dates.part_of_month),
        (rf"{_LED}{_DAY} (?:OF )?{_MONTH}{_SHORT}", dates.dated_with_short_year),
        (rf"{_LED}{_DAY}(?: DAY)?[ /-]?(?:OF )?{_MONTH}{_YEAR}", dates.dated),
        (rf"{_LED}{_MONTH}[ /.-]*(?:THE )?{_DAY}{_NO_CLOCK}{_YEAR}", dates.dated),
        (rf"FE(?P<month>\d\d)(?P<day>\d\d){_YEAR}", dates.dated),
        (r"(?:THE )?DAY AFTER TOMORROW", dates.day_after_tomorrow),
        (rf"{_NUMBER} ?WEEK (?:ON |FROM )?(?P<anchor>WD[1-7]|TODAY|TOMORROW|NOW)", dates.weeks_on),
        (r"(?P<anchor>WD[1-7]|TODAY|TOMORROW) WEEK(?!END)", dates.weeks_on),
        (r"WEEK ON (?P<anchor>WD[1-7])", dates.weeks_on),
        (rf"{_WD},? (?:OF |IN |ON )?(?:THE )?{_WHICH} WEEK", dates.weekday_of_week),
        (rf"{_WHICH} WEEK,? (?:ON )?{_WD}", dates.weekday_of_week),
        (rf"(?P<which>NEXT) {_WD}", dates.weekday_of_week),
        (r"(?P<anchor>WD[1-7]) AFTER NEXT", dates.weeks_on),
        (rf"(?:THE )?(?P<nth>[1-5])(?:ORD|TH) {_WD} (?:OF|IN) {_MONTH}{_YEAR}", dates.weekday_of_month),
        (rf"(?:THE )?(?P<nth>LAST) {_WD} (?:OF|IN) {_MONTH}{_YEAR}", dates.weekday_of_month),
        (rf"(?:THE )?(?:NEXT {_NUMBER}|(?<!\d)(?P<these>\d+) NEXT) (?P<unit>DAY|WEEK)", dates.next_days),
        (rf"IN {_NUMBER} ?(?P<unit>DAY|WEEK|FORTNIGHT|MONTH)(?: TIME)?", dates.in_some_time),
        (rf"{_NUMBER} ?(?P<unit>DAY|WEEK|FORTNIGHT|MONTH) (?:TIME|FROM (?:NOW|TODAY))", dates.in_some_time),
        (rf"(?:THE )?(?<!\d){_DAY} OF (?:THE )?{_WHICH} MONTH", dates.day_of_this_or_next_month),
        (rf"(?:IN )?END OF (?:THE )?(?:{_WHICH} )?MONTH", dates.end_of_month),
        (rf"{_WHICH} WEEKEND", dates.weekend),
        (r"(?:AT |ON )?(?:THE )?(?P<which>WEEKEND)", dates.weekend),
        (rf"{_WHICH} WEEK\b", dates.week),
        (r"WEEK AFTER NEXT", dates.week_after_next),
        (rf"{_WHICH} MONTH", dates.month),
        (rf"(?:IN|NEXT|THIS|MID|EARLY|END OF|SOMETIME) (?:THE )?{_MONTH}\b(?! \d){_YEAR}", dates.named_month),
        (rf"{_MONTH},? (?P<year>20\d\d)(?!\d)", dates.named_month),
        (rf"^{_MONTH}$", dates.named_month),
        (r"(?<!\d)(?P<year>20\d\d) ?/ ?(?P<month>\d{1,2})(?![\d/])", dates.named_month),
        (rf"{_WD},? (?:ON )?(?:THE )?{_DAY}(?<=TH){_ENDS}", dates.day_of_month),
        (rf"(?:THE )?{_DAY}(?<=TH){_ENDS}", dates.day_of_month),
        (rf"ON (?:THE )?{_DAY}(?<=ORD){_ENDS}", dates.day_of_month),
        (rf"(?:ON|THE) {_DAY}(?= (?:AT|FROM)\b|$)", dates.day_of_month),
        (rf"(?:LATER )?TODAY|(?:REST OF )?THIS DAY|THIS (?={_PART})", dates.today),
        (r"TOMORROW", dates.tomorrow),
        (rf"(?P<this>THIS )?{_WD}\b", dates.weekday),
    )
)
_LATER: Final = re.compile(r"(?P<whole>FOR )?(?P<number>\d{1,3}|A) (?P<unit>DAY|WEEK) (?:AFTER|FROM) <D(?P<index>\d+)>")
_RANGE: Final = re.compile(
    r"(?P<between>BETWEEN |FROM )?(?:ON )?<D(?P<first>\d+)>,? ?(?P<to>TO|UNTIL|-|AND) ?"
    r"(?:ON |THE |AROUND )?<D(?P<last>\d+)>"
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A day as it was said, so that it can be told again from another day: "the 24th to the 4th"."""

    match: re.Match[str]
    make: Make

    def span(self, calendar: Calendar) -> Span | None:
        try:
            return self.make(self.match, calendar)
        except (ValueError, OverflowError):
            return None  # the 31st of April, or ten million weeks from now


def mark(symbols: str, calendar: Calendar) -> tuple[str, list[Span]]:
    """The symbols with <D0>, <D1>, … in the place of each day named, and the days that these stand for."""
    mentions: list[_Mention] = []
    spans: list[Span] = []

    def marked(make: Make, match: re.Match[str]) -> str:
        mention = _Mention(match, make)
        span = mention.span(calendar)
        if span is None:
            return match[0]
        mentions.append(mention)
        spans.append(span)
        return f"<D{len(spans) - 1}>"

    for pattern, make in _RULES:
        symbols = pattern.sub(partial(marked, make), symbols)
    symbols = _LATER.sub(lambda match: _later(match, spans), symbols)
    return _join(symbols, mentions, spans, calendar), spans


def _later(match: re.Match[str], spans: list[Span]) -> str:
    """Three days after <D0>, for three days from <D0>."""
    index = int(match["index"])
    make = dates.for_some_time if match["whole"] else dates.in_some_time
    spans[index] = make(match, Calendar(spans[index].last, day_first=True)) or spans[index]
    return f"<D{index}>"


def _join(symbols: str, mentions: list[_Mention], spans: list[Span], calendar: Calendar) -> str:
    """Makes one span of "<D0> to <D1>", told from <D0> if <D1> would lie before it."""

    def joined(match: re.Match[str]) -> str:
        first, last = int(match["first"]), int(match["last"])
        end = spans[last]
        if end.last < spans[first].first:
            end = mentions[last].span(Calendar(spans[first].first, calendar.day_first)) or end
        if end.last < spans[first].first or (match["to"] == "AND" and not match["between"]):
            return match[0]
        spans[first] = Span(spans[first].first, end.last)
        return f"<D{first}>"

    return _RANGE.sub(joined, symbols)
