import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.senses import code
from flows.senses.codes import LENGTH
from models.checked_code import ALPHABET
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    "said",
    ["A2C-DEF9", "a2c def9", "A2CDEF9", "a 2 c d e f 9", "the code is A2C-DEF9", "A two C dash D E F nine", "a2c–def9"],
)
def test_a_code_is_heard(said: str) -> None:
    assert code.hear(said, LAGOS) == "A2CDEF9"


@pytest.mark.parametrize(
    "said", ["A2C-DEF", "A2C-DEF99", "A2C-DEF0", "I2C-DEF9", "hello there", "08031234567", "482915"]
)
def test_what_cannot_be_a_code_is_none(said: str) -> None:
    assert code.hear(said, LAGOS) is None


def test_a_code_is_spotted_as_it_is_printed() -> None:
    assert code.spot("can I use A2C-DEF9 today?", LAGOS) == "A2CDEF9"
    assert code.spot("is the a2c-def9 still good", LAGOS) == "A2CDEF9"
    assert code.spot("the see-saws are nice", LAGOS) is None
    assert code.spot("A2CDEF9 please", LAGOS) is None


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_every_code_is_heard_as_it_is_printed(made: str) -> None:
    assert code.hear(f"{made[:3]}-{made[3:]}", LAGOS) == made
    assert code.hear(made.lower(), LAGOS) == made
