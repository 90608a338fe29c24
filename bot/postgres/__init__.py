"""PostgreSQL as a part of the program: nothing to install, nothing to start by hand.

    async with running(data_dir) as postgres:
        pool = await asyncpg.create_pool(postgres.dsn)

The server is a child process on a unix socket and ends with us. Several commands may use one data directory
at once: the first owns the server, the others attach to it, and one takes over when the owner leaves.

    cluster         the life of the server: start, attach, mend, stop
    lock            which command owns the data directory
    home            where files and log live        directory       making private and public directories
    socket_folder   where the socket lies           files           initdb, and one major version for ever
    account         who the server runs as          binaries        which PostgreSQL, reachable for whom
    process         a program as our child          child           the script between us and that program
    postmaster      a server somebody left behind   access          the dsn, and what keeps us out

It is tuned gently for one small shop and needs POSIX. Whoever wants more sets DATABASE_URL.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from models.errors import DatabaseUnavailable

if sys.platform == "win32":

    @asynccontextmanager
    async def running(data_dir: Path) -> AsyncIterator[None]:
        """Raise DatabaseUnavailable: the embedded server needs unix sockets, signals and flock."""
        raise DatabaseUnavailable(
            f"The embedded PostgreSQL for {data_dir} does not run on Windows: "
            "use WSL, or set DATABASE_URL to a PostgreSQL server."
        )
        yield

else:
    from bot.postgres.cluster import Cluster, Running, running

    __all__ = ["Cluster", "Running", "running"]
