from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.senses import day
from tests.flows.senses.situations import LAGOS, NEW_YORK

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("today", "2026-11-18"),
        ("tmrw pls", "2026-11-19"),
        ("the day after tomorrow", "2026-11-20"),
        ("friday", "2026-11-20"),
        ("Fri.", "2026-11-20"),
        ("wensday", "2026-11-25"),
        ("this wednesday", "2026-11-18"),
        ("next tues", "2026-11-24"),
        ("next friday", "2026-11-27"),
        ("friday next week", "2026-11-27"),
        ("next week, on monday", "2026-11-23"),
        ("a week on friday", "2026-11-27"),
        ("friday week", "2026-11-27"),
        ("in 3 days", "2026-11-21"),
        ("in two weeks", "2026-12-02"),
        ("in a fortnight", "2026-12-02"),
        ("a week from now", "2026-11-25"),
        ("in a month", "2026-12-18"),
        ("the 5th", "2026-12-05"),
        ("the twenty first", "2026-11-21"),
        ("the 3rd of next month", "2026-12-03"),
        ("5 Dec", "2026-12-05"),
        ("Dec 5th", "2026-12-05"),
        ("5th of january", "2027-01-05"),
        ("29 feb", "2028-02-29"),
        ("sat the 5th", "2026-12-05"),
        ("12/12", "2026-12-12"),
        ("2026-12-01", "2026-12-01"),
        ("1.12.2026", "2026-12-01"),
        ("3 dec 26", "2026-12-03"),
        ("first monday of december", "2026-12-07"),
        ("last friday in may", "2027-05-28"),
        ("the end of the month", "2026-11-30"),
        ("xmas eve", "2026-12-24"),
        ("not thursday, friday", "2026-11-20"),
        ("this weekend", "2026-11-21"),
        ("next week", "2026-11-23"),
        ("three days after christmas", "2026-12-28"),
        ("21", "2026-11-21"),
        ("the 21 please", "2026-11-21"),
    ],
)
def test_a_day_is_heard(said: str, expected: str) -> None:
    assert day.hear(said, LAGOS) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "said",
    [
        "yesterday",
        "last friday",
        "2 days ago",
        "31 april",
        "99/99/2026",
        "in 9999999999 weeks",
        "32",
        "3 loads",
        "5 minutes",
        "do you have parking",
        "anything but monday",
        "I sat down",
        "may i ask something",
        "24/7",
    ],
)
def test_what_is_no_day_to_come_is_none(said: str) -> None:
    assert day.hear(said, LAGOS) is None


def test_the_place_decides_what_comes_first() -> None:
    assert day.hear("3/12", LAGOS) == date(2026, 12, 3)
    assert day.hear("3/12", NEW_YORK) == date(2027, 3, 12)


def test_only_one_order_may_be_possible() -> None:
    assert day.hear("12/25", LAGOS) == date(2026, 12, 25)
    assert day.hear("25/12", NEW_YORK) == date(2026, 12, 25)


def test_the_weekday_said_decides_the_order_of_the_figures() -> None:
    assert day.hear("thursday 3/12", NEW_YORK) == date(2026, 12, 3)


def test_a_day_with_its_year_may_be_past() -> None:
    assert day.hear("5 March 2020", LAGOS) == date(2020, 3, 5)


def test_today_is_told_in_the_zone_of_the_business() -> None:
    """In Lagos it is already Thursday when the server's clock still says Wednesday."""
    late = replace(LAGOS, now=datetime.fromisoformat("2026-11-18T23:30:00+00:00"))

    assert day.hear("today", late) == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("can you do a wash on friday around 3", "2026-11-20"),
        ("move it to the 21st please", "2026-11-21"),
        ("Tomorrow, and then call me tomorrow", "2026-11-19"),
    ],
)
def test_a_day_is_spotted(said: str, expected: str) -> None:
    assert day.spot(said, LAGOS) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "said",
    [
        "monday or tuesday",
        "from monday to wednesday",
        "some time next week",
        "by friday",
        "before the 5th",
        "my 2nd wash",
        "21",
        "are you open on sundays",
        "I live on 5th avenue",
        "the second one",
    ],
)
def test_what_may_be_another_day_is_not_spotted(said: str) -> None:
    assert day.spot(said, LAGOS) is None


@given(st.dates(min_value=TODAY, max_value=TODAY + timedelta(days=360)))
@settings(deadline=None)
def test_every_day_of_the_year_to_come_is_heard_as_it_is_written(target: date) -> None:
    assert day.hear(f"{target:%d %B}", LAGOS) == target
    assert day.hear(f"{target:%B} {target.day}", LAGOS) == target
    assert day.spot(f"book me for {target:%A %d %b %Y} at 3pm", LAGOS) == target
    assert day.hear(f"{target:%d/%m}", LAGOS) == target
    assert day.hear(f"{target:%m/%d}", NEW_YORK) == target


@given(st.text(max_size=30))
@settings(deadline=None)
def test_a_day_spotted_without_a_year_is_never_past(text: str) -> None:
    found = day.spot(f"on friday {text}", LAGOS)
    assert found is None or found >= TODAY or any(character.isdigit() for character in text)
