import pytest

from flows.senses import address
from tests.flows.senses.situations import LAGOS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("12 Allen Avenue,  Ikeja", "12 Allen Avenue, Ikeja"),
        ("my address is 12 Allen Avenue", "12 Allen Avenue"),
        ("flat 3", "flat 3"),
        ("Lekki Phase One\nopposite the mall", "Lekki Phase One opposite the mall"),
        ("can you pick up from 221b Baker Street please", "221b Baker Street"),
    ],
)
def test_an_address_is_heard(said: str, expected: str) -> None:
    assert address.hear(said, LAGOS) == expected


@pytest.mark.parametrize("said", ["Ikeja", "yes", "12", "where do you mean?", "I don't know yet", "x" * 201])
def test_what_is_no_address_is_none(said: str) -> None:
    assert address.hear(said, LAGOS) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("please collect from 5 Main St, Springfield tomorrow at 3", "5 Main St, Springfield"),
        ("I'm moving, the new place is 14b Marina Road", "14b Marina Road"),
        ("pick up from my house", None),
        ("we saw 2 dogs on the street", None),
        ("book me for 3 on friday", None),
    ],
)
def test_an_address_is_spotted(said: str, expected: str | None) -> None:
    assert address.spot(said, LAGOS) == expected
