"""One turn: hold the conversation, hear the oldest message, step, save, queue the replies. One transaction.

What has to be asked of the outside (is this PIN right?) is asked between two attempts, never inside one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import bindparam, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from bot.channels.inbound import Inbound
from bot.hearing.hear import Ear
from bot.inbox import Inbox
from bot.masking import MASK, masked
from bot.records import heard_row, said_rows, transcript, turn_row
from bot.speaking import Spoken, speak
from bot.tenants import Tenants
from flows.commands import Start
from flows.context import PinNeeded, Standing, TurnContext
from flows.engine import Conversation
from flows.state import ConversationState
from models.base import Channel, uuid7
from models.db import Database, Tx, load
from models.messaging import calls
from models.messaging.tables import InboundEvent, MessageStatus
from models.people.pins import PinVerdict, check_pin
from models.people.tables import Customer, User
from models.statements import ours
from models.vault import Vault

log = structlog.get_logger()

MOST_ATTEMPTS = 3
"""After so many failures a message is set aside, the person told, and the conversation goes on."""
_PASSING = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresConnectionError,
    OSError,
)
"""What may go well a moment later; any other failure would only come again."""

_HOLD = text("SELECT customer, staff, event, more, offers FROM hold_conversation(:sender, :new, :now)")
_SAVE = text("SELECT save_turn(:customer, :event, :channel, :name, :state, :turn, :messages, :now)").bindparams(
    bindparam("state", type_=JSONB), bindparam("turn", type_=JSONB), bindparam("messages", type_=JSONB)
)
_FAILED = (
    update(InboundEvent)
    .where(ours(InboundEvent), col(InboundEvent.id) == bindparam("event"))
    .values(attempts=bindparam("attempts"), error=bindparam("error"))
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one message led to: the words for its sender, and whether anything waits: to be sent, or to be answered."""

    event_id: UUID
    spoken: Spoken | None
    queued: bool
    more: bool


class _TurnFailed(Exception):  # noqa: N818 - says what happened; it is tried again
    """A turn could not be taken: it is taken back, noted, and tried again (a deadlock does not come twice)."""

    def __init__(self, event: InboundEvent) -> None:
        super().__init__(f"turn of event {event.id}")
        self.event = event


class Turns:
    """Takes turns. `outgoing` is the status in which a written reply begins: queued, or shown in the demo only."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        inbox: Inbox,
        clock: Callable[[], datetime],
        outgoing: MessageStatus,
        public_base_url: str = "",
    ) -> None:
        self._db = db
        self._vault = vault
        self._inbox = inbox
        self._clock = clock
        self._outgoing = outgoing
        self._public_base_url = public_base_url
        self._tenants = Tenants()

    async def take_all(self, tenant_id: UUID, sender: str) -> list[Taken]:
        """Every waiting message of one person, oldest first. What comes in meanwhile is announced by its own door."""
        taken: list[Taken] = []
        while not taken or taken[-1].more:
            one = await self._take_oldest(tenant_id, sender)
            if one is None:
                break
            taken.append(one)
        return taken

    async def _take_oldest(self, tenant_id: UUID, sender: str) -> Taken | None:
        verdicts: dict[str, PinVerdict] = {}
        while True:
            try:
                return await self._attempt(tenant_id, sender, verdicts)
            except PinNeeded as needed:
                verdict = await check_pin(self._db, self._vault, tenant_id, needed.user_id, needed.pin, self._clock())
                verdicts[needed.pin] = verdict
            except _TurnFailed as failed:
                log.exception("turn_failed", event_id=str(failed.event.id), attempts=failed.event.attempts + 1)
                await self._note_failure(tenant_id, failed)
                if failed.event.attempts >= MOST_ATTEMPTS:
                    raise  # the apology failed as well: the sweep tries again when the trouble is over

    async def _attempt(self, tenant_id: UUID, sender: str, verdicts: dict[str, PinVerdict]) -> Taken | None:
        async with self._db.tenant(tenant_id) as tx:
            held = await tx.one(_HOLD, sender=sender, new=uuid7(), now=self._clock())
            if held.event is None or held.event["id"] is None:
                return None
            event = load(InboundEvent, held.event)
            staff = load(User, held.staff) if held.staff is not None and held.staff["id"] is not None else None
            try:
                standing = tuple(Standing.of(offer) for offer in held.offers or ())
                taken = await self._step(tx, event, load(Customer, held.customer), staff, standing, verdicts)
            except PinNeeded:
                raise
            except Exception as error:
                raise _TurnFailed(event) from error
        return replace(taken, more=held.more)

    async def _step(
        self,
        tx: Tx,
        event: InboundEvent,
        customer: Customer,
        staff: User | None,
        standing: tuple[Standing, ...],
        verdicts: dict[str, PinVerdict],
    ) -> Taken:
        now = self._clock()
        tenant, settings = await self._tenants.of(tx, event.tenant_id, now)
        inbound = self._inbox.opened(event.id, event.payload or b"")
        context = TurnContext(
            tx=tx,
            tenant=tenant,
            settings=settings,
            customer=customer,
            staff=staff,
            channel=Channel(event.channel),
            line=event.line,
            event_id=event.id,
            now=now,
            vault=self._vault,
            profile_name=inbound.name if inbound else None,
            verdicts=verdicts,
            standing=standing,
            public_base_url=self._public_base_url,
        )
        if event.attempts >= MOST_ATTEMPTS:
            # what was open may be what fails: taken up again, it would fail at every message to come
            return await self._apologise(event, inbound, Conversation(ConversationState(), context))
        conversation = Conversation(ConversationState.model_validate(customer.conversation_state), context)
        if inbound is None:
            return await self._apologise(event, inbound, conversation)
        kept = masked(inbound.text, conversation.state, context.setting(), is_staff=staff is not None)
        await conversation.take(Ear(conversation.state, context).hear(inbound, kept))
        conversation.state.forget(inbound.text, kept)
        return await self._save(event, inbound, kept, conversation)

    async def _apologise(self, event: InboundEvent, inbound: Inbound | None, conversation: Conversation) -> Taken:
        """For a message that cannot be read, or has failed too often. It may answer a question that is forgotten."""
        await conversation.take([Start("trouble")])
        return await self._save(event, inbound, MASK, conversation)

    async def _save(self, event: InboundEvent, inbound: Inbound | None, kept: str, conversation: Conversation) -> Taken:
        context = conversation.context
        spoken = speak(conversation.replies, context.locale, context.channel) if conversation.replies else None
        messages = [
            heard_row(event, inbound, kept, context),
            *said_rows(conversation, spoken, self._vault, self._outgoing),
        ]
        await context.tx.run(
            _SAVE,
            customer=context.customer.id,
            event=event.id,
            channel=event.channel,
            name=inbound.name if inbound else None,
            state=conversation.state.stored(),
            turn=turn_row(kept, spoken, conversation),
            messages=messages,
            now=context.now,
        )
        if context.channel is Channel.VOICE:
            await self._transcribe(event, kept, spoken, context)
        queued = any(row["status"] == MessageStatus.QUEUED for row in messages)
        return Taken(event.id, spoken, queued, more=False)

    async def _transcribe(self, event: InboundEvent, kept: str, spoken: Spoken | None, context: TurnContext) -> None:
        call_sid = event.provider_id.partition(":")[0]
        await calls.say(
            context.tx,
            call_sid,
            customer_id=context.customer.id,
            phone=event.sender,
            line=event.line,
            said=transcript(kept, spoken, context),
            now=context.now,
        )

    async def _note_failure(self, tenant_id: UUID, failed: _TurnFailed) -> None:
        """In a transaction of its own: the failed one took everything back with it."""
        cause = failed.__cause__
        attempts = failed.event.attempts + 1 if isinstance(cause, _PASSING) else MOST_ATTEMPTS
        values = {"event": failed.event.id, "attempts": attempts, "error": type(cause).__name__}
        async with self._db.tenant(tenant_id) as tx:
            await tx.run(_FAILED, tenant_id=tenant_id, **values)
