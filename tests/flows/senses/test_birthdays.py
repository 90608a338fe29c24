from datetime import date

import pytest

from flows.senses import birthday
from tests.flows.senses.situations import LAGOS, NEW_YORK


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("3 March 1990", date(1990, 3, 3)),
        ("March 3, 1990", date(1990, 3, 3)),
        ("my birthday is the 5th of May 1985", date(1985, 5, 5)),
        ("I was born on 12/11/1985", date(1985, 11, 12)),
        ("1990-03-03", date(1990, 3, 3)),
        ("29 February 2000", date(2000, 2, 29)),
    ],
)
def test_a_year_of_birth_is_kept(said: str, expected: date) -> None:
    assert birthday.hear(said, LAGOS) == expected
    assert birthday.spot(said, LAGOS) == expected


@pytest.mark.parametrize(("said", "month", "day"), [("3 March", 3, 3), ("december 24th", 12, 24), ("tomorrow", 11, 19)])
def test_without_a_year_it_is_the_coming_one(said: str, month: int, day: int) -> None:
    heard = birthday.hear(said, LAGOS)
    assert heard is not None
    assert (heard.month, heard.day) == (month, day)
    assert heard >= LAGOS.now.date()


def test_the_order_of_day_and_month_is_the_places() -> None:
    assert birthday.hear("12/11/1985", NEW_YORK) == date(1985, 12, 11)


@pytest.mark.parametrize("said", ["1990", "in 1990", "29 February 1999", "my birthday"])
def test_what_names_no_day_is_no_birthday(said: str) -> None:
    assert birthday.spot(said, LAGOS) is None
