import asyncio
import logging
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import unused_port

from bot.channels.sender import Outgoing, Sender, Sent
from bot.channels.twilio_sender import OPTED_OUT, TwilioSender
from models.base import Channel
from models.errors import SendRefused
from models.messaging.tables import MessageStatus
from tests.bot.channels.twilio_api import CREATED, TwilioApi

MESSAGE = Outgoing(Channel.SMS, "+15005550001", "+15005550006", "Your code is ABC-DEFG 🌸")
PROMPTLY = 30.0


@pytest.fixture
async def api() -> AsyncIterator[TwilioApi]:
    async with TwilioApi.running() as running:
        yield running


@pytest.fixture
async def sender(api: TwilioApi) -> AsyncIterator[Sender]:
    made = TwilioSender("AC1", "secret", api_base_url=api.url, timeout=PROMPTLY)
    yield made
    await made.aclose()


async def refusal(sender: Sender, message: Outgoing = MESSAGE) -> SendRefused:
    with pytest.raises(SendRefused) as caught:
        await sender.send(message)
    return caught.value


def judged(refused: SendRefused) -> tuple[str | None, int | None, bool, bool]:
    return refused.code, refused.status, refused.retry, refused.uncertain


def error(code: int, message: str = "no") -> dict[str, Any]:
    return {"code": code, "message": message, "more_info": "https://example.com", "status": 400}


async def test_a_message_is_created(api: TwilioApi, sender: Sender) -> None:
    assert await sender.send(MESSAGE) == Sent("SM1", MessageStatus.QUEUED)
    ((path, authorization, form),) = api.requests
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert authorization == "Basic " + b64encode(b"AC1:secret").decode()
    assert dict(form) == {"To": "+15005550006", "From": "+15005550001", "Body": "Your code is ABC-DEFG 🌸"}


async def test_a_whatsapp_message_with_a_picture_and_a_callback(api: TwilioApi, sender: Sender) -> None:
    callback, picture = "https://example.com/status?m=1", "https://example.com/a.png"
    await sender.send(Outgoing(Channel.WHATSAPP, "+1415", "+2348", "", picture, callback))
    assert dict(api.requests[0][2]) == {
        "To": "whatsapp:+2348",
        "From": "whatsapp:+1415",
        "MediaUrl": picture,
        "StatusCallback": callback,
    }


@pytest.mark.parametrize(
    ("word", "status"),
    [("accepted", MessageStatus.QUEUED), ("sent", MessageStatus.SENT), ("new", MessageStatus.QUEUED)],
)
async def test_the_first_status_is_the_answers(
    api: TwilioApi, sender: Sender, word: str, status: MessageStatus
) -> None:
    api.answer = (201, {**CREATED, "status": word}, {})
    assert (await sender.send(MESSAGE)).status is status


async def test_a_recipient_who_opted_out_is_final(api: TwilioApi, sender: Sender) -> None:
    api.answer = (400, error(21610, "Attempt to send to unsubscribed recipient"), {})
    refused = await refusal(sender)
    assert judged(refused) == (OPTED_OUT, 400, False, False)
    assert "unsubscribed" in str(refused)


async def test_too_many_calls_may_be_tried_again_when_twilio_says(api: TwilioApi, sender: Sender) -> None:
    api.answer = (429, error(20429), {"Retry-After": "7"})
    refused = await refusal(sender)
    assert judged(refused) == ("20429", 429, True, False)
    assert refused.after == 7
    api.answer = (429, error(20429), {"Retry-After": "Wed, 18 Nov 2026 11:00:00 GMT"})
    assert (await refusal(sender)).after is None


async def test_the_wait_of_one_answer_is_not_anothers(api: TwilioApi, sender: Sender) -> None:
    api.answer = (429, error(20429), {"Retry-After": "7"})
    await refusal(sender)
    api.answer = (429, error(20429), {})
    assert (await refusal(sender)).after is None


@pytest.mark.parametrize(
    ("status", "code", "retry"),
    [(400, 21611, True), (401, 20003, True), (404, 20404, False), (400, 21211, False)],
)
async def test_what_passes_with_time_is_tried_again(
    api: TwilioApi, sender: Sender, status: int, code: int, *, retry: bool
) -> None:
    api.answer = (status, error(code), {})
    assert judged(await refusal(sender)) == (str(code), status, retry, False)


async def test_a_fault_of_the_server_leaves_it_open(api: TwilioApi, sender: Sender) -> None:
    """The SDK's own retries would have sent the message three times."""
    api.answer = (500, "<html>oops</html>", {})
    assert judged(await refusal(sender)) == ("500", 500, True, True)
    assert len(api.requests) == 1


async def test_an_error_in_the_newer_form_is_read(api: TwilioApi, sender: Sender) -> None:
    problem = {"type": "about:blank", "title": "Bad", "status": 400, "code": 21211, "detail": "Bad To"}
    api.answer = (400, problem, {})
    refused = await refusal(sender)
    assert judged(refused) == ("21211", 400, False, False)
    assert str(refused) == "Bad To"


@pytest.mark.parametrize("body", ["not JSON", "", {"status": "queued"}])
async def test_an_answer_that_makes_no_sense_leaves_it_open(
    api: TwilioApi, sender: Sender, body: str | dict[str, str]
) -> None:
    api.answer = (201, body, {})
    assert judged(await refusal(sender)) == (None, None, True, True)


async def test_no_answer_in_time_leaves_it_open(api: TwilioApi) -> None:
    """The SDK ignores its own time-out: one hanging call would hold its place for ever."""
    api.hangs = True
    impatient = TwilioSender("AC1", "secret", api_base_url=api.url, timeout=0.05)
    assert judged(await refusal(impatient)) == (None, None, True, True)
    await impatient.aclose()


async def test_without_a_connection_it_was_certainly_not_sent() -> None:
    nobody = f"http://127.0.0.1:{unused_port()}"
    nowhere = TwilioSender("AC1", "secret", api_base_url=nobody, timeout=PROMPTLY)
    assert judged(await refusal(nowhere)) == (None, None, True, False)
    await nowhere.aclose()


async def test_only_so_many_calls_are_under_way(api: TwilioApi) -> None:
    """Twilio answers the ones above its limit with 20429."""
    sender = TwilioSender("AC1", "secret", api_base_url=api.url, timeout=PROMPTLY, concurrency=3)
    await asyncio.gather(*(sender.send(MESSAGE) for _ in range(12)))
    await sender.aclose()
    assert len(api.requests) == 12
    assert api.most_under_way <= 3


async def test_neither_the_words_nor_the_account_are_logged(
    api: TwilioApi, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await sender.send(MESSAGE)
    api.answer = (400, error(21610), {})
    await refusal(sender)
    assert not any("AC1" in line or "ABC-DEFG" in line for line in caplog.messages)
    assert "ABC-DEFG" not in repr(MESSAGE)


async def test_closing_what_never_sent_is_fine() -> None:
    unused = TwilioSender("AC1", "secret")
    await unused.aclose()
    await unused.aclose()
