"""The counter: what staff type, what goes wrong there, and what customers cannot do in their place."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from models.loyalty import codes
from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA, STRANGER = "+2348030000001", "+2348030000002", "+2348031234567", "+2348039990000"
PIN = "730264"
LOG_LINE = f"log 0803 123 4567 5000 {PIN}"


async def purchases(cafe: Shop) -> list[int]:
    return [row.amount for row in await cafe.rows("SELECT amount FROM purchases ORDER BY amount")]


async def balance(cafe: Shop) -> int:
    (row,) = await cafe.rows("SELECT coalesce(sum(points), 0) AS points FROM points_transactions")
    return int(row.points)


@pytest.fixture
async def chioma(cafe: Shop) -> str:
    """A member."""
    await cafe.phone(CHIOMA).says("hi")
    return CHIOMA


@pytest.mark.usefixtures("chioma")
class TestPins:
    async def test_a_wrong_pin_says_how_many_tries_are_left(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says("log 0803 123 4567 5000")
        for left in (4, 3, 2):
            assert f"{left} more tries" in await tunde.says("111111")
        assert "One more try" in await tunde.says("111111")
        assert await purchases(cafe) == []
        assert "Done" in await tunde.says(PIN)
        assert "4 more tries" in await tunde.says("log 0803 123 4567 5000 111111")

    async def test_five_wrong_pins_cost_a_minute(self, cafe: Shop) -> None:
        """Six digits are soon guessed by somebody who may try for nothing."""
        tunde = cafe.phone(TUNDE)
        locked = await tunde.says("log 0803 123 4567 5000", *["111111"] * 5)
        assert "Too many wrong PINs. Please wait until 12:01" in locked
        assert "Too many wrong PINs" in await tunde.says(LOG_LINE)
        assert await purchases(cafe) == []
        cafe.town.clock.pass_by(minutes=1)
        assert "Done" in await tunde.says(LOG_LINE)
        assert await purchases(cafe) == [500_000]

    async def test_the_count_goes_on_over_conversations_and_channels(self, cafe: Shop) -> None:
        await cafe.phone(TUNDE).says("log 0803 123 4567 5000", "111111", "111111", "cancel")
        assert "2 more tries" in await cafe.phone(TUNDE, "sms").says("log 0803 123 4567 5000 111111")

    async def test_one_persons_pin_is_not_anothers(self, cafe: Shop) -> None:
        assert "isn't right" in await cafe.phone(AMAKA).says(LOG_LINE)
        assert await purchases(cafe) == []

    async def test_five_guesses_at_once_are_five_guesses(self, cafe: Shop) -> None:
        """Each in a turn of its own: all looked at before the first is counted would be as many tries for nothing."""
        tunde = cafe.phone(TUNDE)
        await asyncio.gather(*(tunde.posts(f"log 0803 123 4567 5000 11111{n}") for n in range(8)))
        await cafe.settle()
        (staff,) = await cafe.rows("SELECT pin_failures FROM users WHERE phone_number = :phone", phone=TUNDE)
        assert staff.pin_failures == 5
        assert await purchases(cafe) == []

    async def test_staff_without_a_pin_are_told(self, cafe: Shop) -> None:
        await cafe.rows(
            "UPDATE users SET pin_hash = NULL, pin_enabled = false WHERE phone_number = :phone", phone=TUNDE
        )
        assert "You have no PIN yet" in await cafe.phone(TUNDE).says(LOG_LINE)
        assert await purchases(cafe) == []


class TestCustomers:
    async def test_an_unknown_customer_is_added_on_a_yes(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        assert f"I don't know {STRANGER} yet. Shall I add them" in await tunde.says("log", "0803 999 0000")
        assert "How much" in await tunde.says("yes")
        assert "Done" in await tunde.says("5000", PIN)
        (customer,) = await cafe.rows(
            "SELECT joined_at, loyalty_status FROM customers WHERE phone_number = :p", p=STRANGER
        )
        assert customer.joined_at is None, "joining is the customer's to do"
        assert await balance(cafe) == 100

    async def test_an_unknown_customer_is_not_added_on_a_no(self, cafe: Shop) -> None:
        await cafe.phone(CHIOMA).says("hi")
        tunde = cafe.phone(TUNDE)
        assert "not that one" in await tunde.says("log 0803 999 0000 5000", "no")
        assert "₦5,000 for Chioma. Your PIN" in await tunde.says("0803 123 4567")
        assert await cafe.rows("SELECT FROM customers WHERE phone_number = :p", p=STRANGER) == []

    async def test_nobody_logs_a_purchase_for_himself(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        assert "for yourself" in await tunde.says(f"log 0803 000 0002 5000 {PIN}")
        assert "for yourself" in await tunde.says("log", TUNDE)
        assert "for yourself" in await cafe.phone(AMAKA).says("log 08030000001 5000 482915")
        assert await purchases(cafe) == []

    async def test_a_blocked_customer_earns_nothing(self, cafe: Shop, chioma: str) -> None:
        await cafe.rows("UPDATE customers SET loyalty_status = 'blocked' WHERE phone_number = :p", p=chioma)
        assert "blocked" in await cafe.phone(TUNDE).says(LOG_LINE)
        assert await purchases(cafe) == []

    async def test_a_customer_can_do_none_of_it(self, cafe: Shop, chioma: str) -> None:
        """Known by a phone number: whoever writes from another has nothing to log with, whatever he knows."""
        await cafe.phone(TUNDE).says(LOG_LINE)
        stranger = cafe.phone(STRANGER)
        for said in (LOG_LINE, "log", "log a purchase", "add points", "check code", "undo"):
            await stranger.says(said, "0803 123 4567", "5000", PIN)
        assert await purchases(cafe) == [500_000]
        assert await balance(cafe) == 100
        assert "You have 100 points" in await cafe.phone(chioma).says("points")

    async def test_staff_who_left_can_do_nothing(self, cafe: Shop, chioma: str) -> None:
        await cafe.rows("UPDATE users SET is_active = false WHERE phone_number = :phone", phone=TUNDE)
        await cafe.phone(TUNDE).says(LOG_LINE)
        assert await purchases(cafe) == []
        assert "no points yet" in await cafe.phone(chioma).says("points")

    async def test_staff_who_leave_before_the_pin_log_nothing(self, cafe: Shop, chioma: str) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says("log 0803 123 4567 5000")
        await cafe.rows("UPDATE users SET is_active = false WHERE phone_number = :phone", phone=TUNDE)
        assert "Lekki Coffee House" in await tunde.says(PIN)
        assert (await tunde.says("points")).startswith("You have no points yet")
        assert "purchase" not in await tunde.says("book", "cancel")
        assert await purchases(cafe) == []
        assert "no points yet" in await cafe.phone(chioma).says("points")


@pytest.mark.usefixtures("chioma")
class TestAmounts:
    async def test_a_nonsense_amount_is_asked_for_again(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        for said in ("abc", "-5", "0", "0.00", "-5000", "nothing", "1e9", "99999999999999999", "₦"):
            assert "How much did Chioma spend" in await tunde.says("log", "0803 123 4567", said), said
            assert "₦5,000 for Chioma. Your PIN" in await tunde.says("5000")
        assert await purchases(cafe) == []

    async def test_amounts_as_people_write_them(self, cafe: Shop) -> None:
        written = ("5000", "5,000", "5k", "₦5000", "NGN 5,000.00", "five thousand", "5000 naira")
        for said in written:
            assert "₦5,000 for Chioma. Your PIN" in await cafe.phone(TUNDE).says("log", "0803 123 4567", said), said
            await cafe.phone(TUNDE).says(PIN)
        assert await purchases(cafe) == [500_000] * len(written)

    async def test_far_above_the_ceiling_is_asked_again(self, cafe: Shop) -> None:
        """A digit too many is the commonest slip, and points once spent do not come back."""
        tunde = cafe.phone(TUNDE)
        assert "far more than usual" in await tunde.says("log 0803 123 4567 500000")
        assert "How much did Chioma spend" in await tunde.says("no")
        assert "₦5,000 for Chioma. Your PIN" in await tunde.says("5000")
        assert "Done" in await tunde.says(PIN)
        assert "far more than usual" in await tunde.says(f"log 0803 123 4567 500000 {PIN}")
        assert "₦500,000 for Chioma" in await tunde.says("yes")
        assert "Done" in await tunde.says(PIN)
        assert await purchases(cafe) == [500_000, 50_000_000]

    async def test_far_above_what_is_usual_is_asked_again(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        for _ in range(10):
            await tunde.says(f"log 0803 123 4567 2000 {PIN}")
            cafe.town.clock.pass_by(seconds=1)
        assert "Done" in await tunde.says(f"log 0803 123 4567 9000 {PIN}")
        assert "far more than usual" in await tunde.says(f"log 0803 123 4567 20000 {PIN}")


@pytest.mark.usefixtures("chioma")
class TestUndo:
    async def test_after_the_window_it_is_too_late(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says(LOG_LINE)
        cafe.town.clock.pass_by(seconds=61)
        assert "too late to undo" in await tunde.says("undo")
        assert "nothing to undo" in await tunde.says("undo")
        assert await balance(cafe) == 100

    async def test_within_it_it_is_not(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says(LOG_LINE)
        cafe.town.clock.pass_by(seconds=60)
        assert "Undone" in await tunde.says("1")
        assert await balance(cafe) == 0

    async def test_twice_is_once(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says(LOG_LINE)
        assert "back to 0 points" in await tunde.says("UNDO")
        assert "nothing to undo" in await tunde.says("UNDO")
        assert [sent.body for sent in cafe.phone(CHIOMA).received()][-1].count("taken back") == 1
        assert await balance(cafe) == 0

    async def test_it_takes_back_the_last_one_only(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says(LOG_LINE, f"log 0803 123 4567 2000 {PIN}")
        assert "back to 100 points" in await tunde.says("undo")
        assert "nothing to undo" in await tunde.says("undo")
        rows = await cafe.rows("SELECT amount FROM purchases WHERE reversed_at IS NULL")
        assert [row.amount for row in rows] == [500_000]

    async def test_each_takes_back_his_own(self, cafe: Shop) -> None:
        await cafe.phone(TUNDE).says(LOG_LINE)
        assert "nothing to undo" in await cafe.phone(AMAKA).says("undo")
        assert await balance(cafe) == 100

    async def test_two_at_once_are_one(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says(LOG_LINE)
        await asyncio.gather(*(tunde.posts("undo") for _ in range(4)))
        await cafe.settle()
        assert await balance(cafe) == 0
        assert len(await cafe.rows("SELECT FROM points_transactions")) == 2


@pytest.fixture
async def code(cafe: Shop, chioma: str) -> str:
    """The code of a free coffee, as Chioma was sent it. She has 450 points left."""
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 50000 {PIN}")
    issued = await cafe.phone(chioma).says("redeem", "free coffee")
    found = re.search(r"\b[2-9A-Z]{3}-[2-9A-Z]{4}\b", issued)
    assert found is not None, issued
    return found.group()


class TestCodes:
    async def test_a_mistyped_code_is_told_from_an_unknown_one(self, cafe: Shop, code: str) -> None:
        tunde = cafe.phone(TUNDE)
        slip = code[:-1] + ("3" if code[-1] != "3" else "4")
        assert "looks mistyped" in await tunde.says(slip)
        assert "Free coffee for Chioma" in await tunde.says(code)
        await tunde.says("cancel")
        assert "I don't know that code" in await tunde.says(codes.printed(codes.new_code()))
        assert "Free coffee for Chioma" in await tunde.says(code.lower().replace("-", " "))

    async def test_a_code_runs_out(self, cafe: Shop, code: str) -> None:
        cafe.town.clock.pass_by(minutes=15)
        assert "run out" in await cafe.phone(TUNDE).says(code)
        assert "You have 550 points" in await cafe.phone(CHIOMA).says("points")

    async def test_a_code_that_runs_out_before_the_pin_buys_nothing(self, cafe: Shop, code: str) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says(code)
        cafe.town.clock.pass_by(minutes=15)
        assert "run out" in await tunde.says(PIN)
        assert "You have 550 points" in await cafe.phone(CHIOMA).says("points")

    async def test_a_new_code_replaces_the_old_one(self, cafe: Shop, code: str) -> None:
        await cafe.phone(CHIOMA).says("redeem", "free coffee")
        assert "Free coffee for" not in await cafe.phone(TUNDE).says(code)

    async def test_a_code_used_by_two_at_once_is_used_once(self, cafe: Shop, code: str) -> None:
        """Two counters, one screenshot."""
        tunde, amaka = cafe.phone(TUNDE), cafe.phone(AMAKA)
        await tunde.says(code)
        await amaka.says(code)
        await asyncio.gather(tunde.posts(PIN), amaka.posts("482915"))
        await cafe.settle()
        told = [phone.received()[-1].body for phone in (tunde, amaka)]
        assert sorted("hand over" in body for body in told) == [False, True]
        assert sorted("used already" in body for body in told) == [False, True]
        assert sum("Enjoy your Free coffee" in sent.body for sent in cafe.phone(CHIOMA).received()) == 1
        assert "You have 450 points" in await cafe.phone(CHIOMA).says("points")

    async def test_staff_take_it_back(self, cafe: Shop, code: str) -> None:
        """Invariant 22: points and piece are back once, and the code buys nothing."""
        tunde = cafe.phone(TUNDE)
        assert "Send UNDO within a minute" in await tunde.says(code, PIN)
        assert "Undone: Free coffee stays with you" in await tunde.says("undo")
        assert "your points are back. Your balance is 550" in cafe.phone(CHIOMA).received()[-1].body
        assert "nothing to undo" in await tunde.says("undo")
        assert "Free coffee for" not in await tunde.says(code)
        assert await cafe.rows("SELECT FROM rewards WHERE total_redemptions <> 0") == []

    async def test_nobody_checks_his_own_reward(self, cafe: Shop, code: str) -> None:
        await cafe.rows("UPDATE users SET phone_number = :p WHERE phone_number = :t", p=CHIOMA, t=TUNDE)
        assert "your own reward" in await cafe.phone(CHIOMA).says(code, PIN)

    async def test_a_customer_cannot_hand_over_his_reward(self, cafe: Shop, code: str) -> None:
        answer = await cafe.phone(CHIOMA).says(code, PIN)
        assert "hand over" not in answer
        (redemption,) = await cafe.rows("SELECT status FROM reward_redemptions")
        assert redemption.status == "pending"

    async def test_a_wrong_pin_spends_nothing(self, cafe: Shop, code: str) -> None:
        tunde = cafe.phone(TUNDE)
        assert "4 more tries" in await tunde.says(code, "111111")
        assert "hand over Free coffee" in await tunde.says(PIN)


class TestRewards:
    async def test_a_reward_too_dear_is_not_offered(self, cafe: Shop, chioma: str) -> None:
        await cafe.phone(TUNDE).says(LOG_LINE)
        ada = cafe.phone(chioma)
        offered = await ada.says("redeem")
        assert "Free coffee" in offered
        assert "Pastry box" not in offered
        for said in ("pastry box", "2", "600", "tasting for two"):
            assert "Show this code" not in await ada.says(said)
        assert await cafe.rows("SELECT FROM reward_redemptions") == []

    async def test_without_points_enough_he_is_told_what_is_missing(self, cafe: Shop, chioma: str) -> None:
        assert "Free coffee needs 100 more" in await cafe.phone(chioma).says("redeem")

    async def test_points_that_went_meanwhile_buy_nothing(self, cafe: Shop, chioma: str) -> None:
        """The list was offered, then the purchase was taken back."""
        await cafe.phone(TUNDE).says(LOG_LINE)
        await cafe.phone(chioma).says("redeem")
        await cafe.phone(TUNDE).says("undo")
        assert "Show this code" not in await cafe.phone(chioma).says("1")
        assert await balance(cafe) == 0

    async def test_the_last_piece_goes_to_one(self, cafe: Shop) -> None:
        await cafe.rows("UPDATE rewards SET stock_quantity = 1 WHERE name = 'Free coffee'")
        people = [cafe.phone(f"+23480355511{n:02d}") for n in range(4)]
        for person in people:
            await person.says("hi")
            await cafe.phone(TUNDE).says(f"log {person.number} 5000 {PIN}")
            await person.says("redeem")
        await asyncio.gather(*(person.posts("1") for person in people))
        await cafe.settle()
        assert sum("Show this code" in person.received()[-1].body for person in people) == 1
        (reward,) = await cafe.rows("SELECT stock_quantity FROM rewards WHERE name = 'Free coffee'")
        assert reward.stock_quantity == 0

    async def test_points_near_their_end_are_told(self, cafe: Shop, chioma: str) -> None:
        await cafe.phone(TUNDE).says(LOG_LINE)
        cafe.town.clock.now = datetime(2026, 11, 18, 11, tzinfo=UTC) + timedelta(days=350)
        assert "100 points expire on Thursday, 18 November." in await cafe.phone(chioma).says("points")
        cafe.town.clock.pass_by(days=30)
        assert "no points" in await cafe.phone(chioma).says("points")
