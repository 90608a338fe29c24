"""docs/invariants.md and the tests hold each other: every promise is tried, and every number named is a promise."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "docs" / "invariants.md"

_PROMISE = re.compile(r"^(\d+)\. ", re.MULTILINE)
_NAMED = re.compile(r"[Ii]nvariants? ((?:\d+)(?:(?:, | and |, and |–)\d+)*)")


def promised() -> set[int]:
    return {int(number) for number in _PROMISE.findall(PAGE.read_text(encoding="utf-8"))}


def docstrings() -> Iterator[str]:
    """Of every test, test class and test module."""
    for path in TESTS.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield ast.get_docstring(node) or ""


def numbers(named: str) -> set[int]:
    """What is named by "7", by "1, 2 and 14" or by "15–18"."""
    found: set[int] = set()
    for part in re.split(r", and |, | and ", named):
        first, _, last = part.partition("–")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def tried() -> set[int]:
    named = [match for text in docstrings() for match in _NAMED.findall(text)]
    assert len(named) > 50, "the walk has lost its way"
    return set().union(*map(numbers, named))


def test_every_promise_is_tried() -> None:
    assert promised() - tried() == set()


def test_every_number_is_a_promise() -> None:
    assert tried() - promised() == set()


def test_numbers_are_read_as_they_are_written() -> None:
    assert numbers("1, 2 and 14") == {1, 2, 14}
    assert numbers("15–18") == {15, 16, 17, 18}
