"""The queued part of the messages: claimed for sending, and followed until the provider's last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Boolean, DateTime, String, bindparam, case, exists, func, not_, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.base import Channel
from models.db import Tx
from models.messaging.tables import InboundEvent, Message, MessageStatus
from models.people.tables import Customer
from models.statements import ours, written

LEASE = timedelta(minutes=2)
"""How long a claimed message is left alone: its sender may be slow, or dead."""
WINDOW = timedelta(hours=24)
"""WhatsApp's customer service window: outside it only approved templates may leave (Twilio error 63016)."""

_M, _C = Message, Customer
_EARLIER = aliased(Message)
_UNSENT = (written(MessageStatus.QUEUED), written(MessageStatus.SENDING))

# one of each person at a time: what is refused or slow must not be overtaken by what was said after it
_OVERTAKES = exists().where(
    ours(_EARLIER),
    col(_EARLIER.status).in_(_UNSENT),
    col(_EARLIER.next_attempt_at).is_not(None),
    col(_EARLIER.phone_number) == col(_M.phone_number),
    col(_EARLIER.seq) < col(_M.seq),
)
_DUE = (
    select(col(_M.id))
    .where(
        ours(_M),
        col(_M.status).in_(_UNSENT),
        col(_M.next_attempt_at) <= bindparam("now"),
        not_(_OVERTAKES),
    )
    .order_by(col(_M.seq))
    .limit(25)
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
    "expires_at",
)
_CLAIM = (
    update(_M)
    .where(ours(_M), col(_M.id).in_(_DUE.scalar_subquery()))
    .values(status=MessageStatus.SENDING, attempts=col(_M.attempts) + 1, next_attempt_at=bindparam("leased_until"))
    .returning(*(getattr(_M, name) for name in _CLAIMED))
)
# a receipt has an event too: that of the member of staff who logged the purchase
_ANSWERS = exists().where(
    ours(InboundEvent), col(InboundEvent.id) == bindparam("event"), col(InboundEvent.sender) == col(_C.phone_number)
)
_STANDING = select(col(_C.opted_in), col(_C.last_whatsapp_at), _ANSWERS.label("is_answer")).where(
    ours(_C), col(_C.id) == bindparam("customer")
)
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
# where the provider's answer was lost, its status callback may have told that it has the message
_STILL_OURS = or_(not_(bindparam("uncertain", type_=Boolean)), col(_M.status) == MessageStatus.SENDING)
_GIVEN_UP = (
    update(_M)
    .where(ours(_M), col(_M.id) == bindparam("message"), _STILL_OURS)
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
    .where(ours(_M), col(_M.id) == bindparam("message"), _STILL_OURS)
    .values(
        status=MessageStatus.QUEUED,
        error_code=bindparam("code"),
        error_message=bindparam("reason"),
        next_attempt_at=bindparam("due"),
    )
)
_LOCKED = select(col(_M.status)).where(ours(_M), col(_M.id) == bindparam("message")).with_for_update()
_STATUS, _NOW = bindparam("status", type_=String), bindparam("now", type_=DateTime(timezone=True))
_MOVED = (
    update(_M)
    .where(ours(_M), col(_M.id) == bindparam("message"))
    .values(
        status=_STATUS,
        # whatever its answer was, the provider has the message: it is not sent again
        next_attempt_at=None,
        error_code=func.coalesce(bindparam("code", type_=String), col(_M.error_code)),
        delivered_at=case((_STATUS == MessageStatus.DELIVERED, _NOW), else_=col(_M.delivered_at)),
        read_at=case((_STATUS == MessageStatus.READ, _NOW), else_=col(_M.read_at)),
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether a message may go to somebody; `is_answer` if it answers a message of his own."""

    opted_in: bool
    last_whatsapp_at: datetime | None
    is_answer: bool


@dataclass(frozen=True, slots=True)
class MaySend:
    """`channel` is the way out, which need not be the one asked for; `refused` says why there is none."""

    channel: Channel
    refused: str | None = None


def may_send(channel: Channel, standing: Standing, now: datetime, *, expires_at: datetime | None = None) -> MaySend:
    """The only way out, asked at the moment of sending. What has outlived its purpose stays.

    After STOP nothing leaves but the answer to somebody's own message on WhatsApp, where no carrier has confirmed
    the STOP yet. Outside WhatsApp's window free text goes by SMS.
    """
    if expires_at is not None and expires_at <= now:
        return MaySend(channel, "stale")
    last = standing.last_whatsapp_at
    on_whatsapp = channel is Channel.WHATSAPP and last is not None and now - last <= WINDOW
    if not standing.opted_in and not (standing.is_answer and on_whatsapp):
        return MaySend(channel, "opted_out")
    return MaySend(channel if on_whatsapp else Channel.SMS)


async def claim(tx: Tx, now: datetime) -> Sequence[Any]:
    """The oldest unsent message of each person, if it is due, now ours for the length of a lease."""
    rows = await tx.all(_CLAIM, tenant_id=tx.tenant_id, now=now, leased_until=now + LEASE)
    return sorted(rows, key=lambda row: row.seq)


async def standing(tx: Tx, customer_id: UUID, event_id: UUID | None) -> Standing:
    """Somebody's standing as it is this moment, towards a message that came of an event."""
    row = await tx.one(_STANDING, tenant_id=tx.tenant_id, customer=customer_id, event=event_id)
    return Standing(row.opted_in, row.last_whatsapp_at, row.is_answer)


async def sent(tx: Tx, message: UUID, *, provider_id: str, status: str, channel: Channel, now: datetime) -> bool:
    """The provider took the message: its words are no longer needed in clear.

    False when the provider gave it an id that another message has: it is sent all the same, and kept without one.
    """
    values = {"message": message, "status": status, "channel": channel, "now": now, "tenant_id": tx.tenant_id}
    try:
        async with tx.savepoint():
            await tx.run(_SENT, provider_id=provider_id, **values)
    except asyncpg.UniqueViolationError:
        await tx.run(_SENT, provider_id=None, **values)
        return False
    return True


async def given_up(
    tx: Tx, message: UUID, *, status: MessageStatus, code: str | None, reason: str, uncertain: bool = False
) -> None:
    """It will not be sent, and this is why. `uncertain`: unless the provider has told us since that it has it."""
    values = {"status": status, "code": code, "reason": reason, "uncertain": uncertain}
    await tx.run(_GIVEN_UP, tenant_id=tx.tenant_id, message=message, **values)


async def again(tx: Tx, message: UUID, *, due: datetime, code: str | None, reason: str, uncertain: bool) -> None:
    """It is to be tried again. `uncertain`: unless the provider has told us since that it has it."""
    values = {"due": due, "code": code, "reason": reason, "uncertain": uncertain}
    await tx.run(_AGAIN, tenant_id=tx.tenant_id, message=message, **values)


async def locked_status(tx: Tx, message: UUID) -> str | None:
    """The message's status, held still until the transaction ends; None for a message that is not there."""
    status: str | None = await tx.value(_LOCKED, tenant_id=tx.tenant_id, message=message)
    return status


async def moved(tx: Tx, message: UUID, *, status: str, code: str | None, now: datetime) -> None:
    """Takes over what the provider said of it."""
    await tx.run(_MOVED, tenant_id=tx.tenant_id, message=message, status=status, code=code, now=now)
