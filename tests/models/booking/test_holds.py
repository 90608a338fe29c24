"""One customer, one hold: won, replaced, given up, lapsed."""

from datetime import timedelta

import pytest

from models.booking.bookings import Confirmed, Held, SlotRefusal, extend_hold, hold
from models.booking.references import is_reference
from models.booking.tables import BookingStatus
from models.db import Database
from tests.models.booking.shop import THURSDAY, make_shop


async def test_a_hold_keeps_the_time_for_some_minutes(database: Database) -> None:
    shop = await make_shop(database, duration_minutes=60, buffer_before_minutes=15, buffer_after_minutes=30)
    ada = await shop.customer()
    held = await shop.held(ada, "10:00")
    assert held.start == shop.at("10:00")
    assert held.end == shop.at("11:00")
    assert held.expires_at == shop.now + timedelta(minutes=5)
    assert held.resource == "Chair 1"
    assert is_reference(held.reference)
    (row,) = await shop.rows()
    assert (row.id, row.customer_id, row.status, row.takes_time) == (held.booking_id, ada, "held", True)
    assert (row.during.lower, row.during.upper) == (held.start, held.end)
    assert (row.blocked.lower, row.blocked.upper) == (shop.at("09:45"), shop.at("11:30"))
    assert f"{row.local_start:%Y-%m-%d %H:%M} {row.zone}" == "2026-11-19 10:00 Africa/Lagos"


@pytest.mark.parametrize(
    ("wall", "days", "refusal"),
    [
        ("10:30", 0, SlotRefusal.NOT_OFFERED),
        ("08:00", 0, SlotRefusal.NOT_OFFERED),
        ("13:00", 0, SlotRefusal.NOT_OFFERED),
        ("10:00", 60, SlotRefusal.NOT_OFFERED),
        ("10:00", -1, SlotRefusal.TOO_LATE),
        ("12:00", -1, SlotRefusal.TOO_LATE),
        ("11:00", 0, SlotRefusal.TAKEN),
    ],
)
async def test_refusals_say_why(database: Database, wall: str, days: int, refusal: SlotRefusal) -> None:
    shop = await make_shop(database, notice_minutes=120)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "11:00")
    assert await shop.hold(obi, wall, THURSDAY + timedelta(days=days)) is refusal


async def test_notice_is_kept_to_the_minute(database: Database) -> None:
    """Invariant 4."""
    shop = await make_shop(database, notice_minutes=22 * 60)
    ada = await shop.customer()
    assert await shop.later(minutes=1).hold(ada, "10:00") is SlotRefusal.TOO_LATE
    assert isinstance(await shop.hold(ada, "10:00"), Held)


async def test_a_full_day_is_refused(database: Database) -> None:
    shop = await make_shop(database, max_daily_bookings=1)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "11:00")
    assert await shop.hold(obi, "09:00") is SlotRefusal.FULL_DAY


async def test_more_seats_than_there_are_is_not_offered(database: Database) -> None:
    shop = await make_shop(database, 2)
    assert await shop.hold(await shop.customer(), "09:00", seats=3) is SlotRefusal.NOT_OFFERED


async def test_a_service_that_is_retired_is_not_offered(database: Database) -> None:
    shop = await make_shop(database, is_active=False)
    assert await shop.hold(await shop.customer(), "09:00") is SlotRefusal.NOT_OFFERED


async def test_a_second_hold_takes_the_place_of_the_first(database: Database) -> None:
    """Invariant 9."""
    shop = await make_shop(database)
    ada = await shop.customer()
    first, second = await shop.held(ada, "10:00"), await shop.held(ada, "12:00")
    statuses = {row.id: row.status for row in await shop.rows()}
    assert statuses == {first.booking_id: "expired", second.booking_id: "held"}
    assert await shop.times() == ["09:00", "10:00", "11:00"]


async def test_the_same_time_can_be_held_again(database: Database) -> None:
    """Invariant 9: his own hold would block him by the constraint, though the schedule leaves it out."""
    shop = await make_shop(database)
    ada = await shop.customer()
    await shop.held(ada, "10:00")
    again = await shop.later(minutes=3).held(ada, "10:00")
    assert again.expires_at == shop.now + timedelta(minutes=8)


async def test_a_refusal_leaves_the_hold_that_was(database: Database) -> None:
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    await shop.book(obi, "11:00")
    held = await shop.held(ada, "10:00")
    assert await shop.hold(ada, "11:00") is SlotRefusal.TAKEN
    assert held.booking_id in {row.id for row in await shop.rows() if row.status == "held"}


async def test_a_hold_that_has_lapsed_never_blocks(database: Database) -> None:
    """Invariant 9: the constraint knows no clock, and nobody has swept: the next customer must get the time even so."""
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    await shop.held(ada, "10:00")
    assert await shop.later(minutes=4).hold(obi, "10:00") is SlotRefusal.TAKEN
    assert isinstance(await shop.later(minutes=5).hold(obi, "10:00"), Held)


async def test_a_lapsed_hold_with_travel_never_blocks_its_neighbours(database: Database) -> None:
    shop = await make_shop(database, buffer_after_minutes=30, duration_minutes=30, step_minutes=30)
    ada, obi = await shop.customers(2)
    await shop.held(ada, "10:00")
    assert isinstance(await shop.later(minutes=6).hold(obi, "10:30"), Held)


async def test_giving_up_frees_the_time(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    await shop.held(ada, "10:00")
    assert await shop.release_hold(ada)
    assert not await shop.release_hold(ada)
    assert await shop.times() == ["09:00", "10:00", "11:00", "12:00"]


async def test_giving_up_is_of_ones_own(database: Database) -> None:
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    await shop.held(ada, "10:00")
    assert not await shop.release_hold(obi)
    assert (await shop.rows())[0].status == BookingStatus.HELD


async def test_the_sweep_marks_what_has_lapsed_and_nothing_else(database: Database) -> None:
    shop = await make_shop(database)
    ada, obi, ngozi = await shop.customers(3)
    await shop.held(ada, "09:00")
    await shop.book(obi, "10:00")
    await shop.later(minutes=3).held(ngozi, "11:00")
    later = shop.later(minutes=5)
    assert await later.expire_holds() == 1
    assert await later.expire_holds() == 0
    assert sorted(row.status for row in await shop.rows()) == ["confirmed", "expired", "held"]


async def test_two_consultants_take_two_and_refuse_the_third(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    ada, obi, ngozi = await shop.customers(3)
    first, second = await shop.held(ada, "10:00"), await shop.held(obi, "10:00")
    assert {first.resource, second.resource} == {"Chair 1", "Chair 2"}
    assert await shop.hold(ngozi, "10:00") is SlotRefusal.TAKEN


async def test_the_least_busy_resource_gets_the_work(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    people = await shop.customers(4)
    walls = ["09:00", "10:00", "11:00", "12:00"]
    held = [await shop.held(person, wall) for person, wall in zip(people, walls, strict=True)]
    assert sorted(one.resource for one in held) == ["Chair 1", "Chair 1", "Chair 2", "Chair 2"]


async def test_nothing_can_be_held_in_another_business(database: Database) -> None:
    shop, other = await make_shop(database), await make_shop(database)
    stranger = await other.customer()
    async with database.tenant(other.tenant_id) as tx:
        answer = await hold(
            tx,
            shop.service,
            shop.at("10:00"),
            customer_id=stranger,
            now=shop.now,
            zone=shop.zone,
            source="whatsapp",
            prefix="LEK",
        )
    assert answer is SlotRefusal.NOT_OFFERED
    assert await shop.rows() == []


async def test_a_hold_is_extended_once_while_the_customer_answers(database: Database) -> None:
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    held = await shop.held(ada, "10:00")
    asked = shop.later(minutes=3)
    assert await asked.do(extend_hold, ada, now=asked.now) == shop.now + timedelta(minutes=8)
    assert await asked.do(extend_hold, ada, now=asked.now) is None
    assert await shop.later(minutes=7).hold(obi, "10:00") is SlotRefusal.TAKEN
    assert isinstance(await shop.later(minutes=7).confirm(held.booking_id), Confirmed)


async def test_each_hold_is_extended_for_itself_and_never_shortened(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    await shop.held(ada, "10:00")
    await shop.do(extend_hold, ada, now=shop.now)
    again = await shop.held(ada, "11:00")
    assert await shop.do(extend_hold, ada, now=shop.now, minutes=1) == again.expires_at


async def test_what_has_lapsed_is_not_extended(database: Database) -> None:
    """Invariant 9: somebody else may have it by now."""
    shop = await make_shop(database)
    ada = await shop.customer()
    assert await shop.do(extend_hold, ada, now=shop.now) is None
    await shop.held(ada, "10:00")
    late = shop.later(minutes=5)
    assert await late.do(extend_hold, ada, now=late.now) is None
