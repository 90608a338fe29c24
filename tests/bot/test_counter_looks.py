"""Looking without changing: a customer at the till, and how the day is going."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"
PIN, OWNERS_PIN = "730264", "482915"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])


@pytest.fixture(autouse=True)
async def chioma(cafe: Shop) -> str:
    """A member with a purchase, a class on Saturday and a note."""
    await cafe.phone(CHIOMA).says("hi")
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 5000 {PIN}")
    cafe.town.clock.pass_by(minutes=5)
    return CHIOMA


class TestLookUp:
    @CHANNELS
    async def test_by_number_alone(self, cafe: Shop, channel: str) -> None:
        shown = await cafe.phone(TUNDE, channel).says("0803 123 4567")
        assert "Chioma Obi (" in shown
        assert "100 points to spend" in shown
        assert "5,000" in shown

    async def test_by_name(self, cafe: Shop) -> None:
        assert "100 points to spend" in await cafe.phone(TUNDE).says("look up chioma")
        assert "100 points to spend" in await cafe.phone(TUNDE).says("look up obi please")
        assert "100 points to spend" in await cafe.phone(TUNDE).says("look up", "chioma o")

    async def test_by_the_end_of_the_number(self, cafe: Shop) -> None:
        assert "100 points to spend" in await cafe.phone(TUNDE).says("look up 4567")

    async def test_several_are_chosen_from(self, cafe: Shop) -> None:
        await cafe.phone("+2348039990001").says("hi")
        tunde = cafe.phone(TUNDE)
        offered = await tunde.says("look up chioma")
        assert "Which one?" in offered
        assert "…0001" in offered
        assert "to spend" in await tunde.says("1")

    async def test_nobody(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        assert "I know nobody like “zebra%”" in await tunde.says("look up zebra%")
        assert "100 points" in await tunde.says("chioma")

    async def test_what_staff_see_of_a_number(self, cafe: Shop) -> None:
        """The end tells two of a name apart; the whole of it is the owner's."""
        assert CHIOMA not in await cafe.phone(TUNDE).says("look up chioma")
        assert CHIOMA in await cafe.phone(AMAKA).says("look up chioma")

    async def test_who_looked_is_noted(self, cafe: Shop) -> None:
        await cafe.phone(TUNDE).says("look up chioma")
        (noted,) = await cafe.rows(
            "SELECT u.full_name, c.phone_number, a.channel FROM audit_logs a JOIN users u ON u.id = a.user_id"
            " JOIN customers c ON c.id = a.entity_id WHERE a.action = 'view'"
        )
        assert tuple(noted) == ("Tunde", CHIOMA, "whatsapp")

    async def test_what_is_coming_and_noted(self, cafe: Shop) -> None:
        await cafe.rows("UPDATE customers SET notes = 'No milk' WHERE phone_number = :p", p=CHIOMA)
        chioma = cafe.phone(CHIOMA)
        answer = await chioma.says("book", "1", "1")
        while "Booked!" not in answer:  # whatever else a booking asks
            answer = await chioma.says("skip" if "SKIP" in answer else "1")
        shown = await cafe.phone(TUNDE).says("look up chioma")
        assert "Next: Tasting class" in shown
        assert "Note: No milk" in shown
        assert "So far: 1 booking, 0 calls" in shown

    async def test_in_the_middle_of_a_purchase(self, cafe: Shop) -> None:
        """The number is the answer to the open question there, and the look goes back to it."""
        tunde = cafe.phone(TUNDE)
        assert "How much did Chioma spend" in await tunde.says("log", "0803 123 4567")
        shown = await tunde.says("look up chioma")
        assert "100 points to spend" in shown
        assert "How much did Chioma spend" in shown

    async def test_customers_look_nobody_up(self, cafe: Shop) -> None:
        answer = await cafe.phone("+2348039990002").says("hi", "look up chioma")
        assert "to spend" not in answer


class TestTotals:
    @CHANNELS
    async def test_the_day_so_far(self, cafe: Shop, channel: str) -> None:
        tunde = cafe.phone(TUNDE, channel)
        await tunde.says(f"log 0803 123 4567 2000 {PIN}", f"adjust 0803 123 4567 +30 goodwill {PIN}")
        await tunde.says("reverse the last one for 0803 123 4567", "1", PIN)
        shown = await tunde.says("totals")
        assert "1 purchase," in shown
        assert "5,000" in shown
        assert "Points given: 120, spent: 0" in shown
        assert "Purchases taken back: 1" in shown
        assert "Points by hand: +30 in 1 adjustment" in shown
        assert "Bookings today: 0" in shown
        assert "Tunde" not in shown

    @CHANNELS
    async def test_what_came_back_is_not_counted(self, cafe: Shop, channel: str) -> None:
        """₦2,000 of the ₦5,000 are no longer in the till, nor in anybody's share."""
        await cafe.phone(TUNDE, channel).says("reverse 0803 123 4567", "1", "a part came back", "2000", PIN)
        shown = (await cafe.phone(AMAKA, channel).says("totals")).replace("NGN ", "₦")
        assert "1 purchase, ₦3,000" in shown
        assert "Tunde: 1, ₦3,000" in shown

    async def test_the_owner_sees_who(self, cafe: Shop) -> None:
        await cafe.phone(AMAKA).says(f"log 0803 123 4567 9000 {OWNERS_PIN}")
        shown = await cafe.phone(AMAKA).says("how are we doing?")
        assert "Amaka: 1, ₦9,000\nTunde: 1, ₦5,000" in shown

    async def test_a_new_day_begins_at_the_shops_midnight(self, cafe: Shop) -> None:
        cafe.town.clock.pass_by(hours=11)
        assert "0 purchases" not in await cafe.phone(TUNDE).says("sales today")
        cafe.town.clock.pass_by(hours=1)
        assert "0 purchases" in await cafe.phone(TUNDE).says("sales today")

    @pytest.mark.parametrize(("day", "hours"), [("2026-11-01", 25), ("2027-03-14", 23), ("2026-11-18", 24)])
    async def test_a_day_of_23_or_25_hours_is_one_day(self, laundry: Shop, day: str, hours: int) -> None:
        """Invariant 49: what was logged in its first and in its last minute counts, the next day's does not."""
        rosa, clock = laundry.phone("+14155550121"), laundry.town.clock
        await laundry.phone("+14155550177").says("hi")
        midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)
        for minutes in (-1, 0, hours * 60 - 1):
            clock.now = midnight + timedelta(minutes=minutes)
            assert "Done" in await rosa.says("log +1 415 555 0177 20 318642")
        assert "2 purchases, $40" in await rosa.says("totals")
        clock.now = midnight + timedelta(hours=hours)
        assert "0 purchases, $0" in await rosa.says("totals")
