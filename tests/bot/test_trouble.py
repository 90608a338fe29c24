"""A message that cannot be dealt with: its sender is told, and the conversation goes on."""

from typing import Any

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from structlog.testing import capture_logs

from bot.channels.twilio_messaging import parse
from bot.inbox import Inbox
from models.db import Database
from models.vault import Vault
from tests.bot.town import Phone, Shop

SAM = "+14155550177"
_STORE = text("UPDATE customers SET conversation_state = :state").bindparams(bindparam("state", type_=JSONB))


@pytest.fixture
async def sam(consultancy: Shop) -> Phone:
    """A member who has begun to book a call and is asked for the day."""
    phone = consultancy.phone(SAM)
    await phone.says("hi", "book", "1")
    return phone


def booking(**frame: Any) -> dict[str, Any]:
    return {"current": {"flow": "booking", "version": 1, "awaiting": "day", **frame}}


OTHER_VERSIONS: dict[str, dict[str, Any]] = {
    "a flow that is gone": {"current": {"flow": "valet_parking", "version": 1, "awaiting": "car"}},
    "a question that is gone": booking(awaiting="spaceship"),
    "an answer of another kind": booking(slots={"details": 5}),
    "a service that is gone": booking(slots={"service": "01a1fa17-0000-7000-8000-000000000000", "details": []}),
    "a service without an id": booking(slots={"service": "gone"}),
    "something to undo that is gone": {"undo": {"flow": "valet_parking", "what": {}, "until": "2030-01-01T00:00:00Z"}},
    "something else altogether": {"current": 5, "stack": "x"},
}


async def test_what_another_version_has_stored_is_left_behind(sam: Phone) -> None:
    """Taken up again after each apology, it would fail at every message to come."""
    for what, stored in OTHER_VERSIONS.items():
        await sam.shop.rows(_STORE, state=stored)
        with capture_logs():
            assert await sam.says("friday"), what
            assert await sam.says("undo"), what
        assert "no points yet" in await sam.says("points"), what
        assert "nothing under way" in await sam.says("never mind", "never mind"), what
        assert ": which day" in await sam.says("book", "1"), what


async def test_a_turn_that_cannot_succeed_is_set_aside(sam: Phone) -> None:
    await sam.shop.rows(_STORE, state={"current": 5})
    with capture_logs() as logged:
        answer = await sam.says("friday")
    assert "something went wrong on our side" in answer
    assert [line["event"] for line in logged] == ["turn_failed"]
    (row,) = await sam.shop.rows("SELECT attempts, error, payload FROM inbound_events ORDER BY seq DESC LIMIT 1")
    assert tuple(row) == (3, "ValidationError", None)
    (turn,) = await sam.shop.rows("SELECT message, intent FROM turns ORDER BY at DESC, id DESC LIMIT 1")
    assert tuple(turn) == ("••••••", "trouble.sorry")


async def test_a_message_whose_key_is_gone_is_apologised_for(sam: Phone, database: Database) -> None:
    """Its words were sealed with a SECRET_KEY that somebody has changed since. What was open stays open."""
    form = sam.town.form(SAM, sam.shop.number, "friday", "whatsapp")
    await Inbox(database, Vault("the key before")).receive(parse(form), sam.town.clock.now)
    sam.town.clock.pass_by(minutes=1)
    assert await sam.town.services.reception.sweep() > 0
    await sam.shop.settle()
    apology = sam.received()[-1].body
    assert "something went wrong on our side" in apology
    assert "hich day" in apology
    assert "What time on Friday" in await sam.says("friday")
