"""Points by hand, with their sign."""

import pytest

from flows.senses import signed_points
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    ("said", "points"),
    [
        ("+200", 200),
        ("200", 200),
        ("-50", -50),
        ("−50", -50),
        ("minus 50", -50),
        ("take 30 points", -30),
        ("take away 1,200 pts", -1200),
        ("add 5", 5),
        ("give 40 points.", 40),
        ("+ 7", 7),
    ],
)
def test_points_are_heard(said: str, points: int) -> None:
    assert signed_points.hear(said, LAGOS) == points


@pytest.mark.parametrize("said", ["", "0", "+0", "many", "200 for Ada", "1.5", "12345678", "+-3", "0803 123 4567"])
def test_what_is_no_number_of_points(said: str) -> None:
    assert signed_points.hear(said, LAGOS) is None


def test_only_figures_with_a_sign_are_spotted() -> None:
    assert signed_points.spot("for 0803 it is +200 please", LAGOS) == 200
    assert signed_points.spot("200 please", LAGOS) is None
    assert signed_points.spot("+200 or -100", LAGOS) is None
