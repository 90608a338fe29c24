"""Conversations outlive deploys: what an older version has asked has a place in the version that runs."""

import pytest

from flows.registry import FLOWS
from flows.state import Frame
from tests.flows.test_sound import RECORDED

OLDER = [
    (flow, int(version), question)
    for flow, versions in RECORDED.items()
    for version, questions in versions.items()
    for question in questions
]


@pytest.mark.parametrize(("flow", "version", "question"), OLDER)
def test_every_stored_question_has_a_place(flow: str, version: int, question: str) -> None:
    kind = FLOWS[flow]
    frame = Frame(flow=flow, version=version, awaiting=question)
    assert (kind.upgrade(frame) if version != kind.version else frame).awaiting in kind.by_state
