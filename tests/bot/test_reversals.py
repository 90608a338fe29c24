"""A purchase taken back at the counter, after the minute for UNDO."""

import pytest

from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA, LINKED = "+2348030000001", "+2348030000002", "+2348031234567", "+2348035550007"
PIN, OWNERS_PIN = "730264", "482915"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])


@pytest.fixture(autouse=True)
async def chioma(cafe: Shop) -> str:
    """A member who has bought for 5,000, then for 2,000 naira: 100 and 20 points."""
    await cafe.phone(CHIOMA).says("hi")
    for amount in (5000, 2000):
        await cafe.phone(TUNDE).says(f"log 0803 123 4567 {amount} {PIN}")
        cafe.town.clock.pass_by(hours=1)
    return CHIOMA


async def standing(cafe: Shop) -> list[int]:
    rows = await cafe.rows("SELECT amount FROM purchases WHERE reversed_at IS NULL ORDER BY amount")
    return [row.amount // 100 for row in rows]


@CHANNELS
async def test_the_last_one_in_one_line(cafe: Shop, channel: str) -> None:
    tunde = cafe.phone(TUNDE, channel)
    asked = await tunde.says("reverse the last one for 0803 123 4567")
    assert "Take back Chioma's" in asked
    assert "2,000" in asked
    assert "Your PIN" in await tunde.says("2")
    done = await tunde.says(PIN)
    assert "taken back, with 20 points. Balance: 100" in done
    assert await standing(cafe) == [5000]
    told = cafe.phone(CHIOMA).received()[-1].body
    assert "was taken back, with its points. Your balance is 100" in told


@CHANNELS
async def test_step_by_step(cafe: Shop, channel: str) -> None:
    amaka = cafe.phone(AMAKA, channel)
    assert "Whose purchase" in await amaka.says("reverse")
    offered = await amaka.says("0803 123 4567")
    assert "by Tunde (20 points)" in offered
    assert "by Tunde (100 points)" in offered
    assert "Why?" in await amaka.says("2")
    assert "In a few words" in await amaka.says("another reason")
    assert "Your PIN" in await amaka.says("the card was declined")
    assert "Balance: 20" in await amaka.says(OWNERS_PIN)
    assert await standing(cafe) == [2000]
    (noted,) = await cafe.rows("SELECT new_values FROM audit_logs WHERE entity_type = 'purchases'")
    assert (noted.new_values["reason"], noted.new_values["note"]) == ("other", "the card was declined")


async def test_a_part_of_it(cafe: Shop) -> None:
    tunde = cafe.phone(TUNDE)
    assert "How much of" in await tunde.says("reverse 0803 123 4567", "2", "a part came back")
    assert "can't be more than that" in await tunde.says("6000")
    assert "Take back ₦2,000 of Chioma's ₦5,000" in await tunde.says("2000")
    assert "taken back, with 40 points. Balance: 80" in await tunde.says(PIN)
    assert await standing(cafe) == [2000, 5000]
    assert "₦3,000" in await tunde.says("reverse 0803 123 4567")


async def test_points_already_spent_are_owed(cafe: Shop) -> None:
    chioma, tunde = cafe.phone(CHIOMA), cafe.phone(TUNDE)
    code = (await chioma.says("redeem", "free coffee")).split()[-1]
    await tunde.says(code, PIN)
    done = await tunde.says("reverse 0803 123 4567", "2", "1", PIN)
    assert "80 of its 100 points were spent already" in done
    assert "80 of them were spent already" in chioma.received()[-1].body
    (account,) = await cafe.rows("SELECT debt FROM customer_points_balance")
    assert account.debt == 80


async def test_nobody_takes_back_what_is_his_own(cafe: Shop) -> None:
    """Invariant 32."""
    await cafe.phone(LINKED).says("hi")
    await cafe.phone(AMAKA).says(f"log 0803 555 0007 5000 {OWNERS_PIN}")
    tunde = cafe.phone(TUNDE)
    assert "somebody close to you" in await tunde.says("reverse the last one for 0803 555 0007")
    assert "somebody close to you" in await tunde.says("reverse", TUNDE)
    assert await standing(cafe) == [2000, 5000, 5000]


async def test_without_purchases_there_is_nothing(cafe: Shop) -> None:
    await cafe.phone("+2348039990001").says("hi")
    assert "no purchases to take back" in await cafe.phone(TUNDE).says("reverse", "0803 999 0001")


async def test_once(cafe: Shop) -> None:
    """Two at the till mean the same purchase."""
    tunde, amaka = cafe.phone(TUNDE), cafe.phone(AMAKA)
    for staff in (tunde, amaka):
        await staff.says("reverse the last one for 0803 123 4567", "1")
    assert "Done" in await tunde.says(PIN)
    assert "taken back already" in await amaka.says(OWNERS_PIN)
    assert await standing(cafe) == [5000]
