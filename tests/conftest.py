"""One server and one migrated database for the whole run; each test makes its own businesses in it.

Row-level security keeps the tests apart as it keeps businesses apart. Set DATABASE_URL to run on another PostgreSQL.
"""

import os
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from bot.migrating import migrate
from bot.postgres import running
from models.db import Database
from models.vault import Vault


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[str]:
    """The DSN of an owner on a real PostgreSQL."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    # not pytest's own folders: they are closed to the account that Postgres runs as when the tests run as root
    with tempfile.TemporaryDirectory(prefix="regulars-tests-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        async with running(Path(folder) / "data") as cluster:
            await _hurry(cluster.dsn)
            yield cluster.dsn


async def _hurry(dsn: str) -> None:
    """Nothing waits for the disk, nor is tidied: processes are killed in these tests, and the machine never is."""
    owner = await asyncpg.connect(dsn)
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        await owner.execute(f"ALTER SYSTEM SET {setting} = off")
    await owner.execute("SELECT pg_reload_conf()")
    await owner.close()


@pytest.fixture(scope="session")
async def dsn(server: str) -> AsyncIterator[str]:
    """The DSN of the owner of a fresh, migrated database."""
    name = f"regulars_test_{os.getpid()}"
    owner = await asyncpg.connect(server)
    await owner.execute(f'CREATE DATABASE "{name}"')
    fresh = _of_database(server, name)
    await migrate(fresh)
    yield fresh
    await owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await owner.close()


def _of_database(dsn: str, name: str) -> str:
    head, _, query = dsn.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
async def database(dsn: str) -> AsyncIterator[Database]:
    """The pool as the app has it: every connection is the app role."""
    opened = await Database.connect(dsn, size=32)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault("a secret for tests only")


@pytest.fixture
def now() -> datetime:
    """A Wednesday noon in Lagos."""
    return datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
