"""The files of a cluster: made by initdb, of one major version for ever."""

import asyncio
import os
import shutil
import sys

import structlog

from bot.postgres.binaries import Binaries
from bot.postgres.home import Home
from bot.postgres.process import Process
from models.errors import DatabaseUnavailable

_LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"  # not every macOS knows C.UTF-8
_PATIENCE = 120  # s

log = structlog.get_logger(__name__)


async def ensure(home: Home, binaries: Binaries, owner: str) -> None:
    """Make the cluster if there is none, with `owner` as its superuser.

    Raises DatabaseUnavailable if it cannot be made, or if one of another major version is there.
    """
    version = home.data / "PG_VERSION"
    if not version.exists():
        await _make(home, binaries, owner)
        return
    found = version.read_text().strip()
    if found != str(binaries.major):
        raise DatabaseUnavailable(
            f"{home.data} was made by PostgreSQL {found} and cannot be read by PostgreSQL {binaries.major} "
            f"({binaries.folder}). Export it with the pg_dump of PostgreSQL {found}, move {home.data} away, "
            f"start again and load the export; or serve it with PostgreSQL {found} and set DATABASE_URL."
        )


async def _make(home: Home, binaries: Binaries, owner: str) -> None:
    # Under another name until it is whole: initdb writes PG_VERSION first, and it may be killed any time.
    unfinished = home.path / "data.new"
    await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)
    command = (binaries.initdb, "-D", str(unfinished), "-U", owner, "--auth=trust", "--encoding=UTF8")
    initdb = Process(home, *command, f"--locale={_LOCALE}", "--data-checksums", "--no-instructions")
    try:
        await initdb.ended(_PATIENCE)
    finally:
        await initdb.stop()
    if initdb.status != 0:
        raise DatabaseUnavailable(f"initdb could not make {home.data}. It said:\n{initdb.said()}")
    unfinished.rename(home.data)
    _sync(home)
    log.info("postgres_cluster_made", data=str(home.data), account=home.account.name, version=binaries.major)


def _sync(home: Home) -> None:
    folder = os.open(home.path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
