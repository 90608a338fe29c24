from flows.senses import text
from flows.senses.texts import LONGEST
from tests.flows.senses.situations import LAGOS


def test_a_text_is_kept_as_it_was_written() -> None:
    assert text.hear("  Lovely!\nThank you 🙂 ", LAGOS) == "Lovely!\nThank you 🙂"


def test_a_text_has_an_end() -> None:
    assert text.hear("x" * LONGEST, LAGOS) == "x" * LONGEST
    assert text.hear("x" * (LONGEST + 1), LAGOS) is None


def test_no_text_is_an_answer_given_early() -> None:
    assert text.spot("Lovely!", LAGOS) is None
