import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.booking.references import is_reference, new_reference, normalised
from models.checked_code import ALPHABET

references = st.builds(new_reference, st.sampled_from(["LEK", "KC", "SHOP24"]))


def test_looks_like_this() -> None:
    prefix, code = new_reference("LEK").split("-")
    assert prefix == "LEK"
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)


@given(references)
def test_a_new_reference_is_one(reference: str) -> None:
    assert is_reference(reference)
    assert normalised(reference) == reference


@given(references, st.data())
def test_one_wrong_character_shows(reference: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(len(reference) - 6, len(reference) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(reference[at], "")))
    assert not is_reference(reference[:at] + wrong + reference[at + 1 :])


@given(references, st.data())
def test_two_swapped_characters_show(reference: str, data: st.DataObject) -> None:
    places = st.integers(len(reference) - 6, len(reference) - 1)
    one, other = data.draw(st.tuples(places, places).filter(lambda two: reference[two[0]] != reference[two[1]]))
    swapped = list(reference)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert not is_reference("".join(swapped))


@pytest.mark.parametrize("typed", ["lek-{}", "LEK {}", " lek{} ", "Lek–{}.", "ＬＥＫ－{}"])
def test_however_it_is_typed(typed: str) -> None:
    reference = new_reference("LEK")
    text = typed.format(reference[4:].lower())
    assert normalised(text) == reference
    assert is_reference(text)


@pytest.mark.parametrize("text", ["", "LEK", "LEK-", "tomorrow at ten", "hello", "LEK-OOOOOO", "LEK-1ILO00"])
def test_other_words_are_none(text: str) -> None:
    assert not is_reference(text)


def test_the_code_alone_is_none() -> None:
    assert not is_reference(new_reference("LEK")[4:])


@pytest.mark.parametrize("prefix", ["", "L", "lek", "LEK-", "LEKKILAGOS"])
def test_a_prefix_that_cannot_be_read_back_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        new_reference(prefix)
