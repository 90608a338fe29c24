"""Brings the tables up to date, and says whether they are."""

from pathlib import Path

import asyncpg

from migrations import HEAD
from models.errors import DatabaseUnavailable

_PROJECT = Path(__file__).resolve().parent.parent


async def migrated_to(dsn: str) -> str | None:
    """The version of the tables, or None when there are none yet."""
    try:
        connection = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"Postgres does not let us in: {error}") from error
    try:
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return version
    finally:
        await connection.close()


async def migrate(dsn: str) -> bool:
    """Runs the migrations that are missing, as the owner of the database; False when there were none."""
    if await migrated_to(dsn) == HEAD:
        return False
    # alembic takes half a second to load and is needed once per version
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    config = Config(toml_file=str(_PROJECT / "pyproject.toml"))

    def upgrade(connection: object) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn))
    try:
        async with engine.connect() as connection:
            # two processes may start at once: the second waits here and then finds nothing to do
            await connection.exec_driver_sql("SELECT pg_advisory_lock(815)")
            await connection.run_sync(upgrade)
            await connection.commit()
    finally:
        await engine.dispose()
    return True
