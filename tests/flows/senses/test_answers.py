from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reply import Choice
from flows.senses import yes_or_no
from flows.senses.wording import WORDS
from tests.flows.senses.situations import LAGOS

YES_WORDS = sorted(WORDS["yes_or_no"]["symbols"]["YES"])
NO_WORDS = sorted(WORDS["yes_or_no"]["symbols"]["NO"])


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "yh",
        "Yep!",
        "sure",
        "ok",
        "k",
        "go ahead",
        "why not",
        "👍",
        "👍🏿",
        "yesss",
        "okkkk",
        "no problem",
        "no wahala",
        "of course",
        "that's right",
        "sounds good to me",
        "book it",
        "book the wash please",
        "I don't mind",
        "not bad",
        "you're not wrong",
        "i guess so",
        "yes, what time do you open?",
        "yes... I said no sugar",
        "definately",
        "I do",
        "Oya",
        "that would be lovely, thanks",
        "I'm fine with that",
    ],
)
def test_yes_in_peoples_words(said: str) -> None:
    assert yes_or_no.hear(said, LAGOS) is True


@pytest.mark.parametrize(
    "said",
    [
        "no",
        "nah",
        "Nope.",
        "nooo",
        "not really",
        "no thanks",
        "don't",
        "not ok",
        "I don't agree",
        "ok, no thanks",
        "n",
        "no, it's fine",
        "👎",
        "never mind",
        "not today",
        "absolutely not",
        "that's wrong",
        "I'd love to but no",
        "I'm good",
        "please don't",
        "that is not what I said",
        "nothing else",
        "I don't think that is right",
        "no o",
        "I can't agree",
    ],
)
def test_no_in_peoples_words(said: str) -> None:
    assert yes_or_no.hear(said, LAGOS) is False


@pytest.mark.parametrize(
    "said",
    [
        "maybe",
        "not sure",
        "I don't know",
        "hello",
        "good morning",
        "thanks",
        "yes but can we do 4?",
        "is that ok?",
        "can you do tomorrow",
        "yeah no",
        "no wait yes",
        "make it 4pm",
        "book a wash",
        "night",
        "what is the right size?",
        "tomorrow at 3",
        "yes, not today",
    ],
)
def test_what_is_neither(said: str) -> None:
    assert yes_or_no.hear(said, LAGOS) is None


@given(st.sampled_from(NO_WORDS), st.sampled_from(["", ", ok", ". Great", ", thanks", " please", ", it's fine", "!!"]))
@settings(deadline=None)
def test_no_is_never_read_as_yes(no: str, after: str) -> None:
    assert yes_or_no.hear(no + after, LAGOS) is not True


@given(st.sampled_from(YES_WORDS), st.sampled_from(["not ", "i don't ", "that's not ", "NOT "]))
@settings(deadline=None)
def test_a_negated_yes_is_never_yes(yes: str, negation: str) -> None:
    assert yes_or_no.hear(negation + yes, LAGOS) is not True


@given(st.sampled_from(NO_WORDS), st.sampled_from(YES_WORDS), st.sampled_from([" ", ", ", ". ", " - "]))
@settings(deadline=None)
def test_yes_beside_no_is_never_yes(no: str, yes: str, gap: str) -> None:
    assert yes_or_no.hear(f"{yes}{gap}{no}", LAGOS) is not True
    assert yes_or_no.hear(f"{no}{gap}{yes}", LAGOS) is not True


def test_a_tap_or_a_number_of_the_choices_offered_is_an_answer() -> None:
    offered = replace(LAGOS, choices=(Choice("yes", "Yes, book it"), Choice("no", "No, another day")))
    assert yes_or_no.hear("yes", offered) is True
    assert yes_or_no.hear("1", offered) is True
    assert yes_or_no.hear("2.", offered) is False
    assert yes_or_no.hear("3", offered) is None


def test_only_what_opens_a_message_is_spotted() -> None:
    assert yes_or_no.spot("Yes, and can I add a second rug?", LAGOS) is True
    assert yes_or_no.spot("no, move it to friday", LAGOS) is False
    assert yes_or_no.spot("I can't find my points", LAGOS) is None
    assert yes_or_no.spot("no sugar in mine", LAGOS) is None
    assert yes_or_no.spot("ok so how much is it", LAGOS) is None
