"""Conversations as people have them: they change their minds, ask in between, answer late, and type badly."""

import asyncio
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from tests.bot.town import Phone, Shop

SAM, ADA, TUNDE = "+14155550177", "+14155550178", "+2348030000002"
PERSON = "Shall I get a person"


@pytest.fixture(autouse=True)
def nothing_fails() -> Iterator[None]:
    """An apology would look like an answer to many a test here."""
    with capture_logs() as logged:
        yield
    assert [line for line in logged if line["log_level"] not in ("info", "debug")] == []


@pytest.fixture
async def sam(consultancy: Shop) -> Phone:
    """A member who has begun to book a call and is asked for the day."""
    phone = consultancy.phone(SAM)
    await phone.says("hi", "book", "1")
    return phone


async def bookings(shop: Shop) -> list[tuple[str, str]]:
    """Status and start on the shop's wall, but for holds that were let go."""
    rows = await shop.rows("SELECT status, local_start FROM bookings WHERE status <> 'expired' ORDER BY local_start")
    return [(row.status, row.local_start.strftime("%a %d %H:%M")) for row in rows]


class TestLeavingAndReturning:
    async def test_cancel_leaves_and_frees_the_time(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        assert await bookings(sam.shop) == [("held", "Fri 20 10:30")]
        assert "nothing is booked" in await sam.says("cancel")
        assert await bookings(sam.shop) == []
        assert "no appointment" in await sam.says("cancel")

    async def test_leaving_in_other_words(self, sam: Phone) -> None:
        for said in ("never mind", "Forget it!", "stop it", "CANCEL", "exit"):
            await sam.says("book", "1")
            assert "nothing is booked" in await sam.says(said)
        (customer,) = await sam.shop.rows("SELECT opted_in FROM customers")
        assert customer.opted_in

    async def test_back_returns_to_the_question_before(self, sam: Phone) -> None:
        assert "What time" in await sam.says("friday")
        assert "hich day" in await sam.says("back")
        assert "What would you like to book" in await sam.says("go back")
        assert "which day" in (await sam.says("2")).lower()
        assert "Technical Strategy Session" in await sam.says("friday", "2pm")

    async def test_back_from_the_first_question_asks_it_again(self, sam: Phone) -> None:
        await sam.says("back")
        assert "What would you like to book" in await sam.says("back")

    async def test_repeat_asks_the_same_again(self, sam: Phone) -> None:
        asked = await sam.says("friday")
        for said in ("repeat", "what?", "say that again", "Pardon?", "sorry?"):
            assert await sam.says(said) == asked

    async def test_start_over_begins_the_flow_again(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        assert "What would you like to book" in await sam.says("start over")
        assert await bookings(sam.shop) == []

    async def test_the_same_again_begins_from_the_top(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        assert "What would you like to book" in await sam.says("new booking")
        assert "nothing is booked" in await sam.says("cancel")
        assert "nothing under way" in await sam.says("never mind")
        assert await bookings(sam.shop) == [], "a time that nobody decides on any more is held"

    async def test_a_greeting_in_the_middle_repeats_the_question(self, sam: Phone) -> None:
        for said in ("hello", "Hello, good morning!", "hi hi"):
            assert "which day" in await sam.says(said)


class TestMisses:
    async def test_each_miss_is_answered_in_other_words_and_the_third_with_a_person(self, sam: Phone) -> None:
        first, second, third = [await sam.says("blarg") for _ in range(3)]
        assert "You can say TOMORROW" in first
        assert "number of one of these" in second
        assert PERSON in third
        assert "They'll write to you here" in await sam.says("1")
        assert len(await sam.shop.rows("SELECT FROM handoffs")) == 1

    async def test_after_a_person_was_offered_the_question_is_still_open(self, sam: Phone) -> None:
        await sam.says("blarg", "blarg", "blarg")
        assert "What time" in await sam.says("friday")

    async def test_a_yes_takes_the_person_that_is_offered(self, sam: Phone) -> None:
        assert PERSON in await sam.says("blarg", "blarg", "blarg")
        assert "They'll write to you here" in await sam.says("yes please")

    async def test_a_no_goes_on_where_he_was(self, sam: Phone) -> None:
        await sam.says("blarg", "blarg", "blarg")
        assert "hich day" in await sam.says("no")
        assert await sam.shop.rows("SELECT FROM handoffs") == []

    async def test_an_answer_forgets_the_misses(self, sam: Phone) -> None:
        await sam.says("blarg", "blarg", "friday")
        assert PERSON not in await sam.says("blarg")
        assert PERSON not in await sam.says("blarg")

    async def test_misses_outside_any_flow_end_with_a_person_too(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        await sam.says("hi", "menu")
        assert PERSON in await sam.says("blarg", "blarg", "blarg")

    async def test_who_asks_for_a_person_twice_waits_once(self, sam: Phone) -> None:
        await sam.says("person")
        assert "knows that you're waiting" in await sam.says("agent")
        assert len(await sam.shop.rows("SELECT FROM handoffs")) == 1

    async def test_a_person_can_be_had_at_any_question(self, sam: Phone) -> None:
        for said in ("Person", "Can I talk to a human?", "I want to speak to someone please", "agent"):
            assert "ou can also call" in await sam.says(said)
        assert len(await sam.shop.rows("SELECT FROM handoffs")) == 1


class TestInBetween:
    async def test_a_question_is_answered_and_the_open_one_asked_again(self, sam: Phone) -> None:
        answer = await sam.says("How much is a strategy session?")
        (faq,) = await sam.shop.rows("SELECT answer FROM faqs WHERE usage_count > 0")
        assert faq.answer in answer
        assert "back to where we were (Book an appointment)" in answer
        assert "hich day" in answer
        assert "What time" in await sam.says("1")

    async def test_points_in_the_middle(self, sam: Phone) -> None:
        answer = await sam.says("points")
        assert "no points yet" in answer
        assert "hich day" in answer
        assert "What time" in await sam.says("friday")

    async def test_another_flow_in_the_middle_and_back(self, sam: Phone) -> None:
        await sam.says("friday", "10:30", "yes", "book", "1")
        asked = await sam.says("move my appointment")
        assert "Which day would suit you better" in asked
        moved = await sam.says("monday", "11:30", "yes")
        assert "Moved!" in moved
        assert "back to where we were (Book an appointment)" in moved
        assert "Shall I book it" in await sam.says("tuesday", "2:00 pm")

    async def test_thanks_in_the_middle_does_not_end_it(self, sam: Phone) -> None:
        assert "day" in await sam.says("thanks")
        assert "What time" in await sam.says("friday")


class TestCorrections:
    async def test_another_day_when_asked_to_confirm(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        assert "Monday, November 23" in await sam.says("no wait, monday instead")
        assert "Shall I book it" in await sam.says("11:30")
        assert "Booked" in await sam.says("yes")
        assert await bookings(sam.shop) == [("confirmed", "Mon 23 11:30")]

    async def test_another_time_when_asked_to_confirm(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        assert "2:00 PM" in await sam.says("make it 2pm")
        await sam.says("yes")
        assert await bookings(sam.shop) == [("confirmed", "Fri 20 14:00")]

    async def test_day_and_time_in_one_message(self, sam: Phone) -> None:
        assert "Thursday, November 19, 3:00 PM" in await sam.says("tomorrow at 3")
        await sam.says("yes")
        assert await bookings(sam.shop) == [("confirmed", "Thu 19 15:00")]

    async def test_everything_in_one_message(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        await sam.says("hi")
        asked = await sam.says("I'd like to book an introductory discovery call on friday at 10:30")
        assert "Introductory Discovery Call on Friday, November 20, 10:30 AM" in asked
        assert "Booked" in await sam.says("yes please")

    async def test_a_no_lets_the_time_go_and_asks_for_another_day(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        assert "Which day suits you better" in await sam.says("no")
        assert await bookings(sam.shop) == []


CHOSEN = (
    *("2", "2.", "the second one", "second", "option 2", "two", "The 2nd please"),
    *("Technical Strategy Session", "technical strategy", "tecnical strategy", "  technical   STRATEGY session!! "),
)


class TestChoices:
    async def test_what_is_offered_can_be_chosen_in_many_ways(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        for said in CHOSEN:
            await sam.says("book")
            assert "Technical Strategy Session: which day" in await sam.says(said), said

    async def test_what_fits_nothing_or_two_is_asked_again(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        for said in ("3", "0", "99", "either", "1 2", "call or session"):
            await sam.says("book")
            assert ": which day" not in await sam.says(said), said
            assert ": which day" in await sam.says("1")

    async def test_a_tap_is_heard_by_its_id(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        await sam.says("hi", "book")
        (service,) = await consultancy.rows("SELECT id FROM services WHERE name LIKE 'Technical%'")
        assert "Technical Strategy Session: which day" in await sam.says("whatever", ListId=str(service.id))

    async def test_an_old_tap_does_what_its_label_says(self, sam: Phone) -> None:
        """Buttons stay on the screen: what was offered an hour ago is tapped now."""
        await sam.says("cancel", "points")
        assert "What would you like to book" in await sam.says("Book an appointment", ButtonPayload="start:booking")

    async def test_the_menu_is_chosen_by_number(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        for said, answered in (("1", "no points yet"), ("5", "like to book"), ("six", "no appointment")):
            await sam.says("cancel", "menu")
            assert answered in await sam.says(said)

    async def test_a_yes_in_many_words(self, consultancy: Shop) -> None:
        for place, said in enumerate(("yes", "Yes please", "👍", "sure", "y", "ok", "1", "yeah go ahead", "Yes!")):
            sam = consultancy.phone(f"+141555503{place:02d}")
            await sam.says("book", "1", "friday", "1")
            assert "Booked" in await sam.says(said), said

    async def test_a_yes_takes_the_one_thing_offered_and_a_command_does_not(self, cafe: Shop) -> None:
        """To "Shall I book it?" the word "book" is a yes; to an offered reward it is none."""
        chioma = cafe.phone("+2348031234567")
        await chioma.says("hi")
        await cafe.phone(TUNDE).says("log 08031234567 5000 730264")
        assert "1. Redeem a reward" in await chioma.says("points")
        assert "For how many?" in await chioma.says("book")
        await chioma.says("cancel", "points")
        assert "Free coffee" in await chioma.says("yes please")


class TestLate:
    async def test_an_answer_after_three_days_still_lands(self, sam: Phone) -> None:
        sam.town.clock.pass_by(days=3)
        assert "What time on Monday, November 23" in await sam.says("monday")

    async def test_a_choice_of_a_day_that_is_over_is_asked_again(self, sam: Phone) -> None:
        sam.town.clock.pass_by(days=3)
        answer = await sam.says("1")
        assert "nothing free on Wednesday, November 18" in answer
        assert "1. Monday, November 23" in answer

    async def test_a_yes_after_the_hold_is_over_still_books_what_is_free(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        sam.town.clock.pass_by(hours=2)
        assert "Booked" in await sam.says("yes")
        assert await bookings(sam.shop) == [("confirmed", "Fri 20 10:30")]

    async def test_a_yes_after_the_time_itself_asks_for_another(self, sam: Phone) -> None:
        await sam.says("friday", "10:30")
        sam.town.clock.pass_by(days=5)
        answer = await sam.says("yes")
        assert "Booked" not in answer
        assert not any(status == "confirmed" for status, _ in await bookings(sam.shop))
        assert "1. Monday, November 23" in answer

    async def test_what_somebody_else_took_meanwhile_is_not_booked_twice(self, sam: Phone) -> None:
        """Two consultants: the time is gone when both are."""
        await sam.says("friday", "10:30")
        sam.town.clock.pass_by(minutes=6)
        for number in (ADA, "+14155550179"):
            other = sam.shop.phone(number)
            assert "Booked" in await other.says("book", "1", "friday", "10:30", "yes")
        answer = await sam.says("yes")
        assert "I could hold it only until 6:05 AM, and somebody has taken it since" in answer
        assert await bookings(sam.shop) == [("confirmed", "Fri 20 10:30")] * 2
        assert "10:30" not in answer
        assert "Shall I book it" in await sam.says("11:30")

    async def test_two_who_want_the_last_place_at_once(self, carpet_cleaning: Shop) -> None:
        """One van."""
        people = [carpet_cleaning.phone(number) for number in (SAM, ADA)]
        for person in people:
            await person.says("book", "1", "friday")
        await asyncio.gather(*(person.posts("9am") for person in people))
        await carpet_cleaning.settle()
        lost, won = sorted((person.received()[-1].body for person in people), key=lambda body: "Where" in body)
        assert "Where should we come to" in won
        assert "That time isn't free" in lost or "Somebody has just taken" in lost


ADDRESSES = (
    "Help the Children House, 12 Menu Road",
    "12 Points Avenue, Chicago",
    "Cancel Street 4",
    "1 Human Resources Plaza",
    "The old bank, next to stop 7 on Booking Street",
    "8 Start Over Lane",
    "14 Back Road",
    "221b Reschedule Row, Apt 3",
)


class TestFreeText:
    @pytest.fixture
    async def asked_for_address(self, laundry: Shop) -> Phone:
        sam = laundry.phone(SAM, channel="sms")
        await sam.says("hi", "book", "friday", "10am")
        assert "Please send the full address" in sam.received()[-1].body
        return sam

    async def test_an_address_is_not_taken_for_a_command(self, asked_for_address: Phone) -> None:
        sam = asked_for_address
        for said in ADDRESSES:
            assert "How many loads" in await sam.says(said), said
            assert "2 loads" in await sam.says("2 loads")
            assert "Booked" in await sam.says("yes")
            query = "SELECT pickup_address, number_of_loads FROM bookings WHERE status = 'confirmed' ORDER BY id DESC"
            booking, *_ = await sam.shop.rows(query)
            assert booking.pickup_address.split()[-1] in said
            assert booking.number_of_loads == 2
            await sam.says("cancel my pick-up", "yes", "book", "friday", "10am")

    async def test_a_whole_message_that_is_a_command_is_one(self, asked_for_address: Phone) -> None:
        assert "What time" in await asked_for_address.says("back")
        await asked_for_address.says("10am")
        assert "nothing is booked" in await asked_for_address.says("never mind")

    async def test_a_word_of_the_menu_is_no_address(self, asked_for_address: Phone) -> None:
        """Else the driver is sent to "points"."""
        for said in ("points", "help", "Where are you?", "my appointments"):
            assert "How many loads" not in await asked_for_address.says(said)
        assert "How many loads" in await asked_for_address.says("12 Allen Avenue, Chicago")


class TestCounterInTheMiddle:
    async def test_a_code_interrupts_a_purchase_and_back(self, cafe: Shop) -> None:
        tunde = cafe.phone(TUNDE)
        await tunde.says("log", "0803 999 0000", "yes")
        assert "customer's code" in await tunde.says("check code")
        answer = await tunde.says("cancel")
        assert "back to where we were (Log a purchase)" in answer
        assert "How much" in answer

    async def test_staff_correct_the_phone_number(self, cafe: Shop) -> None:
        await cafe.phone("+2348031234567").says("hi")
        tunde = cafe.phone(TUNDE)
        await tunde.says("log", "0803 999 0000", "no", "0803 123 4567", "5000")
        assert "How much did Chioma" in await tunde.says("back")
        assert "₦6,000 for Chioma" in await tunde.says("6000")
        assert "Done" in await tunde.says("730264")
