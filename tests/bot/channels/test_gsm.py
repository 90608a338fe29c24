import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.gsm import gsm_friendly, is_gsm


@pytest.mark.parametrize(
    ("text", "friendly"),
    [
        ("Your table’s ready – “9 am”…", 'Your table\'s ready - "9 am"...'),
        ("You owe ₦5,000.", "You owe NGN 5,000."),
        ("₦\u00a05,000 or €4", "NGN 5,000 or €4"),
        ("10:00\u202fAM", "10:00 AM"),
        ("Café Zürich, 50% [now]", "Café Zürich, 50% [now]"),
        ("• one\n• two", "- one\n- two"),
    ],
)
def test_look_alikes_and_codes_keep_an_sms_cheap(text: str, friendly: str) -> None:
    assert gsm_friendly(text) == friendly
    assert is_gsm(friendly)


@pytest.mark.parametrize("text", ["Ẹ kú àárọ̀ – ₦5,000", "It’s here 🌸 ₦5,000", "你好…"])
def test_a_text_that_is_dear_anyway_stays_as_it_was_written(text: str) -> None:
    assert gsm_friendly(text) == text


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = gsm_friendly(text)
    assert gsm_friendly(once) == once
    assert is_gsm(once) or once == text
