"""Staff run the day by message: who comes, who is here, who is done, who did not come."""

from datetime import UTC, datetime

import pytest

from tests.bot.town import Phone, Shop

DANA, RAVI, HANK = "+14155550141", "+14155550142", "+14155550131"
SAM, KIM = "+14155550177", "+14155550178"
THURSDAY = datetime(2026, 11, 19, 15, 35, tzinfo=UTC)
"""10:35 in New York, 9:35 in Houston."""


async def book_call(shop: Shop, number: str, time: str, channel: str = "sms") -> Phone:
    """A discovery call on Thursday."""
    phone = shop.phone(number, channel)
    await phone.says("book")
    assert "Booked!" in await phone.says("1", "tomorrow", time, "yes")
    return phone


async def book_cleaning(shop: Shop, number: str, time: str) -> Phone:
    """The van on Thursday."""
    phone = shop.phone(number, "whatsapp")
    await phone.says("book")
    await phone.says("1", "tomorrow", time, "12 Elm Street, Houston")
    assert "Booked!" in await phone.says("yes")
    return phone


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_a_day_is_listed_by_time_with_all_that_staff_want_to_know(consultancy: Shop, channel: str) -> None:
    await book_call(consultancy, KIM, "11:30")
    await book_call(consultancy, SAM, "10:30")
    dana = consultancy.phone(DANA, channel)
    listed = await dana.says("tomorrow")
    assert "Thursday, November 19: 2 bookings" in listed
    first, second = listed.index("10:30 AM +14155550177, Introductory"), listed.index("11:30 AM +14155550178")
    assert first < second
    assert "Nothing is booked on Wednesday, November 18" in await dana.says("today")
    assert "2 bookings" in await dana.says("schedule for thursday")
    assert "2 bookings" in await dana.says("Thursday")
    assert "Nothing is booked on Thursday, December 3" in await dana.says("schedule for december 3")


async def test_a_card_offers_what_can_be_done_now(carpet_cleaning: Shop) -> None:
    await book_cleaning(carpet_cleaning, SAM, "9am")
    hank = carpet_cleaning.phone(HANK, "sms")
    listed = await hank.says("tomorrow")
    assert "Chioma (+14155550177), Carpet cleaning (Van), at 12 Elm Street" in listed
    card = await hank.says("1")
    assert "$180, not paid yet" in card
    assert "Arrived" not in card
    carpet_cleaning.town.clock.now = THURSDAY
    assert "Arrived" in await hank.says("today", "1")
    assert "is here for Carpet cleaning" in await hank.says("arrived")
    done = await hank.says("done")
    assert "Done: Carpet cleaning" in done
    assert "$180 was paid" in done
    assert "paid $180" in await hank.says("1")
    (row,) = await carpet_cleaning.rows("SELECT status, payment_status, actual_start_time FROM bookings")
    assert (row.status, row.payment_status, row.actual_start_time) == ("completed", "paid", THURSDAY)
    (customer,) = await carpet_cleaning.rows("SELECT * FROM customers WHERE phone_number = :sam", sam=SAM)
    assert (customer.total_revenue, customer.lead_quality, customer.status) == (180_00, "qualified", "active")


async def test_done_alone_is_the_visit_under_way(consultancy: Shop) -> None:
    await book_call(consultancy, SAM, "10:30")
    await book_call(consultancy, KIM, "10:30")
    consultancy.town.clock.now = THURSDAY
    dana, ravi = consultancy.phone(DANA), consultancy.phone(RAVI)
    rows = await consultancy.rows(
        "SELECT b.id, r.name, c.phone_number AS phone FROM bookings b JOIN resources r ON r.id = b.resource_id"
        " JOIN customers c ON c.id = b.customer_id ORDER BY r.name"
    )
    assert [row.name for row in rows] == ["Dana", "Ravi"]
    assert f"{rows[0].phone} is here" in await dana.says("arrived")
    assert f"for {rows[0].phone} at 10:30" in await dana.says("done")
    assert f"{rows[1].phone} did not come" in await ravi.says("no show")
    statuses = await consultancy.rows("SELECT status FROM bookings ORDER BY status")
    assert statuses == [("completed",), ("no_show",)]


async def test_a_name_says_whose_visit_it_is(carpet_cleaning: Shop) -> None:
    await book_cleaning(carpet_cleaning, SAM, "8am")
    hank = carpet_cleaning.phone(HANK, "sms")
    carpet_cleaning.town.clock.now = THURSDAY
    assert "Which one?" in await hank.says("no show bob")
    assert "Chioma did not come" in await hank.says("chioma")
    assert "confirmed again" in await hank.says("undo")
    assert "Chioma did not come" in await hank.says("no-show chioma")
    assert await carpet_cleaning.rows("SELECT status FROM bookings") == [("no_show",)]


async def test_a_visit_is_opened_again_unless_its_time_is_gone(consultancy: Shop) -> None:
    """Invariant 10: by staff, explicitly."""
    sam = await book_call(consultancy, SAM, "10:30")
    dana = consultancy.phone(DANA)
    consultancy.town.clock.now = THURSDAY
    assert "did not come" in await dana.says("no show")
    assert "Opened again" in await dana.says("reopen")
    assert await consultancy.rows("SELECT status FROM bookings") == [("confirmed",)]
    assert "no appointment" not in await sam.says("my appointment")


async def test_a_cancelled_appointment_is_given_back_and_its_customer_told(consultancy: Shop) -> None:
    sam = await book_call(consultancy, SAM, "10:30")
    await sam.says("cancel my appointment", "yes")
    consultancy.town.clock.now = THURSDAY.replace(hour=14)
    dana = consultancy.phone(DANA, "sms")
    assert "is confirmed" in await dana.says("reopen")
    assert "stands again" in sam.received()[-1].body
    (logged,) = await consultancy.rows("SELECT * FROM audit_logs WHERE entity_type = 'bookings'")
    assert (logged.old_values, logged.new_values["status"]) == ({"status": "cancelled"}, "confirmed")
    assert (logged.user_type, logged.channel) == ("staff", "sms")


async def test_nothing_is_marked_before_its_time(consultancy: Shop) -> None:
    await book_call(consultancy, SAM, "10:30")
    dana = consultancy.phone(DANA)
    assert "no visit just now" in await dana.says("done")
    assert "no visit just now" in await dana.says("no show")
    assert await consultancy.rows("SELECT status FROM bookings") == [("confirmed",)]


async def test_who_is_next(consultancy: Shop) -> None:
    await book_call(consultancy, SAM, "11:30")
    dana = consultancy.phone(DANA, "sms")
    assert "Nobody else is booked" in await dana.says("who's next?")
    consultancy.town.clock.now = THURSDAY
    assert "11:30 AM +14155550177" in await dana.says("who's next?")


async def test_customers_see_no_day_and_mark_nothing(consultancy: Shop) -> None:
    sam = await book_call(consultancy, SAM, "10:30")
    consultancy.town.clock.now = THURSDAY
    for said in ("today", "done", "no show", "schedule for thursday", "who's next?"):
        answer = await sam.says(said)
        assert "+1415" not in answer
        assert "Done" not in answer
    assert await consultancy.rows("SELECT status FROM bookings") == [("confirmed",)]
