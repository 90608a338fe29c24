from datetime import date, time

import pytest

from flows.senses import Period, hours, period, span
from flows.senses import stretch as any_stretch
from tests.flows.senses.situations import LAGOS


def days(first: int | None, last: int | None, month: int = 11) -> Period:
    return stretch(first, last, None, None, month)


def stretch(first: int | None, last: int | None, since: int | None, until: int | None, month: int = 11) -> Period:
    def on(day: int | None) -> date | None:
        return date(2026, month, day) if day else None

    def at(hour: int | None) -> time | None:
        return time(hour) if hour else None

    return Period(on(first), on(last), at(since), at(until))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("what's free on friday?", days(20, 20)),
        ("what do you have next week?", days(23, 29)),
        ("this weekend", days(21, 22)),
        ("from friday to sunday", days(20, 22)),
        ("before friday", days(None, 19)),
        ("after friday", days(21, None)),
        ("in december", days(1, 31, month=12)),
        ("any slots tomorrow afternoon?", stretch(19, 19, 12, 17)),
        ("friday after 2", stretch(20, 20, 14, None)),
        ("between 2 and 4 on friday", stretch(20, 20, 14, 16)),
        ("any day next week after 4pm", stretch(23, 29, 16, None)),
        ("after 5", stretch(None, None, 17, None)),
        ("no later than 5", stretch(None, None, None, 17)),
        ("anything earlier than 3?", stretch(None, None, None, 15)),
        ("mornings only", stretch(None, None, 6, 12)),
    ],
)
def test_a_stretch_is_heard(said: str, expected: Period) -> None:
    assert period.hear(said, LAGOS) == expected
    assert period.spot(said, LAGOS) == expected


@pytest.mark.parametrize("said", ["friday at 3", "3pm", "book it", "friday evening or saturday morning", "2"])
def test_a_time_named_for_sure_and_a_doubt_are_none(said: str) -> None:
    assert period.hear(said, LAGOS) is None


def test_a_day_alone_is_left_to_the_sense_of_days() -> None:
    assert span.hear("friday", LAGOS) is None
    assert span.hear("friday afternoon", LAGOS) == stretch(20, 20, 12, 17)


def test_hours_beside_a_day_are_a_correction_of_the_day() -> None:
    assert hours.hear("in the afternoon", LAGOS) == stretch(None, None, 12, 17)
    assert hours.hear("friday afternoon", LAGOS) is None


def test_hours_hold_their_first_minute_and_not_their_last() -> None:
    afternoon = stretch(None, None, 12, 17)
    assert [afternoon.holds(time(hour)) for hour in (11, 12, 16, 17)] == [False, True, True, False]


def test_a_time_named_for_sure_is_a_stretch_of_one_minute_to_who_looks_for_anything() -> None:
    at_three = any_stretch.hear("is 3pm on friday free?", LAGOS)
    assert at_three == Period(date(2026, 11, 20), date(2026, 11, 20), time(15), time(15, 1))
    assert at_three.is_minute
    assert any_stretch.hear("after 5", LAGOS) == stretch(None, None, 17, None)
    assert not stretch(None, None, 17, None).is_minute
