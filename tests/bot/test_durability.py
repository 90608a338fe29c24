"""The real server, killed: whatever it has taken over is answered once, and what it was to send is sent."""

import asyncio
import os
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from aiohttp import ClientSession, web

from bot.channels.twilio_signature import signature
from bot.migrating import migrate
from models.db import Database
from models.tenancy.apply import apply
from models.vault import Vault
from tests.bot.channels.twilio_api import CREATED, TwilioApi
from tests.shops import example

ROOT = Path(__file__).resolve().parent.parent.parent
PUBLIC, TOKEN, SECRET = "https://regulars.example", "12345", "a secret for killed servers, 32 long"
LINE, TUNDE, PIN = "+14155550101", "+2348030000002", "730264"
ACCOUNT = "AC" + "0" * 32
PEOPLE = [f"+23480355600{n:02d}" for n in range(8)]
LONG_AGO = "UPDATE inbound_events SET received_at = received_at - interval '1 minute'"
"""As if the machine had been down for a while: nobody waits for the sweep to find a message overdue."""


@dataclass
class Server:
    """`regulars serve` on a database of its own, as often as it is started."""

    dsn: str
    owner: asyncpg.Connection
    settings: dict[str, str] = field(default_factory=dict)
    sids: "count[int]" = field(default_factory=count)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Running"]:
        """One process, killed at the end of the block if it lives then."""
        mine = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"),
            cwd=ROOT,
            env={
                **mine,
                "DATABASE_URL": self.dsn,
                "SECRET_KEY": SECRET,
                "PUBLIC_BASE_URL": PUBLIC,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "PORT": "0",
                **self.settings,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdout is not None
        try:
            async with ClientSession(await _address(process.stdout)) as client:
                yield Running(self, process, client)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(20):
            while not await is_so():
                await self.owner.execute("SELECT pg_sleep(0.02)")

    async def all_answered(self) -> bool:
        return not await self.owner.fetchval("SELECT count(*) FROM inbound_events WHERE processed_at IS NULL")


@dataclass
class Running:
    """One process of it."""

    server: Server
    process: asyncio.subprocess.Process
    client: ClientSession

    async def hears(self, phone: str, said: str) -> None:
        """A signed message, until it is taken over."""
        sid = f"SM{next(self.server.sids):032x}"
        form = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": phone, "To": LINE, "Body": said}
        path = "/webhooks/twilio/messages"
        signed = {"X-Twilio-Signature": signature(PUBLIC + path, form.items(), TOKEN)}
        async with self.client.post(path, data=form, headers=signed) as response:
            assert response.status == 204, await response.text()

    async def is_killed(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def is_told_to_stop(self) -> int:
        self.process.terminate()
        return await self.process.wait()


async def _address(output: asyncio.StreamReader) -> str:
    """Where the server says that it listens."""
    told = ""
    async with asyncio.timeout(20):
        async for line in output:
            told += line.decode()
            if address := re.search(r"http://[\d.]+:\d+", told):
                return address.group()
    pytest.fail(f"it ends with: {told!r}")


class Provider(TwilioApi):
    """Gives each message a SID of its own."""

    async def create(self, request: web.Request) -> web.Response:
        await super().create(request)
        return web.json_response({**CREATED, "sid": f"SM{uuid4().hex}"}, status=201)


@pytest.fixture
async def service(dsn: str) -> AsyncIterator[Server]:
    """The café in a database where no other test leaves anything to sweep."""
    name = f"regulars_killed_{os.getpid()}"
    head, _, query = dsn.partition("?")
    own = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    admin = await asyncpg.connect(dsn)
    await admin.execute(f'CREATE DATABASE "{name}"')
    await migrate(own)
    database = await Database.connect(own)
    await apply(database, Vault(SECRET), example("cafe"), datetime.now(UTC))
    await database.close()
    owner = await asyncpg.connect(own)
    yield Server(own, owner)
    await owner.close()
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


async def test_what_was_taken_over_is_answered_once_though_the_server_is_killed(service: Server) -> None:
    """Twilio has its 204 and will not come again: what is lost now is lost for ever."""
    owner, logged = service.owner, 8
    async with service.running() as first:
        await asyncio.gather(*(first.hears(phone, "hi") for phone in [*PEOPLE, TUNDE]))
        await service.until(service.all_answered)
        async with owner.transaction():
            # his first turn is under way when the server dies
            await owner.execute("SELECT FROM customers WHERE phone_number = $1 FOR UPDATE", TUNDE)
            for n in range(logged):
                await first.hears(TUNDE, f"log {PEOPLE[n]} {2000 + n} {PIN}")
            await asyncio.gather(*(first.hears(phone, said) for phone in PEOPLE for said in ("points", "book")))
            await first.is_killed()
    left = await owner.fetchval("SELECT count(*) FROM inbound_events WHERE processed_at IS NULL")
    assert left >= logged

    await owner.execute(LONG_AGO)
    async with service.running() as second:

        async def has_begun() -> bool:
            return bool(
                await owner.fetchval("SELECT count(*) < $1 FROM inbound_events WHERE processed_at IS NULL", left)
            )

        await service.until(has_begun)
        await second.is_killed()

    async with service.running() as third:
        await service.until(service.all_answered)
        assert await third.is_told_to_stop() == 0

    await each_had_its_effect_once(owner, 3 * len(PEOPLE) + 1 + logged, logged)


async def each_had_its_effect_once(owner: asyncpg.Connection, events: int, logged: int) -> None:
    """One turn and one answer for each event, one purchase for each line logged, and everybody's messages in order."""
    assert await owner.fetchval("SELECT count(*) FROM turns") == events
    answers = (
        "SELECT count(*) FROM messages WHERE direction = 'outbound' AND triggered_by !~ 'receipt' GROUP BY event_id"
    )
    assert [row["count"] for row in await owner.fetch(answers)] == [1] * events
    assert await owner.fetchval("SELECT count(*) FROM messages WHERE triggered_by = 'purchase-receipt'") == logged
    assert {row["status"] for row in await owner.fetch("SELECT status FROM messages WHERE direction = 'outbound'")} == {
        "demo"
    }
    amounts = [row["amount"] for row in await owner.fetch("SELECT amount FROM purchases ORDER BY amount")]
    assert amounts == [100 * (2000 + n) for n in range(logged)]
    assert await owner.fetchval("SELECT sum(points) FROM points_transactions") == logged * (50 + 20)
    in_order = (
        "SELECT bool_and(message.seq > before.seq) FROM inbound_events event"
        " JOIN messages message ON message.event_id = event.id AND message.direction = 'inbound'"
        " JOIN inbound_events earlier ON earlier.sender = event.sender AND earlier.seq < event.seq"
        " JOIN messages before ON before.event_id = earlier.id AND before.direction = 'inbound'"
    )
    assert await owner.fetchval(in_order)


async def test_who_is_told_to_stop_at_once_stops_in_order(service: Server) -> None:
    """A signal between the first line and the handlers would end the process on the spot."""
    async with service.running() as running:
        assert await running.is_told_to_stop() == 0


async def test_who_is_told_to_stop_finishes_what_he_has_begun(service: Server) -> None:
    async with service.running() as running:
        for n in range(6):
            await running.hears(TUNDE, f"log {PEOPLE[n]} 5000 {PIN}")
        assert await running.is_told_to_stop() == 0
    assert await service.all_answered()


async def test_what_was_being_sent_is_sent_after_all(service: Server) -> None:
    """At least once: whether the provider had it already when we were killed, nobody can tell."""
    async with Provider.running() as api:
        service.settings = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_BASE_URL": api.url}
        api.hangs = True
        async with service.running() as first:
            await asyncio.gather(*(first.hears(phone, "hi") for phone in PEOPLE))

            async def all_under_way() -> bool:
                return api.under_way == len(PEOPLE)

            await service.until(all_under_way)
            await first.is_killed()
        api.hangs = False
        await service.owner.execute("UPDATE messages SET next_attempt_at = next_attempt_at - interval '3 minutes'")
        async with service.running():

            async def all_again() -> bool:
                return len(api.requests) >= 2 * len(PEOPLE)

            await service.until(all_again)
        assert Counter(form["To"] for _, _, form in api.requests) == dict.fromkeys(PEOPLE, 2)
