"""What a day said in words is on the calendar. A day said without its year is never in the past.

Each function takes the match of its rule in day_grammar.py and gives None, or raises ValueError, for no day.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final

WEEK: Final = 7
MONTHS: Final = 12
YEARS_AHEAD: Final = 8
"""How far a day without a year is looked for: a 29th of February may be eight years away."""
_DAYS: Final = {"DAY": 1, "WEEK": WEEK, "FORTNIGHT": 2 * WEEK}

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included; most often the same."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """From where days are told: today, and whether 12/11 is in November."""

    today: date
    day_first: bool

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.isoweekday() - 1)


# Days of a month -------------------------------------------------------------------------------------


def dated(match: Match, calendar: Calendar) -> Span | None:
    """5 December, Dec 5th, 2026-12-05."""
    day, month, year = int(match["day"]), int(match["month"]), _year(match)
    return _one(date(year, month, day) if year else _coming(calendar, day, month))


def dated_with_short_year(match: Match, calendar: Calendar) -> Span | None:
    """19 nov 26: a year when it is this one or one of the next two, else an hour or a number of people."""
    century = calendar.today.year // 100 * 100
    year = century + int(match["short"])
    if not calendar.today.year <= year <= calendar.today.year + 2:
        return None
    return _one(date(year, int(match["month"]), int(match["day"])))


def slashed(match: Match, calendar: Calendar) -> Span | None:
    """12/11 in the order of the place, unless only the other is a day or the weekday said asks for it."""
    one, two = int(match["one"]), int(match["two"])
    orders = [(one, two), (two, one)] if calendar.day_first else [(two, one), (one, two)]
    days = [day for order in orders if (day := _in_order(*order, _year(match), calendar))]
    fitting = [day for day in days if day.isoweekday() == _said_weekday(match)]
    return _one(next(iter(fitting or days), None))


def part_of_month(match: Match, calendar: Calendar) -> Span | None:
    """13 to 15 July."""
    first = dated(match, calendar)
    if first is None:
        return None
    last = first.first.replace(day=int(match["last"]))
    return Span(first.first, last) if last > first.first else None


def day_of_month(match: Match, calendar: Calendar) -> Span | None:
    """The 5th, friday the 13th."""
    return _one(_coming(calendar, int(match["day"]), weekday=_said_weekday(match)))


def day_of_this_or_next_month(match: Match, calendar: Calendar) -> Span | None:
    """The 5th of next month."""
    return _one(_this_or_next_month(match, calendar).first.replace(day=int(match["day"])))


# Days from today -------------------------------------------------------------------------------------


def today(_: Match, calendar: Calendar) -> Span | None:
    return _one(calendar.today)


def tomorrow(_: Match, calendar: Calendar) -> Span | None:
    return _one(calendar.today + timedelta(days=1))


def day_after_tomorrow(_: Match, calendar: Calendar) -> Span | None:
    return _one(calendar.today + timedelta(days=2))


def for_some_time(match: Match, calendar: Calendar) -> Span | None:
    """For ten days from today."""
    end = in_some_time(match, calendar)
    return Span(calendar.today, end.last) if end else None


def in_some_time(match: Match, calendar: Calendar) -> Span | None:
    """In 3 days, two weeks from now, in a month."""
    number = _number(match)
    if match["unit"] == "MONTH":
        month = next(islice(_months(calendar.today), number, None), None)
        return month and _one(date(*month, min(calendar.today.day, monthrange(*month)[1])))
    return _one(calendar.today + timedelta(days=number * _DAYS[match["unit"]]))


def next_days(match: Match, calendar: Calendar) -> Span | None:
    """The next three days, from tomorrow."""
    last = calendar.today + timedelta(days=_number(match) * _DAYS[match["unit"]])
    return Span(calendar.today + timedelta(days=1), last)


# Days of a week --------------------------------------------------------------------------------------


def weekday(match: Match, calendar: Calendar) -> Span | None:
    """Friday: the coming one, and today only when "this Friday" was said."""
    ahead = (int(match["weekday"]) - calendar.today.isoweekday()) % WEEK
    return _one(calendar.today + timedelta(days=ahead or (0 if match["this"] else WEEK)))


def weekday_of_week(match: Match, calendar: Calendar) -> Span | None:
    """Next Friday, Friday next week, Friday this week: in that week of the calendar, from Monday on."""
    day = calendar.monday + timedelta(days=int(match["weekday"]) - 1 + WEEK * (match["which"] == "NEXT"))
    return _one(day if day >= calendar.today else day + timedelta(days=WEEK))


def weekday_of_month(match: Match, calendar: Calendar) -> Span | None:
    """The first Monday of December, the last Friday in May."""
    month = named_month(match, calendar)
    length = monthrange(month.last.year, month.last.month)[1]
    days = [month.last.replace(day=number) for number in range(1, length + 1)]
    days = [one for one in days if one.isoweekday() == _said_weekday(match)]
    return _one(days[-1 if match["nth"] == "LAST" else int(match["nth"]) - 1])


def weeks_on(match: Match, calendar: Calendar) -> Span | None:
    """A week on Friday, Friday week, two weeks today: so many weeks after the day that is named."""
    anchor = match["anchor"]
    if anchor.startswith("WD"):
        ahead = (int(anchor[-1]) - calendar.today.isoweekday()) % WEEK or WEEK
    else:
        ahead = 1 if anchor == "TOMORROW" else 0
    return _one(calendar.today + timedelta(days=ahead + WEEK * _number(match)))


def weekend(match: Match, calendar: Calendar) -> Span | None:
    """Saturday and Sunday; what is left of them when the weekend has begun."""
    monday = calendar.monday + timedelta(days=WEEK * (match["which"] == "NEXT"))
    return Span(max(monday + timedelta(days=5), calendar.today), monday + timedelta(days=6))


def week_after_next(_: Match, calendar: Calendar) -> Span | None:
    monday = calendar.monday + timedelta(days=2 * WEEK)
    return Span(monday, monday + timedelta(days=6))


def week(match: Match, calendar: Calendar) -> Span | None:
    """This week, next week: what is left of it."""
    monday = calendar.monday + timedelta(days=WEEK * (match["which"] == "NEXT"))
    return Span(max(monday, calendar.today), monday + timedelta(days=6))


# Months ----------------------------------------------------------------------------------------------


def month(match: Match, calendar: Calendar) -> Span | None:
    """This month, next month: what is left of it."""
    span = _this_or_next_month(match, calendar)
    return Span(max(span.first, calendar.today), span.last)


def end_of_month(match: Match, calendar: Calendar) -> Span | None:
    return _one(_this_or_next_month(match, calendar).last)


def named_month(match: Match, calendar: Calendar) -> Span:
    """In August, August 2027: what is left of it, unless its year was said."""
    number, year = int(match["month"]), _year(match)
    if year:
        return _whole(year, number)
    span = _whole(calendar.today.year + (number < calendar.today.month), number)
    return Span(max(span.first, calendar.today), span.last)


def _one(day: date | None) -> Span | None:
    return Span(day, day) if day else None


def _whole(year: int, number: int) -> Span:
    return Span(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def _this_or_next_month(match: Match, calendar: Calendar) -> Span:
    year, number = next(islice(_months(calendar.today), int(match["which"] == "NEXT"), None))
    return _whole(year, number)


def _months(start: date) -> Iterator[tuple[int, int]]:
    """Year and number of the month of this day and of those after it."""
    for months in range(start.month - 1, start.month + YEARS_AHEAD * MONTHS):
        yield start.year + months // MONTHS, months % MONTHS + 1


def _coming(calendar: Calendar, day: int, number: int | None = None, weekday: int | None = None) -> date | None:
    """The next such day, on this weekday if there is one within a year ("friday the 13th")."""
    days = [
        date(*month, day)
        for month in _months(calendar.today)
        if number in (None, month[1]) and 1 <= day <= monthrange(*month)[1]
    ]
    days = [one for one in days if one >= calendar.today]
    fitting = [one for one in days[:MONTHS] if one.isoweekday() == weekday]
    return next(iter(fitting or days), None)


def _in_order(day: int, number: int, year: int | None, calendar: Calendar) -> date | None:
    if not year:
        return _coming(calendar, day, number)
    return date(year, number, day) if number <= MONTHS and 1 <= day <= monthrange(year, number)[1] else None


def _year(match: Match) -> int | None:
    """The year said, None when none was. Two figures are of this century."""
    said = match.groupdict().get("year")
    return (int(said) if len(said) > 2 else 2000 + int(said)) if said else None  # noqa: PLR2004


def _said_weekday(match: Match) -> int | None:
    said = match.groupdict().get("weekday")
    return int(said) if said else None


def _number(match: Match) -> int:
    """How many, one when it is "a" or left out."""
    said = match.groupdict().get("number") or match.groupdict().get("these") or ""
    return int(said) if said.isdecimal() else 1
