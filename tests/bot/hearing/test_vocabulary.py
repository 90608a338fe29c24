"""The words we listen for: each means one thing, and staff words are heard of staff."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.hearing.vocabulary import normal, vocabulary
from flows.registry import FLOWS, STAFF_ONLY
from prompts.words import words

HEARING = words("en", "hearing")
LISTS = ("words", "phrases", "openings", "verbs", "endings", "with_time", "alone")


def said(section: Mapping[str, Any], kind: str) -> Iterator[str]:
    return (normal(word) for flow in section.values() for word in flow.get(kind, ()))


def test_what_is_listened_for_begins_a_flow_that_there_is() -> None:
    assert HEARING["flows"].keys() <= FLOWS.keys() - STAFF_ONLY
    assert HEARING["staff"].keys() <= FLOWS.keys()
    assert {kind for section in ("flows", "staff") for flow in HEARING[section].values() for kind in flow} <= {*LISTS}


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("section", ["flows", "staff"])
def test_no_word_means_two_things(section: str, kind: str) -> None:
    """The later one would win, and nobody would know."""
    assert [word for word, times in Counter(said(HEARING[section], kind)).items() if times > 1] == []


def test_no_word_of_a_flow_is_taken_before_it_is_heard() -> None:
    heard = vocabulary("en")
    first = {*heard.opt_out, *heard.human, *heard.commands}
    ours = {*heard.flows, *heard.staff}
    assert first & ours == set()
    assert [word for word in sorted(ours) if heard.opt_out_phrases.find(word) or heard.human_phrases.find(word)] == []
    assert [word for word in sorted(ours) if heard.greeting.fullmatch(word) or heard.thanks.fullmatch(word)] == []


def test_no_word_that_stops_everything_is_a_global_word_as_well() -> None:
    """On SMS "cancel" stops all; everywhere else it leaves what is open."""
    heard = vocabulary("en")
    assert heard.opt_out & heard.commands.keys() == set()
    assert heard.opt_in & (heard.opt_out | heard.human) == set()
