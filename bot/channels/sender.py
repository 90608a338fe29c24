"""Sending a message: the interface every provider fills, and the twin that only collects."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from models.base import Channel
from models.errors import SendRefused
from models.messaging.tables import MessageStatus


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send: `line` and `to` are E.164; `status_callback` is the URL told how it fares."""

    channel: Channel
    line: str
    to: str
    body: str = field(repr=False)  # it may hold a redemption code, and a repr ends in logs
    media_url: str | None = None
    status_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has taken the message. No callback repeats this first status."""

    provider_id: str
    status: MessageStatus


class Sender(Protocol):
    """Hands messages to a provider."""

    async def send(self, message: Outgoing) -> Sent:
        """Sends once, without trying again. Raises SendRefused, which says whether to."""

    async def aclose(self) -> None:
        """Lets go of the connections, once nothing is sent any more."""


class CollectingSender:
    """Takes every message and sends none: for tests, and for an installation without a provider.

    `refusing` may answer with the refusal to raise for a message. `sent` holds what was taken, in order.
    """

    def __init__(self, refusing: Callable[[Outgoing], SendRefused | None] | None = None) -> None:
        self.sent: list[Outgoing] = []
        self._refusing = refusing

    async def send(self, message: Outgoing) -> Sent:
        if self._refusing and (refusal := self._refusing(message)):
            raise refusal
        self.sent.append(message)
        return Sent(f"SM{uuid4().hex}", MessageStatus.QUEUED)

    async def aclose(self) -> None:
        """Nothing is held."""
