"""A program of PostgreSQL as our child process, its output in the home's log."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.postgres.home import Home

# signal, and the seconds it gets: a fast shutdown, which keeps all that was committed, then rougher ones
SHUTDOWN = ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10))
_CHILD = Path(__file__).with_name("child.py")
_LOOK = 0.01  # s between two looks at a process
_LOG_KEPT = 1 << 20  # bytes
_LINES_TOLD = 8


class Process:
    """Started when made. Must be waited for with `ended` or `stop`, or it stays a zombie."""

    def __init__(self, home: Home, *command: str, stale: int = 0) -> None:
        """`command` runs as the home's account; `stale` is the process id of a dead server (see child.py)."""
        self._log = home.log
        identity = (os.getpid(), home.account.uid, home.account.gid, stale)
        output = _log_of(home)
        try:
            self._begin = os.fstat(output).st_size
            self._process = subprocess.Popen(  # noqa: S603 - our own script and binaries
                [sys.executable, "-I", "-S", str(_CHILD), *map(str, identity), *command],
                cwd=home.path,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for us; the server ends after we have finished with it
            )
        finally:
            os.close(output)

    @property
    def status(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    async def ended(self, seconds: float) -> bool:
        """Whether it ended within `seconds`."""
        return await became(lambda: self.status is not None, seconds)

    async def stop(self) -> None:
        for signum, seconds in SHUTDOWN:
            if self.status is None:
                self._process.send_signal(signum)
            if await self.ended(seconds):
                return

    def said(self) -> str:
        """The last lines it wrote."""
        with os.fdopen(os.open(self._log, os.O_RDONLY | os.O_NOFOLLOW), errors="replace") as file:
            file.seek(self._begin)
            lines = file.read().strip().splitlines()
        return "\n".join(lines[-_LINES_TOLD:]) or f"(nothing was written; status {self.status})"


async def became(true: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition came true within `seconds`."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 - the process may be no child of ours; nobody could set an Event
                await asyncio.sleep(_LOOK)
    return true()


def _log_of(home: Home) -> int:
    """The log, opened for appending. The one before it is kept once it has grown."""
    with contextlib.suppress(FileNotFoundError):
        if home.log.lstat().st_size > _LOG_KEPT:
            home.log.replace(home.log.with_name(f"{home.log.name}.old"))
    # The account may write this directory: neither a link nor a hard link may lead root out of it.
    file = os.open(home.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    found = os.fstat(file)
    if found.st_uid != home.account.uid and found.st_nlink == 1:
        os.fchown(file, home.account.uid, home.account.gid)
    return file
