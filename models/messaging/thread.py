"""A person's messages with a business, oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from models.db import Tx
from models.messaging.tables import Message

_M = Message

_AFTER = (
    select(_M.id, _M.seq, _M.direction, _M.channel, _M.body, _M.sealed_body, _M.choices, _M.status, _M.at)  # type: ignore[call-overload]
    .where(
        _M.tenant_id == bindparam("tenant"),
        _M.phone_number == bindparam("phone"),
        _M.seq > bindparam("after"),
        _M.channel == bindparam("channel"),
    )
    .order_by(_M.seq)
    .limit(200)
)
_LATEST = (
    select(_M.phone_number, func.max(_M.seq).label("seq"))
    .where(_M.tenant_id == bindparam("tenant"), _M.direction == "outbound")
    .group_by(_M.phone_number)
)
_ANSWER = (
    select(_M.body, _M.choices)
    .where(
        _M.tenant_id == bindparam("tenant"),
        _M.event_id == bindparam("event"),
        _M.direction == "outbound",
        _M.phone_number == bindparam("phone"),
    )
    .order_by(_M.seq)  # type: ignore[arg-type]
)
_WIPE = (
    update(_M)
    .where(
        _M.tenant_id == bindparam("tenant"),
        col(_M.sealed_body).is_not(None),
        col(_M.status).not_in(("queued", "sending")),
        _M.at < bindparam("before"),
    )
    .values(sealed_body=None)
)


@dataclass(frozen=True, slots=True)
class Said:
    """What an event was answered with, as it was kept."""

    body: str
    choices: list[dict[str, str]]


async def after(tx: Tx, *, phone: str, channel: str, seq: int) -> list[Any]:
    """The next messages of a person on a channel: rows of id, seq, direction, body, sealed_body, choices, status, at."""
    return await tx.all(_AFTER, tenant=tx.tenant_id, phone=phone, channel=channel, after=seq)


async def latest(tx: Tx) -> dict[str, int]:
    """The `seq` of the newest message to each person."""
    return {row.phone_number: row.seq for row in await tx.all(_LATEST, tenant=tx.tenant_id)}


async def answer_to(tx: Tx, event_id: UUID, phone: str) -> Said | None:
    """The answer a person got to one event, or None when there was none."""
    row = await tx.one(_ANSWER, tenant=tx.tenant_id, event=event_id, phone=phone)
    return Said(row.body, row.choices) if row is not None else None


async def wipe_secrets(tx: Tx, before: datetime) -> int:
    """Forgets the sealed words of messages that were sent, or shown, before then."""
    return await tx.run(_WIPE, tenant=tx.tenant_id, before=before)
