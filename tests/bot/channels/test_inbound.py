import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.inbound import Inbound, Media, cleaned
from models.base import Channel

texts = st.text(max_size=40)
inbounds = st.builds(
    Inbound,
    channel=st.sampled_from(Channel),
    line=texts,
    sender=texts,
    text=texts,
    provider_id=texts,
    choice_id=st.none() | texts,
    name=st.none() | texts,
    media=st.lists(st.builds(Media, texts, texts), max_size=3).map(tuple),
    account=st.none() | texts,
    kind=st.sampled_from(["message", "call"]),
)


@given(inbounds)
def test_it_comes_back_as_it_was_kept(inbound: Inbound) -> None:
    back = Inbound.from_bytes(inbound.to_bytes())
    assert back == inbound
    assert isinstance(back.channel, Channel)


def test_a_payload_without_the_optional_fields_is_read() -> None:
    """A payload kept by an older program must open after an upgrade."""
    kept = b'{"channel":"sms","line":"+1","sender":"+2","text":"hi","provider_id":"SM1","media":[]}'
    assert Inbound.from_bytes(kept) == Inbound(Channel.SMS, "+1", "+2", "hi", "SM1")


@pytest.mark.parametrize("payload", [b"", b"nonsense", b"[]", b"{}", b'{"channel":"fax","media":[]}'])
def test_anything_else_is_refused(payload: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Inbound.from_bytes(payload)


def test_what_was_said_and_by_whom_stays_out_of_logs() -> None:
    shown = repr(Inbound(Channel.SMS, "+1", "+2", "my PIN is 482913", "SM1", name="Ada Obi"))
    assert "482913" not in shown
    assert "Ada" not in shown


@given(st.text(st.characters(codec=None) | st.sampled_from("\x00\ud83d\udc00")))
def test_a_cleaned_text_can_be_stored(text: str) -> None:
    stored = cleaned(text)
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert "\x00" not in stored
    assert cleaned("caf\u00e9 \U0001f44b\n") == "caf\u00e9 \U0001f44b\n"
