"""Everything said: the inbox, the messages of every channel (their queued part is the outbox), calls, questions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Channel, TenantTable, belongs_to, instant, json_list, of_tenant, one_of
from models.people.tables import Purpose


class MessageStatus(StrEnum):
    """Where a message is. `demo` was shown on the demo page only, `spoken` on a call; `withheld` may not be sent."""

    RECEIVED = "received"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    CANCELED = "canceled"
    WITHHELD = "withheld"
    DEMO = "demo"
    SPOKEN = "spoken"


class InboundEvent(TenantTable, table=True):
    """A message or a call's turn as the provider sent it: sealed, and wiped once it is processed.

    No foreign key to the tenant: receiving has just looked it up, and a key share lock on one row per message
    makes concurrent messages of a business queue for it.
    """

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provider", "provider_id"),
        one_of("channel", Channel),
        # the oldest message of a person that nobody has answered yet
        Index(
            "ix_inbound_events_waiting",
            "tenant_id",
            "sender",
            "seq",
            postgresql_where=text("processed_at IS NULL"),
        ),
    )

    seq: int | None = Field(default=None, sa_type=BigInteger, sa_column_args=[Identity()], nullable=False)
    provider: str
    provider_id: str
    channel: str
    line: str
    sender: str
    payload: bytes | None = None
    received_at: datetime = instant()
    processed_at: datetime | None = instant(optional=True)
    attempts: int = 0
    error: str | None = None


class Message(TenantTable, table=True):
    """One message of one person, in or out.

    `body` masks secrets; `sealed_body` holds the words for as long as they may have to be sent, or spoken once more.
    What is not sent by `expires_at` is not worth sending any more.
    """

    __tablename__ = "messages"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        one_of("direction", ("inbound", "outbound")),
        one_of("channel", Channel),
        one_of("status", MessageStatus),
        one_of("purpose", Purpose),
        # status callbacks find their message
        Index(
            "uq_messages_provider_id",
            "tenant_id",
            "provider_id",
            unique=True,
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
        # a person's thread, newest last
        Index("ix_messages_thread", "tenant_id", "phone_number", "seq"),
        # the outbox: what waits to be sent, oldest first
        Index(
            "ix_messages_outbox",
            "next_attempt_at",
            "tenant_id",
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
        # words still kept sealed, for wiping them: few, among all messages ever
        Index("ix_messages_sealed", "tenant_id", "at", postgresql_where=text("sealed_body IS NOT NULL")),
    )

    seq: int | None = Field(default=None, sa_type=BigInteger, sa_column_args=[Identity()], nullable=False)
    customer_id: UUID
    event_id: UUID | None = None
    direction: str
    channel: str
    message_type: str = "text"
    line: str
    phone_number: str
    body: str
    sealed_body: bytes | None = None
    choices: list[Any] = json_list()
    media_url: str | None = None
    triggered_by: str | None = None
    purpose: str = Purpose.SERVICE
    status: str
    provider_id: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = instant(optional=True)
    expires_at: datetime | None = instant(optional=True)
    at: datetime = instant()
    sent_at: datetime | None = instant(optional=True)
    delivered_at: datetime | None = instant(optional=True)
    read_at: datetime | None = instant(optional=True)


class StandingOffer(TenantTable, table=True):
    """Choices sent to somebody who had not asked: they can be taken until `expires_at`, whatever else is talked about.

    A row of its own, and not part of the person's state: two people who tell each other something at once would
    otherwise wait for each other's conversation. `choices` holds id, label and other words of each.
    """

    __tablename__ = "standing_offers"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        # what may the person still take? (hold_conversation)
        Index("ix_standing_offers_open", "tenant_id", "customer_id", "expires_at"),
    )

    customer_id: UUID
    choices: list[Any] = json_list()
    made_at: datetime = instant()
    expires_at: datetime = instant()


class Turn(TenantTable, table=True):
    """What was understood from one message and what came of it. `message` is masked."""

    __tablename__ = "turns"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        UniqueConstraint("tenant_id", "event_id"),
        one_of("source", ("rule", "model")),
    )

    customer_id: UUID
    event_id: UUID
    message: str
    answer: str
    intent: str | None = None
    flow: str | None = None
    confidence: float | None = None
    escalated: bool = False
    source: str = "rule"
    at: datetime = instant()


class Call(TenantTable, table=True):
    """A phone call: `transcript` lists {"who": "caller" | "bot", "text", "at"}; `duration` is in seconds."""

    __tablename__ = "calls"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        UniqueConstraint("tenant_id", "call_sid"),
        one_of("call_type", ("inbound", "outbound")),
        one_of(
            "status",
            (
                "queued",
                "initiated",
                "ringing",
                "in-progress",
                "completed",
                "busy",
                "failed",
                "no-answer",
                "canceled",
            ),
        ),
    )

    customer_id: UUID
    call_sid: str
    phone_number: str
    line: str
    call_type: str = "inbound"
    status: str
    duration: int = 0
    transcript: list[Any] = json_list()
    recording_url: str | None = None
    summary: str | None = None
    sentiment: str | None = None
    started_at: datetime = instant()
    ended_at: datetime | None = instant(optional=True)


class Faq(TenantTable, table=True):
    """A question the business has answered; `aliases` are other ways to ask it."""

    __tablename__ = "faqs"
    __table_args__ = (of_tenant(), UniqueConstraint("tenant_id", "question"))

    question: str
    answer: str
    category: str = "general"
    aliases: list[str] = json_list()
    is_active: bool = True
    display_order: int = 0
    usage_count: int = 0


class UnansweredQuestion(TenantTable, table=True):
    """A question that found no answer, for the owner to answer."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        one_of("status", ("open", "answered", "dismissed")),
    )

    customer_id: UUID
    question: str
    channel: str
    status: str = "open"
    asked_at: datetime = instant()
    answered_at: datetime | None = instant(optional=True)


class Handoff(TenantTable, table=True):
    """A customer who waits for a person, who took over, and when the bot got the conversation back."""

    __tablename__ = "handoffs"
    __table_args__ = (
        belongs_to("customer_id", "customers"),
        belongs_to("taken_by_user_id", "users"),
        # one open hand-off per customer
        Index(
            "uq_handoffs_open",
            "tenant_id",
            "customer_id",
            unique=True,
            postgresql_where=text("given_back_at IS NULL"),
        ),
    )

    customer_id: UUID
    reason: str
    waiting_since: datetime = instant()
    taken_by_user_id: UUID | None = None
    taken_at: datetime | None = instant(optional=True)
    given_back_at: datetime | None = instant(optional=True)
