"""Conversations outlive deploys: what an older version has asked has a place in the version that runs."""

import tomllib
from pathlib import Path

import pytest

from flows.flow import Flow
from flows.registry import FLOWS
from flows.state import Frame

RECORDED: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).resolve().parent.parent / "data" / "questions.toml").read_text("utf-8")
)
OLDER = [
    (flow, int(version), question)
    for flow, versions in RECORDED.items()
    for version, questions in versions.items()
    for question in questions
]


@pytest.mark.parametrize("flow", [flow for flow in FLOWS.values() if flow.asks], ids=lambda flow: flow.name)
def test_other_questions_are_another_version(flow: type[Flow]) -> None:
    """Without one, nobody would ask `upgrade` about a position that is gone."""
    recorded = RECORDED[flow.name]
    assert recorded[str(flow.version)] == list(flow.by_state), "raise `version`, and add a line to questions.toml"
    assert list(recorded) == [str(version) for version in range(1, flow.version + 1)]


@pytest.mark.parametrize(("flow", "version", "question"), OLDER)
def test_every_stored_question_has_a_place(flow: str, version: int, question: str) -> None:
    kind = FLOWS[flow]
    frame = Frame(flow=flow, version=version, awaiting=question)
    assert (kind.upgrade(frame) if version != kind.version else frame).awaiting in kind.by_state
