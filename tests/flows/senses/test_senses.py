import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import senses
from flows.reply import Choice
from flows.senses import Sense
from flows.senses.wording import LIMIT
from tests.flows.senses.situations import LAGOS, NEW_YORK

SENSES: list[Sense[object]] = [value for name in senses.__all__ if isinstance(value := getattr(senses, name), Sense)]
WORDS = st.sampled_from(
    [
        "tomorrow", "friday", "next", "in", "3", "half", "past", "5", "pm", "at", "12/11", "the", "31st", "2nd",
        "may", "on", "₦5,000", "5k", "$", "20", "naira", "and", "yes", "no", "not", "ok", "but", "?", ",", ".", "-",
        "0803", "+1", "double", "oh", "hundred", "thousand", "million", "week", "1/0", "99999999999", "<D0>", "<C1>",
        "º", "T1200", "MO13",
    ]
)  # fmt: skip


def test_there_is_one_sense_for_each_name() -> None:
    assert len(SENSES) == 29
    assert all(getattr(senses, sense.name) is sense for sense in SENSES)
    assert sorted(senses.__all__) == senses.__all__


@pytest.mark.parametrize("sense", SENSES, ids=lambda sense: sense.name)
@given(text=st.text(max_size=60) | st.lists(WORDS, max_size=12).map(" ".join))
@settings(deadline=None, max_examples=120)
def test_no_text_raises(sense: Sense[object], text: str) -> None:
    offered = [Choice("a", "Wash"), Choice("b", "Wash and fold", ("laundry",)), Choice("c", "Thu 19 Nov 15:30")]
    for setting in (LAGOS, NEW_YORK, senses.Setting(LAGOS.now, LAGOS.zone, "GB", "GBP", choices=offered)):
        sense.hear(text, setting)
        sense.spot(text, setting)


@pytest.mark.parametrize("sense", SENSES, ids=lambda sense: sense.name)
@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b", "?"])
def test_nothing_said_is_no_answer(sense: Sense[object], text: str) -> None:
    assert sense.spot(text, LAGOS) is None
    if sense is not senses.text:
        assert sense.hear(text, LAGOS) is None


@pytest.mark.parametrize("sense", SENSES, ids=lambda sense: sense.name)
def test_a_long_row_of_polite_words_ends(sense: Sense[object]) -> None:
    """Read without possessive patterns, "i want" also as "i" and "want", this took longer than the universe has."""
    for text in (
        "i want " * LIMIT + "!",
        "at at on the " * LIMIT + "x",
        "<D0> AT " * LIMIT,
        "1 " * LIMIT,
        "a.b" * LIMIT,
    ):
        sense.hear(text, LAGOS)
        sense.spot(text, LAGOS)


def test_answers_given_early_are_found_together() -> None:
    said = "hi, book me a wash tomorrow at 3 for 2 loads, my name is ada obi and call me on 0803 123 4567"
    heard = {sense.name: found for sense in SENSES if (found := sense.spot(said, LAGOS)) is not None}

    assert set(heard) == {"day", "birthday", "clock", "stretch", "count", "party", "name", "phone"}
    assert (heard["count"], heard["name"], heard["phone"]) == (2, "Ada Obi", "+2348031234567")
