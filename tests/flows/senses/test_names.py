import pytest

from flows.senses import name
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Ada Obi", "Ada Obi"),
        ("my name is ada obi", "Ada Obi"),
        ("it's chidi", "Chidi"),
        ("JOHN SMITH", "John Smith"),
        ("Ronald McDonald", "Ronald McDonald"),
        ("I'm Ada and I want to book", "Ada"),
        ("Hi, this is Tunde here", "Tunde"),
        ("Anne-Marie O'Brien", "Anne-Marie O'Brien"),
        ("My name is Dr. Ada Obi.", "Dr. Ada Obi"),
        ("José", "José"),
        ("李雷", "李雷"),
        ("Mr Smith please", "Mr Smith"),
    ],
)
def test_a_name_is_heard(said: str, expected: str) -> None:
    assert name.hear(said, LAGOS) == expected


@pytest.mark.parametrize(
    "said", ["yes", "no", "what?", "3 loads", "I want to book", "tomorrow", "ok", "a", "R2D2", "I'm good", "help", "🙂"]
)
def test_what_is_no_name_is_none(said: str) -> None:
    assert name.hear(said, LAGOS) is None


def test_only_a_name_said_to_be_one_is_spotted() -> None:
    assert name.spot("hello my name is ada obi and i want a wash", LAGOS) == "Ada Obi"
    assert name.spot("I'm late, sorry", LAGOS) is None
    assert name.spot("Ada", LAGOS) is None
