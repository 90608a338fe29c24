"""Replies become words: what a caller hears, and what a reader reads."""

import pytest

from bot.speaking import speak
from flows.reply import Reply
from models.base import Channel
from prompts import Money, say

WHEN = {"service": "Rugs", "when": "Friday", "reference": "R-1", "business": "Dirt Free", "price": Money(15000, "USD")}


@pytest.mark.parametrize("happened", ["payment", "approval_and_payment"])
def test_a_caller_hears_what_is_written_for_the_ear(happened: str) -> None:
    """Whatever stands in the key: a state, and what happened, of several words."""
    reply = Reply(f"booking-pending.{happened}", {**WHEN, "meeting": "", "calendar": ""})
    heard, read = (speak([reply], "en_US", channel).text for channel in (Channel.VOICE, Channel.SMS))
    assert heard == say(f"booking-pending-{happened.replace('_', '-')}-voice", WHEN, "en_US")
    assert heard != read
