import pytest

from flows.senses import PartOfDay, part_of_day
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("in the morning", PartOfDay.MORNING),
        ("first thing monday", PartOfDay.MORNING),
        ("sat afternoon", PartOfDay.AFTERNOON),
        ("after work", PartOfDay.EVENING),
        ("tonight", PartOfDay.NIGHT),
        ("around 3pm", PartOfDay.AFTERNOON),
        ("Morning", PartOfDay.MORNING),
    ],
)
def test_a_part_of_the_day_is_heard(said: str, expected: PartOfDay) -> None:
    assert part_of_day.hear(said, LAGOS) is expected


@pytest.mark.parametrize("said", ["good morning", "Morning, are you open?", "around 3", "morning or evening", "soon"])
def test_greetings_and_doubts_are_none(said: str) -> None:
    assert part_of_day.hear(said, LAGOS) is None


def test_a_clock_time_says_it_better() -> None:
    assert part_of_day.spot("friday afternoon please", LAGOS) is PartOfDay.AFTERNOON
    assert part_of_day.spot("friday afternoon at 3 please", LAGOS) is None


def test_a_part_of_the_day_begins_before_it_ends() -> None:
    assert all(begin < end for begin, end in (part.hours for part in PartOfDay))
