"""What the engine does with commands, on toy flows: no words, no database."""

from datetime import UTC, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, cast

import pytest

from flows import senses
from flows.commands import Back, Cancel, Choose, Command, Fill, Restart, Skip, Start, Unclear, Undo
from flows.context import TurnContext
from flows.engine import Conversation
from flows.flow import Flow, Slots
from flows.reply import Choice, starting
from flows.state import ConversationState
from flows.tables import ELSEWHERE, NONE_LEFT, START, Ask


class S(StrEnum):
    ROOM = "room"
    DAY = "day"
    TIME = "time"
    NOTE = "note"
    SURE = "sure"


class Asked(Slots):
    room: str | None = None
    day: str | None = None
    time: str | None = None
    note: str | None = None
    sure: bool | None = None
    colour: str = "white"


class Trip(Flow):
    """The room decides on the time; a note is heard at any question; Monday is full."""

    name = "trip"
    Slots = Asked
    asks = (
        Ask(S.ROOM, (senses.choice,), offers="rooms"),
        Ask(S.DAY, (senses.text,)),
        Ask(S.TIME, (senses.text,), offers="times", needs=(S.ROOM, S.DAY)),
        Ask(S.NOTE, (senses.note,), optional=True, volunteered=True),
        Ask(S.SURE, (senses.yes_or_no,), then="settle"),
    )
    moves = ((NONE_LEFT, S.TIME, S.DAY), ("done", S.SURE, "done"), ("no", S.SURE, S.DAY))

    async def rooms(self) -> list[Choice]:
        return [Choice("blue", "Blue"), Choice("red", "Red")]

    async def times(self) -> list[Choice]:
        return [] if self.slots.day == "monday" else [Choice("10", "ten")]

    async def settle(self) -> str:
        return "done" if self.slots.sure else "no"


class Glance(Flow):
    """A look at something, in between."""

    name = "glance"
    first = "look"
    moves = (("shown", START, "shown"),)

    async def look(self) -> str:
        return "shown"


class Lead(Flow):
    """Leads up to a trip."""

    name = "lead"
    first = "go"
    moves = (("found", START, ELSEWHERE),)

    async def go(self) -> str:
        self.goes_on = Start("trip", slots={"room": "red", "colour": "black"})
        return "found"


class Menu(Glance):
    name = "menu"
    has_the_floor = True


FLOWS = {flow.name: flow for flow in (Trip, Glance, Lead, Menu)}


@pytest.fixture
def talk() -> Conversation:
    """Somebody who has said nothing yet."""
    context = SimpleNamespace(
        locale="en_NG",
        staff=None,
        now=datetime(2026, 11, 18, 11, tzinfo=UTC),
        word=lambda key, **_: key,
        setting=lambda choices=(): SimpleNamespace(choices=choices),
    )
    return Conversation(ConversationState(), cast("TurnContext", context), FLOWS)


async def says(talk: Conversation, *commands: Command) -> list[str]:
    """The keys of what is said to one message."""
    talk.replies = []
    await talk.take(commands)
    return [reply.key for reply in talk.replies]


def slots(talk: Conversation) -> dict[str, Any]:
    assert talk.state.current is not None
    return talk.state.current.slots


async def test_questions_are_asked_in_order_to_the_end(talk: Conversation) -> None:
    assert await says(talk, Start("trip")) == ["trip-room"]
    assert await says(talk, Fill("room", "blue")) == ["trip-day"]
    assert await says(talk, Fill("day", "friday")) == ["trip-time"]
    assert await says(talk, Fill("time", "10")) == ["trip-note"]
    assert await says(talk, Fill("note", "late")) == ["trip-sure"]
    assert talk.state.current is not None
    await says(talk, Fill("sure", value=True))
    assert talk.state.current is None
    assert talk.happened[-1] == "trip.done"


async def test_what_is_told_ahead_waits_for_its_question(talk: Conversation) -> None:
    await says(talk, Start("trip"), Fill("room", "blue"))
    assert await says(talk, Fill("time", "10", ahead=True), Fill("day", "friday")) == ["trip-note"]
    assert slots(talk) == {"room": "blue", "day": "friday", "time": "10"}


async def test_what_was_told_ahead_is_asked_for_when_something_else_happened(talk: Conversation) -> None:
    """Monday is full: the time that was named with it was one of Monday's."""
    await says(talk, Start("trip"), Fill("room", "blue"))
    assert await says(talk, Fill("time", "10", ahead=True), Fill("day", "monday")) == ["trip-day"]
    assert "day" not in slots(talk)


async def test_an_optional_question_is_skipped_and_no_other(talk: Conversation) -> None:
    await says(talk, Start("trip"), Fill("room", "blue"))
    assert await says(talk, Skip()) == ["trip-day"]
    await says(talk, Fill("day", "friday"), Fill("time", "10"))
    assert await says(talk, Skip()) == ["trip-sure"]
    assert slots(talk)["note"] is None


async def test_what_is_volunteered_is_kept_and_the_open_question_put_again(talk: Conversation) -> None:
    await says(talk, Start("trip"))
    assert await says(talk, Fill("note", "late")) == ["house-noted", "trip-room"]
    assert slots(talk) == {"note": "late"}
    assert await says(talk, Fill("note", "later"), Fill("room", "red")) == ["house-noted", "trip-day"]
    assert slots(talk) == {"note": "later", "room": "red"}


async def test_a_correction_forgets_what_depended_on_it(talk: Conversation) -> None:
    await says(talk, Start("trip"), Fill("room", "blue"), Fill("day", "friday"), Fill("time", "10"))
    assert await says(talk, Fill("room", "red")) == ["trip-time"]
    assert slots(talk) == {"room": "red", "day": "friday"}


async def test_back_asks_the_question_before_and_cancel_leaves(talk: Conversation) -> None:
    await says(talk, Start("trip"), Fill("room", "blue"))
    assert await says(talk, Back()) == ["trip-room"]
    assert await says(talk, Back()) == ["trip-room"]
    assert await says(talk, Cancel()) == ["house-left"]
    assert talk.state.current is None


async def test_starting_over_forgets_the_answers(talk: Conversation) -> None:
    await says(talk, Start("trip"), Fill("room", "blue"), Fill("day", "friday"))
    assert await says(talk, Restart()) == ["trip-room"]
    assert slots(talk) == {}


async def test_a_look_in_between_comes_back_to_the_question(talk: Conversation) -> None:
    await says(talk, Start("trip"), Fill("room", "blue"))
    assert (await says(talk, Start("glance")))[-2:] == ["house-resume", "trip-day"]
    assert slots(talk) == {"room": "blue"}


async def test_a_choice_starts_a_flow_with_answers_and_with_slots_that_are_no_question(talk: Conversation) -> None:
    assert await says(talk, Choose(starting("trip", room="red", colour="black"))) == ["trip-day"]
    assert slots(talk) == {"room": "red", "colour": "black"}


async def test_a_flow_that_leads_elsewhere_says_nothing_itself(talk: Conversation) -> None:
    assert await says(talk, Start("lead")) == ["trip-day"]
    assert slots(talk) == {"room": "red", "colour": "black"}


async def test_what_a_choice_names_and_is_not_there_is_unclear(talk: Conversation) -> None:
    await says(talk, Start("trip"))
    assert await says(talk, Choose(starting("voyage"))) == ["trip-room"]
    assert talk.state.misses == 1


async def test_three_misses_offer_a_person_and_a_word_understood_begins_the_count_anew(talk: Conversation) -> None:
    await says(talk, Start("trip"))
    await says(talk, Unclear(), Unclear(), Fill("room", "blue"))
    assert talk.state.misses == 0
    await says(talk, Unclear(), Unclear())
    assert await says(talk, Unclear()) == ["house-offer-person"]
    assert [choice.id for choice in talk.state.offered()] == ["start:person"]


async def test_nothing_done_is_nothing_to_undo(talk: Conversation) -> None:
    assert await says(talk, Undo()) == ["house-nothing-to-undo"]


async def test_what_another_version_asked_and_nobody_asks_any_more_is_let_go(talk: Conversation) -> None:
    await says(talk, Start("trip"))
    assert talk.state.current is not None
    talk.state.current.version, talk.state.current.awaiting = 0, "hat"
    await says(talk, Fill("day", "friday"))
    assert talk.happened[-1] == "menu.shown"
