"""The weekly report: Monday morning by the shop's clock, once, with figures, and answered by a tap."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"
PIN, OWNERS_PIN = "730264", "482915"
MONDAY_NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def week(cafe: Shop) -> None:
    """Wednesday: a member and one purchase."""
    await cafe.phone(CHIOMA).says("hi")
    await cafe.phone(AMAKA).says("menu")
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 5000 {PIN}")


async def test_an_ordinary_week_is_said_to_be_one(cafe: Shop) -> None:
    cafe.town.clock.now = MONDAY_NINE
    assert await cafe.runs("tell_owners") == 1
    told = cafe.phone(AMAKA).received()[-1].body
    assert "Monday, 16 November to Sunday, 22 November: nothing unusual" in told
    assert await cafe.runs("tell_owners") == 0


async def test_two_processes_tell_it_once(cafe: Shop) -> None:
    """Invariant 49."""
    cafe.town.clock.now = MONDAY_NINE
    assert sum(await asyncio.gather(*(cafe.runs("tell_owners") for _ in range(5)))) == 1
    assert sum("nothing unusual" in sent.body for sent in cafe.phone(AMAKA).received()) == 1


async def test_not_before_nine(cafe: Shop) -> None:
    cafe.town.clock.now = MONDAY_NINE
    cafe.town.clock.pass_by(minutes=-1)
    assert await cafe.runs("tell_owners") == 0


async def test_not_at_night(cafe: Shop) -> None:
    """A process that was down all Monday does not wake anybody: the report comes on Tuesday."""
    cafe.town.clock.now = MONDAY_NINE
    cafe.town.clock.pass_by(hours=13)
    assert await cafe.runs("tell_owners") == 0
    cafe.town.clock.pass_by(hours=10)
    assert await cafe.runs("tell_owners") == 1


async def test_a_quiet_week_is_not_worth_a_message(cafe: Shop) -> None:
    cafe.town.clock.now = MONDAY_NINE
    cafe.town.clock.pass_by(days=7)
    assert await cafe.runs("tell_owners") == 0


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_what_was_unusual_is_told_with_its_figures(cafe: Shop, channel: str) -> None:
    amaka, tunde = cafe.phone(AMAKA, channel), cafe.phone(TUNDE)
    await amaka.says("menu")
    await amaka.says(f"adjust 0803 123 4567 +500 goodwill {OWNERS_PIN}")
    for _ in range(2):
        cafe.town.clock.pass_by(minutes=3)
        await tunde.says(f"log 0803 123 4567 1000 {PIN}")
    cafe.town.clock.pass_by(hours=12)
    await tunde.says(f"log 0803 123 4567 1000 {PIN}")
    cafe.town.clock.now = MONDAY_NINE
    assert await cafe.runs("tell_owners") == 1
    told = amaka.received()[-1].body
    assert "Tunde logged 3 purchases of Chioma Obi within 10 minutes" in told
    assert "Tunde logged 1 purchase while the shop was closed" in told
    assert "Amaka put Chioma Obi's points right by 500, with no other owner to ask" in told
    assert "Noted" in await amaka.says("2")
    (digest,) = await cafe.rows("SELECT answer, answered_at, findings FROM owners_digests")
    assert (digest.answer, digest.answered_at) == ("look_into_it", MONDAY_NINE)
    assert {one["kind"] for one in digest.findings} >= {"split", "after_hours", "alone"}
    await amaka.says("That's fine")
    (digest,) = await cafe.rows("SELECT answer FROM owners_digests")
    assert digest.answer == "ok"


async def test_staff_get_none_and_answer_none(cafe: Shop) -> None:
    cafe.town.clock.now = MONDAY_NINE
    await cafe.runs("tell_owners")
    tunde = cafe.phone(TUNDE)
    assert not any("unusual" in sent.body for sent in tunde.received())
    (digest,) = await cafe.rows("SELECT id FROM owners_digests")
    await tunde.says("x", ButtonPayload=f"start:digest?digest={digest.id}&answer=ok")
    (digest,) = await cafe.rows("SELECT answer FROM owners_digests")
    assert digest.answer is None
