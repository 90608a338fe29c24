"""The number printed on a receipt."""

import pytest

from flows.senses import receipt_number
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("R-0017", "R-0017"),
        ("17", "17"),
        ("it's 17", "17"),
        ("Receipt no. 2026-11-18/004", "2026-11-18/004"),
        ("the number is A 17 B", "A 17 B"),
        ("#0042", "0042"),
    ],
)
def test_a_number_is_heard(said: str, number: str) -> None:
    assert receipt_number.hear(said, LAGOS) == number


@pytest.mark.parametrize("said", ["", "none", "there is no number", "I bought 3 coffees at the shop today", "x" * 60])
def test_a_sentence_is_none(said: str) -> None:
    assert receipt_number.hear(said, LAGOS) is None
