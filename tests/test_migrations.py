"""What the migrations leave behind: the tables of the models, shut to every business but their own.

PostgreSQL's catalogue is asked here; tests/test_isolation.py tries the doors.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from bot.migrating import migrate, migrated_to
from migrations import HEAD
from models import ROUTING_TABLES, TENANT_TABLES
from models.base import uuid7
from models.db import APP_ROLE

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
TABLES = {table.name: table for table in SQLModel.metadata.sorted_tables}
OF_TENANTS = [model.__tablename__ for model in TENANT_TABLES]

WITHOUT_A_TENANT = {
    "businesses",
    "businesses_on_line",
    "leave_shared_lines",
    "message_sent_as",
    "receive_event",
    "route_line",
    "share_line",
    "tenant_of_call",
    "tenants_with_unsent",
    "waiting_people",
}
"""All that may be asked before a business is known. Whatever is added here sees every business's rows."""


# -- the history ---------------------------------------------------------------------------------------------


async def test_head_is_the_newest_file(dsn: str) -> None:
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("*.py"))

    assert newest.startswith(f"{HEAD}_")
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]
    assert await migrated_to(dsn) == HEAD


async def test_migrating_again_does_nothing(dsn: str) -> None:
    assert await migrate(dsn) is False


async def test_two_processes_may_migrate_at_once(server: str) -> None:
    """Two servers of one installation start together after every deployment."""
    async with fresh_database(server, "twice") as empty:
        done = await asyncio.gather(migrate(empty), migrate(empty))

        assert any(done)
        assert await migrated_to(empty) == HEAD


# -- the same tables as the models ---------------------------------------------------------------------------


async def test_the_next_migration_would_be_empty(dsn: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, SQLModel.metadata))

    assert await in_sync(dsn, differences) == []


async def test_migrated_tables_are_those_of_the_models(dsn: str, server: str) -> None:
    """To the letter, as PostgreSQL itself describes them: conditions of checks and of partial indexes too."""
    async with fresh_database(server, "modelled") as empty:
        await in_sync(empty, lambda connection: connection.execute(text("CREATE EXTENSION btree_gist")))
        await in_sync(empty, SQLModel.metadata.create_all)

        expected = await described(empty)

    assert expected.keys() >= TABLES.keys()
    assert {name: what for name, what in (await described(dsn)).items() if name != "alembic_version"} == expected


async def in_sync(dsn: str, work: Any) -> Any:
    """Runs `work(connection)` on one of SQLAlchemy's own connections, and commits."""
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


@asynccontextmanager
async def fresh_database(server: str, name: str) -> AsyncIterator[str]:
    """The DSN of an empty database that lives as long as the block."""
    name = f"regulars_test_{name}_{uuid7().hex[-8:]}"
    owner = await asyncpg.connect(server)
    await owner.execute(f'CREATE DATABASE "{name}"')
    head, mark, query = server.partition("?")
    try:
        yield f"{head.rsplit('/', 1)[0]}/{name}{mark}{query}"
    finally:
        await owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await owner.close()


_DESCRIBED = """
SELECT c.relname AS table, array_to_string(c.reloptions, ',') AS options,
  ARRAY(SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                         a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1) AS columns,
  ARRAY(SELECT concat_ws(' ', k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k
        WHERE k.conrelid = c.oid ORDER BY 1) AS constraints,
  ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = c.oid ORDER BY 1) AS indexes
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


async def described(dsn: str) -> dict[str, dict[str, Any]]:
    return {row["table"]: dict(row) for row in await owners_view(dsn, _DESCRIBED)}


async def owners_view(dsn: str, statement: str, *values: object) -> list[asyncpg.Record]:
    """The catalogue, as the owner sees it."""
    owner = await asyncpg.connect(dsn)
    try:
        rows: list[asyncpg.Record] = await owner.fetch(statement, *values)
        return rows
    finally:
        await owner.close()


# -- shut, by the catalogue ----------------------------------------------------------------------------------


def test_the_list_of_tenant_tables_is_complete() -> None:
    """A table left off the list would be left out of every test below."""
    carrying = {name for name, table in TABLES.items() if "tenant_id" in table.columns}
    routing = {model.__tablename__ for model in ROUTING_TABLES}

    assert len(OF_TENANTS) == len(set(OF_TENANTS))
    assert carrying - routing == set(OF_TENANTS)
    assert TABLES.keys() - set(OF_TENANTS) == {"tenants", *routing}


async def test_every_tenant_table_is_shut_even_to_its_owner(dsn: str) -> None:
    rows = await owners_view(
        dsn,
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relrowsecurity AND relforcerowsecurity",
    )

    assert {row["relname"] for row in rows} >= {"tenants", *OF_TENANTS}


async def test_the_app_role_is_nobody_special(dsn: str) -> None:
    (role,) = await owners_view(
        dsn,
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin AS powerful,"
        " ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid) AS member_of,"
        " ARRAY(SELECT relname FROM pg_class WHERE relowner = r.oid) AS owned"
        " FROM pg_roles r WHERE rolname = $1",
        APP_ROLE,
    )

    assert dict(role) == {"powerful": False, "member_of": [], "owned": []}


async def test_no_reference_can_point_into_another_business(dsn: str) -> None:
    """Foreign keys are checked past row-level security: one without the tenant would take a stranger's id."""
    rows = await owners_view(
        dsn,
        """
        SELECT conrelid::regclass::text AS table, confrelid::regclass::text AS parent, conname,
          ARRAY(SELECT a.attname::text || '>' || b.attname FROM unnest(conkey, confkey) AS k (mine, theirs)
                JOIN pg_attribute a ON (a.attrelid, a.attnum) = (conrelid, mine)
                JOIN pg_attribute b ON (b.attrelid, b.attnum) = (confrelid, theirs)) AS pairs
        FROM pg_constraint WHERE contype = 'f'
        """,
    )
    between = [row for row in rows if {row["table"], row["parent"]} <= set(OF_TENANTS)]

    assert len(between) > len(OF_TENANTS)
    assert [row["conname"] for row in between if "tenant_id>tenant_id" not in row["pairs"]] == []
    parents = {row["parent"] for row in rows if row["table"] in OF_TENANTS}
    assert parents <= {"tenants", *OF_TENANTS}


async def test_every_key_begins_with_the_tenant(dsn: str) -> None:
    """Two businesses may number their things alike, and partitions by tenant stay possible."""
    rows = await owners_view(
        dsn,
        """
        SELECT i.indexrelid::regclass::text AS index, a.attname AS first FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relname = ANY($1)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique OR i.indisexclusion
        """,
        OF_TENANTS,
    )
    others = {row["index"] for row in rows if row["first"] != "tenant_id"}

    assert len(rows) > len(OF_TENANTS)
    assert others == {"ix_phone_lines_route"}, "a number belongs to one business: that is how it is found"


async def test_what_may_be_asked_without_a_business(dsn: str) -> None:
    rows = await owners_view(
        dsn,
        "SELECT proname FROM pg_proc WHERE prosecdef AND has_function_privilege($1, oid, 'EXECUTE')",
        APP_ROLE,
    )

    assert {row["proname"] for row in rows} == WITHOUT_A_TENANT
