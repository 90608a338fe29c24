"""The whole of Regulars between two doors: signed webhooks go in, a twin of the provider collects what comes out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import TextClause, text

from bot.app import Services, web_app, wire
from bot.channels.sender import CollectingSender, Outgoing
from bot.channels.twilio_signature import signature
from bot.jobs.registry import PERIODIC
from models.db import Database, Row
from models.operations import background
from models.vault import Vault

PUBLIC = "https://regulars.example"
TOKEN = "12345"
ACCOUNT = "AC" + "0" * 32


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **stretch: float) -> None:
        self.now += timedelta(**stretch)


@dataclass
class Town:
    """One installation with its businesses, and everybody's phone."""

    services: Services
    client: "TestClient[web.Request, web.Application]"
    sender: CollectingSender
    clock: Clock
    _sids: "count[int]" = field(default_factory=count)

    async def post(self, path: str, form: dict[str, str], token: str = TOKEN) -> ClientResponse:
        """A webhook as Twilio signs it."""
        signed = signature(PUBLIC + path, list(form.items()), token)
        return await self.client.post(path, data=form, headers={"X-Twilio-Signature": signed})

    def sid(self, kind: str = "SM") -> str:
        """An identifier as the provider gives them, each once in a town."""
        return f"{kind}{next(self._sids):032x}"

    def form(self, phone: str, line: str, said: str, channel: str, **more: str) -> dict[str, str]:
        """The fields Twilio sends with a message."""
        prefix = "whatsapp:" if channel == "whatsapp" else ""
        sid = self.sid()
        return {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": prefix + phone,
            "To": prefix + line,
            "Body": said,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
            **({"ProfileName": "Chioma Obi", "WaId": phone.lstrip("+")} if channel == "whatsapp" else {}),
            **more,
        }

    async def settle(self, tenant_id: UUID) -> None:
        """Until every turn is taken and every message that is due handed over."""
        await self.services.reception.finish()
        if self.services.outbox is not None:
            await self.services.outbox.drain(tenant_id)

    async def reports(self, sent: Outgoing, status: str, **more: str) -> int:
        """The provider says how a message fares; the HTTP status of our answer."""
        form = {"MessageSid": self.sid(), "MessageStatus": status, "AccountSid": ACCOUNT, **more}
        return (await self.post(path_of(sent.status_callback or ""), form)).status


@asynccontextmanager
async def open_town(
    dsn: str, database: Database, vault: Vault, now: datetime, sender: CollectingSender | None
) -> AsyncIterator[Town]:
    """Everything wired as in production, but for the way out and the clock."""
    clock = Clock(now)
    services = wire(dsn, database, vault, sender, PUBLIC, clock)
    app = web_app(services, tokens=[TOKEN], public_base_url=PUBLIC, account=ACCOUNT)
    async with TestClient(TestServer(app)) as client:
        yield Town(services, client, sender or CollectingSender(), clock)


@dataclass
class Phone:
    """Somebody's phone: what is said goes through the door, what comes back is read off the provider's twin."""

    town: Town
    number: str
    shop: "Shop"
    channel: str = "whatsapp"
    line: str | None = None

    async def says(self, *said: str, **more: str) -> str:
        """Sends the messages one after the other; the answer to the last one, receipts of others left out."""
        answer = ""
        for one in said:
            before = len(self.town.sender.sent)
            form = self.town.form(self.number, self.line or self.shop.number, one, self.channel, **more)
            response = await self.town.post("/webhooks/twilio/messages", form)
            assert response.status == 204, await response.text()
            await self.town.settle(self.shop.tenant_id)
            answer = "\n".join(sent.body for sent in self.town.sender.sent[before:] if sent.to == self.number)
        return answer

    async def posts(self, *said: str) -> None:
        """Sends the messages one after the other, without waiting for an answer to any of them."""
        for one in said:
            form = self.town.form(self.number, self.line or self.shop.number, one, self.channel)
            response = await self.town.post("/webhooks/twilio/messages", form)
            assert response.status == 204, await response.text()

    def received(self) -> list[Outgoing]:
        """Everything ever sent to this phone."""
        return [sent for sent in self.town.sender.sent if sent.to == self.number]


@dataclass(frozen=True)
class Heard:
    """What a caller hears, and how it is listened for."""

    xml: str

    @property
    def words(self) -> str:
        return " ".join(said.text or "" for said in self._root.iter("Say"))

    @property
    def gather(self) -> dict[str, str]:
        """The attributes of the one `<Gather>`; empty when nobody listens any more."""
        return next((dict(gather.attrib) for gather in self._root.iter("Gather")), {})

    @property
    def has_hung_up(self) -> bool:
        return self._root.find("Hangup") is not None

    @property
    def _root(self) -> Element:
        return fromstring(self.xml)  # noqa: S314 - our own answer


@dataclass
class Call:
    """A phone call: what is said or keyed goes through the door, what is spoken back is read off the TwiML."""

    town: Town
    number: str
    line: str
    sid: str
    _path: str = "/webhooks/twilio/voice"
    _last: tuple[str, dict[str, str]] = ("", {})

    async def dials(self) -> Heard:
        return await self._posts({})

    async def says(self, *words: str) -> Heard:
        """Speaks, one turn after the other; what is heard after the last."""
        return [await self._posts({"SpeechResult": one, "Confidence": "0.9"}) for one in words][-1]

    async def keys(self, *digits: str) -> Heard:
        return [await self._posts({"Digits": one}) for one in digits][-1]

    async def is_silent(self) -> Heard:
        return await self._posts({})

    async def ends(self, status: str = "completed", seconds: int = 42) -> int:
        """The provider says how the call ended; the HTTP status of our answer."""
        form = {**self._fields(), "CallStatus": status, "CallDuration": str(seconds)}
        return (await self.town.post("/webhooks/twilio/voice/status", form)).status

    async def repeats(self) -> Heard:
        """The very same request again, as after a lost answer."""
        response = await self.town.post(*self._last)
        assert response.status == 200, await response.text()
        return Heard(await response.text())

    async def _posts(self, heard: dict[str, str]) -> Heard:
        self._last = self._path, {**self._fields(), "CallStatus": "in-progress", **heard}
        answer = await self.repeats()
        self._path = path_of(answer.gather.get("action", ""))
        return answer

    def _fields(self) -> dict[str, str]:
        return {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT,
            "From": self.number,
            "To": self.line,
            "Direction": "inbound",
            "ApiVersion": "2010-04-01",
        }


@dataclass
class Shop:
    """One of the example businesses, opened for one test."""

    town: Town
    tenant_id: UUID
    number: str
    code: str

    def phone(self, number: str, channel: str = "whatsapp", line: str | None = None) -> Phone:
        """Somebody who talks to this shop."""
        return Phone(self.town, number, self, channel, line)

    def call(self, number: str, line: str | None = None) -> Call:
        """Somebody who rings this shop up."""
        return Call(self.town, number, line or self.number, self.town.sid("CA"))

    async def settle(self) -> None:
        await self.town.settle(self.tenant_id)

    async def runs(self, name: str) -> int:
        """The periodic job of this name has its turn now; how many things it did. What it queued is sent."""
        (job,) = [one for one in PERIODIC if one.name == name]
        done = await self.town.services.rounds.run(job, self.tenant_id)
        await self.settle()
        return done

    async def works_off(self) -> int:
        """All that was asked for and is due is done; how many jobs that was. What it queued is sent."""
        async with self.town.services.db.tenant(self.tenant_id) as tx:
            jobs = await background.due(tx, self.town.clock.now)
        for job in jobs:
            await self.town.services.one_offs.take(self.tenant_id, job.id)
        await self.settle()
        return len(jobs)

    async def rows(self, query: str | TextClause, **values: object) -> list[Row]:
        """Rows as the app role sees them in this business."""
        async with self.town.services.db.tenant(self.tenant_id) as tx:
            return list(await tx.all(text(query) if isinstance(query, str) else query, **values))


def path_of(url: str) -> str:
    """The part of an address that a server sees."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
