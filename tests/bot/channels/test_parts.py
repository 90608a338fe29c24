from hypothesis import given
from hypothesis import strategies as st

from bot.channels.parts import split


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


short_words = st.text(st.sampled_from("abcé你🌸"), min_size=1, max_size=4)
prose = st.lists(st.tuples(short_words, st.sampled_from([" ", "\n", "  ", "\n\n"]))).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@given(prose, st.integers(8, 30))
def test_words_stay_whole_and_in_order(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert " ".join(parts).split() == text.split()


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.integers(2, 12))
def test_every_part_fits_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_short_text_is_one_part_and_a_blank_one_none() -> None:
    assert split(" hello \n", 10) == ["hello"]
    assert split(" \n ", 10) == []


def test_the_end_of_a_line_goes_before_the_end_of_a_word() -> None:
    assert split("pick one\n1. Wash\n2. Iron", 18) == ["pick one\n1. Wash", "2. Iron"]


def test_an_early_end_of_a_line_leaves_no_stub() -> None:
    assert split("Hi\nthere you are again", 12) == ["Hi\nthere you", "are again"]


def test_what_is_shown_as_one_character_is_not_torn() -> None:
    wave, family = "\U0001f44b\U0001f3fe", "\U0001f469\u200d\U0001f467"
    assert split(f"aa{wave}{wave}", 8) == [f"aa{wave}", wave]
    assert split(f"aaaa{family}", 8) == ["aaaa", family]
    assert split("aaae\u0301", 4) == ["aaa", "e\u0301"]
