import pytest

from flows.senses.numerals import dictated, digits


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("five thousand", "5000"),
        ("twenty-six rugs", "26 rugs"),
        ("one hundred and sixteen", "116"),
        ("two million five hundred thousand", "2500000"),
        ("half a million naira", "500000 naira"),
        ("1.5 million", "1500000"),
        ("3 hundred and one", "301"),
        ("nine point oh", "9 point oh"),
        ("nine point nought four", "9.04"),
        ("ten forty five", "10 45"),
        ("twenty first", "21º"),
        ("the second one", "the 2º one"),
        ("that one", "that one"),
        ("the two of us", "the 2 of us"),
        ("half a dozen", "6"),
        ("Someone stoned", "Someone stoned"),
    ],
)
def test_numbers_in_words_become_digits(said: str, expected: str) -> None:
    assert digits(said) == expected


def test_what_is_read_out_one_by_one_becomes_digits() -> None:
    assert dictated("oh eight oh three double one triple two") == "0 8 0 3 11 222"
