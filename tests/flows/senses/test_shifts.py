import pytest

from flows.senses import Shift, same_time, shift
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Anything earlier?", Shift.EARLIER),
        ("do you have something later please", Shift.LATER),
        ("is there anything earlier in the week?", Shift.EARLIER_IN_WEEK),
        ("later this week", Shift.LATER_IN_WEEK),
        ("next week same time", Shift.WEEK_LATER),
        ("can we say the same time next week", Shift.WEEK_LATER),
        ("the day after", Shift.DAY_LATER),
        ("the day before please", Shift.DAY_EARLIER),
        ("same time as last time", Shift.SAME_TIME),
        ("any other day?", Shift.OTHER_DAY),
        ("any other times", Shift.OTHER_TIME),
    ],
)
def test_where_to_look_is_heard(said: str, expected: Shift) -> None:
    assert shift.hear(said, LAGOS) is expected
    assert shift.spot(said, LAGOS) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("later", Shift.LATER),
        ("a bit sooner please", Shift.EARLIER),
        ("next day", Shift.DAY_LATER),
        ("more", Shift.OTHER_TIME),
    ],
)
def test_one_word_will_do_as_an_answer_and_in_no_sentence(said: str, expected: Shift) -> None:
    assert shift.hear(said, LAGOS) is expected
    assert shift.spot(f"I will decide {said} I think", LAGOS) is None


@pytest.mark.parametrize(
    "said",
    [
        "the day after tomorrow",
        "not the day after",
        "anything earlier than 3?",
        "anything later today?",
        "see you later",
    ],
)
def test_what_names_its_day_or_hour_itself_is_none(said: str) -> None:
    assert shift.hear(said, LAGOS) is None


def test_the_same_time_may_stand_beside_a_day() -> None:
    assert same_time.spot("friday same time", LAGOS) is Shift.SAME_TIME
    assert shift.hear("friday same time", LAGOS) is None
    assert same_time.spot("next week same time", LAGOS) is None
