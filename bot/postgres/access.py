"""Getting into a server: its dsn, what keeps us out, and the database of Regulars in it."""

from pathlib import Path
from urllib.parse import quote

import asyncpg

from bot.postgres.socket_folder import PORT
from models.errors import DatabaseUnavailable

NAME = "regulars"  # of the database, and of the role that owns it
_PATIENCE = 10  # s for one connection
_NOT_READY = (OSError, asyncpg.OperatorInterventionError, asyncpg.PostgresConnectionError)


def dsn(sockets: Path, database: str = NAME) -> str:
    # Without sslmode asyncpg looks for certificates in a home directory that may be closed to us.
    return f"postgresql://{NAME}@/{database}?host={quote(str(sockets), safe='')}&port={PORT}&sslmode=disable"


async def obstacle(sockets: Path, *, make: bool = False) -> str | None:
    """What keeps us out of the database for now, None if nothing does; with `make`, it is made if missing.

    Raises DatabaseUnavailable for what waiting will not cure.
    """
    try:
        await _visit(dsn(sockets), "SELECT 1")
    except asyncpg.InvalidCatalogNameError as error:
        if not make:
            return str(error)
        await _visit(dsn(sockets, "postgres"), f"CREATE DATABASE {NAME}")
    except asyncpg.TooManyConnectionsError:
        return None
    except _NOT_READY as error:
        return str(error) or type(error).__name__
    except asyncpg.PostgresError as error:
        raise DatabaseUnavailable(f"The PostgreSQL server in {sockets} refuses us: {error}") from error
    return None


async def _visit(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address, timeout=_PATIENCE)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
