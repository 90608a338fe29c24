"""What staff type in one line: points by hand, a purchase to take back, whom to look up."""

import pytest

from flows.senses.counter_lines import CounterLine, read_counter_line
from tests.flows.senses.situations import LAGOS

ADA = "+2348031234567"


@pytest.mark.parametrize(
    ("typed", "slots", "pin"),
    [
        ("adjust 08031234567 +200 goodwill", {"customer": ADA, "points": 200, "reason": "goodwill"}, None),
        (
            "Adjust 0803 123 4567 -50 correction 482915",
            {"customer": ADA, "points": -50, "reason": "correction"},
            "482915",
        ),
        ("adjust 08031234567 20", {"customer": ADA, "points": 20}, None),
        ("adjust 08031234567", {"customer": ADA}, None),
        (
            "adjust 08031234567 +20 she waited long",
            {"customer": ADA, "points": 20, "reason": "other", "note": "she waited long"},
            None,
        ),
        (
            "adjust 08031234567 +20 goodwill for the wait",
            {"customer": ADA, "points": 20, "reason": "goodwill", "note": "goodwill for the wait"},
            None,
        ),
    ],
)
def test_points_by_hand(typed: str, slots: dict[str, object], pin: str | None) -> None:
    assert read_counter_line(typed, LAGOS, is_idle=True) == CounterLine("adjustment", slots, pin)


@pytest.mark.parametrize(
    ("typed", "slots"),
    [
        ("reverse the last one for 0803 123 4567", {"customer": ADA, "last": True}),
        ("refund 08031234567", {"customer": ADA}),
        ("take back the latest for +234 803 123 4567", {"customer": ADA, "last": True}),
    ],
)
def test_a_purchase_to_take_back(typed: str, slots: dict[str, object]) -> None:
    assert read_counter_line(typed, LAGOS, is_idle=True) == CounterLine("reversal", slots)


@pytest.mark.parametrize(
    ("typed", "who"),
    [("look up chioma", "chioma"), ("Look up Chioma Obi please", "Chioma Obi"), ("find 4567?", "4567")],
)
def test_whom_to_look_up(typed: str, who: str) -> None:
    assert read_counter_line(typed, LAGOS, is_idle=False) == CounterLine("look_up", {"who": who})


def test_a_bare_number_looks_up_only_where_nothing_is_open() -> None:
    assert read_counter_line("0803 123 4567", LAGOS, is_idle=True) == CounterLine("look_up", {"who": ADA})
    assert read_counter_line("0803 123 4567", LAGOS, is_idle=False) is None


@pytest.mark.parametrize("typed", ["", "adjust", "adjust points", "reverse", "look up", "482915", "5,000"])
def test_what_says_less_is_no_line(typed: str) -> None:
    assert read_counter_line(typed, LAGOS, is_idle=True) is None


def test_the_pin_is_not_shown_by_its_repr() -> None:
    line = read_counter_line("adjust 08031234567 +200 goodwill 482915", LAGOS, is_idle=True)
    assert "482915" not in repr(line)
