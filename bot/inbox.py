"""Receives each message once and keeps it before anybody is answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text

from bot.channels.inbound import Inbound
from bot.hearing.codes import vendor_code
from models.base import uuid7
from models.db import Database
from models.vault import Vault

_RECEIVE = text(
    "SELECT outcome, tenant FROM receive_event("
    ":id, :provider, :provider_id, :channel, :line, :sender, :code, :payload, :now)"
)
TWILIO = "twilio"


class Receipt(StrEnum):
    """What became of a delivery."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    NO_LINE = "no_line"
    NO_BUSINESS = "no_business"


@dataclass(frozen=True, slots=True)
class Received:
    """`tenant_id` is None when no business is meant."""

    receipt: Receipt
    tenant_id: UUID | None
    event_id: UUID


class Inbox:
    """The door every message comes in by, whatever it came over."""

    def __init__(self, db: Database, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    async def receive(self, inbound: Inbound, now: datetime, code: str | None = None) -> Received:
        """Finds the business, seals the message and keeps it; when this returns it is on disk.

        One statement and one commit. A second copy of the same message changes nothing. `code` is the business that
        a caller has chosen; a written message names it itself.
        """
        event_id = uuid7()
        rows = await self._db.ask(
            _RECEIVE,
            id=event_id,
            provider=TWILIO,
            provider_id=inbound.provider_id,
            channel=inbound.channel,
            line=inbound.line,
            sender=inbound.sender,
            code=code or (vendor_code(inbound.text) if inbound.kind == "message" else None),
            payload=self._vault.seal(inbound.to_bytes(), about=str(event_id)),
            now=now,
        )
        (row,) = rows
        return Received(Receipt(row.outcome), row.tenant, event_id)

    def opened(self, event_id: UUID, payload: bytes) -> Inbound | None:
        """The message as it came, or None when it was sealed with a key that is gone."""
        plain = self._vault.unseal(payload, about=str(event_id))
        return Inbound.from_bytes(plain) if plain is not None else None
