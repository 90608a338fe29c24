import pytest

from bot.channels.sender import CollectingSender, Outgoing, Sender
from models.base import Channel
from models.errors import SendRefused
from models.messaging.tables import MessageStatus

HELLO = Outgoing(Channel.SMS, "+15005550001", "+15005550006", "hello")
OTHER = Outgoing(Channel.SMS, "+15005550001", "+15005550007", "hello")


async def test_it_collects_and_names_each_message_once() -> None:
    """Stored SIDs are unique: a twin that counted from one would clash with its own last run."""
    collecting = CollectingSender()
    sender: Sender = collecting
    first, second = await sender.send(HELLO), await sender.send(HELLO)
    assert first.provider_id != second.provider_id
    assert first.status is MessageStatus.QUEUED
    assert collecting.sent == [HELLO, HELLO]
    await sender.aclose()


async def test_it_refuses_what_it_is_told_to() -> None:
    opted_out = SendRefused("21610", 400, "opted out", retry=False)
    sender = CollectingSender(lambda message: opted_out if message == OTHER else None)
    with pytest.raises(SendRefused) as caught:
        await sender.send(OTHER)
    await sender.send(HELLO)
    assert caught.value is opted_out
    assert sender.sent == [HELLO]
