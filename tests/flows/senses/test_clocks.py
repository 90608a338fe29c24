from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.senses import ClockTime, clock
from tests.flows.senses.situations import LAGOS


def known(said: str) -> ClockTime:
    return ClockTime(time.fromisoformat(said), meridiem_known=True)


def unknown(said: str) -> ClockTime:
    return ClockTime(time.fromisoformat(said), meridiem_known=False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("3", unknown("03:00")),
        ("3 pls", unknown("03:00")),
        ("half 3", unknown("03:30")),
        ("half past three", unknown("03:30")),
        ("quarter past 2", unknown("02:15")),
        ("quarter to 9", unknown("08:45")),
        ("twenty to 8", unknown("07:40")),
        ("4ish", unknown("04:00")),
        ("2 o'clock", unknown("02:00")),
        ("7:45", unknown("07:45")),
        ("two thirty", unknown("02:30")),
        ("12", unknown("12:00")),
        ("3pm", known("15:00")),
        ("3.15 p.m.", known("15:15")),
        ("8a", known("08:00")),
        ("12am", known("00:00")),
        ("15:00", known("15:00")),
        ("09:00", known("09:00")),
        ("1530", known("15:30")),
        ("19h30", known("19:30")),
        ("noon", known("12:00")),
        ("midnight", known("00:00")),
        ("quarter to noon", known("11:45")),
        ("3 in the afternoon", known("15:00")),
        ("10 in the morning", known("10:00")),
        ("9 at night", known("21:00")),
        ("2 at night", known("02:00")),
        ("half 8 in the evening", known("20:30")),
        ("tomorrow afternoon at 2", known("14:00")),
        ("after 5pm", known("17:00")),
        ("from 2pm to 4pm", known("14:00")),
        ("2-4pm", known("14:00")),
        ("11 to 3pm", known("11:00")),
        ("in half an hour", known("10:50")),
        ("today at 4", known("16:00")),
    ],
)
def test_a_time_is_heard(said: str, expected: ClockTime) -> None:
    assert clock.hear(said, LAGOS) == expected


@pytest.mark.parametrize(
    "said", ["3 loads", "25", "25:00", "7:75", "before 5", "5 minutes", "tomorrow", "the 5th", "twenty first", "₦3"]
)
def test_what_is_no_time_is_none(said: str) -> None:
    assert clock.hear(said, LAGOS) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("book a wash tomorrow at 3 for 2 loads", unknown("03:00")),
        ("next tues 4ish works", unknown("04:00")),
        ("the 5th @ 10", unknown("10:00")),
        ("can I come at 5.30pm with my son", known("17:30")),
        ("1730 on friday", known("17:30")),
    ],
)
def test_a_time_is_spotted(said: str, expected: ClockTime) -> None:
    assert clock.spot(said, LAGOS) == expected


@pytest.mark.parametrize(
    "said",
    [
        "3",
        "table for 4",
        "at 12 Allen Avenue",
        "at 5 star places",
        "after 3pm",
        "between 2 and 4",
        "2pm or 3pm",
        "call 0803 123 4567",
        "I paid 1500 yesterday",
        "2 tickets for tomorrow",
        "my 3 kids on friday",
    ],
)
def test_what_may_be_no_time_is_not_spotted(said: str) -> None:
    assert clock.spot(said, LAGOS) is None


@given(st.times())
@settings(deadline=None)
def test_every_minute_is_heard_as_it_is_written(moment: time) -> None:
    minute = moment.replace(second=0, microsecond=0)
    assert minute in getattr(clock.hear(f"{minute:%H:%M}", LAGOS), "readings", ())
    assert clock.hear(f"{minute:%I:%M %p}", LAGOS) == ClockTime(minute, meridiem_known=True)
    assert clock.spot(f"on friday at {minute:%I.%M%p} please", LAGOS) == ClockTime(minute, meridiem_known=True)
