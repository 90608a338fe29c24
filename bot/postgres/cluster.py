"""The life of the embedded server: start or attach, mend, stop."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.postgres import access, binaries, files, socket_folder
from bot.postgres import home as homes
from bot.postgres.home import SHELTER, Home
from bot.postgres.lock import Lock
from bot.postgres.postmaster import Postmaster, make_way
from bot.postgres.process import Process
from models.errors import DatabaseUnavailable

_LOOK = 0.01  # s between two tries to get in
_WATCH = 0.25  # s between two looks whether the server is still there
_AGAIN = 5  # s before the next try when mending failed
_PATIENCE = 300  # s; a crashed server replays its log before it lets anyone in
# The children of a killed server hold its memory until they notice, and until then no other may start.
_IN_USE = "shared memory block"  # is in what PostgreSQL says then
_LINGER, _LINGER_STEP = 30, 0.1  # s that we put up with it, and s between two tries
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(socket_folder.PORT),
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",  # each one makes the next change of every page a write of the whole page
    "wal_compression": "on",  # a sixth of the bytes to write and sync
    "dynamic_shared_memory_type": "mmap",  # /dev/shm is small in containers, and a logout may empty it
    "jit": "off",  # our statements are short; compiling one costs more than it saves
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # the detail of a refused row holds its values: people's phone numbers
    "log_min_error_statement": "panic",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Running:
    """A server that answers. `data` is where the cluster really is."""

    dsn: str
    data: Path


@asynccontextmanager
async def running(data_dir: Path, shelter: Path = SHELTER) -> AsyncIterator[Running]:
    """The server of `data_dir`: made on first use, kept up for the context, then stopped if it is ours.

    Raises DatabaseUnavailable with the end of the server's log. When the server crashes, or the command that
    owned it ends, connections break and the same dsn works again a moment later.
    """
    cluster = Cluster(data_dir, shelter)
    state = await cluster.start()
    watch = asyncio.create_task(cluster.watch())
    try:
        yield state
    finally:
        watch.cancel()
        try:
            await asyncio.gather(watch, return_exceptions=True)
        finally:
            await cluster.stop()


class Cluster:
    """The server of one data directory, ours or another command's.

    `start` and `stop` may run in different event loops; without one, use `asyncio.run(cluster.start())`.
    The server ends when the thread that called `start` does.
    """

    def __init__(self, data_dir: Path, shelter: Path = SHELTER) -> None:
        self.data_dir = homes.prepare(data_dir)
        self.lock = Lock(self.data_dir / "postgres.lock")
        self._shelter = shelter
        self._server: Process | None = None
        self._sockets: Path | None = None

    @property
    def owned(self) -> bool:
        """Whether the server is our child."""
        return self._server is not None

    async def start(self) -> Running:
        """Start a server, or attach to the one of another command. Raises DatabaseUnavailable."""
        limit = time.monotonic() + _PATIENCE
        with _explained(self.data_dir):
            while time.monotonic() < limit:
                state = await self._own() if self.lock.take() else await self._attach()
                if state is not None:
                    return state
                await asyncio.sleep(_LOOK)
        raise DatabaseUnavailable(
            f"Process {self.lock.holder()} holds {self.lock.path}, but its PostgreSQL server does not answer."
        )

    async def stop(self) -> None:
        """Stop the server if it is ours, and let go of the data directory."""
        if self._server is not None:
            await self._server.stop()
            self._server = None
        if self.lock.held and self._sockets:
            socket_folder.leave(self._sockets)
        self.lock.release()

    async def mend(self) -> None:
        """Start the server anew if ours has died, or if the command that owned it has gone."""
        with _explained(self.data_dir):
            gone = self._server.status is not None if self._server else self.lock.take()
            if gone:
                log.warning("postgres_lost", data_dir=str(self.data_dir))
                await self._own()

    async def watch(self) -> None:
        """Mend whenever needed, until cancelled."""
        while True:
            await asyncio.sleep(_WATCH)
            try:
                await self.mend()
            except DatabaseUnavailable as error:
                log.error("postgres_not_mended", error=str(error))  # noqa: TRY400 - the message says it all
                await asyncio.sleep(_AGAIN)

    async def _attach(self) -> Running | None:
        home = homes.find(self.data_dir)
        server = Postmaster.of(home) if home else None
        if home is None or server is None or server.sockets is None or await _obstacle(home, server.sockets):
            return None
        self._sockets = server.sockets
        log.info("postgres_attached", data=str(home.data), owner=self.lock.holder())
        return Running(access.dsn(server.sockets), home.data)

    async def _own(self) -> Running:
        """Bring up a server of our own; on any failure leave neither server nor lock behind."""
        try:
            return await self._serve()
        except BaseException:
            await self.stop()
            raise

    async def _serve(self) -> Running:
        home = homes.find(self.data_dir) or homes.make(self.data_dir, self._shelter)
        programs = binaries.find(home.account, self._shelter)
        await files.ensure(home, programs, access.NAME)
        await make_way(home)
        sockets = self._sockets or socket_folder.choose(home, self._shelter)
        socket_folder.prepare(sockets, home)
        self._sockets = sockets
        await self._launch(home, programs.postgres, sockets)
        log.info("postgres_ready", data=str(home.data), version=programs.major, account=home.account.name)
        return Running(access.dsn(sockets), home.data)

    async def _launch(self, home: Home, postgres: str, sockets: Path) -> None:
        began = time.monotonic()
        self._server = _spawned(home, postgres, sockets)
        while why := await _obstacle(home, sockets, make=True):
            waited = time.monotonic() - began
            if self._server.status is None and waited < _PATIENCE:
                await asyncio.sleep(_LOOK)
            elif _IN_USE in self._server.said() and waited < _LINGER:
                await asyncio.sleep(_LINGER_STEP)
                self._server = _spawned(home, postgres, sockets)
            else:
                raise DatabaseUnavailable(
                    f"PostgreSQL did not start on {home.data}: {why}. {home.log} ends:\n{self._server.said()}"
                )


@contextmanager
def _explained(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatabaseUnavailable(f"PostgreSQL cannot be used in {data_dir}: {error}") from error


async def _obstacle(home: Home, sockets: Path, *, make: bool = False) -> str | None:
    """What keeps us out for now. Asks the file first: each try too early is a line in the server's log."""
    server = Postmaster.of(home)
    if server is None or not server.ready:
        return "it is not ready"
    return await access.obstacle(sockets, make=make)


def _spawned(home: Home, postgres: str, sockets: Path) -> Process:
    settings = _SETTINGS | {"unix_socket_directories": str(sockets)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    dead = Postmaster.of(home)
    return Process(home, postgres, "-D", str(home.data), *options, stale=dead.pid if dead else 0)
