from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reply import Choice
from flows.senses import choice
from tests.flows.senses.situations import LAGOS

SERVICES = replace(
    LAGOS,
    choices=(
        Choice("wash", "Wash"),
        Choice("fold", "Wash and fold", ("laundry",)),
        Choice("premium", "Premium dry cleaning"),
        Choice("rug", "Rug cleaning"),
    ),
)
TIMES = replace(
    LAGOS,
    choices=(
        Choice("a", "Thu 19 Nov, 10:00"),
        Choice("b", "Thu 19 Nov, 3:30 PM"),
        Choice("c", "Fri 20 Nov, 15:30"),
        Choice("d", "Fri 20 Nov, 16:00"),
    ),
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("premium", "premium"),
        ("2", "fold"),
        ("2.", "fold"),
        ("#2", "fold"),
        ("2 please", "fold"),
        ("option two", "fold"),
        ("number 3", "premium"),
        ("the second one", "fold"),
        ("3rd", "premium"),
        ("first one please", "wash"),
        ("one please", "wash"),
        ("last", "rug"),
        ("the last one", "rug"),
        ("Wash", "wash"),
        ("wash & fold", "fold"),
        ("WASH AND FOLD", "fold"),
        ("wash and fold tomorrow", "fold"),
        ("laundry", "fold"),
        ("I'd like the premium one please", "premium"),
        ("premum", "premium"),
        ("rugs", "rug"),
        ("rug clening", "rug"),
    ],
)
def test_one_of_the_services_is_heard(said: str, expected: str | None) -> None:
    assert choice.hear(said, SERVICES) == expected


@pytest.mark.parametrize(
    "said", ["cleaning", "5", "0", "1 and 2", "3 loads", "both", "not the wash", "yes", "tomorrow", "", "hello there"]
)
def test_what_fits_none_or_several_is_none(said: str) -> None:
    assert choice.hear(said, SERVICES) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("10", "a"),
        ("10am", "a"),
        ("tomorrow half 3", "b"),
        ("friday 4pm", "d"),
        ("16:00", "d"),
        ("half 3", None),
        ("friday", None),
        ("5pm", None),
    ],
)
def test_a_time_is_chosen_in_ones_own_words(said: str, expected: str | None) -> None:
    assert choice.hear(said, TIMES) == expected


def test_a_day_that_is_not_offered_is_no_slip_of_the_pen() -> None:
    """Taken for a near miss, "tuesday" booked the Thursday."""
    days = replace(LAGOS, choices=(Choice("19", "Thursday"), Choice("20", "Friday")))
    assert choice.hear("tuesday", days) is None
    assert choice.hear("thrusday", days) == "19"


def test_only_a_whole_label_is_spotted() -> None:
    assert choice.spot("hi can I get a wash and fold for friday", SERVICES) == "fold"
    assert choice.spot("do you do laundry on sundays", SERVICES) == "fold"
    assert choice.spot("2 loads for friday please", SERVICES) is None
    assert choice.spot("I was washed away", SERVICES) is None
    assert choice.spot("a wash or a rug cleaning", SERVICES) is None


LABELS = st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=12), min_size=1, max_size=10)


@given(LABELS, st.data())
@settings(deadline=None)
def test_a_number_or_a_tap_is_always_right(labels: list[str], data: st.DataObject) -> None:
    choices = [Choice(f"id-{place}", label) for place, label in enumerate(labels)]
    place = data.draw(st.integers(0, len(choices) - 1))
    offered = replace(LAGOS, choices=choices)

    for said in (f"{place + 1}", f"{place + 1}.", f"#{place + 1}", f" {place + 1} please", f"id-{place}"):
        assert choice.hear(said, offered) == f"id-{place}"
    assert choice.hear(str(len(choices) + 1), offered) is None
