"""Where the socket lies: in the home, or in a short directory where the home's path cannot be a socket's."""

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path

from bot.postgres.directory import make_private, make_public
from bot.postgres.home import Home
from models.errors import DatabaseUnavailable

PORT = 5432  # only names the socket
_LONGEST = 103 if sys.platform == "darwin" else 107  # bytes


def choose(home: Home, shelter: Path) -> Path:
    """The home, or a short name made from its path. Raises DatabaseUnavailable if that is too long too."""
    if _fits(home.path):
        return home.path
    digest = hashlib.sha256(os.fsencode(home.path)).hexdigest()[:16]
    if home.account.is_us:
        folder = Path(tempfile.gettempdir(), f"regulars-{home.account.uid}-{digest}")
    else:
        folder = make_public(make_public(shelter) / "sockets") / digest
    if not _fits(folder):
        raise DatabaseUnavailable(f"{folder} is too long for a unix socket: set TMPDIR to a short directory.")
    return folder


def prepare(folder: Path, home: Home) -> None:
    """Make a short directory ours alone, or raise DatabaseUnavailable if another user sits on its name.

    A crashed server's file beside the socket is removed: PostgreSQL would trust the process id in it.
    """
    if folder != home.path:
        make_private(folder, home.account)
    (folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def leave(folder: Path) -> None:
    """Remove a short directory; a home is never empty and stays."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def _fits(folder: Path) -> bool:
    # In unix_socket_directories a comma begins another directory and a quote is syntax; a DSN must be UTF-8.
    socket = str(folder / f".s.PGSQL.{PORT}")
    return len(os.fsencode(socket)) <= _LONGEST and socket.isprintable() and not set(',"') & set(socket)
