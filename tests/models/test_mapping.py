"""Everything that the schemas of the five sources define has a line in docs/data-model, and the line is true."""

import csv
import importlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs/data-model"
HEADER = ["source", "kind", "name", "where", "how"]

IN_SOURCES = 915
FINGERPRINT = "91ef0ce1fdd117437c555c921b569b972d550863ec9d54fbfc209086b3d7b4e3"
"""SHA-256 of what the sources define, in order: `source,kind,name`, one a line. They are no part of this repository."""

WORDS = {"same", "renamed", "merged", "derived", "replaced", "pending"}
A_REASON = 3
"""The fewest words that say why something is done in another way."""

NOT_OURS = {"alembic_version"}


@dataclass(frozen=True, slots=True)
class Line:
    """Where something of a source is in our model. `note` is what `how` says after its word."""

    source: str
    kind: str
    name: str
    where: str
    how: str

    @property
    def word(self) -> str:
        return self.how.partition(":")[0]

    @property
    def note(self) -> str:
        return self.how.partition(":")[2].strip()


@dataclass(frozen=True, slots=True)
class Live:
    """What a migrated database has: "table.column", "function()", checks by name, (trigger, table), (policy, table)."""

    tables: frozenset[str]
    columns: frozenset[str]
    functions: frozenset[str]
    checks: frozenset[str]
    triggers: frozenset[tuple[str, str]]
    policies: frozenset[tuple[str, str]]

    def has(self, where: str) -> bool:
        """Whether the place is there, in the database or in the code."""
        if ":" in where:
            return is_callable(where)
        if where.startswith("function "):
            return where.removeprefix("function ") in self.functions
        return where in (self.columns if "." in where else self.tables)


_COLUMNS = """
SELECT c.relname AS table, a.attname AS column FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
"""
_FUNCTIONS = "SELECT proname || '()' FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
_CHECKS = "SELECT conname FROM pg_constraint WHERE contype = 'c'"
_TRIGGERS = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
_POLICIES = "SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'"


@pytest.fixture(scope="session")
async def live(dsn: str) -> Live:
    owner = await asyncpg.connect(dsn)
    try:
        columns = await owner.fetch(_COLUMNS)
        return Live(
            tables=frozenset(row["table"] for row in columns) - NOT_OURS,
            columns=frozenset(f"{row['table']}.{row['column']}" for row in columns),
            functions=frozenset(row[0] for row in await owner.fetch(_FUNCTIONS)),
            checks=frozenset(row[0] for row in await owner.fetch(_CHECKS)),
            triggers=frozenset((row[0], row[1]) for row in await owner.fetch(_TRIGGERS)),
            policies=frozenset((row[0], row[1]) for row in await owner.fetch(_POLICIES)),
        )
    finally:
        await owner.close()


def read() -> list[Line]:
    with (FOLDER / "mapping.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == HEADER
    return [Line(*row) for row in rows]


LINES = read()
BUILT = [line for line in LINES if line.word != "pending"]
PENDING = [line for line in LINES if line.word == "pending"]


def is_callable(where: str) -> bool:
    """Whether "package.module:name" is there to be called."""
    module, _, name = where.partition(":")
    try:
        return callable(getattr(importlib.import_module(module), name, None))
    except ModuleNotFoundError:
        return False


def names(lines: Iterable[Line]) -> list[str]:
    return [f"{line.source} {line.name} -> {line.where}" for line in lines]


def test_everything_of_the_sources_has_its_line() -> None:
    told = "\n".join(f"{line.source},{line.kind},{line.name}" for line in LINES)

    assert len(LINES) == IN_SOURCES
    assert sha256(told.encode()).hexdigest() == FINGERPRINT


def test_how_is_one_of_the_words() -> None:
    assert {line.word for line in LINES} <= WORDS
    assert names(line for line in LINES if ":" in line.how and not line.note) == []


def test_what_is_done_in_another_way_says_why() -> None:
    replaced = [line for line in LINES if line.word == "replaced"]
    assert replaced
    assert names(line for line in replaced if len(line.note.split()) < A_REASON) == []


def test_what_is_converted_says_how() -> None:
    assert names(line for line in LINES if line.word == "derived" and not line.note) == []


async def test_what_is_built_is_there(live: Live) -> None:
    assert BUILT
    assert names(line for line in BUILT if not live.has(line.where)) == []


async def test_what_is_pending_is_not_there(live: Live) -> None:
    """A plan that was carried out would go on being called a plan."""
    planned = re.compile(r"(\w+(\.\w+)?)?")

    assert names(line for line in PENDING if not planned.fullmatch(line.where)) == []
    assert names(line for line in PENDING if live.has(line.where)) == []


def test_same_and_renamed_are_told_apart() -> None:
    columns = [line for line in BUILT if line.kind == "column"]
    assert columns
    assert names(line for line in columns if line.word == "same" and line.name != line.where) == []
    assert names(line for line in columns if line.word == "renamed" and line.name == line.where) == []


async def test_an_enum_has_a_check_of_words(live: Live) -> None:
    checks = {f"ck_{line.where.replace('.', '_')}_known" for line in BUILT if line.kind == "enum"}
    assert checks
    assert checks <= live.checks


async def test_triggers_that_stamp_a_row_are_there(live: Live) -> None:
    stamp = "function update_updated_at_column()"
    notes = {line.note for line in BUILT if line.kind == "trigger" and line.where == stamp}
    assert notes
    assert notes <= {f"trigger {name}" for name, table in live.triggers if name == f"{table}_updated_at"}


async def test_policies_that_are_named_are_there(live: Live) -> None:
    named = {pair for line in BUILT for pair in re.findall(r"policy (\w+) on (\w+)", line.note)}
    assert named
    assert named <= live.policies


@pytest.mark.parametrize(
    "where",
    [
        "customers.shoe_size",
        "shoes",
        "shoes.id",
        "function shoe()",
        "models.shoes:lace",
        "models.loyalty.ledger:lace",
        "models.loyalty.ledger:Any.lace",
        "",
    ],
)
async def test_made_up_places_are_found_out(live: Live, where: str) -> None:
    assert not live.has(where)


async def test_the_table_by_area_is_complete(live: Live) -> None:
    """A table that nobody has put into an area is one that nobody has told of."""
    text = (FOLDER / "README.md").read_text("utf-8")
    areas = [row.split("|") for row in text.splitlines() if row.startswith("| ")]
    built, planned = ([name for row in areas for name in re.findall(r"`(\w+)`", row[i])] for i in (2, 3))

    assert sorted(built) == sorted(live.tables)
    assert planned
    assert {name for name in planned if live.has(name)} == set()
    assert {line.where.partition(".")[0] for line in PENDING} - {""} <= {*built, *planned}
