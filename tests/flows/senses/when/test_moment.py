from datetime import date, time

import pytest

from flows.senses import Bound, ClockTime, PartOfDay, When, moment
from tests.flows.senses.situations import LAGOS

FRIDAY = date(2026, 11, 20)


def known(said: str) -> ClockTime:
    return ClockTime(time.fromisoformat(said), meridiem_known=True)


def unknown(said: str) -> ClockTime:
    return ClockTime(time.fromisoformat(said), meridiem_known=False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("friday at 2pm", When(FRIDAY, known("14:00"))),
        ("friday afternoon", When(FRIDAY, None, PartOfDay.AFTERNOON)),
        ("friday any time after 5", When(FRIDAY, unknown("05:00"), bound=Bound.FROM)),
        ("until friday", When(FRIDAY, bound=Bound.UNTIL)),
        ("no later than 4pm", When(None, known("16:00"), bound=Bound.UNTIL)),
        ("this weekend", When(date(2026, 11, 21), until=When(date(2026, 11, 22)))),
        ("the 24th to the 4th", When(date(2026, 11, 24), until=When(date(2026, 12, 4)))),
        ("13 to 15 december", When(date(2026, 12, 13), until=When(date(2026, 12, 15)))),
        ("between 2 and 4pm on friday", When(FRIDAY, known("14:00"), until=When(FRIDAY, known("16:00")))),
        ("friday 8am till 6", When(FRIDAY, known("08:00"), until=When(FRIDAY, known("18:00")))),
        ("friday at 2pm for 90 minutes", When(FRIDAY, known("14:00"), until=When(FRIDAY, known("15:30")))),
        (
            "from friday 2pm till saturday 10am",
            When(FRIDAY, known("14:00"), until=When(date(2026, 11, 21), known("10:00"))),
        ),
        ("in an hour and a half", When(date(2026, 11, 18), known("11:50"))),
        ("2026-11-20T14:00", When(FRIDAY, known("14:00"))),
    ],
)
def test_a_moment_is_told(said: str, expected: When) -> None:
    assert moment(said, LAGOS) == expected


@pytest.mark.parametrize(
    "said", ["hello", "table for 4", "how much is it?", "we are 2 adults and 3 kids", "version 2.30"]
)
def test_other_talk_tells_no_moment(said: str) -> None:
    assert not moment(said, LAGOS)


def test_only_the_reading_still_to_come_is_meant_today() -> None:
    assert moment("today at 9", LAGOS).clock == known("21:00")
    assert moment("today at 11", LAGOS).clock == unknown("11:00")


def test_the_middle_of_a_polite_message_is_found() -> None:
    said = "Good afternoon! Sorry for the delay, could we make it next thursday at quarter past 10 instead? Thanks"
    assert moment(said, LAGOS) == When(date(2026, 11, 26), unknown("10:15"))
