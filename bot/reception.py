"""Between the door and the turn: what is received is kept first, then taken in order, one person at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import bindparam, select, text
from sqlmodel import col

from bot import metrics
from bot.channels.inbound import Inbound
from bot.inbox import TWILIO, Inbox, Receipt, Received
from bot.outbox import Outbox
from bot.turn import Taken, Turns
from models.db import Database
from models.messaging import thread
from models.messaging.tables import InboundEvent
from models.messaging.thread import Said
from models.statements import ours
from models.vault import Vault

log = structlog.get_logger()

AT_ONCE = 16
"""Turns under way in this process; each holds a connection."""
OVERDUE = timedelta(seconds=10)
"""A message that has waited so long was left behind by a crash: no turn takes a tenth of that."""

_WAITING = text("SELECT tenant, sender FROM waiting_people(:before)")
_FIRST_COPY = select(col(InboundEvent.id)).where(
    ours(InboundEvent),
    col(InboundEvent.provider) == TWILIO,
    col(InboundEvent.provider_id) == bindparam("provider_id"),
)


class Reception:
    """Receives messages and sees to it that each gets its turn."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        inbox: Inbox,
        turns: Turns,
        outbox: Outbox | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._vault = vault
        self._inbox = inbox
        self._turns = turns
        self._outbox = outbox
        self._clock = clock
        self._places = asyncio.Semaphore(AT_ONCE)
        self._running: dict[tuple[UUID, str], asyncio.Task[None]] = {}
        self._again: set[tuple[UUID, str]] = set()

    def now(self) -> datetime:
        """The time by which messages are received."""
        return self._clock()

    async def receive(self, inbound: Inbound, code: str | None = None) -> Received:
        """Keeps the message; its turn comes soon after. What is returned is on disk."""
        received = await self._inbox.receive(inbound, self._clock(), code)
        metrics.received.labels(inbound.channel, received.receipt).inc()
        if received.receipt is Receipt.RECEIVED and received.tenant_id is not None and inbound.kind == "message":
            self._soon(received.tenant_id, inbound.sender)
        return received

    async def receive_and_wait(self, inbound: Inbound, code: str | None = None) -> tuple[Received, Said | None]:
        """The same for whoever holds the line: with the answer, also for a second copy of the same message."""
        received = await self._inbox.receive(inbound, self._clock(), code)
        metrics.received.labels(inbound.channel, received.receipt).inc()
        if received.tenant_id is None:
            return received, None
        async with self._places:
            taken = await self._turns.take_all(received.tenant_id, inbound.sender)
        self._announce(received.tenant_id, taken)
        for one in taken:
            if one.event_id == received.event_id and one.spoken is not None:
                choices = [{"id": choice.id, "label": choice.label} for choice in one.spoken.choices]
                return received, Said(one.spoken.text, choices)
        return received, await self._answer(received.tenant_id, inbound)

    async def _answer(self, tenant_id: UUID, inbound: Inbound) -> Said | None:
        """What was said when another task, or an earlier copy, has taken the turn."""
        async with self._db.tenant(tenant_id) as tx:
            event_id = await tx.value(_FIRST_COPY, tenant_id=tenant_id, provider_id=inbound.provider_id)
            return await thread.answer_to(tx, self._vault, event_id, inbound.sender) if event_id else None

    def _soon(self, tenant_id: UUID, sender: str) -> None:
        """One task a person: the messages of one would only wait for each other's row."""
        person = (tenant_id, sender)
        if person in self._running:
            self._again.add(person)
        else:
            self._running[person] = asyncio.create_task(self._work(person))

    async def _work(self, person: tuple[UUID, str]) -> None:
        try:
            wanted = True
            while wanted:
                self._again.discard(person)
                async with self._places:
                    self._announce(person[0], await self._turns.take_all(*person))
                wanted = person in self._again
        except Exception:
            # the message is kept: the sweep brings it back
            log.exception("turn_abandoned", tenant=str(person[0]))
        finally:
            del self._running[person]

    def _announce(self, tenant_id: UUID, taken: list[Taken]) -> None:
        metrics.turns.inc(len(taken))
        if self._outbox is not None and any(one.queued for one in taken):
            self._outbox.announce(tenant_id)

    async def sweep(self) -> int:
        """Takes up what a crash left unanswered; says how many people waited."""
        rows = await self._db.ask(_WAITING, before=self._clock() - OVERDUE)
        for row in rows:
            self._soon(row.tenant, row.sender)
        return len(rows)

    async def finish(self) -> None:
        """Waits for the turns under way."""
        await asyncio.gather(*self._running.values())
