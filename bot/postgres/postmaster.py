"""A server that somebody started on a cluster: what postmaster.pid tells, whether it lives, how to end it."""

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from bot.postgres.home import Home
from bot.postgres.process import SHUTDOWN, became
from models.errors import DatabaseUnavailable

_SOCKETS, _STATUS = 4, 7  # lines of postmaster.pid, counted from 0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Postmaster:
    """The process id, dead or alive; the socket's directory once there is one; whether clients are let in."""

    pid: int
    sockets: Path | None
    ready: bool

    @classmethod
    def of(cls, home: Home) -> Self | None:
        """None when no server runs."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = _file(home).read_bytes().splitlines()
            sockets = os.fsdecode(lines[_SOCKETS]) if len(lines) > _SOCKETS else ""
            ready = len(lines) > _STATUS and lines[_STATUS].strip() == b"ready"
            return cls(int(lines[0]), Path(sockets) if sockets else None, ready)
        return None

    def serves(self, home: Home) -> bool:
        """Whether it lives, is no zombie, belongs to the account and works in this very data directory.

        The file outlives a crash, and its process id may by now be a stranger's whom we must not signal.
        """
        return _serves(self.pid, home)


async def make_way(home: Home) -> None:
    """End a server whose owner is gone, for the next one is to be our child.

    Raises DatabaseUnavailable if it stays. Never SIGKILL: its children could go on writing for a moment.
    """
    server = Postmaster.of(home)
    if server is None:
        # One killed before it wrote its id leaves an empty file, which PostgreSQL takes for another's start.
        _file(home).unlink(missing_ok=True)
        return
    if not server.serves(home):
        return
    log.info("postgres_orphan_found", pid=server.pid, data=str(home.data))
    for signum, seconds in SHUTDOWN[:2]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server.pid, signum)
        if await became(lambda: not server.serves(home), seconds):
            return
    raise DatabaseUnavailable(
        f"A PostgreSQL server (process {server.pid}) is left over on {home.data} and does not stop: end it."
    )


def _file(home: Home) -> Path:
    return home.data / "postmaster.pid"


if sys.platform == "linux":

    def _serves(pid: int, home: Home) -> bool:
        process = Path("/proc", str(pid))
        with contextlib.suppress(OSError):
            return process.stat().st_uid == home.account.uid and (process / "cwd").samefile(home.data)
        return False

else:

    def _serves(pid: int, home: Home) -> bool:
        command = ["/bin/ps", "-o", "stat=,uid=,command=", "-p", str(pid)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
        state, _, rest = told.strip().partition(" ")
        uid, _, words = rest.strip().partition(" ")
        return bool(state) and state[0] != "Z" and uid == str(home.account.uid) and str(home.data) in words
