"""Redemption codes: readable, mistakes show, nothing rude."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checked_code import ALPHABET
from models.loyalty.codes import is_well_formed, new_code, normalised, printed

codes = st.builds(new_code)


@given(codes)
def test_a_code_is_read_as_it_was_printed(code: str) -> None:
    """Alphabet without look-alikes, six at random and a check, printed ABC-DEFG."""
    assert set(code) <= set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
    assert re.fullmatch(r"\w{3}-\w{4}", printed(code))
    for typed in (code, printed(code), printed(code).lower(), f"  {code[:2]} {code[2:]}. "):
        assert normalised(typed) == code
    assert is_well_formed(code)


@given(codes)
def test_every_slip_of_one_character_or_one_swap_shows(code: str) -> None:
    """Every single-character change or swap of two is rejected."""
    wrong = {code[:i] + other + code[i + 1 :] for i in range(7) for other in ALPHABET}
    swapped = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(6)}
    assert not any(is_well_formed(other) for other in (wrong | swapped) - {code})


@pytest.mark.parametrize("text", ["", "ABC-DEF", "ABCD-EFGH", "ABC-DEF0", "ABC-DEFI", "my code please", "ÄBC-DEFG"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert normalised(text) is None


def test_codes_do_not_repeat_or_swear() -> None:
    made = [new_code() for _ in range(3_000)]
    assert len(set(made)) > 2_990
    read = [code.translate(str.maketrans("2345678", "ZEASGTB")) for code in made]
    assert not any(word in text for text in (*made, *read) for word in ("FUK", "SEX", "ASS", "CUNT", "KKK"))
