import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.speech import speakable, spelled


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Your code is ABC-DEFG.", "Your code is A B C, D E F G."),
        ("Your code is 593-RCXJ.", "Your code is 5 9 3, R C X J."),
        ("Your code is 9AM-RCXJ.", "Your code is 9 A M, R C X J."),
        ("Your code is 234-5678.", "Your code is 2 3 4, 5 6 7 8."),
        ("Reference K7QX2M, please.", "Reference K 7 Q X 2 M, please."),
        ("Call +2348012345678.", "Call 2 3 4 8 0 1 2 3 4 5 6 7 8."),
        ("The code 482913 is good for 15 minutes.", "The code 4 8 2 9 1 3 is good for 15 minutes."),
        ("Hello 👋🏾 and welcome! 🌸", "Hello and welcome!"),
        ("Press 1️⃣ for *coffee*", "Press 1 for coffee"),
        ("See https://example.com/a?b=1. Thanks", "See. Thanks"),
        ("Write to us at wa.me/2348012345678!", "Write to us at!"),
        ("Your points\nWash: 3\n\nThank you.", "Your points. Wash: 3. Thank you."),
        ("• one\n• two", "one. two"),
        ("  two   spaces ", "two spaces"),
    ],
)
def test_a_voice_can_read_it(text: str, spoken: str) -> None:
    assert speakable(text) == spoken


@pytest.mark.parametrize(
    "text",
    [
        "It costs ₦5,000 or NGN5,000, that is 1,250,000 kobo.",
        "Between 10-15 minutes, at 10AM or 10:30 on 18 November 2026.",
        "Open 9AM-5PM, from 2026-11-18, for 200-1500 points.",
        "Rated 4.5/5 and/or better. Say STOP or CANCEL.",
        "It is 30°C (really) in the shop.",
        "The total is 123456.50 dollars.",
    ],
)
def test_amounts_times_and_words_are_left_to_the_voice(text: str) -> None:
    assert speakable(text) == text


def test_a_code_of_letters_alone_is_spelled_when_asked() -> None:
    assert spelled("KWPXRT") == "K W P X R T"
    assert speakable(f"It is {spelled('KWPXRT')}.") == "It is K W P X R T."


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("AB2-9 .\n,🌸"), max_size=60))
def test_what_was_made_speakable_stays_as_it_is(text: str) -> None:
    """The words of a call may pass here twice, once with their codes already spelled."""
    once = speakable(text)
    assert speakable(once) == once
    assert "\n" not in once
