"""Moving and cancelling, whose booking it is, and what lies ahead."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from models.base import uuid7
from models.booking.bookings import (
    BookedFor,
    CancelOutcome,
    Confirmed,
    Details,
    Moved,
    MoveRefusal,
    SlotRefusal,
)
from models.db import Database
from tests.models.booking.booking_machine import BookingMachine
from tests.models.booking.shop import THURSDAY, a_resource, add_need, make_shop
from tests.thoroughness import run_machine

FRIDAY = THURSDAY + timedelta(days=1)


async def test_any_order_of_events(database: Database) -> None:
    """Invariants 1, 3, 4 and 7–9."""
    BookingMachine.database, BookingMachine.loop = database, asyncio.get_running_loop()
    await run_machine(BookingMachine, usual=20, steps=20)


# -- moving --------------------------------------------------------------------------------------------------


async def test_a_move_changes_when_and_nothing_else(database: Database) -> None:
    shop = await make_shop(database, buffer_after_minutes=30)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00")
    moved = await shop.move(booking.id, "12:00", FRIDAY, customer_id=ada)
    assert moved == Moved(
        booking.id, booking.reference, shop.at("12:00", FRIDAY), shop.at("13:00", FRIDAY), "Chair 1", 1
    )
    (row,) = await shop.rows()
    assert (row.id, row.reference, row.status, row.version) == (booking.id, booking.reference, "confirmed", 1)
    assert (row.blocked.lower, row.blocked.upper) == (moved.start, shop.at("13:30", FRIDAY))
    assert f"{row.local_start:%A %H:%M}" == "Friday 12:00"
    assert await shop.times() == ["09:00", "10:00", "11:00", "12:00"]


async def test_a_move_into_what_it_left(database: Database) -> None:
    shop = await make_shop(database, duration_minutes=90, step_minutes=30)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00")
    assert isinstance(await shop.move(booking.id, "10:30", customer_id=ada), Moved)
    assert isinstance(await shop.move(booking.id, "10:30", customer_id=ada), Moved)


async def test_a_refused_move_changes_nothing(database: Database) -> None:
    """Invariant 7."""
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    booking, _ = await shop.book(ada, "10:00"), await shop.book(obi, "11:00")
    for wall, refusal in (("11:00", SlotRefusal.TAKEN), ("11:30", SlotRefusal.NOT_OFFERED)):
        assert await shop.move(booking.id, wall, customer_id=ada) is refusal
    row = {row.id: row for row in await shop.rows()}[booking.id]
    assert (row.during, row.blocked, row.version) == (booking.during, booking.blocked, 0)


async def test_two_cannot_swap(database: Database) -> None:
    """Invariant 7: each is in the other's way until one lets go, and nobody lets go before he has won."""
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    hers, his = await shop.book(ada, "10:00"), await shop.book(obi, "11:00")
    wishes = [shop.move(hers.id, "11:00", customer_id=ada), shop.move(his.id, "10:00", customer_id=obi)]
    assert await asyncio.gather(*wishes) == [SlotRefusal.TAKEN, SlotRefusal.TAKEN]
    assert {row.id: row.during for row in await shop.rows()} == {hers.id: hers.during, his.id: his.during}


async def test_a_move_keeps_the_chair_if_it_can(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    ada, obi, ngozi = await shop.customers(3)
    hers, gone = await shop.book(ada, "10:00"), await shop.book(obi, "10:00")
    await shop.book(ngozi, "11:00")
    await shop.cancel(gone.id, customer_id=obi)
    moved = await shop.move(hers.id, "12:00", customer_id=ada)
    assert isinstance(moved, Moved)
    assert moved.resource == "Chair 1"


async def test_a_move_uses_what_the_customer_holds(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00")
    await shop.held(ada, "12:00")
    assert isinstance(await shop.move(booking.id, "12:00", customer_id=ada), Moved)
    assert sorted(row.status for row in await shop.rows()) == ["confirmed", "expired"]


async def test_a_move_on_a_full_day_does_not_count_itself(database: Database) -> None:
    shop = await make_shop(database, max_daily_bookings=1)
    ada, obi = await shop.customers(2)
    booking, _ = await shop.book(ada, "10:00"), await shop.book(obi, "10:00", FRIDAY)
    assert isinstance(await shop.move(booking.id, "12:00", customer_id=ada), Moved)
    assert await shop.move(booking.id, "12:00", FRIDAY, customer_id=ada) is SlotRefusal.FULL_DAY


async def test_a_request_stays_a_request_when_it_moves(database: Database) -> None:
    shop = await make_shop(database, auto_confirm=False)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00")
    await shop.move(booking.id, "12:00", customer_id=ada)
    assert [row.status for row in await shop.rows()] == ["pending"]


async def test_a_move_over_the_change_of_the_clocks_keeps_the_wall_time(database: Database) -> None:
    """Invariant 5."""
    spring = THURSDAY.replace(year=2027, month=3, day=13)
    shop = await make_shop(database, zone=ZoneInfo("America/New_York"), horizon_days=365)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00", spring)
    moved = await shop.move(booking.id, "10:00", spring + timedelta(days=1), customer_id=ada)
    assert isinstance(moved, Moved)
    assert moved.start - booking.during.lower == timedelta(hours=23)
    assert [f"{row.local_start:%d %H:%M}" for row in await shop.rows()] == ["14 10:00"]


async def test_what_cannot_be_moved(database: Database) -> None:
    shop, other = await make_shop(database), await make_shop(database)
    ada, obi = await shop.customers(2)
    booking = await shop.book(ada, "10:00")
    held = await shop.held(obi, "12:00")
    begun = shop.later(minutes=22 * 60)
    assert await shop.move(booking.id, "11:00", customer_id=obi) is MoveRefusal.UNKNOWN
    assert await shop.move(uuid7(), "11:00", customer_id=ada) is MoveRefusal.UNKNOWN
    assert await shop.move(held.booking_id, "11:00", customer_id=obi) is MoveRefusal.UNKNOWN
    assert await other.move(booking.id, "11:00", customer_id=ada) is MoveRefusal.UNKNOWN
    assert await begun.move(booking.id, "12:00", customer_id=ada) is MoveRefusal.STARTED
    await shop.cancel(booking.id, customer_id=ada)
    assert await shop.move(booking.id, "11:00", customer_id=ada) is MoveRefusal.CANCELLED


# -- cancelling ----------------------------------------------------------------------------------------------


async def test_cancelled_twice_is_cancelled_once(database: Database) -> None:
    """Invariant 8."""
    shop = await make_shop(database)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00")
    answers = await asyncio.gather(*(shop.cancel(booking.id, customer_id=ada) for _ in range(4)))
    assert sorted(answers) == ["already", "already", "already", "cancelled"]
    (row,) = await shop.rows()
    assert (row.status, row.cancelled_at, row.version) == ("cancelled", shop.now, 1)


async def test_what_cannot_be_cancelled(database: Database) -> None:
    """Invariant 8."""
    shop, other = await make_shop(database), await make_shop(database)
    ada, obi = await shop.customers(2)
    booking = await shop.book(ada, "10:00")
    assert await shop.cancel(booking.id, customer_id=obi) is CancelOutcome.UNKNOWN
    assert await shop.cancel(uuid7(), customer_id=ada) is CancelOutcome.UNKNOWN
    assert await other.cancel(booking.id, customer_id=ada) is CancelOutcome.UNKNOWN
    assert await shop.later(minutes=22 * 60).cancel(booking.id, customer_id=ada) is CancelOutcome.TOO_LATE
    assert await shop.later(minutes=22 * 60 - 1).cancel(booking.id, customer_id=ada) is CancelOutcome.CANCELLED


# -- what lies ahead -----------------------------------------------------------------------------------------


async def test_upcoming_is_what_is_not_over(database: Database) -> None:
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    friday, thursday = await shop.book(ada, "09:00", FRIDAY), await shop.book(ada, "10:00")
    gone, _ = await shop.book(ada, "11:00"), await shop.book(obi, "12:00")
    await shop.cancel(gone.id, customer_id=ada)
    await shop.held(ada, "11:00")
    first, second = await shop.upcoming(ada)
    assert (first.booking_id, second.booking_id) == (thursday.id, friday.id)
    assert (first.reference, first.service, first.service_id) == (thursday.reference, "Cut", shop.service.id)
    assert (first.start, first.end) == (shop.at("10:00"), shop.at("11:00"))
    assert (first.status, first.resource) == ("confirmed", "Chair 1")


async def test_who_is_late_still_finds_his_booking(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    await shop.book(ada, "10:00")
    assert len(await shop.later(minutes=22 * 60 + 20).upcoming(ada)) == 1
    assert await shop.later(minutes=23 * 60).upcoming(ada) == []


async def test_what_lies_ahead_is_the_customers_own(database: Database) -> None:
    shop, other = await make_shop(database), await make_shop(database)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "10:00")
    assert await shop.upcoming(obi) == []
    assert await other.upcoming(ada) == []


async def test_booking_for_somebody_else_keeps_both(database: Database) -> None:
    shop = await make_shop(database)
    held = await shop.held(await shop.customer(), "10:00")
    details = Details(name="Ada Obi", booked_for=BookedFor("Grandmother", "+2348039999999"), notes="Stairs")
    answer = await shop.confirm(held.booking_id, details)
    assert isinstance(answer, Confirmed)
    assert answer.booking.customer_data == {
        "phone": "+2348030000001",
        "name": "Ada Obi",
        "booked_for": {"name": "Grandmother", "phone": "+2348039999999"},
    }
    assert answer.booking.notes == "Stairs"


async def test_the_meeting_is_the_resources_or_the_services(database: Database) -> None:
    shop = await make_shop(database, meeting_platform="Jitsi", meeting_url="https://meet.example/shop")
    ada, obi = await shop.customers(2)
    booking = await shop.book(ada, "10:00")
    assert (booking.meeting_platform, booking.meeting_url) == ("Jitsi", "https://meet.example/shop")
    zoom = a_resource(shop, "A first", meeting_platform="Zoom", meeting_id="42", meeting_password="open")
    await add_need(shop, 0, zoom)
    other = await shop.book(obi, "10:00")
    assert (other.meeting_platform, other.meeting_url, other.meeting_id, other.meeting_password) == (
        "Zoom",
        None,
        "42",
        "open",
    )
