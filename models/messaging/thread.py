"""A person's messages with a business, oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from models.db import Tx
from models.messaging.tables import Message
from models.statements import ours
from models.vault import Vault

_M = Message

_AFTER = (
    select(
        col(_M.id),
        col(_M.seq),
        col(_M.direction),
        col(_M.channel),
        col(_M.body),
        col(_M.sealed_body),
        col(_M.choices),
        col(_M.status),
        col(_M.at),
    )
    .where(
        ours(_M),
        col(_M.phone_number) == bindparam("phone"),
        col(_M.seq) > bindparam("after"),
        col(_M.channel) == bindparam("channel"),
    )
    .order_by(col(_M.seq))
    .limit(200)
)
_LATEST = (
    select(col(_M.phone_number), func.max(col(_M.seq)).label("seq"))
    .where(ours(_M), col(_M.direction) == "outbound")
    .group_by(col(_M.phone_number))
)
_ANSWER = (
    select(col(_M.id), col(_M.body), col(_M.sealed_body), col(_M.choices))
    .where(
        ours(_M),
        col(_M.event_id) == bindparam("event"),
        col(_M.direction) == "outbound",
        col(_M.phone_number) == bindparam("phone"),
    )
    .order_by(col(_M.seq))
)
_WIPE = (
    update(_M)
    .where(
        ours(_M),
        col(_M.sealed_body).is_not(None),
        col(_M.status).not_in(("queued", "sending")),
        col(_M.at) < bindparam("before"),
    )
    .values(sealed_body=None)
)


@dataclass(frozen=True, slots=True)
class Said:
    """What an event was answered with."""

    body: str
    choices: list[dict[str, str]]


async def after(tx: Tx, *, phone: str, channel: str, seq: int) -> list[Any]:
    """The next messages of a person on a channel, as rows of the columns of `_AFTER`."""
    return await tx.all(_AFTER, tenant_id=tx.tenant_id, phone=phone, channel=channel, after=seq)


async def latest(tx: Tx) -> dict[str, int]:
    """The `seq` of the newest message to each person."""
    return {row.phone_number: row.seq for row in await tx.all(_LATEST, tenant_id=tx.tenant_id)}


def words(vault: Vault, row: Any) -> str:  # noqa: ANN401 - a row with id, body and sealed_body
    """What a message says: in clear as long as its words are kept sealed, then as it rests."""
    plain = vault.unseal(row.sealed_body, about=str(row.id)) if row.sealed_body is not None else None
    return plain.decode() if plain is not None else str(row.body)


async def answer_to(tx: Tx, vault: Vault, event_id: UUID, phone: str) -> Said | None:
    """The answer a person got to one event, or None when there was none."""
    row = await tx.one(_ANSWER, tenant_id=tx.tenant_id, event=event_id, phone=phone)
    return Said(words(vault, row), row.choices) if row is not None else None


async def wipe_secrets(tx: Tx, before: datetime) -> int:
    """Forgets the sealed words of messages that were sent, or shown, before then."""
    return await tx.run(_WIPE, tenant_id=tx.tenant_id, before=before)
