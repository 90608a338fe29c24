"""What a turn writes down: the message heard, the messages said, and how the one led to the other."""

from base64 import b64encode
from typing import Any

from bot.channels.inbound import Inbound
from bot.speaking import Spoken, speak
from flows.context import Notice, TurnContext, locale_of
from flows.engine import Conversation
from models.base import Channel, uuid7
from models.messaging.tables import InboundEvent, MessageStatus
from models.tenancy.tables import Tenant
from models.vault import Vault

_ESCALATIONS = frozenset({"person.waiting", "person.already_waiting", "question.unknown", "question.none_of_these"})
"""What happens when a customer needs a person."""


def heard_row(event: InboundEvent, inbound: Inbound | None, kept: str, context: TurnContext) -> dict[str, Any]:
    """The message that came in, with its first picture or file; `kept` is masked."""
    media = inbound.media[0] if inbound is not None and inbound.media else None
    return {
        "id": str(uuid7()),
        "customer_id": str(context.customer.id),
        "direction": "inbound",
        "channel": event.channel,
        "message_type": media.content_type.partition("/")[0] or "file" if media else "text",
        "line": event.line,
        "phone_number": event.sender,
        "body": kept,
        "media_url": media.url if media else None,
        "status": MessageStatus.RECEIVED,
        "provider_id": event.provider_id,
    }


def said_rows(
    conversation: Conversation, spoken: Spoken | None, vault: Vault, outgoing: MessageStatus
) -> list[dict[str, Any]]:
    """The answer, and what others are told. What is spoken on a call waits for nobody to send it."""
    context = conversation.context
    rows = []
    if spoken is not None:
        status = MessageStatus.SPOKEN if context.channel is Channel.VOICE else outgoing
        own = Notice(context.customer.id, context.customer.phone_number, context.channel, conversation.replies[-1])
        rows.append(_said_row(spoken, own, context.line, vault, status))
    return [*rows, *(notice_row(told, context.tenant, context.line, vault, outgoing) for told in context.notices)]


def notice_row(notice: Notice, tenant: Tenant, line: str, vault: Vault, status: MessageStatus) -> dict[str, Any]:
    """A message to somebody who has not just written, in his own language."""
    locale = locale_of(notice.language, tenant)
    return _said_row(speak([notice.reply], locale, notice.channel), notice, line, vault, status)


def _said_row(spoken: Spoken, to: Notice, line: str, vault: Vault, status: MessageStatus) -> dict[str, Any]:
    message_id = uuid7()
    sealed = vault.seal(spoken.text.encode(), about=str(message_id)) if spoken.is_secret else None
    return {
        "id": str(message_id),
        "customer_id": str(to.customer_id),
        "direction": "outbound",
        "channel": to.channel,
        "message_type": "interactive" if spoken.choices else "text",
        "line": line,
        "phone_number": to.phone,
        "body": spoken.kept,
        "sealed_body": b64encode(sealed).decode() if sealed else None,
        "choices": [{"id": choice.id, "label": choice.label} for choice in spoken.choices],
        "standing": [(choice.id, choice.label, choice.also) for choice in spoken.choices] if to.stands_until else None,
        "triggered_by": spoken.keys,
        "purpose": to.purpose,
        "status": status,
        "stands_until": to.stands_until,
        "expires_at": to.expires_at,
    }


def turn_row(kept: str, spoken: Spoken | None, conversation: Conversation) -> dict[str, Any]:
    """What was understood and what came of it."""
    happened = conversation.happened
    current = conversation.state.current
    return {
        "id": str(uuid7()),
        "message": kept,
        "answer": spoken.kept if spoken else "",
        "intent": happened[0] if happened else None,
        "flow": current.flow if current else None,
        "escalated": not _ESCALATIONS.isdisjoint(happened),
        "source": "rule",
    }


def transcript(kept: str, spoken: Spoken | None, context: TurnContext) -> list[dict[str, str]]:
    """One exchange of a call."""
    at = context.now.isoformat()
    said = [{"who": "caller", "text": kept, "at": at}] if kept else []
    return [*said, {"who": "bot", "text": spoken.kept, "at": at}] if spoken else said
