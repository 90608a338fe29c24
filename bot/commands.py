"""What each command of `regulars` does."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from rich.console import Console

from bot import clock
from bot.app import Services, database_dsn, demo_app, services, twilio_sender, vault_of, web_app
from bot.console import terminal
from bot.console.cast import Example, set_the_stage
from bot.jobs import overview
from bot.migrating import migrate, migrated_to
from bot.settings import Settings, demo_secret
from flows.drawing import draw
from flows.registry import FLOWS
from migrations import HEAD
from models.db import Database
from models.errors import BusinessFileError, NotMigrated, SettingsError
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.tenancy.export import export
from models.vault import Vault

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
"""The businesses of the demo, as they lie in the checkout."""

screen = Console(highlight=False, soft_wrap=True)


async def serve(settings: Settings) -> None:
    """Until a signal ends it. Raises SettingsError for what real customers need and is not set."""
    settings.for_serving()
    token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
    public = settings.public_base_url or ""
    vault, sender = vault_of(settings), twilio_sender(settings)
    async with database_dsn(settings) as dsn, services(dsn, vault, sender, public) as running:
        app = web_app(running, tokens=[token], public_base_url=public, account=settings.twilio_account_sid)
        async with _listening(app, settings.host, settings.port) as port:
            # what is loaded now stays, and a message leaves no cycles: the collector need not look so often
            gc.freeze()
            gc.set_threshold(50_000)
            stopped = _told_to_stop()
            screen.print(f"Regulars listens on http://{settings.host}:{port} for {public}")
            if not settings.can_send:
                screen.print("TWILIO_ACCOUNT_SID is not set: messages are answered in the database only, none is sent.")
            await stopped.wait()


async def migrate_database(settings: Settings) -> None:
    async with database_dsn(settings) as dsn:
        done = await migrate(dsn)
    screen.print("The tables are up to date." if done else "The tables were up to date already.")


async def apply_files(settings: Settings, files: Sequence[Path]) -> None:
    """All files are read before the first is applied: a mistake in the last one changes nothing."""
    read_files = [BusinessFile.read(path) for path in files]
    vault = vault_of(settings) if settings.secret_key else _demo_vault(settings)
    async with database_dsn(settings) as dsn:
        db = await Database.connect(dsn)
        try:
            for file in read_files:
                applied = await apply(db, vault, file, clock.now())
                what = ", ".join(f"{count} {name}" for name, count in applied.changed.items() if count)
                verb = "created" if applied.created else "updated" if what else "unchanged"
                screen.print(f"{file.business.slug}: {verb}" + (f" ({what})" if what else ""))
        finally:
            await db.close()


def _demo_vault(settings: Settings) -> Vault:
    screen.print("SECRET_KEY is not set: the PINs will be good for the demo in this DATA_DIR alone.")
    return Vault(demo_secret(settings.data_dir))


async def export_business(settings: Settings, slug: str) -> None:
    async with database_dsn(settings) as dsn:
        db = await Database.connect(dsn)
        try:
            written = await export(db, slug)
        finally:
            await db.close()
    print(written, end="")  # noqa: T201 - the file itself goes to standard output, untouched by any formatting


async def list_jobs(settings: Settings) -> None:
    """Raises NotMigrated where there is nothing to ask yet."""
    async with database_dsn(settings) as dsn:
        if await migrated_to(dsn) != HEAD:
            raise NotMigrated
        db = await Database.connect(dsn)
        try:
            seen = await overview.look(db, clock.now())
        finally:
            await db.close()
    for table in overview.tables(seen):
        screen.print(table)
    for trouble in seen.troubles:
        screen.print(str(trouble), markup=False)


@asynccontextmanager
async def rehearsal(settings: Settings, public: str) -> AsyncIterator[tuple[Services, list[Example], str]]:
    """A running demo: migrated, with the example businesses in it; `public` begins its links. Yields its secret too."""
    secret = demo_secret(settings.data_dir)
    async with database_dsn(settings) as dsn:
        await migrate(dsn)
        async with services(dsn, Vault(secret), None, public) as running:
            paths = sorted(EXAMPLES.glob("*.toml"))
            if not paths:
                raise BusinessFileError(f"There are no example businesses in {EXAMPLES}.")
            yield running, await set_the_stage(running.db, running.vault, paths, clock.now()), secret


async def demo(settings: Settings, port: int | None) -> None:
    """Until a signal ends it."""
    wanted = settings.port if port is None else port
    public = settings.public_base_url or f"http://{settings.host}:{wanted}"
    async with rehearsal(settings, public) as (running, examples, secret):
        app = demo_app(running, token=secret, public_base_url=public, examples=examples)
        async with _listening(app, settings.host, wanted) as bound:
            stopped = _told_to_stop()
            screen.print(terminal.what_to_try(examples, f"http://{settings.host}:{bound}/"))
            await stopped.wait()


async def chat(settings: Settings) -> None:
    """Until the reader leaves."""
    public = settings.public_base_url or f"http://{settings.host}:{settings.port}"
    async with rehearsal(settings, public) as (running, examples, _secret):
        await terminal.chat(running.db, running.reception, examples)


def draw_flows(folder: Path) -> list[Path]:
    """A page for each flow. Says which were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for flow in FLOWS.values():
        path = folder / f"{flow.name}.md"
        path.write_text(draw(flow), encoding="utf-8")
        written.append(path)
    return written


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serves for as long as the block lasts. Yields the port; 0 lets the system choose one."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise SettingsError(
                f"Nothing can listen on {host}:{port} ({error.strerror}): set another PORT or HOST."
            ) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _told_to_stop() -> asyncio.Event:
    """Set by a signal to end. Asked for before we say that we listen: whoever reads that may stop us at once."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopped.set)
    return stopped
