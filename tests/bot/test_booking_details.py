"""What is told with a booking: how many, for whom, what should be known; what it waits for; how long it is held."""

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from models.db import Database
from models.vault import Vault
from tests.bot.town import Phone, Shop, Town
from tests.shops import afresh, open_shop, variation

_STORE = text("UPDATE customers SET conversation_state = :state WHERE id = :id").bindparams(
    bindparam("state", type_=JSONB)
)
CHIOMA, SAM, LEA = "+2348031234567", "+14155550177", "+14155550178"


@pytest.fixture
async def tasting(town: Town, database: Database, vault: Vault) -> Shop:
    """A café whose class of six asks how many come, and what should be known."""
    file = afresh("cafe")
    (tasting,) = file.services
    file = variation(file, {"services": [tasting.model_copy(update={"asks": ["seats", "notes"]})]})
    tenant = await open_shop(database, vault, file, town.clock())
    return Shop(town, tenant.id, tenant.phone_number or "", tenant.vendor_code)


async def held(shop: Shop) -> Phone:
    """A customer of the carpet van who is asked for an address: his time is held."""
    sam = shop.phone(SAM, "sms")
    assert "Where should we come to?" in await sam.says("book upholstery friday at 9")
    return sam


class TestParty:
    async def test_how_many_come_is_asked_and_takes_their_places(self, tasting: Shop) -> None:
        chioma = tasting.phone(CHIOMA, "sms")
        assert "Up to 6 can come together" in await chioma.says("book")
        assert "At most 6" in await chioma.says("9")
        await chioma.says("four", "saturday", "11")
        answer = await chioma.says("skip")
        assert "NGN 15,000 each, 4 people" in answer
        assert "Booked!" in await chioma.says("yes")
        (booking,) = await tasting.rows("SELECT seats, notes, payment_amount FROM bookings")
        assert (booking.seats, booking.notes, booking.payment_amount) == (4, None, 6_000_000)

    async def test_a_party_that_does_not_fit_any_more_is_shown_other_days(self, tasting: Shop) -> None:
        await tasting.phone("+2348031234568").says("book the tasting for 4 on saturday", "1", "skip", "yes")
        chioma = tasting.phone(CHIOMA)
        assert "nothing free on Saturday, 21 November" in await chioma.says("book the tasting for 3 on saturday")
        assert "What time on Saturday, 21 November" in await chioma.says(
            "never mind", "book the tasting for 2 on saturday"
        )

    async def test_a_correction_of_the_number_looks_for_the_time_again(self, tasting: Shop) -> None:
        chioma = tasting.phone(CHIOMA)
        await chioma.says("book the tasting for 2 on saturday", "1", "skip")
        assert "What time on Saturday" in await chioma.says("no, we are 3 people")
        assert "3 people" in await chioma.says("11")


class TestSomebodyElse:
    async def test_the_name_is_told_at_once(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        answer = await sam.says("hi", "book a discovery call for my daughter Ada on friday at 10")
        assert "for Ada" in answer
        await sam.says("yes")
        (booking,) = await consultancy.rows("SELECT customer_data FROM bookings")
        assert booking.customer_data["booked_for"]["name"] == "Ada"
        assert booking.customer_data["phone"] == SAM
        assert "for Ada" in await sam.says("my appointment")

    async def test_the_name_is_asked_for(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM, "sms")
        assert "What's the name of your mum?" in await sam.says("hi", "book a discovery call for my mum friday at 10")
        assert "for Ngozi Obi" in await sam.says("ngozi obi")

    async def test_it_may_come_to_mind_late(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        await sam.says("hi", "book a discovery call friday at 10")
        assert "What's the name of your husband?" in await sam.says("it's for my husband")
        answer = await sam.says("Emeka")
        assert "for Emeka. I'm holding it" in answer
        assert "Booked!" in await sam.says("yes")

    async def test_a_day_may_be_told_with_it(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        await sam.says("hi", "book a discovery call")
        answer = await sam.says("it's for my daughter Ada, on friday at 3")
        assert "Friday, November 20, 3:00 PM, for Ada" in answer
        assert "which day" not in answer
        assert "Booked!" in await sam.says("yes")


class TestNotes:
    async def test_a_note_is_taken_at_any_question(self, carpet_cleaning: Shop) -> None:
        sam = await held(carpet_cleaning)
        answer = await sam.says("please note that the dog bites on Monday")
        assert "Noted." in answer
        assert "Where should we come to?" in answer
        assert "note: the dog bites on Monday" in await sam.says("12 Allen Avenue, Houston")
        await sam.says("yes")
        assert await carpet_cleaning.rows("SELECT notes FROM bookings") == [("the dog bites on Monday",)]

    @pytest.mark.parametrize("said", ["skip", "no", "nope, nothing"])
    async def test_what_should_be_known_may_be_nothing(self, tasting: Shop, said: str) -> None:
        chioma = tasting.phone(CHIOMA, "sms")
        assert "or SKIP" in await chioma.says("book the tasting for 2 on saturday", "1")
        answer = await chioma.says(said)
        assert "I'm holding it" in answer
        assert "note:" not in answer

    async def test_what_should_be_known_is_kept(self, tasting: Shop) -> None:
        chioma = tasting.phone(CHIOMA)
        await chioma.says("book the tasting for 2 on saturday", "1")
        assert "note: one of us is allergic to nuts" in await chioma.says("one of us is allergic to nuts")

    async def test_only_what_is_optional_can_be_skipped(self, carpet_cleaning: Shop) -> None:
        sam = await held(carpet_cleaning)
        assert "Where should we come to?" in await sam.says("skip")


class TestHold:
    async def test_who_is_still_answering_keeps_his_time_once_more(self, carpet_cleaning: Shop) -> None:
        """Extended once: four minutes in for five more, and no second time."""
        sam = await held(carpet_cleaning)
        sam.town.clock.pass_by(minutes=4)
        assert "holding it for you for 5 minutes" in await sam.says("12 Allen Avenue, Houston")
        (row,) = await carpet_cleaning.rows("SELECT hold_extended, hold_expires_at FROM bookings")
        assert (row.hold_extended, row.hold_expires_at) == (True, sam.town.clock().replace(minute=9))
        sam.town.clock.pass_by(minutes=4)
        assert "Yes or no?" in await sam.says("hmm what do you mean")
        assert await carpet_cleaning.rows("SELECT hold_expires_at FROM bookings") == [(row.hold_expires_at,)]

    async def test_a_hold_that_ran_out_is_told_and_won_again(self, carpet_cleaning: Shop) -> None:
        sam = await held(carpet_cleaning)
        sam.town.clock.pass_by(minutes=30)
        assert "I couldn't hold it any longer" in await sam.says("12 Allen Avenue, Houston")
        assert "Booked!" in await sam.says("yes")

    async def test_a_hold_that_ran_out_and_was_taken_is_told_with_what_is_left(self, carpet_cleaning: Shop) -> None:
        sam = await held(carpet_cleaning)
        await sam.says("12 Allen Avenue, Houston")
        sam.town.clock.pass_by(minutes=6)
        lea = carpet_cleaning.phone(LEA)
        assert "Booked!" in await lea.says("book upholstery friday at 9", "14 Main Street, Houston", "yes")
        answer = await sam.says("yes")
        assert "I could hold it only until" in answer
        assert "Still free on Friday, November 20" in answer
        assert "9:00 AM" not in answer
        assert "12 Allen Avenue, Houston. I'm holding it" in await sam.says("1")

    async def test_the_own_hold_is_shown_and_can_be_chosen_again(self, carpet_cleaning: Shop) -> None:
        sam = await held(carpet_cleaning)
        await sam.says("12 Allen Avenue, Houston")
        assert "2. 9:00 AM" in await sam.says("other times")
        assert "Friday, November 20, 9:00 AM" in await sam.says("2")


class TestWaiting:
    async def test_payment_and_approval_are_told_apart(self, town: Town, database: Database, vault: Vault) -> None:
        waits = {
            "They'll confirm it or tell you here": {"auto_confirm": False, "requires_payment": False},
            "It's confirmed once $150 is paid": {"auto_confirm": True, "requires_payment": True},
            "once they agree and $150 is paid": {"auto_confirm": False, "requires_payment": True},
        }
        for number, (sentence, terms) in enumerate(waits.items()):
            file = afresh("consultancy")
            file = variation(file, {"services": [file.services[1].model_copy(update=terms)]})
            tenant = await open_shop(database, vault, file, town.clock())
            shop = Shop(town, tenant.id, tenant.phone_number or "", tenant.vendor_code)
            sam = shop.phone(f"+1415555018{number}", "sms")
            answer = await sam.says("hi", "book friday at 10", "yes")
            assert sentence in answer
            assert "Booked!" not in answer
            (row,) = await shop.rows("SELECT status FROM bookings")
            assert row.status == "pending"
            assert "reference" in await sam.says("my appointment")

    async def test_the_list_says_what_is_missing(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        await sam.says("hi", "book a strategy session friday at 10", "yes")
        assert "(waiting for the team's yes, and $150 to pay)" in await sam.says("my appointment")


async def test_a_conversation_of_the_version_before_goes_on(carpet_cleaning: Shop, database: Database) -> None:
    sam = await held(carpet_cleaning)
    async with database.tenant(carpet_cleaning.tenant_id) as tx:
        (row,) = await carpet_cleaning.rows("SELECT id, conversation_state FROM customers")
        state = row.conversation_state
        slots = state["current"]["slots"]
        state["current"]["version"] = 1
        state["current"]["slots"] = {name: slots[name] for name in ("service", "day", "time", "details", "held")}
        await tx.run(_STORE, state=state, id=row.id)
    assert "at 12 Allen Avenue, Houston" in await sam.says("12 Allen Avenue, Houston")
    assert "Booked!" in await sam.says("yes")


async def test_a_day_that_has_had_its_number_is_full(town: Town, database: Database, vault: Vault) -> None:
    file = afresh("carpet_cleaning")
    file = variation(file, {"services": [file.services[1].model_copy(update={"max_daily": 1})]})
    tenant = await open_shop(database, vault, file, town.clock())
    shop = Shop(town, tenant.id, tenant.phone_number or "", tenant.vendor_code)
    sam, lea = shop.phone(SAM, "sms"), shop.phone(LEA)
    await lea.says("book friday")
    assert "Booked!" in await sam.says("book friday at 9", "12 Allen Avenue, Houston", "yes")
    assert "That day has just filled up" in await lea.says("1pm")
    assert "nothing free on Friday, November 20" in await lea.says("friday")
    assert "nothing free then" in await lea.says("never mind", "what's free on friday?")
