from collections import Counter

import pytest

from flows.senses.lexicon import Lexicon
from flows.senses.wording import WORDS, fold


@pytest.mark.parametrize("grammar", ["when", "yes_or_no"])
def test_each_spelling_stands_for_one_symbol(grammar: str) -> None:
    """A second list silently wins over the first: "latest" once was both a bound and a polite word."""
    lists = WORDS[grammar]
    spellings = Counter(lists["plain"])
    spellings.update(spelling for symbol in lists["symbols"].values() for spelling in symbol)

    assert len(spellings) > 100
    assert [spelling for spelling, times in spellings.items() if times > 1] == []
    assert [spelling for spelling in spellings if spelling != fold(spelling)] == []


def test_words_become_symbols_and_the_rest_stays() -> None:
    lexicon = Lexicon({"DAY": ["tomorrow"], "MO2": ["feb"], "FINE": ["ok", "👍"]}, plain=["ok corral"])

    assert lexicon.read("see you tomorow") == "see you DAY"
    assert lexicon.read("feb13") == "MO2 13"
    assert lexicon.read("👍👍").split() == ["FINE", "FINE"]
    assert lexicon.read("ok corral") == "ok_corral"


def test_a_plural_is_another_word() -> None:
    assert Lexicon({"WD7": ["sunday"]}).read("open on sundays") == "open on sundays"
