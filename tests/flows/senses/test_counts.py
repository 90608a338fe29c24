import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.senses import count
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2", 2),
        ("two", 2),
        ("a couple", 2),
        ("3 loads", 3),
        ("a couple of loads", 2),
        ("just me", 1),
        ("half a dozen", 6),
        ("there will be 5 of us", 5),
        ("about 10", 10),
        ("party of six", 6),
        ("twenty one", 21),
        ("2 big bags please", 2),
        ("for 2 loads", 2),
        ("one", 1),
    ],
)
def test_a_count_is_heard(said: str, expected: int) -> None:
    assert count.hear(said, LAGOS) == expected


@pytest.mark.parametrize(
    "said", ["0", "-2", "2.5", "1000", "2 or 3", "3pm", "5k", "that one", "tomorrow", "5 minutes", "12/11"]
)
def test_what_counts_nothing_is_none(said: str) -> None:
    assert count.hear(said, LAGOS) is None


def test_only_what_is_counted_is_spotted() -> None:
    assert count.spot("book a wash tomorrow at 3 for 2 loads", LAGOS) == 2
    assert count.spot("table for 4 at 7", LAGOS) == 4
    assert count.spot("tomorrow at 3", LAGOS) is None
    assert count.spot("2 adults and 3 kids", LAGOS) is None


@given(st.integers(1, 999))
def test_every_count_is_heard(number: int) -> None:
    assert count.hear(f"{number} rugs", LAGOS) == number
