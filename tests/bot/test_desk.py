"""Staff book, move, cancel, approve and close by message, and customers are told and asked."""

import pytest

from tests.bot.test_day import DANA, HANK, KIM, RAVI, SAM, THURSDAY, book_call, book_cleaning
from tests.bot.town import Phone, Shop


async def request_session(shop: Shop, number: str) -> Phone:
    """A strategy session on Thursday at two, which waits for a yes and a payment."""
    phone = shop.phone(number, "whatsapp")
    await phone.says("book")
    await phone.says("2", "tomorrow", "2pm", "yes")
    return phone


# -- walk-in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_a_walk_in_now_is_confirmed_at_once(consultancy: Shop, channel: str) -> None:
    """Neither notice (four hours) nor the grid (a quarter of an hour) hold for staff."""
    consultancy.town.clock.now = THURSDAY.replace(minute=37)
    dana = consultancy.phone(DANA, channel)
    assert "Who is it for?" in await dana.says("walk in")
    assert "called" in await dana.says("1")
    assert "What shall I book" in await dana.says("Zoe")
    assert "1. Now" in await dana.says("introductory discovery call")
    assert "for Zoe on Thursday, November 19, 10:37" in await dana.says("now")
    assert "Booked: Introductory Discovery Call for Zoe" in await dana.says("yes")
    (row,) = await consultancy.rows("SELECT status, customer_data FROM bookings")
    assert (row.status, row.customer_data["name"]) == ("confirmed", "Zoe")
    assert "10:37 AM Zoe (no number)" in await dana.says("today")


async def test_a_walk_in_for_later_tells_the_customer_and_can_be_answered(carpet_cleaning: Shop) -> None:
    hank, sam = carpet_cleaning.phone(HANK, "sms"), carpet_cleaning.phone(SAM, "sms")
    assert "called" in await hank.says("walk in 415 555 0177")
    await hank.says("Sam Lee")
    await hank.says("carpet cleaning", "tomorrow", "9am")
    assert "for Sam Lee on Thursday, November 19, 9:00" in await hank.says("12 Elm Street, Houston")
    assert "Booked" in await hank.says("yes")
    told = sam.received()[-1].body
    assert "you're booked! Carpet cleaning on Thursday, November 19, 9:00" in told
    assert "Reply STOP" in told
    assert "Which day" in await sam.says("1")
    (row,) = await carpet_cleaning.rows("SELECT status, pickup_address FROM bookings")
    assert (row.status, row.pickup_address) == ("confirmed", "12 Elm Street, Houston")
    (customer,) = await carpet_cleaning.rows(
        "SELECT lead_source, total_bookings FROM customers WHERE first_name = 'Sam'"
    )
    assert (customer.lead_source, customer.total_bookings) == ("walk_in", 1)


async def test_a_walk_in_never_doubles_a_chair(carpet_cleaning: Shop) -> None:
    """Invariant 1: staff override the notice, not the van that is away."""
    await book_cleaning(carpet_cleaning, KIM, "9am")
    hank = carpet_cleaning.phone(HANK)
    await hank.says("walk in", "no number", "no name", "carpet cleaning", "tomorrow", "10am")
    await hank.says("5 Oak Street, Houston")
    assert "just been taken" in await hank.says("yes")
    assert len(await carpet_cleaning.rows("SELECT FROM bookings WHERE status = 'confirmed'")) == 1


# -- move and cancel -----------------------------------------------------------------------------------------


async def test_staff_move_a_customers_booking_and_he_is_told(carpet_cleaning: Shop) -> None:
    kim = await book_cleaning(carpet_cleaning, KIM, "9am")
    hank = carpet_cleaning.phone(HANK, "sms")
    card = await hank.says("tomorrow", "1")
    assert "Move it" in card
    assert "Which day instead" in await hank.says("move it")
    assert "What time" in await hank.says("friday")
    assert "to Friday, November 20, 8:10" in await hank.says("8:10am")
    assert "I've told them" in await hank.says("yes")
    assert "has been moved from Thursday, November 19, 9:00" in kim.received()[-1].body
    (row,) = await carpet_cleaning.rows("SELECT version, local_start FROM bookings")
    assert (row.version, f"{row.local_start:%d %H:%M}") == (1, "20 08:10")
    moved = await carpet_cleaning.rows("SELECT old_values, new_values FROM audit_logs WHERE entity_type = 'bookings'")
    assert moved == [({"starts_at": "2026-11-19T15:00:00+00:00"}, {"starts_at": "2026-11-20T14:10:00+00:00"})]


async def test_staff_cancel_a_customers_booking_and_he_books_again(consultancy: Shop) -> None:
    """Invariant 8: refused to nobody who works here, whatever the cut-off says."""
    sam = await book_call(consultancy, SAM, "10:30")
    consultancy.town.clock.now = THURSDAY.replace(minute=20)
    dana = consultancy.phone(DANA)
    await dana.says("today", "1")
    assert "and tell them?" in await dana.says("cancel it")
    assert "Cancelled" in await dana.says("yes")
    assert "we have to cancel your appointment" in sam.received()[-1].body
    assert await consultancy.rows("SELECT status, cancellation_reason FROM bookings") == [("cancelled", "by_staff")]
    assert "which day suits you" in await sam.says("1")


# -- approve -------------------------------------------------------------------------------------------------


async def test_the_owner_approves_in_his_own_chat(consultancy: Shop) -> None:
    sam = await request_session(consultancy, SAM)
    dana = consultancy.phone(DANA)
    asked = dana.received()[-1].body
    assert "would like Technical Strategy Session on Thursday, November 19, 2:00" in asked
    assert "stands once $150 is paid" in await dana.says("1")
    assert "yours once $150 is paid" in sam.received()[-1].body
    assert "Nothing waits for you" in await dana.says("approve")
    await dana.says("tomorrow", "1")
    assert "paid $150" in await dana.says("paid")
    (row,) = await consultancy.rows("SELECT status, payment_status, approved_at IS NOT NULL AS ok FROM bookings")
    assert (row.status, row.payment_status, row.ok) == ("confirmed", "paid", True)
    written = await consultancy.rows("SELECT new_values FROM audit_logs WHERE entity_type = 'bookings' ORDER BY id")
    assert [one.new_values for one in written] == [
        {"status": "pending", "reason": "approved"},
        {"payment_status": "paid", "payment_method": "at_visit"},
    ]


async def test_what_is_pending_is_listed_and_declined(consultancy: Shop) -> None:
    sam = await request_session(consultancy, SAM)
    ravi = consultancy.phone(RAVI, "sms")
    listed = await ravi.says("pending")
    assert "wait for your yes" in listed
    assert "1. Thursday, November 19, " in listed, "those that wait are of many days"
    assert "Technical Strategy Session for" in await ravi.says("1")
    assert "Declined" in await ravi.says("decline")
    assert "we can't do Technical Strategy Session" in sam.received()[-1].body
    assert await consultancy.rows("SELECT status FROM bookings") == [("cancelled",)]
    assert "Nothing waits" in await ravi.says("pending")


# -- closing -------------------------------------------------------------------------------------------------


async def test_an_hour_nobody_is_booked_in_is_blocked_at_once(consultancy: Shop) -> None:
    dana, sam = consultancy.phone(DANA), consultancy.phone(SAM, "sms")
    assert "Blocked: Dana on Thursday, November 19 from 10:00" in await dana.says("block tomorrow 10 to 12")
    assert "1. UNDO" in dana.received()[-1].body
    assert "can be booked again" in await dana.says("UNDO", ButtonPayload="undo")
    assert "Blocked: The whole shop" in await dana.says("block tomorrow 10 to 12 everything")
    await sam.says("book")
    await sam.says("1", "tomorrow")
    assert "isn't free" in await sam.says("10:30")


async def test_a_day_off_lists_who_is_affected_and_offers_them_other_times(carpet_cleaning: Shop) -> None:
    kim, sam = await book_cleaning(carpet_cleaning, KIM, "9am"), await book_cleaning(carpet_cleaning, SAM, "2pm")
    hank = carpet_cleaning.phone(HANK, "sms")
    carpet_cleaning.town.clock.pass_by(minutes=1)
    asked = await hank.says("day off thursday")
    assert "2 bookings lie on Thursday, November 19 (Hank)" in asked
    assert "9:00 AM: Chioma, Carpet cleaning" in asked.replace("\u202f", " ")
    assert "offered other times to 2 customers" in await hank.says("yes")
    offered = kim.received()[-1].body
    assert "can't keep your appointment for Carpet cleaning on Thursday" in offered
    assert "2. Friday, November 20, 8:00" in offered
    assert "Move Carpet cleaning from Thursday, November 19, 9:00" in await kim.says("2")
    assert "Moved!" in await kim.says("yes")
    assert "Cancel Carpet cleaning" in await sam.says("5")
    assert "Cancelled" in await sam.says("yes")
    rows = await carpet_cleaning.rows("SELECT status, local_start FROM bookings ORDER BY created_at")
    assert [(row.status, row.local_start.day) for row in rows] == [("confirmed", 20), ("cancelled", 19)]


async def test_a_day_off_of_one_leaves_the_others_theirs(consultancy: Shop) -> None:
    dana, sam = consultancy.phone(DANA), consultancy.phone(SAM)
    assert "Closed: Ravi is off on Friday, November 20" in await dana.says("Ravi is off on friday")
    await sam.says("book")
    await sam.says("1", "friday", "10:30")
    await sam.says("yes")
    (row,) = await consultancy.rows("SELECT r.name FROM bookings b JOIN resources r ON r.id = b.resource_id")
    assert row.name == "Dana"


async def test_customers_close_and_approve_nothing(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM, "sms")
    await sam.says("hi")
    for said in ("block tomorrow 10 to 12", "day off friday", "pending", "walk in"):
        assert "Blocked" not in await sam.says(said)
    assert await consultancy.rows("SELECT FROM closures") == []
    assert await consultancy.rows("SELECT FROM bookings") == []


async def test_a_pin_typed_behind_a_line_rests_nowhere(cafe: Shop) -> None:
    """Invariant 31: what opens a flow is kept masked, whatever the line was read for."""
    tunde = cafe.phone("+2348030000002")
    assert "Blocked: Tasting table" in await tunde.says("block tomorrow 10 to 12 730264")
    kept = await cafe.rows("SELECT FROM customers WHERE conversation_state::text LIKE '%730264%'")
    assert kept == []
    assert await cafe.rows("SELECT FROM messages WHERE body LIKE '%730264%'") == []
