"""Every sentence in prompts/ is said somewhere, and every sentence that is said is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

from flows.registry import FLOWS
from flows.tables import BACK, CANCEL

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted((ROOT / "prompts" / "en").glob("*.ftl"))
SAYING = {"Reply", "word", "say", "notify", "tell"}
"""Calls that are given a key."""
KEY = re.compile(r"[a-z]+(?:-[a-z0-9]+)+(?:\.[a-z0-9_]+)?")
HOLE = r"[a-z0-9_.-]+"


def written() -> set[str]:
    """Every message and attribute of prompts/en, by its key."""
    keys: set[str] = set()
    for path in FILES:
        for message in FluentParser().parse(path.read_text("utf-8")).body:
            if isinstance(message, Message):
                name = message.id.name
                keys |= {name} if message.value is not None else set()
                keys |= {f"{name}.{attribute.id.name}" for attribute in message.attributes}
    assert keys
    return keys


def of_flows() -> Iterator[str]:
    """What the engine says by itself: questions, ends, arrivals and labels."""
    for flow in FLOWS.values():
        states = (*flow.shape.questions, *flow.shape.ends)
        arrivals = {(dest, happened) for happened, _, dest in flow.moves}
        arrivals |= {(question, how) for question in flow.shape.questions for how in ("again", "again2", BACK)}
        arrivals |= {(end, CANCEL) for end in flow.shape.ends}
        for name in ("label", *states):
            yield f"{flow.name}-{name}".replace("_", "-")
        for dest, happened in arrivals:
            yield f"{flow.name}-{dest}".replace("_", "-") + f".{happened}"


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for package in ("flows", "bot", "models"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def patterns(tree: ast.AST) -> Iterator[re.Pattern[str]]:
    """The f-strings that could be keys: those that hold a word and a hyphen of their own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [
                str(part.value).replace("_", "-") if isinstance(part, ast.Constant) else "" for part in node.values
            ]
            if any(re.search(r"[a-z]{3}", part) for part in parts) and "-" in "".join(parts):
                yield re.compile("".join(re.escape(part) or HOLE for part in parts))


def test_every_sentence_is_said_somewhere() -> None:
    """One that is not is found by whoever changes it, and wonders why nothing changes."""
    trees = [tree for _, tree in modules()]
    literals = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    within = set(re.findall(r"\{ ([a-z][a-z-]+) \}", "".join(path.read_text("utf-8") for path in FILES)))
    built = [pattern for tree in trees for pattern in patterns(tree)]
    said = {*of_flows(), *within, *(value for value in literals if isinstance(value, str))}
    heard = {one.replace(".", "-").replace("_", "-") for one in said}
    silent = [
        key
        for key in sorted(written())
        if (plain := re.sub(r"-voice$", "", key)) not in said
        and plain not in heard
        and not any(pattern.fullmatch(plain) for pattern in built)
    ]
    assert silent == []


def test_every_sentence_that_is_said_is_there() -> None:
    known = written()
    missing = [
        f"{path}:{call.lineno}: {key.value}"
        for path, tree in modules()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call) in SAYING
        for key in call.args[:2]
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and KEY.fullmatch(key.value)
        if key.value not in known
    ]
    assert missing == []


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
