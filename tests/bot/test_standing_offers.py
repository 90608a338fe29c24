"""Choices that come unasked: whoever gets them can take them, whatever else is being talked about."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bot.jobs.context import JobContext
from bot.jobs.periodic import Rounds
from bot.jobs.registry import Periodic
from flows.reply import Choice, Reply
from models.people import members
from models.people.tables import Purpose
from tests.bot.town import Shop

CHIOMA = "+2348031234567"


async def offer(shop: Shop, *choices: Choice, until: timedelta | None = None, expires: timedelta | None = None) -> None:
    """A job tells Chioma something with choices."""

    async def work(job: JobContext) -> int:
        chioma = await members.find_customer(job.tx, CHIOMA)
        assert chioma is not None
        ends = None if until is None else job.now + until
        stale = None if expires is None else job.now + expires
        told = await job.tell(chioma, Reply("house-left", {}, choices), until=ends, expires_at=stale)
        return int(told is not None)

    rounds: Rounds = shop.town.services.rounds
    await rounds.run(Periodic("offer", timedelta(), work), shop.tenant_id)


POINTS, REWARDS = Choice("start:points", "My points"), Choice("start:redemption", "Rewards")


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_a_number_means_what_came_last(cafe: Shop, channel: str) -> None:
    chioma = cafe.phone(CHIOMA, channel)
    await chioma.says("menu")
    cafe.town.clock.pass_by(hours=1)
    await offer(cafe, REWARDS, POINTS)
    await cafe.settle()
    assert "1. Rewards" in chioma.received()[-1].body
    assert "no points yet" in await chioma.says("2")


async def test_after_another_exchange_a_number_means_that_one(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    cafe.town.clock.pass_by(hours=1)
    await offer(cafe, POINTS)
    cafe.town.clock.pass_by(minutes=1)
    menu = await chioma.says("menu")
    assert "1. My points" in menu
    assert "Rewards" not in menu
    assert "no points yet" in await chioma.says("1")


async def test_a_question_just_put_keeps_its_numbers(consultancy: Shop) -> None:
    chioma = consultancy.phone(CHIOMA)
    await chioma.says("hi")
    services = await chioma.says("book")
    consultancy.town.clock.pass_by(seconds=5)
    await offer(consultancy, POINTS)
    answer = await chioma.says("1")
    assert "which day suits you" in answer, services


async def test_a_label_is_taken_in_the_middle_of_something_else(consultancy: Shop) -> None:
    """And the question that was open is put again."""
    chioma = consultancy.phone(CHIOMA)
    await chioma.says("hi")
    await chioma.says("book")
    await offer(consultancy, Choice("start:points", "Tell me more"))
    await chioma.says("1")
    answer = await chioma.says("tell me more")
    assert "points" in answer
    assert "day suits you" in answer


async def test_a_tap_needs_no_memory_of_the_numbers(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi", "menu")
    await offer(cafe, POINTS)
    await chioma.says("menu")
    assert "no points yet" in await chioma.says("whatever it says", ButtonPayload="start:points")


async def test_what_was_never_offered_cannot_be_tapped(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    answer = await chioma.says("x", ButtonPayload=f"start:reschedule?which={uuid4()}")
    assert "to move" not in answer
    assert "Talk to a person" in answer


async def test_an_offer_ends_at_its_time(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    await offer(cafe, Choice("start:points", "Tell me more"), until=timedelta(hours=1))
    cafe.town.clock.pass_by(hours=2)
    assert "no points yet" not in await chioma.says("tell me more")
    assert await cafe.runs("forget_offers") == 1
    assert await cafe.rows("SELECT FROM standing_offers") == []


async def test_what_is_stale_is_not_sent(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    await offer(cafe, POINTS, expires=timedelta(minutes=5))
    cafe.town.clock.pass_by(minutes=5)
    before = len(chioma.received())
    await cafe.settle()
    assert len(chioma.received()) == before
    (message,) = await cafe.rows("SELECT status, error_message, purpose FROM messages ORDER BY seq DESC LIMIT 1")
    assert message == ("withheld", "stale", Purpose.SERVICE)


async def test_who_has_opted_out_is_told_nothing(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi", "stop")
    await offer(cafe, POINTS)
    assert await cafe.rows("SELECT FROM standing_offers") == []
