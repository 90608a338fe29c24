import pytest

from flows.senses.wording import LIMIT, fold, tidy
from prompts.words import words


def test_the_lists_of_a_language_are_read_once() -> None:
    assert words("en", "senses")["numbers"]["units"]["seven"] == 7
    assert words("en", "senses") is words("en", "senses")


def test_a_language_without_lists_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        words("xx", "senses")


def test_one_spelling_for_what_looks_alike() -> None:
    assert tidy(" It’s\u00a05 –\u202f６ \u200b") == "It's 5 - 6"
    assert fold("👍🏿 OK") == "👍 ok"


def test_a_sense_reads_no_book() -> None:
    assert len(tidy("a" * 10 * LIMIT)) == LIMIT
