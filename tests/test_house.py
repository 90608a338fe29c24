"""The rules of the house that no checker knows, read from the syntax trees and from the files beside them."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "prompts": {"prompts"},
    "models": {"models"},
    "flows": {"flows", "models", "prompts"},
    "migrations": {"migrations", "models"},
    "bot": {"bot", "flows", "models", "prompts", "migrations"},
    "tests": {"tests", "bot", "flows", "models", "prompts", "migrations", "bench"},
    "bench": {"bench", "tests", "bot", "flows", "models", "prompts", "migrations"},
}
PRODUCT = ("bot", "flows", "models", "prompts")
SLOW = {"alembic", "openai", "sqlalchemy", "twilio", "uvloop"}
"""Libraries that may be imported late: slow to load or not to be had everywhere, and seldom needed."""

LONGEST_FILE, LONGEST_FUNCTION = 400, 40

Function = ast.FunctionDef | ast.AsyncFunctionDef
Finding = tuple[ast.AST, str]
N = TypeVar("N", bound=ast.AST)


def files_of(*packages: str) -> list[Path]:
    """Every module of the packages. A walk that finds nothing proves nothing, so it fails."""
    found = {package: sorted((ROOT / package).rglob("*.py")) for package in packages}
    for package, files in found.items():
        assert files, f"no modules in {package}/"
    return [file for files in found.values() for file in files]


def findings(files: Iterable[Path], look: Callable[[ast.Module], Iterator[Finding]]) -> list[str]:
    """What `look` objects to, as `file:line: what`."""
    return [
        f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}: {what}"
        for file in files
        for node, what in look(ast.parse(file.read_text("utf-8")))
    ]


def imports_of(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide who imports whom"
            yield node, node.module or ""


def functions_of(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_imports_point_one_way() -> None:
    for package, allowed in MAY_IMPORT.items():
        forbidden = MAY_IMPORT.keys() - allowed

        def look(tree: ast.Module, forbidden: set[str] = forbidden) -> Iterator[Finding]:
            return ((node, f"imports {name}") for node, name in imports_of(tree) if name.split(".")[0] in forbidden)

        assert findings(files_of(package), look) == []


def test_only_slow_libraries_are_imported_inside_a_function() -> None:
    def look(tree: ast.Module) -> Iterator[Finding]:
        inside = (found for function in functions_of(tree) for found in imports_of(function))
        return ((node, f"imports {name}") for node, name in inside if name.split(".")[0] not in SLOW)

    assert findings(files_of(*PRODUCT), look) == []


def test_only_the_door_to_postgres_begins_and_ends_transactions() -> None:
    """A second place that commits would make half a turn durable."""
    elsewhere = [file for file in files_of(*PRODUCT) if file != ROOT / "models/db.py"]
    assert len(elsewhere) < len(files_of(*PRODUCT))
    # migrations are their own transaction, on the owner's connection
    ends_its_own = ROOT / "bot/migrating.py"

    assert findings(elsewhere, _transaction_words) == []
    assert findings([file for file in elsewhere if file != ends_its_own], _transaction_calls) == []


def _transaction_words(tree: ast.Module) -> Iterator[Finding]:
    word = re.compile(r"\s*(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b")
    return ((node, value) for node, value in _strings(tree) if word.match(value))


def _transaction_calls(tree: ast.Module) -> Iterator[Finding]:
    ending = {"commit", "rollback", "begin", "begin_nested", "transaction"}
    return ((node, name) for node, name in _method_calls(tree) if name.rpartition(".")[2] in ending)


def test_time_is_read_in_one_place() -> None:
    """A rule that reads the clock cannot be tested at another hour, and two reads in one turn disagree."""
    clocks = {ROOT / "bot/clock.py", ROOT / "models/base.py"}
    files = files_of(*PRODUCT)
    assert clocks < set(files)
    readings = {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.time_ns",
    }

    def look(tree: ast.Module) -> Iterator[Finding]:
        return ((node, name) for node, name in _method_calls(tree) if _last_two(name) in readings)

    assert findings([file for file in files if file not in clocks], look) == []


def _last_two(dotted: str) -> str:
    return ".".join(dotted.split(".")[-2:])


def _method_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return ((call, ast.unparse(call.func)) for call in calls if isinstance(call.func, ast.Attribute))


def test_files_and_functions_stay_short() -> None:
    written = [*files_of(*PRODUCT, "tests"), *sorted((ROOT / "bench").glob("*.py"))]
    long_files = [file.name for file in written if len(file.read_text("utf-8").splitlines()) > LONGEST_FILE]

    def look(tree: ast.Module) -> Iterator[Finding]:
        return ((one, one.name) for one in functions_of(tree) if _length(one) > LONGEST_FUNCTION)

    assert long_files == []
    assert findings(written, look) == []


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_functions_of_the_packages_are_annotated() -> None:
    def look(tree: ast.Module) -> Iterator[Finding]:
        top = (node for node in tree.body if isinstance(node, Function))
        return ((one, one.name) for one in top if not _is_annotated(one))

    assert findings(files_of(*PRODUCT, "migrations"), look) == []


def _is_annotated(function: Function) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    starred = [one for one in (given.vararg, given.kwarg) if one is not None]
    return function.returns is not None and all(one.annotation is not None for one in (*named, *starred))


def test_flows_speak_no_sentences() -> None:
    """Words live in prompts/, where they can be changed and translated without touching a rule."""
    sentence = re.compile(r"\b[A-Z][a-z']*(?:,? [a-z'{}]+){3,}")

    def look(tree: ast.Module) -> Iterator[Finding]:
        told_to_us = {id(node) for raised in _of(tree, ast.Raise) for node in ast.walk(raised)}
        told_to_us |= {id(node.value) for node in _of(tree, ast.Expr)}  # docstrings
        spoken = ((node, value) for node, value in _strings(tree) if id(node) not in told_to_us)
        return ((node, repr(value[:60])) for node, value in spoken if sentence.search(value))

    draws_for_developers = ROOT / "flows/drawing.py"
    assert findings([file for file in files_of("flows") if file != draws_for_developers], look) == []
    assert list(look(ast.parse('say("Sorry, we are closed today")')))
    assert list(look(ast.parse('say(f"Your table for {seats} is booked")')))


def _of(tree: ast.AST, kind: type[N]) -> Iterator[N]:
    return (node for node in ast.walk(tree) if isinstance(node, kind))


def _strings(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Every literal; the holes of an f-string are `{}`."""
    parts = {id(part) for whole in _of(tree, ast.JoinedStr) for part in whole.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node, node.value
        elif isinstance(node, ast.JoinedStr):
            yield (
                node,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values),
            )


def test_every_dependency_is_pinned() -> None:
    """One without a pin would differ from machine to machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {_name(line) for line in (*project["dependencies"], *project["optional-dependencies"]["dev"])}
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = {_name(line) for line in lines if re.fullmatch(r"[\w.-]+==[\w.]+", line)}

    assert wanted
    assert wanted - pins == set()
    assert [line for line in lines if not line.startswith("#") and _name(line) not in pins] == []


def _name(requirement: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()  # type: ignore[index]  # all begin so


def test_documents_point_at_what_is_there() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGES.md", *sorted((ROOT / "docs").rglob("*.md"))]
    assert len(documents) > 2
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []
