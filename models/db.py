"""The only door to Postgres: statements are written with SQLModel, compiled once and run by asyncpg.

A transaction belongs to one business. It runs as the app role, which owns nothing and bypasses nothing, and the
business is set for that transaction alone, so a connection that goes back to the pool carries nothing over.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from itertools import groupby
from typing import Any, Self, TypeVar, overload
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import Executable, bindparam, insert
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql.elements import ClauseElement
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from models.errors import DatabaseUnavailable

APP_ROLE = "regulars_app"
T = TypeVar("T")
M = TypeVar("M", bound=SQLModel)


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg ships no types
    """A row of chosen columns: `row.points` beside `row["points"]`."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a column may hold anything
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class _Compiled:
    """A statement as asyncpg takes it: text with $1, $2, …, the order of the values, and what a row becomes."""

    __slots__ = ("fixed", "names", "sql", "to_model")

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)  # noqa: S101 - tells the type checker; all executables are clauses
        compiled = statement.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        self.fixed: dict[str, Any] = dict(compiled.params)
        if compiled.post_compile_params:  # type: ignore[attr-defined]
            # an IN over constants is written out here: the statement is compiled once and for all
            expanded = compiled.construct_expanded_state(self.fixed)  # type: ignore[attr-defined]
            self.sql, self.names = expanded.statement, tuple(expanded.positiontup or ())
            self.fixed = dict(expanded.parameters)
        entity = _single_table(statement)
        self.to_model: Callable[[asyncpg.Record], Any] | None = _loader(entity) if entity else None

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        unknown = values.keys() - self.fixed.keys()
        if unknown:
            raise TypeError(f"the statement takes no {', '.join(sorted(unknown))}")
        return [values[name] if name in values else self.fixed[name] for name in self.names]


_DIALECT = asyncpg_dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


def _single_table(statement: Executable) -> type[SQLModel] | None:
    described = getattr(statement, "column_descriptions", None)
    if isinstance(statement, SelectOfScalar) and described and described[0]["type"] is described[0].get("entity"):
        return described[0]["entity"]  # type: ignore[no-any-return]
    return None


def _loader(model: type[M]) -> Callable[[asyncpg.Record], M]:
    """Rows come back as values of their table, past validation: the database has checked them already."""

    def load(record: asyncpg.Record) -> M:
        value: M = model.__new__(model)
        values = dict(record)
        value.__dict__.update(values)
        object.__setattr__(value, "__pydantic_fields_set__", set(values))
        return value

    return load


def load(model: type[M], record: asyncpg.Record) -> M:
    """The composite value of a function's answer as a row of its table."""
    return _loader(model)(record)


@cache
def _compiled(statement: Executable) -> _Compiled:
    return _Compiled(statement)


@cache
def written_columns(model: type[SQLModel]) -> tuple[str, ...]:
    """The columns a new row brings along; times, counters and what is computed are the database's."""
    columns = model.__table__.columns  # type: ignore[attr-defined]
    ours = (column for column in columns if column.computed is None and column.identity is None)
    return tuple(column.name for column in ours if column.name not in _KEPT_BY_DATABASE)


@cache
def _insertion(model: type[SQLModel]) -> Executable:
    return insert(model).values({name: bindparam(name) for name in written_columns(model)})


_KEPT_BY_DATABASE = frozenset({"created_at", "updated_at"})


class Tx:
    """An open transaction. It ends with the `async with` block that opened it; nobody else commits."""

    __slots__ = ("_connection", "tenant_id")

    def __init__(self, connection: Any, tenant_id: UUID | None) -> None:  # noqa: ANN401 - asyncpg ships no types
        self._connection = connection
        self.tenant_id = tenant_id

    @property
    def connection(self) -> Any:  # noqa: ANN401 - asyncpg ships no types
        """The connection itself, for a library that brings its own statements. It must not end the transaction."""
        return self._connection

    @overload
    async def all(self, statement: SelectOfScalar[T], **values: Any) -> list[T]: ...
    @overload
    async def all(self, statement: Executable, **values: Any) -> list[Any]: ...
    async def all(self, statement: Executable, **values: Any) -> list[Any]:
        """Every row: values of the table for `select(Table)`, `Row` for chosen columns."""
        compiled = _compiled(statement)
        rows = await self._connection.fetch(compiled.sql, *compiled.arguments(values))
        return [compiled.to_model(row) for row in rows] if compiled.to_model else list(rows)

    @overload
    async def one(self, statement: SelectOfScalar[T], **values: Any) -> T | None: ...
    @overload
    async def one(self, statement: Executable, **values: Any) -> Any: ...  # noqa: ANN401 - a Row, whose columns are any
    async def one(self, statement: Executable, **values: Any) -> Any:
        """The first row, or None."""
        compiled = _compiled(statement)
        row = await self._connection.fetchrow(compiled.sql, *compiled.arguments(values))
        return compiled.to_model(row) if compiled.to_model and row is not None else row

    async def value(self, statement: Executable, **values: Any) -> Any:  # noqa: ANN401 - a column may hold anything
        """The first column of the first row, or None."""
        compiled = _compiled(statement)
        return await self._connection.fetchval(compiled.sql, *compiled.arguments(values))

    async def run(self, statement: Executable, **values: Any) -> int:
        """Carries the statement out and says how many rows it touched."""
        compiled = _compiled(statement)
        status: str = await self._connection.execute(compiled.sql, *compiled.arguments(values))
        return int(status.rsplit(" ", 1)[-1]) if status[-1:].isdigit() else 0

    async def add(self, *rows: SQLModel) -> None:
        """Inserts the rows, in the order given: those of one table that follow each other in one round trip."""
        for model, alike in groupby(rows, type):
            compiled, columns = _compiled(_insertion(model)), written_columns(model)
            values = [compiled.arguments({name: getattr(row, name) for name in columns}) for row in alike]
            await self._connection.executemany(compiled.sql, values)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that may fail alone: a lost race leaves the rest of the transaction usable."""
        await self._connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            await self._connection.execute("ROLLBACK TO SAVEPOINT part")
            raise
        await self._connection.execute("RELEASE SAVEPOINT part")


class Database:
    """A pool of connections that all speak as the app role."""

    def __init__(self, pool: Any) -> None:  # noqa: ANN401 - asyncpg ships no types
        self._pool = pool

    @classmethod
    async def connect(cls, dsn: str, *, size: int = 16) -> Self:
        """Opens the pool. Raises DatabaseUnavailable when nobody answers at `dsn`."""
        try:
            pool = await asyncpg.create_pool(
                dsn,
                min_size=2,
                max_size=size,
                init=_prepare,
                reset=_end_transaction,
                record_class=Row,
                statement_cache_size=1000,
                server_settings=_SETTINGS,
            )
        except (OSError, asyncpg.PostgresError) as error:
            raise DatabaseUnavailable(f"Postgres does not let us in: {error}") from error
        return cls(pool)

    @property
    def pool(self) -> Any:  # noqa: ANN401 - asyncpg ships no types
        """The connections themselves, for a library that listens on one. They are the app role's like all others."""
        return self._pool

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def tenant(self, tenant_id: UUID) -> AsyncIterator[Tx]:
        """One transaction of one business: commits at the end of the block, rolls back when it raises."""
        begin = f"BEGIN; SET LOCAL app.current_tenant = '{UUID(str(tenant_id))}'"
        async with self._pool.acquire() as connection:
            await connection.execute(begin)
            try:
                yield Tx(connection, tenant_id)
            except BaseException:
                await connection.execute("ROLLBACK")
                raise
            await connection.execute("COMMIT")

    async def ask(self, statement: Executable, **values: Any) -> list[Row]:
        """One statement without a business, in a transaction of its own: only the routing functions answer here."""
        async with self._pool.acquire() as connection:
            return await Tx(connection, None).all(statement, **values)


# one business's stuck row or slow query must not use up the connections of all others
_SETTINGS = {
    "role": APP_ROLE,
    "application_name": "regulars",
    "jit": "off",
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
}


async def _prepare(connection: Any) -> None:  # noqa: ANN401 - asyncpg ships no types
    # binary, as composite values (whole rows answered by a function) can be read in no other format
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_to_jsonb, decoder=_from_jsonb, format="binary"
    )


def _to_jsonb(value: object) -> bytes:
    # asyncpg's own UUIDs are a subclass, which orjson does not write by itself
    return _JSONB_VERSION + orjson.dumps(value, default=str)


def _from_jsonb(sent: bytes) -> object:
    return orjson.loads(memoryview(sent)[1:])


_JSONB_VERSION = b"\x01"


async def _end_transaction(connection: Any) -> None:  # noqa: ANN401 - asyncpg ships no types
    """Every setting is local to its transaction, so the pool's own reset, a round trip, is not needed.

    What is needed: a task cancelled in the middle of its rollback must not leave its business open for the next one.
    """
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


__all__: Sequence[str] = ("APP_ROLE", "Database", "Row", "Tx", "load", "written_columns")
