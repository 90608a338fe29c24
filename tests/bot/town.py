"""The whole of Regulars between two doors: signed webhooks go in, and a twin of the provider collects what comes out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit
from uuid import UUID

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from bot.app import Services
from bot.channels.sender import CollectingSender, Outgoing
from bot.channels.twilio_signature import signature
from models.db import Row
from sqlalchemy import text

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
    client: "TestClient[object, object]"
    sender: CollectingSender
    clock: Clock
    _sids: "count[int]" = field(default_factory=count)

    async def post(self, path: str, form: dict[str, str], token: str = TOKEN) -> ClientResponse:
        """A webhook as Twilio signs it."""
        signed = signature(PUBLIC + path, list(form.items()), token)
        return await self.client.post(path, data=form, headers={"X-Twilio-Signature": signed})

    def form(self, phone: str, line: str, said: str, channel: str, **more: str) -> dict[str, str]:
        """The fields Twilio sends with a message."""
        prefix = "whatsapp:" if channel == "whatsapp" else ""
        sid = f"SM{next(self._sids):032x}"
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
        """Until every turn is taken and every message handed over."""
        await self.services.reception.finish()
        assert self.services.outbox is not None
        await self.services.outbox.drain(tenant_id)


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

    def received(self) -> list[Outgoing]:
        """Everything ever sent to this phone."""
        return [sent for sent in self.town.sender.sent if sent.to == self.number]


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

    async def rows(self, query: str, **values: object) -> list[Row]:
        """Rows as the app role sees them in this business."""
        async with self.town.services.db.tenant(self.tenant_id) as tx:
            return list(await tx.all(text(query), **values))


def path_of(url: str) -> str:
    """The part of an address that a server sees."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
