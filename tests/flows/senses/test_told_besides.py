"""What people tell besides a day and a time: who comes, how many, a remark, a reference, several services."""

from dataclasses import replace

import pytest

from flows.reply import Choice
from flows.senses import Another, another, note, party, reference, several
from tests.flows.senses.situations import LAGOS

OFFERED = replace(
    LAGOS,
    choices=(Choice("c", "Haircut"), Choice("b", "Beard trim"), Choice("w", "Wash and fold"), Choice("s", "Shave")),
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("book for my daughter Ada on friday", Another("daughter", "Ada")),
        ("on behalf of my wife Ngozi Obi at 3", Another("wife", "Ngozi Obi")),
        ("a massage for my mum tomorrow", Another("mum", None)),
        ("it's for my little brother called Tunde", Another("little brother", "Tunde")),
        ("for our son's birthday", Another("son", None)),
    ],
)
def test_somebody_else_is_heard_with_his_name(said: str, expected: Another) -> None:
    assert another.spot(said, LAGOS) == expected


@pytest.mark.parametrize("said", ["for my appointment", "my daughter has a cold", "for me", "for 2"])
def test_not_everything_of_mine_is_somebody(said: str) -> None:
    assert another.spot(said, LAGOS) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("add a note: gate code 12", "gate code 12"),
        ("Please note that the dog bites", "the dog bites"),
        ("note: ring twice", "ring twice"),
        ("leave a note saying Back Door", "Back Door"),
    ],
)
def test_a_remark_is_heard_without_what_leads_up_to_it(said: str, expected: str) -> None:
    assert note.spot(said, LAGOS) == expected
    assert note.hear(said, LAGOS) == expected


@pytest.mark.parametrize("said", ["add a note", "did you note my address?", "friday at 3"])
def test_no_remark_is_invented(said: str) -> None:
    assert note.spot(said, LAGOS) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [("for 2", 2), ("table for four", 4), ("book a tasting for 4 on saturday", 4), ("for 2pm", None), ("at 2", None)],
)
def test_a_party_is_counted_and_no_clock_time(said: str, expected: int | None) -> None:
    assert party.spot(said, LAGOS) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("cancel INT-20260115-0001K", "INT-20260115-0001K"),
        ("please move int 20260115 0001k to friday", "INT-20260115-0001K"),
        ("my number is 0803 123 4567", None),
        ("log 08031234567 5000", None),
        ("20260115", None),
    ],
)
def test_a_reference_is_found_however_it_is_typed(said: str, expected: str | None) -> None:
    assert reference.spot(said, LAGOS) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("haircut and beard trim", ("c", "b")),
        ("beard trim + haircut please", ("b", "c")),
        ("1 and 4", ("c", "s")),
        ("all of them", ("c", "b", "w", "s")),
        ("wash and fold", None),
        ("haircut", None),
        ("both", None),
        ("a haircut and a coffee", None),
    ],
)
def test_several_are_heard_only_where_several_are_said(said: str, expected: tuple[str, ...] | None) -> None:
    assert several.hear(said, OFFERED) == expected
