"""Sends what turns have queued: at least once, in order for each person; whether it may is asked at the last moment."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text

from bot.channels.sender import Outgoing, Sender
from bot.channels.twilio_messaging import render, split_message
from bot.channels.twilio_sender import OPTED_OUT
from flows.reply import Choice
from models.base import Channel
from models.db import Database
from models.errors import SendRefused
from models.messaging import outbox, thread
from models.messaging.tables import MessageStatus
from models.people import members
from models.vault import Vault

log = structlog.get_logger()

SWEEP = 5.0
"""Seconds between two looks for messages that nobody has announced: what a crash left behind."""
AT_ONCE = 8
"""Rounds of sending under way: what they have claimed must be on its way before the lease on it ends."""
MOST_ATTEMPTS = 6

_UNSENT = text("SELECT tenant FROM tenants_with_unsent(:due)")


class Outbox:
    """One sender of messages; several processes may run one each."""

    def __init__(
        self, db: Database, vault: Vault, sender: Sender, clock: Callable[[], datetime], public_base_url: str
    ) -> None:
        self._db = db
        self._vault = vault
        self._sender = sender
        self._clock = clock
        self._callback = f"{public_base_url}/webhooks/twilio/status"
        self._due: set[UUID] = set()
        self._wake = asyncio.Event()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._drains: set[asyncio.Task[None]] = set()
        self._ending = False

    def announce(self, tenant_id: UUID) -> None:
        """A business has something to send."""
        self._due.add(tenant_id)
        self._wake.set()

    async def run(self) -> None:
        """Sends until cancelled. What is slow to go does not keep the next announcement waiting."""
        sweeps = asyncio.create_task(self._keep_sweeping())
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._due:
                    await self._places.acquire()
                    drain = asyncio.create_task(self._guarded(self._due.pop()))
                    self._drains.add(drain)
                    drain.add_done_callback(self._drained)
        finally:
            sweeps.cancel()

    async def finish(self) -> None:
        """Waits for the messages on their way: cut off, they would go once more. The rest is left to the next sweep."""
        self._ending = True
        await asyncio.gather(*self._drains)

    def _drained(self, drain: asyncio.Task[None]) -> None:
        self._drains.discard(drain)
        self._places.release()

    async def _keep_sweeping(self) -> None:
        while True:
            await self._sweep()
            await asyncio.sleep(SWEEP)

    async def _sweep(self) -> None:
        try:
            rows = await self._db.ask(_UNSENT, due=self._clock())
        except Exception:
            log.exception("outbox_sweep_failed")
        else:
            for row in rows:
                self.announce(row.tenant)

    async def _guarded(self, tenant_id: UUID) -> None:
        """One business's trouble keeps no other's messages back; the sweep tries again."""
        try:
            await self.drain(tenant_id)
        except Exception:
            log.exception("outbox_drain_failed", tenant=str(tenant_id))

    async def drain(self, tenant_id: UUID) -> None:
        """Sends everything of one business that is due."""
        while not self._ending:
            async with self._db.tenant(tenant_id) as tx:
                claimed = await outbox.claim(tx, self._clock())
            if not claimed:
                return
            await asyncio.gather(*(self._send(tenant_id, row) for row in claimed))

    async def _send(self, tenant_id: UUID, row: Any) -> None:  # noqa: ANN401 - a claimed row
        now = self._clock()
        async with self._db.tenant(tenant_id) as tx:
            standing = await outbox.standing(tx, row.customer_id, row.event_id)
            allowed = outbox.may_send(Channel(row.channel), standing, now, expires_at=row.expires_at)
            if allowed.refused:
                await outbox.given_up(tx, row.id, status=MessageStatus.WITHHELD, code=None, reason=allowed.refused)
                return
        try:
            provider_id, status = await self._hand_over(tenant_id, row, allowed.channel)
        except SendRefused as refused:
            await self._refused(tenant_id, row, refused)
            return
        except Exception as error:
            # whatever it was, it may come again: counted like an unanswered call, it is given up one day
            log.exception("send_failed", message=str(row.id))
            unknown = SendRefused(None, None, type(error).__name__, retry=True, uncertain=True)
            await self._refused(tenant_id, row, unknown)
            return
        async with self._db.tenant(tenant_id) as tx:
            taken: dict[str, Any] = {"provider_id": provider_id, "status": status, "channel": allowed.channel}
            if not await outbox.sent(tx, row.id, **taken, now=self._clock()):
                log.warning("provider_repeats_an_id", message=str(row.id), sid=provider_id)

    async def _hand_over(self, tenant_id: UUID, row: Any, channel: Channel) -> tuple[str, str]:  # noqa: ANN401 - see _send
        """To the provider, in as many parts as it takes. The last part stands for the message. Raises SendRefused."""
        if row.sealed_body is not None and self._vault.unseal(row.sealed_body, about=str(row.id)) is None:
            raise SendRefused(None, None, "The words are sealed with a key that is gone.", retry=False)
        choices = [Choice(choice["id"], choice["label"]) for choice in row.choices]
        *before, last = split_message(render(thread.words(self._vault, row), choices, channel))
        way = {"channel": channel, "line": row.line, "to": row.phone_number}
        for part in before:
            # without a callback: the first part's arrival must not pass for that of the whole
            await self._sender.send(Outgoing(**way, body=part))
        callback = f"{self._callback}?message={tenant_id}.{row.id}"
        taken = await self._sender.send(Outgoing(**way, body=last, media_url=row.media_url, status_callback=callback))
        accepted = taken.status == MessageStatus.QUEUED
        return taken.provider_id, MessageStatus.SENDING if accepted else taken.status

    async def _refused(self, tenant_id: UUID, row: Any, refused: SendRefused) -> None:  # noqa: ANN401 - see _send
        code, reason = refused.code, str(refused)
        log.warning("send_refused", message=str(row.id), error=code, retry=refused.retry, attempts=row.attempts)
        async with self._db.tenant(tenant_id) as tx:
            if code == OPTED_OUT:
                told: dict[str, Any] = {"channel": Channel(row.channel), "source": "carrier", "wording": reason}
                await members.opt_out(tx, row.customer_id, **told, now=self._clock())
            why: dict[str, Any] = {"code": code, "reason": reason, "uncertain": refused.uncertain}
            if not refused.retry or row.attempts >= MOST_ATTEMPTS:
                await outbox.given_up(tx, row.id, status=MessageStatus.FAILED, **why)
                return
            wait = timedelta(seconds=refused.after or 2**row.attempts)
            await outbox.again(tx, row.id, due=self._clock() + wait, **why)
