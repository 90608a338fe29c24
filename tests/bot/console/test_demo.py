"""The demo: everybody can be played from one page, over the same way as a real message."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import demo_app, wire
from bot.console.cast import Example, set_the_stage
from models.db import Database
from models.vault import Vault
from tests.bot.town import Clock
from tests.shops import EXAMPLES

AMAKA = "+2348030000001"


@pytest.fixture
async def page(dsn: str, database: Database, vault: Vault, now: datetime) -> AsyncIterator["Page"]:
    services = wire(dsn, database, vault, None, "http://demo.example", Clock(now))
    examples = await set_the_stage(database, vault, sorted(EXAMPLES.glob("*.toml")), now)
    app = demo_app(services, token="12345", public_base_url="http://demo.example", examples=examples)
    async with TestClient(TestServer(app)) as client:
        yield Page(client, examples)


class Page:
    """What the page in the browser does."""

    def __init__(self, client: Any, examples: list[Example]) -> None:
        self.client = client
        self.cafe = next(example for example in examples if example.code == "LEKKI")
        self.examples = examples

    async def post(self, path: str, **said: object) -> tuple[int, dict[str, Any]]:
        answer = await self.client.post(path, json=said)
        return answer.status, await answer.json()

    async def say(self, phone: str, text: str, channel: str = "whatsapp", **more: object) -> tuple[int, dict[str, Any]]:
        return await self.post(
            "/demo/say", business=self.cafe.slug, phone=phone, channel=channel, text=text, choice_id=None, **more
        )

    async def thread(self, phone: str, channel: str = "whatsapp") -> list[dict[str, Any]]:
        query = {"business": self.cafe.slug, "phone": phone, "channel": channel, "after": "0"}
        answer = await self.client.get("/demo/thread", params=query)
        shown = await answer.json()
        return list(shown["messages"])


async def test_the_page_and_its_files_are_served(page: Page) -> None:
    answer = await page.client.get("/")
    assert "script" in await answer.text()
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for file in ("chat.js", "chat.css"):
        assert (await page.client.get(f"/demo/static/{file}")).status == 200


async def test_every_business_has_staff_a_known_and_a_new_customer(page: Page) -> None:
    stage = await (await page.client.get("/demo/stage")).json()
    assert len(stage["businesses"]) == 4
    for business in stage["businesses"]:
        assert {person["role"] for person in business["people"]} == {"staff", "customer", "new"}


async def test_a_second_start_gives_the_known_customer_no_more(
    page: Page, database: Database, vault: Vault, now: datetime
) -> None:
    known = page.cafe.people[0]
    await page.say(known.phone, "points")
    assert "410 points" in (await page.thread(known.phone))[-1]["body"]
    await set_the_stage(database, vault, sorted(EXAMPLES.glob("*.toml")), now)
    await page.say(known.phone, "points")
    assert "410 points" in (await page.thread(known.phone))[-1]["body"]


async def test_what_is_said_comes_back_marked_as_shown_only(page: Page) -> None:
    phone = "+2348039000001"
    assert await page.say(phone, "hi") == (200, {"ok": True})
    heard, answered = (await page.thread(phone))[-2:]
    assert (heard["direction"], heard["body"]) == ("inbound", "hi")
    assert (answered["direction"], answered["status"]) == ("outbound", "demo")
    assert "Welcome" in answered["body"]


async def test_a_code_is_shown_to_its_customer_and_kept_sealed(page: Page) -> None:
    phone = "+2348039000002"
    await page.say(phone, "hi")
    await page.say(AMAKA, f"log {phone} 20000 482915")
    await page.say(phone, "redeem")
    await page.say(phone, "1")
    shown = (await page.thread(phone))[-1]["body"]
    assert "•" not in shown
    assert "Show this code" in shown


async def test_a_receipt_for_somebody_else_is_announced(page: Page) -> None:
    phone = "+2348039000003"
    await page.say(phone, "hi")
    before = await (await page.client.get("/demo/unread", params={"business": page.cafe.slug})).json()
    await page.say(AMAKA, f"log {phone} 5000 482915")
    after = await (await page.client.get("/demo/unread", params={"business": page.cafe.slug})).json()
    assert after[phone] > before[phone]


async def test_a_call_is_greeted_answered_and_ended(page: Page) -> None:
    phone = page.cafe.people[0].phone
    status, call = await page.post("/demo/call", business=page.cafe.slug, phone=phone, line="own")
    assert status == 200
    assert "Welcome to Lekki Coffee House" in call["say"][0]
    _, answer = await page.post(f"/demo/call/{call['call']}/say", digits="1")
    assert "points" in answer["say"][0]
    assert await page.post(f"/demo/call/{call['call']}/hangup") == (200, {"ok": True})
    status, ended = await page.post(f"/demo/call/{call['call']}/say", digits="1")
    assert (status, ended) == (404, {"error": "That call has ended."})


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"business": "nowhere", "phone": "+2348039000004", "channel": "sms", "text": "hi"}, 404),
        ({"business": "lekki-coffee-house", "phone": "+2348039000004", "channel": "pigeon", "text": "hi"}, 400),
        (
            {
                "business": "lekki-coffee-house",
                "phone": "+234803900005",
                "channel": "sms",
                "text": "hi",
                "line": "shared",
            },
            409,
        ),
    ],
)
async def test_what_cannot_be_said_is_refused_in_words(page: Page, said: dict[str, object], status: int) -> None:
    answered, told = await page.post("/demo/say", **said)
    assert answered == status
    assert told["error"].endswith(".")


async def test_whatever_is_suggested_is_understood(page: Page) -> None:
    for person in page.cafe.people:
        for words in person.tries:
            assert (await page.say(person.phone, words))[0] == 200
            told = (await page.thread(person.phone))[-1]["body"]
            lost = ("don't know that one", "couldn't read", "Something went wrong", "I didn't catch")
            assert not [one for one in lost if one in told], (words, told)
            await page.say(person.phone, "never mind")
