"""A reward that waits: its code is lost, or its customer thinks better of it."""

import pytest

from tests.bot.town import Phone, Shop

TUNDE, CHIOMA = "+2348030000002", "+2348031234567"
PIN = "730264"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])


@pytest.fixture
async def chioma(cafe: Shop) -> Phone:
    """A member with 250 points."""
    phone = cafe.phone(CHIOMA)
    await phone.says("hi")
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 20000 {PIN}")
    return phone


def code_in(answer: str) -> str:
    return answer.rsplit(maxsplit=1)[-1]


@CHANNELS
async def test_given_back(cafe: Shop, chioma: Phone, channel: str) -> None:
    phone = cafe.phone(chioma.number, channel)
    code = code_in(await phone.says("redeem", "free coffee"))
    assert "send MY REWARD" in await phone.says("points")
    offered = await phone.says("cancel my reward")
    assert "Free coffee (100 points), until" in offered
    answer = "2" if channel == "sms" else "give it back"
    assert "its 100 points are yours again. You have 250 points" in await phone.says(answer)
    assert "Done" not in await cafe.phone(TUNDE).says(f"{code} {PIN}")
    assert "No reward is being kept" in await phone.says("my reward")
    (row,) = await cafe.rows("SELECT status, cancellation_reason FROM reward_redemptions")
    assert tuple(row) == ("cancelled", "cancelled")


@CHANNELS
async def test_a_lost_code_is_replaced(cafe: Shop, chioma: Phone, channel: str) -> None:
    phone = cafe.phone(chioma.number, channel)
    lost = code_in(await phone.says("redeem", "free coffee"))
    found = await phone.says("where is my code", "1")
    assert "the one you had counts no more" in found
    tunde = cafe.phone(TUNDE)
    assert "Done" not in await tunde.says(f"{lost} {PIN}")
    assert "hand over Free coffee" in await tunde.says(f"{code_in(found)} {PIN}")
    # the code is a secret: it stays on the customer's phone
    kept = await cafe.rows("SELECT FROM messages t WHERE t::text LIKE :code", code=f"%{code_in(found)}%")
    assert kept == []


async def test_asking_for_the_same_again_says_that_the_first_code_is_over(cafe: Shop, chioma: Phone) -> None:
    await chioma.says("redeem", "free coffee")
    assert "the one you had counts no more" in await chioma.says("redeem", "1")
    assert "150 points" in await chioma.says("points")
    assert len(await cafe.rows("SELECT FROM reward_redemptions WHERE status = 'pending'")) == 1


async def test_my_code_may_mean_either(chioma: Phone) -> None:
    assert "My reward's code" not in await chioma.says("my code")
    await chioma.says("redeem", "free coffee")
    assert "1. My reward's code" in await chioma.says("my code")
    assert "Kept for you at the counter" in await chioma.says("1")


async def test_it_ran_out_while_it_was_asked_about(cafe: Shop, chioma: Phone) -> None:
    await chioma.says("redeem", "free coffee", "my reward")
    cafe.town.clock.pass_by(hours=1)
    assert "isn't kept any more" in await chioma.says("2")


async def test_somebody_elses_is_not_given_back(cafe: Shop, chioma: Phone) -> None:
    await chioma.says("redeem", "free coffee")
    (waiting,) = await cafe.rows("SELECT id FROM reward_redemptions")
    other = cafe.phone("+2348039990001")
    await other.says("hi", "my reward")
    for way in ("back", "again"):
        await other.says("x", ButtonPayload=f"start:held_reward?what={way}:{waiting.id}")
    (row,) = await cafe.rows("SELECT status FROM reward_redemptions")
    assert row.status == "pending"


async def test_what_cannot_be_had_yet_is_named(chioma: Phone) -> None:
    await chioma.says("redeem", "free coffee", "redeem")
    assert "Pastry box needs 100 more points" in await chioma.says("pastry")
