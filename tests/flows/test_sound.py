"""Every flow holds together: tables, words and diagrams. And one that does not is refused."""

import tomllib
from enum import StrEnum
from pathlib import Path

import pytest

from flows import senses
from flows.drawing import draw
from flows.flow import Flow, Slots
from flows.registry import FLOWS, STAFF_ONLY
from flows.shape import Shape
from flows.tables import ELSEWHERE, LEFT, START, Ask
from models.errors import UnsoundFlow
from prompts import has

DIAGRAMS = Path(__file__).resolve().parent.parent.parent / "docs" / "flows"
RECORDED: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).resolve().parent.parent / "data" / "questions.toml").read_text("utf-8")
)
"""The questions of every flow by its version: what a conversation may have stored."""
AGAIN = ("again", "again2")
EVERY_FLOW = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS.keys())


class S(StrEnum):
    NAME = "name"
    AGE = "age"


NAME, AGE = Ask(S.NAME, (senses.name,)), Ask(S.AGE, (senses.count,), needs=(S.NAME,))


def key(flow: type[Flow], state: str, happened: str = "") -> str:
    return f"{flow.name}-{state}".replace("_", "-") + (f".{happened}" if happened else "")


@EVERY_FLOW
def test_every_question_has_its_words_and_two_other_ways_to_put_it(flow: type[Flow]) -> None:
    wanted = [key(flow, question, how) for question in flow.shape.questions for how in ("", *AGAIN)]
    assert [one for one in wanted if not has(one, "en")] == []


@EVERY_FLOW
def test_every_end_has_its_words(flow: type[Flow]) -> None:
    assert [end for end in flow.shape.ends if end not in (LEFT, ELSEWHERE) and not has(key(flow, end), "en")] == []
    assert has("house-left", "en")


@EVERY_FLOW
def test_every_flow_has_a_name_people_know(flow: type[Flow]) -> None:
    assert has(f"{flow.name}-label".replace("_", "-"), "en")


@EVERY_FLOW
def test_every_diagram_is_the_one_that_runs(flow: type[Flow]) -> None:
    assert (DIAGRAMS / f"{flow.name}.md").read_text(encoding="utf-8") == draw(flow), "run `make flows`"


def test_no_diagram_is_left_of_a_flow_that_is_gone() -> None:
    drawn = {path.stem for path in DIAGRAMS.glob("*.md")}
    assert drawn == set(FLOWS)


def test_only_staff_flows_turn_customers_away() -> None:
    assert {name for name, flow in FLOWS.items() if ("not_staff", START, "not_staff") in flow.moves} == STAFF_ONLY


@pytest.mark.parametrize("flow", [flow for flow in FLOWS.values() if flow.asks], ids=lambda flow: flow.name)
def test_other_questions_are_another_version(flow: type[Flow]) -> None:
    """Without one, nobody would ask `upgrade` about a position that is gone."""
    recorded = RECORDED[flow.name]
    assert recorded[str(flow.version)] == list(flow.by_state), "raise `version`, and add a line to questions.toml"
    assert list(recorded) == [str(version) for version in range(1, flow.version + 1)]


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ((("done", "nmae", "end"),), "no question"),
        ((("done", S.NAME, START),), "back to the start"),
    ],
)
def test_a_table_that_names_what_is_not_there_is_refused(moves: tuple[tuple[str, str, str], ...], told: str) -> None:
    with pytest.raises(UnsoundFlow, match=told):
        Shape("toy", (NAME,), moves)


def test_a_question_that_depends_on_one_never_asked_is_refused() -> None:
    with pytest.raises(UnsoundFlow, match="'name' is needed but never asked"):
        Shape("toy", (AGE,), ())


def test_a_flow_whose_method_is_misspelt_is_refused() -> None:
    with pytest.raises(UnsoundFlow, match="no method 'greet'"):

        class Toy(Flow):
            name = "toy"
            first = "greet"


def test_a_flow_without_a_slot_for_an_answer_is_refused() -> None:
    with pytest.raises(UnsoundFlow, match="no slot keeps the answer to 'name'"):

        class Toy(Flow):
            name = "toy"
            Slots = Slots
            asks = (NAME,)
