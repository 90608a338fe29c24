"""What stands at the door: nobody but the provider comes in, and nothing that it brings breaks anything."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import asyncpg
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import web_app
from bot.channels.twilio_signature import signature
from bot.webhooks.door import LARGEST_BODY
from tests.bot.town import ACCOUNT, PUBLIC, TOKEN, Shop, Town

CHIOMA = "+2348031234567"
MESSAGES = "/webhooks/twilio/messages"
DOORS = (
    MESSAGES,
    "/webhooks/twilio/status",
    "/webhooks/twilio/voice",
    "/webhooks/twilio/voice/turn?turn=1&silences=0",
    "/webhooks/twilio/voice/status",
)


async def rows_of(cafe: Shop) -> list[int]:
    """How many events, people and calls the business has."""
    (row,) = await cafe.rows(
        "SELECT (SELECT count(*) FROM inbound_events) AS events, (SELECT count(*) FROM customers) AS people,"
        " (SELECT count(*) FROM calls) AS calls"
    )
    return list(row)


def whole_form(cafe: Shop) -> dict[str, str]:
    """Fields enough for every door."""
    form = cafe.town.form(CHIOMA, cafe.number, "points", "sms")
    return {**form, "CallSid": cafe.town.sid("CA"), "CallStatus": "completed", "MessageStatus": "sent"}


async def test_nobody_else_comes_in(cafe: Shop) -> None:
    """A forged message could log purchases, and a forged status hide that nothing was delivered."""
    for path in DOORS:
        form = whole_form(cafe)
        genuine = signature(PUBLIC + path, form.items(), TOKEN)
        forged = {
            "none": None,
            "empty": "",
            "garbled": genuine.swapcase(),
            "not even latin": "подпись",
            "another token's": signature(PUBLIC + path, form.items(), "54321"),
            "another host's": signature("https://elsewhere.example" + path, form.items(), TOKEN),
            "another path's": signature(PUBLIC + "/webhooks", form.items(), TOKEN),
            "another text's": signature(PUBLIC + path, [*form.items(), ("Body", "redeem")], TOKEN),
            "an empty token's": signature(PUBLIC + path, form.items(), ""),
        }
        for name, signed in forged.items():
            headers = {} if signed is None else {"X-Twilio-Signature": signed}
            response = await cafe.town.client.post(path, data=form, headers=headers)
            assert response.status == 403, f"{path} lets in the signature: {name}"
    assert await rows_of(cafe) == [0, 0, 0]


async def test_another_account_stays_outside(cafe: Shop) -> None:
    """Shared keys sign for several accounts: the signature alone does not tell whose message it is."""
    for path in DOORS:
        assert (await cafe.town.post(path, {**whole_form(cafe), "AccountSid": "AC" + "1" * 32})).status == 403
    assert await rows_of(cafe) == [0, 0, 0]


LACKING: Sequence[tuple[str, Mapping[str, str]]] = (
    (MESSAGES, {"From": ""}),
    (MESSAGES, {"To": ""}),
    (MESSAGES, {"MessageSid": "", "SmsSid": "", "SmsMessageSid": ""}),
    (MESSAGES, {"From": "Lekki Bank"}),
    (MESSAGES, {"To": "whatsapp:"}),
    ("/webhooks/twilio/voice", {"CallSid": ""}),
    ("/webhooks/twilio/voice", {"To": ""}),
    ("/webhooks/twilio/voice/turn", {}),
    ("/webhooks/twilio/voice/turn?turn=1&silences=x", {}),
    ("/webhooks/twilio/voice/turn?turn=-1&silences=0", {}),
    ("/webhooks/twilio/voice/status", {"CallStatus": "gone"}),
    ("/webhooks/twilio/status", {"MessageSid": "", "SmsSid": "", "SmsMessageSid": ""}),
    ("/webhooks/twilio/status?message=nonsense", {}),
    ("/webhooks/twilio/status?message=nonsense.either", {"MessageStatus": ""}),
)


async def test_a_form_that_lacks_something_is_refused(cafe: Shop) -> None:
    for path, lacks in LACKING:
        response = await cafe.town.post(path, {**whole_form(cafe), **lacks})
        assert response.status == 400, f"{path} takes a form with {lacks}"
    assert await rows_of(cafe) == [0, 0, 0]


async def test_a_number_that_is_nobodys_is_not_found(cafe: Shop) -> None:
    nobodys = {"To": "+14155559999"}
    for path in (MESSAGES, "/webhooks/twilio/voice", "/webhooks/twilio/voice/status"):
        assert (await cafe.town.post(path, {**whole_form(cafe), **nobodys})).status == 404
    assert await rows_of(cafe) == [0, 0, 0]


async def test_a_body_has_its_limit(cafe: Shop) -> None:
    form = cafe.town.form(CHIOMA, cafe.number, "x" * LARGEST_BODY, "sms")
    assert (await cafe.town.post(MESSAGES, form)).status == 413
    assert await rows_of(cafe) == [0, 0, 0]


async def test_webhooks_are_posted(cafe: Shop) -> None:
    for path in DOORS:
        assert (await cafe.town.client.get(path)).status == 405


ODD = {
    "the longest": "word " * 819 + "4096!",
    "one long word": "x" * 4096,
    "nul": "hi\x00there",
    "only nul": "\x00",
    "right to left": "مرحبا، كم نقطة لدي؟",
    "emoji": "👍🏽👨‍👩‍👧‍👦",
    "empty": "",
    "blank": " \n\t\u200b ",
    "line breaks": "hi\r\n\r\nthere",
    "half markup": "<b>points</b> & {lines} %s $$ \\",
    "half sentence": "{ $points ->",
    "control characters": "\x01\x02\x1b[31m",
    "many digits": "9" * 400,
    "many marks": "?" * 400,
    "combining": "e" + "\u0301" * 300,
    "full width": "ＰＯＩＮＴＳ",
}


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_whatever_is_written_is_answered(cafe: Shop, channel: str) -> None:
    """What raises in a turn would be tried again for ever, and hold up all that the person writes after it."""
    for place, (name, said) in enumerate(ODD.items()):
        person = cafe.phone(f"+23480355512{place:02d}", channel)
        assert await person.says(said), f"{name} as the first message"
        assert await person.says("book")
        assert await person.says(said), f"{name} as an answer"
        assert await person.says("points")
    (row,) = await cafe.rows("SELECT count(*) AS open FROM inbound_events WHERE processed_at IS NULL OR attempts > 0")
    assert row.open == 0


async def test_what_cannot_be_decoded_is_answered(cafe: Shop) -> None:
    """A lone surrogate, and bytes that are no UTF-8, as they come over the wire."""
    form = cafe.town.form(CHIOMA, cafe.number, "", "sms")
    for body, decoded in (("%ED%A0%80+hi", "\ufffd\ufffd\ufffd hi"), ("%FF%FE", "\ufffd\ufffd")):
        form = {**form, "MessageSid": cafe.town.sid(), "Body": decoded}
        raw = urlencode({name: value for name, value in form.items() if name != "Body"}) + f"&Body={body}"
        headers = {
            "X-Twilio-Signature": signature(PUBLIC + MESSAGES, form.items(), TOKEN),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        assert (await cafe.town.client.post(MESSAGES, data=raw, headers=headers)).status == 204
    await cafe.settle()
    assert len(cafe.phone(CHIOMA).received()) == 2


NO_FORMS = (
    ("multipart/form-data; boundary=b", b"--b\r\n\r\n"),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="Body"\r\n\r\nhi\r\n--b--'),
    ("application/x-www-form-urlencoded", b"Body=\xff\xfe"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"Body=hi!"),
    ("application/x-www-form-urlencoded; charset=klingon", b"Body=hi"),
    ("application/json", b"{}"),
    ("text/plain", b"hi"),
)


async def test_a_body_that_is_no_form_is_refused(cafe: Shop) -> None:
    """Anybody can send one: it must not end in an error of ours, nor be read in parts."""
    for path in DOORS:
        for kind, body in NO_FORMS:
            headers = {"X-Twilio-Signature": "x", "Content-Type": kind}
            response = await cafe.town.client.post(path, data=body, headers=headers)
            assert response.status in (400, 403, 415), f"{kind}: {body!r}"
    assert await rows_of(cafe) == [0, 0, 0]


async def test_a_picture_alone_is_answered(cafe: Shop) -> None:
    media = {"NumMedia": "1", "MediaUrl0": "https://media.example/1.jpg", "MediaContentType0": "image/jpeg"}
    assert await cafe.phone(CHIOMA).says("", **media)
    assert await cafe.phone(CHIOMA).says("", **{**media, "NumMedia": "many"})


async def test_a_shared_place_is_answered(cafe: Shop) -> None:
    place = {"Latitude": "6.4", "Longitude": "3.4", "Address": "14 Admiralty Way, Lagos", "Label": "Home"}
    assert await cafe.phone(CHIOMA).says("", **place)


async def test_the_process_is_alive_and_ready_and_counts(cafe: Shop) -> None:
    client = cafe.town.client
    assert (await (await client.get("/healthz")).json()) == {"status": "alive"}
    assert (await (await client.get("/readyz")).json()) == {"status": "ready"}
    await cafe.phone(CHIOMA).says("points")
    counted = await (await client.get("/metrics")).text()
    assert 'regulars_received_total{channel="whatsapp",receipt="received"}' in counted
    assert CHIOMA not in counted


@pytest.fixture
async def empty_dsn(dsn: str) -> AsyncIterator[str]:
    """The owner's way to a database without tables."""
    owner = await asyncpg.connect(dsn)
    name = f"regulars_empty_{os.getpid()}"
    await owner.execute(f'CREATE DATABASE "{name}"')
    head, _, query = dsn.partition("?")
    yield f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    await owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await owner.close()


async def test_it_is_not_ready_without_its_tables(town: Town, empty_dsn: str) -> None:
    answer = await readiness(town, empty_dsn)
    assert answer == (503, "not migrated")


async def test_it_is_not_ready_without_a_database(town: Town) -> None:
    answer = await readiness(town, "postgresql://nobody@127.0.0.1:1/nothing")
    assert answer == (503, "no database")


async def readiness(town: Town, dsn: str) -> tuple[int, str]:
    services = replace(town.services, dsn=dsn)
    app = web_app(services, tokens=[TOKEN], public_base_url=PUBLIC, account=ACCOUNT)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/readyz")
        assert (await client.get("/healthz")).status == 200
        return response.status, (await response.json())["status"]
