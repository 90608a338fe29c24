"""Several services in one visit: booked, moved and cancelled together, or one of them alone."""

import pytest

from tests.bot.town import Phone, Shop

SAM, LEA = "+14155550177", "+14155550178"
BOTH = "Carpet cleaning + Upholstery"


async def booked(shop: Shop, channel: str = "whatsapp") -> Phone:
    sam = shop.phone(SAM, channel)
    await sam.says("hi", "book carpet cleaning and upholstery on friday at 9", "12 Allen Avenue, Houston")
    assert f"Booked! {BOTH} on Friday, November 20, 9:00 AM" in await sam.says("yes")
    return sam


@pytest.mark.parametrize(
    "said", ["carpet cleaning and upholstery", "1 and 2", "both please", "Carpet cleaning, upholstery"]
)
async def test_several_are_picked_in_one_answer(carpet_cleaning: Shop, said: str) -> None:
    sam = carpet_cleaning.phone(SAM, "sms")
    await sam.says("hi", "book")
    assert f"{BOTH}: which day suits you?" in await sam.says(said)


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
async def test_they_follow_each_other_in_one_visit(carpet_cleaning: Shop, channel: str) -> None:
    await booked(carpet_cleaning, channel)
    rows = await carpet_cleaning.rows(
        "SELECT reference, local_start, visit_id, pickup_address, status FROM bookings ORDER BY starts_at"
    )
    assert [f"{row.local_start:%H:%M} {row.status}" for row in rows] == ["09:00 confirmed", "11:30 confirmed"]
    assert len({row.visit_id for row in rows}) == 1
    assert len({row.reference for row in rows}) == 2
    assert {row.pickup_address for row in rows} == {"12 Allen Avenue, Houston"}


async def test_the_price_is_that_of_all_of_them(carpet_cleaning: Shop) -> None:
    sam = carpet_cleaning.phone(SAM, "sms")
    await sam.says("hi", "book carpet cleaning and upholstery on friday at 9")
    assert "$310" in await sam.says("12 Allen Avenue, Houston")


async def test_only_times_that_leave_room_for_both_are_offered(carpet_cleaning: Shop) -> None:
    sam = carpet_cleaning.phone(SAM)
    await sam.says("hi", "book carpet cleaning and upholstery")
    answer = await sam.says("friday", "anything later?", "friday after 1")
    assert "1:30 PM" in answer or "1:00 PM" in answer
    assert "4:00 PM" not in answer
    assert "isn't free on Friday" in await sam.says("4pm")


async def test_the_visit_is_moved_as_one(carpet_cleaning: Shop) -> None:
    sam = await booked(carpet_cleaning)
    answer = await sam.says("move my appointment to next week same time")
    assert f"Move {BOTH} from Friday, November 20, 9:00 AM to Friday, November 27, 9:00 AM?" in answer
    assert "Moved!" in await sam.says("yes")
    rows = await carpet_cleaning.rows("SELECT local_start FROM bookings ORDER BY starts_at")
    assert [f"{row.local_start:%d %H:%M}" for row in rows] == ["27 09:00", "27 11:30"]


async def test_the_visit_is_cancelled_as_one(carpet_cleaning: Shop) -> None:
    sam = await booked(carpet_cleaning)
    assert f"Cancel {BOTH} on Friday" in await sam.says("cancel my appointment")
    assert "Cancelled" in await sam.says("yes")
    assert await carpet_cleaning.rows("SELECT DISTINCT status FROM bookings") == [("cancelled",)]


async def test_one_of_them_is_cancelled_by_its_reference(carpet_cleaning: Shop) -> None:
    sam = await booked(carpet_cleaning)
    _, second = await carpet_cleaning.rows("SELECT reference FROM bookings ORDER BY starts_at")
    assert "Cancel Upholstery on Friday" in await sam.says(f"cancel {second.reference}")
    await sam.says("yes")
    rows = await carpet_cleaning.rows("SELECT status FROM bookings ORDER BY starts_at")
    assert [row.status for row in rows] == ["confirmed", "cancelled"]


async def test_who_wins_the_van_wins_it_for_both(carpet_cleaning: Shop) -> None:
    """Invariants 1 and 2: the visit is held as a whole or not at all."""
    sam, lea = carpet_cleaning.phone(SAM), carpet_cleaning.phone(LEA, "sms")
    await sam.says("hi", "book carpet cleaning and upholstery on friday")
    await lea.says("hi", "book upholstery on friday")
    await sam.posts("9am")
    await lea.posts("11am")
    await carpet_cleaning.settle()
    held = await carpet_cleaning.rows("SELECT visit_id FROM bookings WHERE status = 'held'")
    assert len(held) in (1, 2)
    assert len({row.visit_id for row in held}) == 1


async def test_a_visit_whose_hold_ran_out_is_won_again_as_one(carpet_cleaning: Shop) -> None:
    sam = carpet_cleaning.phone(SAM)
    await sam.says("hi", "book carpet cleaning and upholstery on friday at 9", "12 Allen Avenue, Houston")
    carpet_cleaning.town.clock.pass_by(minutes=20)
    assert "Booked!" in await sam.says("yes")
    rows = await carpet_cleaning.rows("SELECT status FROM bookings")
    assert [row.status for row in rows] == ["confirmed", "confirmed"]
