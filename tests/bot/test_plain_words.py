"""People say it in their own words: a plain yes, a slip of the finger, a change of mind, a word for another thing."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.bot.town import Phone, Shop

SAM, KIM, ADA = "+14155550177", "+14155550178", "+14155550171"
DANA, HANK, CHIOMA = "+14155550141", "+14155550131", "+2348031234567"
A_DAY_BEFORE = datetime(2026, 11, 19, 19, 1, tzinfo=UTC)
"""24 hours before Friday at 2 in New York."""
BOTH = pytest.mark.parametrize("channel", ["whatsapp", "sms"])
ONE_QUARTER = text("UPDATE availability_templates SET start_time = '10:30', end_time = '10:45' WHERE kind = 'open'")


async def reminded(shop: Shop, channel: str = "sms") -> Phone:
    """Sam has a call on Friday at 2 and has just been reminded of it."""
    sam = shop.phone(SAM, channel)
    assert "Booked!" in await sam.says("book discovery friday 2pm", "yes")
    shop.town.clock.now = A_DAY_BEFORE
    assert await shop.runs("send_reminders") == 1
    return sam


# -- what came unasked ----------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("said", ["yes", "yep", "ok"])
async def test_a_yes_to_a_reminder_is_a_promise(consultancy: Shop, channel: str, said: str) -> None:
    sam = await reminded(consultancy, channel)
    assert "See you on Friday" in await sam.says(said)


@BOTH
async def test_a_no_to_a_reminder_asks_whether_to_cancel(consultancy: Shop, channel: str) -> None:
    sam = await reminded(consultancy, channel)
    assert "Cancel Introductory Discovery Call" in await sam.says("no")
    assert "Cancelled" in await sam.says("yes")


async def test_a_question_in_between_leaves_the_numbers_of_a_reminder(consultancy: Shop) -> None:
    sam = await reminded(consultancy)
    assert "9 am to 5 pm" in await sam.says("what are your hours?")
    assert "See you on Friday" in await sam.says("1")


async def test_a_list_in_between_takes_the_numbers_over(consultancy: Shop) -> None:
    sam = await reminded(consultancy)
    assert "no points yet" in await sam.says("menu", "1")
    assert "See you" not in await sam.says("1")


async def test_a_late_yes_to_an_offer_hears_what_became_of_it(consultancy: Shop) -> None:
    async with consultancy.town.services.db.tenant(consultancy.tenant_id) as tx:
        await tx.run(ONE_QUARTER)
    consultancy.town.clock.now = datetime(2026, 11, 18, 16, tzinfo=UTC)
    ada, sam, kim = (consultancy.phone(one, "sms") for one in (ADA, SAM, KIM))
    for one in (ada, sam):
        assert "Booked!" in await one.says("book discovery friday 10:30", "yes")
    assert "waiting list" in await kim.says("waitlist", "discovery", "friday", "any time")
    await ada.says("cancel my appointment", "yes")
    consultancy.town.clock.pass_by(seconds=30)
    assert await consultancy.runs("offer_free_time") == 1
    consultancy.town.clock.pass_by(minutes=16)
    await consultancy.runs("tidy_waitlist")
    assert "Booked!" in await ada.says("book discovery friday 10:30", "yes")
    assert "gone to somebody else" in await kim.says("yes")


# -- what waits for payment -----------------------------------------------------------------------------------


@BOTH
async def test_who_has_paid_hears_that_it_stands(consultancy: Shop, channel: str) -> None:
    sam, dana = consultancy.phone(SAM, channel), consultancy.phone(DANA)
    await sam.says("book strategy tomorrow 2pm", "yes")
    await dana.says("approve", "tomorrow", "1")
    assert "confirmed now, and I've told them" in await dana.says("paid")
    told = sam.received()[-1].body
    assert "is confirmed" in told
    assert "/calendar/" in told
    assert await consultancy.rows("SELECT status, payment_status FROM bookings") == [("confirmed", "paid")]


# -- slips and changes of mind --------------------------------------------------------------------------------


@BOTH
async def test_slips_do_not_keep_anybody_from_booking(consultancy: Shop, channel: str) -> None:
    sam = consultancy.phone(SAM, channel)
    assert "What would you like to book?" in await sam.says("i want to bok a cal tommorow at 3pm pls")
    assert "Thursday, November 19, 3:00" in (await sam.says("1")).replace("\u202f", " ")


@BOTH
async def test_who_changes_his_mind_has_told_no_address(carpet_cleaning: Shop, channel: str) -> None:
    sam = carpet_cleaning.phone(SAM, channel)
    await sam.says("book carpet cleaning", "saturday", "8:00")
    assert "On Saturday, November 21 there's" in await sam.says("actually can I do the afternoon instead")
    assert "address" in await sam.says("1", "wait, I meant the sofa")
    assert "at 12 Elm Street" in await sam.says("12 Elm Street, Houston")


async def test_an_address_is_corrected_before_it_is_booked(carpet_cleaning: Shop) -> None:
    sam = carpet_cleaning.phone(SAM, "sms")
    await sam.says("book carpet cleaning", "saturday", "8:00", "12 Elm Street, Houston")
    assert "at 99 Oak Lane" in await sam.says("the address is 99 Oak Lane")
    await sam.says("yes")
    assert await carpet_cleaning.rows("SELECT pickup_address FROM bookings") == [("99 Oak Lane",)]


async def test_as_soon_as_possible_is_the_first_time_there_is(carpet_cleaning: Shop) -> None:
    sam = carpet_cleaning.phone(SAM, "sms")
    assert "address" in await sam.says("book carpet cleaning", "asap")
    assert "Wednesday, November 18, 8:00" in (await sam.says("12 Elm Street, Houston")).replace("\u202f", " ")


async def test_a_number_is_no_note(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    assert "anything we should know" in await chioma.says("book tasting for 2 on saturday at 11", "1")
    await chioma.says("skip", "yes")
    assert await cafe.rows("SELECT notes FROM bookings") == [(None,)]


async def test_a_note_that_begins_with_no_is_kept(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("book tasting for 2 on saturday at 11", "No nuts, please", "yes")
    assert await cafe.rows("SELECT notes FROM bookings") == [("No nuts, please",)]


@BOTH
async def test_move_it_to_four_means_the_same_day(consultancy: Shop, channel: str) -> None:
    sam = consultancy.phone(SAM, channel)
    await sam.says("book discovery friday 2pm", "yes")
    moved = (await sam.says("move it to 4pm")).replace("\u202f", " ")
    assert "to Friday, November 20, 4:00 PM?" in moved
    assert "Moved!" in await sam.says("yes")


async def test_a_bare_cancel_on_whatsapp_is_about_the_appointment(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    await sam.says("book discovery friday 2pm", "yes")
    assert "Cancel Introductory Discovery Call" in await sam.says("cancel")
    assert "stays" in await sam.says("no")
    assert "Cancel Introductory Discovery Call" in await sam.says("I need to cancel")


async def test_the_waiting_list_by_name_is_that_of_what_is_talked_about(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM, "sms")
    answer = await sam.says("book discovery", "waiting list")
    assert "Introductory Discovery Call: which day would suit you?" in answer


@BOTH
async def test_what_is_needed_on_a_day_is_booked(laundry: Shop, channel: str) -> None:
    sam = laundry.phone(SAM, channel)
    assert "What time on Thursday" in await sam.says("i need my clothes washed tomorrow")


# -- staff ----------------------------------------------------------------------------------------------------


async def test_an_answered_request_is_not_answered_again(consultancy: Shop) -> None:
    sam, kim, dana = consultancy.phone(SAM, "sms"), consultancy.phone(KIM, "sms"), consultancy.phone(DANA, "sms")
    await sam.says("book strategy friday 2pm", "yes")
    consultancy.town.clock.pass_by(minutes=1)
    await kim.says("book strategy friday 3pm", "yes")
    assert f"for {KIM}" in await dana.says("approve")
    assert f"Declined: Technical Strategy Session for {SAM}" in await dana.says("decline")
    assert "accepted" in kim.received()[-1].body


async def test_a_colleague_may_call_in_sick(consultancy: Shop) -> None:
    dana = consultancy.phone(DANA)
    assert "Thursday, November 19" in await dana.says("I'm sick tomorrow")
    assert "Who is it for?" in await dana.says("walk in")
    assert "waits for approval" in await dana.says("no number", "pending")


async def test_question_marks_alone_are_no_question(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM, "sms")
    assert "NEVER MIND" in await sam.says("book", "hm", "???")
    assert await consultancy.rows("SELECT FROM handoffs") == []


@BOTH
async def test_an_hour_at_three_is_blocked(carpet_cleaning: Shop, channel: str) -> None:
    hank = carpet_cleaning.phone(HANK, channel)
    answer = (await hank.says("block an hour at 3 tomorrow")).replace("\u202f", " ")
    assert "Thursday, November 19 from 3:00 PM to 4:00 PM" in answer


async def test_a_walk_in_is_told_in_one_line(carpet_cleaning: Shop) -> None:
    hank = carpet_cleaning.phone(HANK, "sms")
    assert "Which address?" in await hank.says("walk in 4155550171 upholstery saturday 9am", "Ada")
    assert "Upholstery for Ada on Saturday, November 21, 9:00" in (await hank.says("3 Pine Street")).replace(
        "\u202f", " "
    )


async def test_no_show_is_no_no(carpet_cleaning: Shop) -> None:
    sam, hank = carpet_cleaning.phone(SAM), carpet_cleaning.phone(HANK, "sms")
    await sam.says("book carpet cleaning tomorrow 9am", "12 Elm Street, Houston", "yes")
    carpet_cleaning.town.clock.now = datetime(2026, 11, 19, 15, 35, tzinfo=UTC)
    await hank.says("walk in")
    assert "did not come" in await hank.says("no show")
