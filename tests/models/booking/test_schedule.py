"""What is offered, read from the database: hours, what is taken, and whose it is."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Executable

from models.booking.claims import SlotRefusal
from models.booking.schedule import free_days
from models.booking.services import service, services
from models.booking.tables import AvailabilityOverride, AvailabilityTemplate
from models.db import Database, Tx
from tests.models.booking.shop import LAGOS, NOW, THURSDAY, Shop, add_service, make_shop

NEW_YORK = ZoneInfo("America/New_York")
FRIDAY = THURSDAY + timedelta(days=1)
ALL = ["09:00", "10:00", "11:00", "12:00"]


async def write(shop: Shop, *rows: Any) -> None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.add(*rows)


# -- what is offered -----------------------------------------------------------------------------------------


async def test_services_in_the_order_of_the_business(database: Database) -> None:
    shop = await make_shop(database, display_order=2)
    first = await add_service(shop, display_order=1)
    retired = await add_service(shop, slug="x", is_active=False)
    async with database.tenant(shop.tenant_id) as tx:
        assert [found.id for found in await services(tx)] == [first.service.id, shop.service.id]
        found = await service(tx, retired.service.id)
    assert found is not None
    assert found.slug == "x"
    assert await retired.times() == []


async def test_hours_are_cut_into_starts(database: Database) -> None:
    shop = await make_shop(database, duration_minutes=90, step_minutes=30)
    assert await shop.times() == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


async def test_a_break_is_cut_out(database: Database) -> None:
    shop = await make_shop(database)
    lunch = AvailabilityTemplate(
        tenant_id=shop.tenant_id, day_of_week=3, start_time=time(11), end_time=time(12), kind="break"
    )
    await write(shop, lunch)
    assert await shop.times() == ["09:00", "10:00", "12:00"]
    assert await shop.times(FRIDAY) == ALL


async def test_an_override_replaces_its_date(database: Database) -> None:
    shop = await make_shop(database)
    closed = AvailabilityOverride(tenant_id=shop.tenant_id, specific_date=THURSDAY)
    late = AvailabilityOverride(
        tenant_id=shop.tenant_id,
        specific_date=FRIDAY,
        start_time=time(18),
        end_time=time(20),
        is_available=True,
    )
    await write(shop, closed, late)
    assert await shop.times() == []
    assert await shop.times(FRIDAY) == ["18:00", "19:00"]
    assert await shop.days() == [THURSDAY + timedelta(days=passed) for passed in range(1, 7)]


async def test_notice_and_horizon(database: Database) -> None:
    shop = await make_shop(database, notice_minutes=22 * 60, horizon_days=2)
    assert await shop.times() == ["10:00", "11:00", "12:00"]
    assert await shop.days() == [THURSDAY, FRIDAY]


async def test_free_days_are_the_days_with_free_times(database: Database) -> None:
    shop = await make_shop(database, hours="09:00-11:00", max_daily_bookings=2)
    ada, obi = await shop.customers(2)
    for customer, wall in ((ada, "09:00"), (obi, "10:00")):
        await shop.book(customer, wall)
    await shop.book(ada, "09:00", FRIDAY)
    week = [THURSDAY + timedelta(days=passed) for passed in range(-3, 7)]
    assert await shop.days(week[0], len(week)) == [day for day in week if await shop.times(day)]


async def test_the_door_opens_at_its_wall_time_when_the_clocks_change(database: Database) -> None:
    sunday = date(2027, 3, 14)
    shop = await make_shop(database, hours="01:00-05:00", zone=NEW_YORK, horizon_days=365)
    assert await shop.times(sunday) == ["01:00", "03:00", "04:00"]
    assert await shop.times(sunday + timedelta(days=1)) == ["01:00", "02:00", "03:00", "04:00"]
    slots = await shop.slots(sunday)
    assert {slot.end - slot.start for slot in slots} == {timedelta(hours=1)}


# -- what is taken -------------------------------------------------------------------------------------------


async def test_what_another_holds_or_has_booked_is_taken(database: Database) -> None:
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "09:00")
    await shop.held(obi, "11:00")
    assert await shop.times() == ["10:00", "12:00"]


async def test_a_hold_that_has_lapsed_takes_nothing_though_nobody_has_swept(database: Database) -> None:
    shop = await make_shop(database)
    await shop.held(await shop.customer(), "11:00")
    assert await shop.later(minutes=4).times() == ["09:00", "10:00", "12:00"]
    assert await shop.later(minutes=5).times() == ALL


async def test_nobody_is_in_his_own_way(database: Database) -> None:
    """Cal.com hid the slot from the very customer who had reserved it."""
    shop = await make_shop(database, max_daily_bookings=1)
    ada = await shop.customer()
    await shop.held(ada, "11:00")
    assert await shop.times() == []
    assert await shop.times(for_customer=ada) == ALL
    assert await shop.days(days=1) == []


async def test_a_booking_that_moves_gives_way(database: Database) -> None:
    shop = await make_shop(database, max_daily_bookings=1)
    booking = await shop.book(await shop.customer(), "11:00")
    assert await shop.times() == []
    assert await shop.times(moving=booking.id) == ALL


async def test_cancelled_time_is_free(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    booking = await shop.book(ada, "11:00")
    await shop.cancel(booking.id, customer_id=ada)
    assert await shop.times() == ALL


async def test_travel_needs_its_time_before_and_after(database: Database) -> None:
    shop = await make_shop(database, duration_minutes=30, step_minutes=30, buffer_after_minutes=30)
    await shop.book(await shop.customer(), "10:30")
    assert await shop.times() == ["09:00", "09:30", "11:30", "12:00", "12:30"]


async def test_one_resource_is_shared_by_its_services(database: Database) -> None:
    shop = await make_shop(database)
    long = await add_service(shop, duration_minutes=120, step_minutes=60)
    await shop.book(await shop.customer(), "11:00")
    assert await long.times() == ["09:00"]


async def test_what_began_days_ago_may_still_last(database: Database) -> None:
    """Bookings are found by their start: a day back is not enough for a room that dries for two."""
    shop = await make_shop(database)
    painting = await add_service(shop, buffer_after_minutes=2 * 24 * 60)
    await painting.book(await shop.customer(), "10:00")
    days = [THURSDAY + timedelta(days=passed) for passed in range(4)]
    assert [await shop.times(day) for day in days] == [["09:00"], [], ["11:00", "12:00"], ALL]


async def test_a_later_booking_gets_ready_in_ours(database: Database) -> None:
    shop = await make_shop(database, hours="20:00-00:00")
    early = await add_service(shop, buffer_before_minutes=120)
    own = AvailabilityTemplate(
        tenant_id=shop.tenant_id,
        service_id=early.service.id,
        day_of_week=4,
        start_time=time(0),
        end_time=time(2),
    )
    await write(shop, own)
    await early.book(await shop.customer(), "00:00", FRIDAY)
    assert await shop.times() == ["20:00", "21:00"]


async def test_other_businesses_take_nothing(database: Database) -> None:
    shop, other = await make_shop(database), await make_shop(database)
    await other.book(await other.customer(), "09:00")
    assert await shop.times() == ALL


# -- several resources, several seats ------------------------------------------------------------------------


async def test_a_time_is_free_while_any_resource_is(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "09:00")
    nine, ten = (await shop.slots())[:2]
    assert (len(nine.resource_ids), nine.seats_left) == (1, 1)
    assert (set(ten.resource_ids), ten.seats_left) == ({one.id for one in shop.resources}, 2)
    await shop.book(obi, "09:00")
    assert await shop.times() == ["10:00", "11:00", "12:00"]


async def test_who_is_not_in_is_not_offered(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    ana, ben = shop.resources
    leave = AvailabilityOverride(tenant_id=shop.tenant_id, specific_date=THURSDAY, resource_id=ana.id)
    await write(shop, leave)
    assert {slot.resource_ids for slot in await shop.slots()} == {(ben.id,)}


async def test_broken_hours_of_one_leave_the_others_theirs(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    ana, ben = shop.resources
    broken = AvailabilityOverride(
        tenant_id=shop.tenant_id,
        resource_id=ana.id,
        specific_date=THURSDAY,
        start_time=time(14),
        end_time=time(12),
        is_available=True,
    )
    await write(shop, broken)
    assert {slot.resource_ids for slot in await shop.slots()} == {(ben.id,)}


async def test_seats_are_counted(database: Database) -> None:
    shop = await make_shop(database, 6)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "09:00", seats=2)
    await shop.book(obi, "09:00")
    assert [slot.seats_left for slot in await shop.slots()] == [3, 6, 6, 6]
    assert await shop.times(seats=3) == ALL
    assert await shop.times(seats=4) == ["10:00", "11:00", "12:00"]
    assert await shop.times(seats=7) == []


# -- the limit of a day --------------------------------------------------------------------------------------


async def test_a_day_that_has_had_its_number_is_full(database: Database) -> None:
    shop = await make_shop(database, 1, 1, max_daily_bookings=2)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "09:00")
    assert await shop.times() == ALL
    booking = await shop.book(obi, "10:00")
    assert await shop.times() == []
    assert await shop.days(days=2) == [FRIDAY]
    await shop.cancel(booking.id, customer_id=obi)
    assert await shop.times() == ALL


async def test_the_limit_is_of_the_service(database: Database) -> None:
    shop = await make_shop(database, max_daily_bookings=1)
    other = await add_service(shop)
    await other.book(await shop.customer(), "09:00")
    assert await shop.times() == ["10:00", "11:00", "12:00"]


async def test_a_day_ends_at_the_midnight_of_the_shop(database: Database) -> None:
    shop = await make_shop(database, hours="22:00-00:00", zone=NEW_YORK, max_daily_bookings=1)
    await shop.book(await shop.customer(), "23:00")
    assert await shop.days(days=2) == [FRIDAY]


async def test_a_date_may_have_a_limit_of_its_own(database: Database) -> None:
    """Hours as on any such weekday; a service's own limit goes before the one for all."""
    shop = await make_shop(database, 1, 1, max_daily_bookings=9)
    other = await add_service(shop)
    rows = [
        AvailabilityOverride(
            tenant_id=shop.tenant_id, specific_date=THURSDAY, is_available=True, max_bookings=number, service_id=of
        )
        for number, of in ((1, None), (2, shop.service.id))
    ]
    await write(shop, *rows)
    people = await shop.customers(3)
    await other.book(people[0], "09:00")
    assert await other.times() == []
    await shop.book(people[1], "09:00")
    assert await shop.times() == ["10:00", "11:00", "12:00"]
    await shop.book(people[2], "10:00")
    assert await shop.times() == []
    assert await shop.days(days=2) == [FRIDAY]
    assert await shop.hold(people[0], "11:00") is SlotRefusal.FULL_DAY


# -- one's broken data ---------------------------------------------------------------------------------------

walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
whose = st.sampled_from(["hers alone", "for this service"])
overrides = st.tuples(st.none() | st.tuples(walls, walls), whose, st.booleans())
templates = st.tuples(st.integers(0, 6), st.tuples(walls, walls), st.sampled_from(["open", "break"]), whose)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(overrides, max_size=4), st.lists(templates, max_size=4))
async def test_what_is_wrong_with_one_empties_nobody_elses_times(
    database: Database, days: list[Any], weeks: list[Any]
) -> None:
    """Invariant 12: whatever the tables take as one person's hours, the others keep theirs."""
    shop = await make_shop(database, 1, 1)
    ada: dict[str, Any] = {"tenant_id": shop.tenant_id, "resource_id": shop.resources[0].id}
    service = {"hers alone": None, "for this service": shop.service.id}
    for times, of, closed in days:
        start, end = times or (None, None)
        available = times is not None or not closed
        row = AvailabilityOverride(
            **ada,
            service_id=service[of],
            specific_date=THURSDAY,
            start_time=start,
            end_time=end,
            is_available=available,
        )
        await write(shop, row)
    for day, (start, end), kind, of in weeks:
        if start < end or end == time(0):  # the others are refused by the table
            week = AvailabilityTemplate(
                **ada, service_id=service[of], day_of_week=day, start_time=start, end_time=end, kind=kind
            )
            await write(shop, week)
    bola = shop.resources[1].id
    slots = await shop.slots()
    served = [f"{slot.start.astimezone(LAGOS):%H:%M}" for slot in slots if bola in slot.resource_ids]
    assert served == ALL
    held = await shop.held(await shop.customer(), "10:00")
    assert held.resource == "Chair 2" or shop.resources[0].id in slots[1].resource_ids


# -- what it costs -------------------------------------------------------------------------------------------


class CountingTx(Tx):
    """A transaction that counts its statements."""

    statements = 0

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx._connection, tx.tenant_id)  # noqa: SLF001 - it stands in for `tx`

    async def all(self, statement: Executable, **values: Any) -> Any:
        self.statements += 1
        return await super().all(statement, **values)


@pytest.mark.parametrize(("resources", "days"), [(1, 1), (3, 30)])
async def test_seven_statements_whatever_is_asked(database: Database, resources: int, days: int) -> None:
    shop = await make_shop(database, *[1] * resources, max_daily_bookings=9)
    async with database.tenant(shop.tenant_id) as tx:
        counting = CountingTx(tx)
        found = await free_days(counting, shop.service, THURSDAY, days, now=NOW, zone=LAGOS)
    assert len(found) == days
    assert counting.statements == 7
