"""What bookings are called: every slip shows, and old names stay good."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.booking.references import is_reference, normalised, numbered
from models.checked_code import ALPHABET, new_code

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DAY = date(2026, 11, 19)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@st.composite
def references(draw: st.DrawFn) -> str:
    """Any reference of a running number: those left out for their check are drawn again."""
    prefix = draw(st.sampled_from(["LEK", "KC", "SHOP24", "Z9"]) | st.text(LETTERS, min_size=2, max_size=6))
    made = st.builds(numbered, st.just(prefix), days, st.integers(1, 99_999))
    return draw(made.filter(lambda reference: reference is not None)) or ""


earlier = st.builds(
    lambda prefix, code: f"{prefix}-{code}", st.sampled_from(["LEK", "KC"]), st.builds(new_code, st.just(5))
)


def test_looks_like_this() -> None:
    reference = next(filter(None, (numbered("INT", date(2026, 1, 15), number) for number in range(1, 9))))
    assert reference.startswith("INT-20260115-000")
    assert len(reference) == len("INT-20260115-0001X")


def test_few_numbers_are_left_out() -> None:
    """Those whose check would be a 0, 1, I, L or O, or nothing at all: 6 of 37."""
    given_out = [reference for number in range(1, 1001) if (reference := numbered("LEK", DAY, number))]
    assert 800 < len(given_out) < 860
    assert len(set(given_out)) == len(given_out)
    assert {reference[-1] for reference in given_out} <= set(ALPHABET)


@given(references() | earlier)
def test_a_reference_is_one(reference: str) -> None:
    assert is_reference(reference)
    assert normalised(reference) == reference


@given(references(), st.data())
def test_one_wrong_character_shows(reference: str, data: st.DataObject) -> None:
    """Invariant 13, at every place: prefix, day, number and check."""
    at = data.draw(st.sampled_from([place for place, character in enumerate(reference) if character != "-"]))
    for wrong in LETTERS.replace(reference[at], ""):
        assert not is_reference(reference[:at] + wrong + reference[at + 1 :])


@given(references())
def test_two_swapped_characters_show(reference: str) -> None:
    """Invariant 13, for any two of them."""
    plain = reference.replace("-", "")
    for one in range(len(plain)):
        for other in range(one):
            swapped = list(plain)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert plain[one] == plain[other] or not is_reference("".join(swapped))


@given(earlier, st.data())
def test_one_wrong_character_shows_in_an_earlier_one(reference: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(len(reference) - 6, len(reference) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(reference[at], "")))
    assert not is_reference(reference[:at] + wrong + reference[at + 1 :])


@pytest.mark.parametrize("typed", ["lek-{}", "LEK {}", " lek{} ", "Lek–{}.", "ＬＥＫ－{}"])
def test_however_it_is_typed(typed: str) -> None:
    for reference in ("LEK-20261119-0002M", numbered("LEK", DAY, 7), f"LEK-{new_code(5)}"):
        if reference and is_reference(reference):
            text = typed.format(reference[4:].lower().replace("-", " "))
            assert normalised(text) == reference
            assert is_reference(text)


@pytest.mark.parametrize("text", ["", "LEK", "LEK-", "tomorrow at ten", "hello", "LEK-OOOOOO", "LEK-1ILO00"])
def test_other_words_are_none(text: str) -> None:
    assert not is_reference(text)


def test_the_code_alone_is_none() -> None:
    assert not is_reference(new_code(5))


@pytest.mark.parametrize("prefix", ["", "L", "lek", "LEK-", "LEKKILAGOS"])
def test_a_prefix_that_cannot_be_read_back_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        numbered(prefix, DAY, 1)


@pytest.mark.parametrize("number", [0, -1, 100_000])
def test_a_number_that_cannot_be_read_back_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="on one day"):
        numbered("LEK", DAY, number)
