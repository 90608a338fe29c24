"""The queued part of the messages: claimed for sending, and followed until the provider's last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, select, update
from sqlmodel import col

from models.base import Channel
from models.db import Tx
from models.messaging.tables import Message, MessageStatus
from models.people.tables import Customer
from models.statements import ours

LEASE = timedelta(minutes=2)
"""How long a claimed message is left alone: its sender may be slow, or dead."""
WINDOW = timedelta(hours=24)
"""WhatsApp's customer service window: outside it only approved templates may leave (Twilio error 63016)."""

_M, _C = Message, Customer

_DUE = (
    select(col(_M.id))
    .where(
        ours(_M),
        col(_M.status).in_((MessageStatus.QUEUED, MessageStatus.SENDING)),
        col(_M.next_attempt_at) <= bindparam("now"),
    )
    .order_by(col(_M.seq))
    .limit(50)
    .with_for_update(skip_locked=True)
)
_CLAIMED = (
    "id",
    "seq",
    "event_id",
    "customer_id",
    "channel",
    "line",
    "phone_number",
    "body",
    "sealed_body",
    "choices",
    "media_url",
    "attempts",
)
_CLAIM = (
    update(_M)
    .where(ours(_M), col(_M.id).in_(_DUE.scalar_subquery()))
    .values(status=MessageStatus.SENDING, attempts=col(_M.attempts) + 1, next_attempt_at=bindparam("leased_until"))
    .returning(*(getattr(_M, name) for name in _CLAIMED))
)
_STANDING = select(col(_C.opted_in), col(_C.last_whatsapp_at)).where(ours(_C), col(_C.id) == bindparam("customer"))
_SENT = (
    update(_M)
    .where(ours(_M), col(_M.id) == bindparam("message"))
    .values(
        provider_id=bindparam("provider_id"),
        channel=bindparam("channel"),
        sent_at=bindparam("now"),
        next_attempt_at=None,
        sealed_body=None,
        # a status callback may have overtaken the provider's own answer
        status=case((col(_M.status) == MessageStatus.SENDING, bindparam("status")), else_=col(_M.status)),
    )
)
_GIVEN_UP = (
    update(_M)
    .where(ours(_M), col(_M.id) == bindparam("message"))
    .values(
        status=bindparam("status"),
        error_code=bindparam("code"),
        error_message=bindparam("reason"),
        next_attempt_at=None,
        sealed_body=None,
    )
)
_AGAIN = (
    update(_M)
    .where(ours(_M), col(_M.id) == bindparam("message"))
    .values(
        status=MessageStatus.QUEUED,
        error_code=bindparam("code"),
        error_message=bindparam("reason"),
        next_attempt_at=bindparam("due"),
    )
)
_LOCKED = select(col(_M.status)).where(ours(_M), col(_M.id) == bindparam("message")).with_for_update()
_MOVED = (
    update(_M)
    .where(ours(_M), col(_M.id) == bindparam("message"))
    .values(
        status=bindparam("status"),
        error_code=case((bindparam("code").is_not(None), bindparam("code")), else_=col(_M.error_code)),
        delivered_at=case(
            (bindparam("status") == MessageStatus.DELIVERED, bindparam("now")), else_=col(_M.delivered_at)
        ),
        read_at=case((bindparam("status") == MessageStatus.READ, bindparam("now")), else_=col(_M.read_at)),
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether somebody may be written to."""

    opted_in: bool
    last_whatsapp_at: datetime | None


@dataclass(frozen=True, slots=True)
class MaySend:
    """`channel` is the way out, which need not be the one asked for; `refused` says why there is none."""

    channel: Channel
    refused: str | None = None


def may_send(channel: Channel, standing: Standing, *, is_answer: bool, now: datetime) -> MaySend:
    """The only way out, asked at the moment of sending.

    After STOP nothing leaves but the answer to somebody's own message on WhatsApp, where no carrier has confirmed
    the STOP yet. Outside WhatsApp's window free text goes by SMS.
    """
    if not standing.opted_in and not (is_answer and channel is Channel.WHATSAPP):
        return MaySend(channel, "opted_out")
    if channel is Channel.WHATSAPP and (standing.last_whatsapp_at is None or now - standing.last_whatsapp_at > WINDOW):
        return MaySend(Channel.SMS)
    return MaySend(channel)


async def claim(tx: Tx, now: datetime) -> Sequence[Any]:
    """Messages that are due, oldest first, now ours for the length of a lease. Other processes skip them."""
    rows = await tx.all(_CLAIM, tenant_id=tx.tenant_id, now=now, leased_until=now + LEASE)
    return sorted(rows, key=lambda row: row.seq)


async def standing(tx: Tx, customer_id: UUID) -> Standing:
    """Somebody's standing as it is this moment."""
    row = await tx.one(_STANDING, tenant_id=tx.tenant_id, customer=customer_id)
    return Standing(row.opted_in, row.last_whatsapp_at)


async def sent(tx: Tx, message: UUID, *, provider_id: str, status: str, channel: Channel, now: datetime) -> None:
    """The provider took the message: its words are no longer needed in clear."""
    values = {"provider_id": provider_id, "status": status, "channel": channel, "now": now}
    await tx.run(_SENT, tenant_id=tx.tenant_id, message=message, **values)


async def given_up(tx: Tx, message: UUID, *, status: MessageStatus, code: str | None, reason: str) -> None:
    """It will not be sent, and this is why."""
    await tx.run(_GIVEN_UP, tenant_id=tx.tenant_id, message=message, status=status, code=code, reason=reason)


async def again(tx: Tx, message: UUID, *, due: datetime, code: str | None, reason: str) -> None:
    """It is to be tried again."""
    await tx.run(_AGAIN, tenant_id=tx.tenant_id, message=message, due=due, code=code, reason=reason)


async def locked_status(tx: Tx, message: UUID) -> str | None:
    """The message's status, held still until the transaction ends; None for a message that is not there."""
    status: str | None = await tx.value(_LOCKED, tenant_id=tx.tenant_id, message=message)
    return status


async def moved(tx: Tx, message: UUID, *, status: str, code: str | None, now: datetime) -> None:
    """Takes over what the provider said of it."""
    await tx.run(_MOVED, tenant_id=tx.tenant_id, message=message, status=status, code=code, now=now)
