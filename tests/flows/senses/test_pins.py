import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.senses import pin
from tests.flows.senses.situations import LAGOS

SPOKEN = {
    "0": "oh",
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
}


@pytest.mark.parametrize(
    "said",
    [
        "482915",
        "482 915",
        "48-29-15",
        "my PIN is 482915",
        "four eight two nine one five",
        "forty eight twenty nine fifteen",
    ],
)
def test_a_pin_is_heard(said: str) -> None:
    assert pin.hear(said, LAGOS) == "482915"


@pytest.mark.parametrize(
    "said", ["48291", "4829155", "5000 482915", "482915 482915", "+482915", "call 482915", "tomorrow"]
)
def test_what_is_not_six_digits_is_none(said: str) -> None:
    assert pin.hear(said, LAGOS) is None


def test_a_pin_is_spotted_when_no_other_digit_is_said() -> None:
    assert pin.spot("please log it, 482915", LAGOS) == "482915"
    assert pin.spot("log 5000 with 482915", LAGOS) is None
    assert pin.spot("482 915", LAGOS) is None


@given(st.text("0123456789", min_size=6, max_size=6))
def test_every_pin_is_heard_written_and_spoken(digits: str) -> None:
    assert pin.hear(digits, LAGOS) == digits
    assert pin.hear(" ".join(SPOKEN[digit] for digit in digits), LAGOS) == digits
