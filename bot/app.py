"""The one place where things are wired together: settings to database to services to routes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot import clock
from bot.channels.sender import Sender
from bot.channels.twilio_sender import TwilioSender
from bot.console import demo
from bot.console.cast import Example
from bot.inbox import Inbox
from bot.jobs.desk import Desk
from bot.jobs.housekeeping import keep_house
from bot.jobs.one_off import OneOffs
from bot.jobs.periodic import Rounds
from bot.jobs.registry import ONE_OFF, PERIODIC
from bot.jobs.runner import Runner
from bot.migrating import migrated_to
from bot.outbox import Outbox
from bot.postgres import running
from bot.reception import Reception
from bot.settings import Settings
from bot.turn import Turns
from bot.webhooks import calendar, health, messages, voice
from bot.webhooks.door import DOOR, LARGEST_BODY, Door, refuse_bad_forms
from migrations import HEAD
from models.db import Database
from models.errors import NotMigrated, SettingsError
from models.messaging.tables import MessageStatus
from models.vault import Vault

Clock = Callable[[], datetime]
FOR_PEOPLE, FOR_JOBS = 32, 8
"""Connections, at most."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a running Regulars consists of. Without an outbox, messages are shown and not sent."""

    dsn: str
    db: Database
    vault: Vault
    reception: Reception
    outbox: Outbox | None
    rounds: Rounds
    one_offs: OneOffs
    runner: Runner
    now: Clock


@asynccontextmanager
async def database_dsn(settings: Settings) -> AsyncIterator[str]:
    """The owner's way to Postgres: DATABASE_URL, or the embedded server for as long as the block lasts."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    async with running(settings.data_dir) as postgres:
        yield postgres.dsn


def vault_of(settings: Settings) -> Vault:
    """The keys of this installation. Raises SettingsError without a SECRET_KEY."""
    if settings.secret_key is None:
        raise SettingsError("SECRET_KEY is missing: without it no PIN can be kept.")
    return Vault(settings.secret_key.get_secret_value())


@asynccontextmanager
async def services(dsn: str, vault: Vault, sender: Sender | None, public_base_url: str) -> AsyncIterator[Services]:
    """Opens the pools and everything on them. Raises NotMigrated when the tables are not this program's."""
    if await migrated_to(dsn) != HEAD:
        raise NotMigrated
    async with AsyncExitStack() as open_things:
        if sender is not None:
            open_things.push_async_callback(sender.aclose)
        db = await _connected(open_things, dsn, FOR_PEOPLE)
        # a pool of their own: however much there is to do by the clock, nobody's turn waits for a connection
        for_jobs = await _connected(open_things, dsn, FOR_JOBS)
        wired = wire(dsn, db, vault, sender, public_base_url, for_jobs=for_jobs)
        async with _at_work(wired):
            yield wired


async def _connected(open_things: AsyncExitStack, dsn: str, size: int) -> Database:
    db = await Database.connect(dsn, size=size)
    open_things.push_async_callback(db.close)
    return db


def wire(
    dsn: str,
    db: Database,
    vault: Vault,
    sender: Sender | None,
    public_base_url: str,
    now: Clock = clock.now,
    *,
    for_jobs: Database | None = None,
) -> Services:
    """The services on open pools, with nothing running yet."""
    inbox = Inbox(db, vault)
    outgoing = MessageStatus.QUEUED if sender is not None else MessageStatus.DEMO
    turns = Turns(db, vault, inbox, now, outgoing, public_base_url)
    outbox = Outbox(db, vault, sender, now, public_base_url) if sender is not None else None
    reception = Reception(db, vault, inbox, turns, outbox, now)
    desk = Desk(for_jobs or db, vault, outbox, now)
    rounds, one_offs = Rounds(desk), OneOffs(desk, ONE_OFF)
    runner = Runner(desk.db, rounds, one_offs, PERIODIC)
    return Services(dsn, db, vault, reception, outbox, rounds, one_offs, runner, now)


@asynccontextmanager
async def _at_work(wired: Services) -> AsyncIterator[None]:
    """The loops that run beside the requests; turns and messages under way are finished before the end."""
    tasks = [asyncio.create_task(keep_house(wired.reception)), asyncio.create_task(wired.runner.run())]
    if wired.outbox is not None:
        tasks.append(asyncio.create_task(wired.outbox.run()))
    try:
        yield
    finally:
        await wired.runner.finish()
        await wired.reception.finish()
        if wired.outbox is not None:
            await wired.outbox.finish()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def twilio_sender(settings: Settings) -> Sender | None:
    """The way out through Twilio, when its account is set."""
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    token = settings.twilio_auth_token.get_secret_value()
    return TwilioSender(settings.twilio_account_sid, token, api_base_url=settings.twilio_api_base_url)


def web_app(
    running_services: Services, *, tokens: Sequence[str], public_base_url: str, account: str | None
) -> web.Application:
    """Twilio's webhooks and the health routes."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[refuse_bad_forms])
    app[health.DSN] = running_services.dsn
    app[calendar.DB], app[calendar.VAULT] = running_services.db, running_services.vault
    app[DOOR] = Door(
        reception=running_services.reception,
        db=running_services.db,
        tokens=tokens,
        public_base_url=public_base_url,
        account=account,
        clock=running_services.now,
    )
    app.add_routes(
        [
            web.post("/webhooks/twilio/messages", messages.receive_message),
            web.post("/webhooks/twilio/status", messages.receive_status),
            web.post("/webhooks/twilio/voice", voice.answer_call),
            web.post("/webhooks/twilio/voice/turn", voice.continue_call),
            web.post("/webhooks/twilio/voice/status", voice.receive_call_status),
            web.get("/calendar/{token}.ics", calendar.appointment),
            web.get("/healthz", health.alive),
            web.get("/readyz", health.ready),
            web.get("/metrics", health.metrics),
        ]
    )
    return app


def demo_app(
    running_services: Services, *, token: str, public_base_url: str, examples: Sequence[Example]
) -> web.Application:
    """The same, with the chat page in front."""
    app = web_app(running_services, tokens=[token], public_base_url=public_base_url, account=None)
    demo.add_to(app, running_services.db, running_services.vault, running_services.reception, examples)
    return app
