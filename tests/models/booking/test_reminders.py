"""When reminders are due, what is planned with a booking, and two who send at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.base import uuid7
from models.booking import bookings, due_reminders, promises, reminders
from models.booking.ahead_tables import BookingReminder
from models.booking.bookings import Details, Moved
from models.booking.due_reminders import Due
from models.booking.reminders import NEAR, due_at, is_kind, lead
from models.booking.tables import Booking
from models.booking.visit_parts import HeldVisit, confirm_visit, hold_visit
from models.db import Database
from models.messaging.quiet_hours import quiet_until
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import Tenant
from tests.models.booking.shop import LAGOS, THURSDAY, Shop, add_service, make_shop
from tests.models.booking.zones import ZONES

FRIDAY, SATURDAY = THURSDAY + timedelta(days=1), THURSDAY + timedelta(days=2)
_SETTINGS = update(Tenant).where(col(Tenant.id) == bindparam("tenant")).values(settings=bindparam("settings"))
_BUMP = update(Booking).where(col(Booking.tenant_id) == bindparam("tenant")).values(version=Booking.version + 1)
_ALL = select(BookingReminder).order_by(col(BookingReminder.due_at), col(BookingReminder.id))


def lagos(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LAGOS).astimezone(UTC)


async def planned(shop: Shop) -> list[tuple[str, int, str, str | None]]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        rows: list[BookingReminder] = await tx.all(_ALL)
    return [(row.kind, row.booking_version, row.state, row.reason) for row in rows]


async def take(shop: Shop) -> list[Due]:
    """One worker's round: what is taken counts as sent."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        due = await due_reminders.take(tx, shop.now)
        for one in due:
            if one.refused is None:
                await due_reminders.queued(tx, one.reminder_id, None, shop.now)
            else:
                await due_reminders.dropped(tx, one.reminder_id, one.refused, shop.now)
    return [one for one in due if one.refused is None]


# -- when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "kind", "now", "expected"),
    [
        (lagos(20, 10), "24h", lagos(18, 12), lagos(19, 10)),
        (lagos(20, 10), "2h", lagos(18, 12), lagos(20, 8)),
        (lagos(20, 9), "2h", lagos(18, 12), lagos(20, 7)),  # about the next hours: quiet or not
        (lagos(20, 22), "24h", lagos(18, 12), lagos(19, 20)),  # in the evening rather than at night
        (lagos(20, 22), "24h", lagos(19, 20, 30), lagos(20, 8)),  # that evening is past
        (lagos(20, 6), "24h", lagos(18, 12), lagos(19, 8)),
        (lagos(19, 10), "24h", lagos(18, 12), None),  # the confirmation was enough
        (lagos(19, 12), "24h", lagos(18, 12), None),
    ],
)
def test_when_a_reminder_is_due(start: datetime, kind: str, now: datetime, expected: datetime | None) -> None:
    assert due_at(start, kind, now, LAGOS) == expected


@given(
    minutes=st.integers(0, 16 * 365 * 24 * 60),
    before=st.timedeltas(timedelta(0), timedelta(days=40)),
    kind=st.sampled_from(["30m", "2h", "12h", "13h", "24h", "2d", "31d"]),
    zone=st.sampled_from(ZONES),
)
def test_a_reminder_is_ahead_of_its_booking_and_lets_people_sleep(
    minutes: int, before: timedelta, kind: str, zone: ZoneInfo
) -> None:
    """Invariant 40, for what is not about the next twelve hours."""
    start = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    now = start - before
    due = due_at(start, kind, now, zone)
    assert (due is None) == (start - lead(kind) <= now)
    if due is not None:
        assert now < due < start
        assert lead(kind) <= NEAR or quiet_until(due, zone) is None


@pytest.mark.parametrize(
    ("kind", "good"),
    [("24h", True), ("10m", True), ("31d", True), ("9m", False), ("32d", False), ("h", False), ("1.5h", False)],
)
def test_what_says_how_long_before(kind: str, good: bool) -> None:
    assert is_kind(kind) == good


def test_what_is_no_kind_has_no_length() -> None:
    with pytest.raises(ValueError, match="how long before"):
        lead("soon")


# -- planned with the booking --------------------------------------------------------------------------------


async def test_a_booking_brings_its_reminders_and_takes_them_along(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00", FRIDAY)
    assert await planned(shop) == [("24h", 0, "planned", None), ("2h", 0, "planned", None)]
    await shop.move(booking.id, "11:00", FRIDAY, customer_id=ada)
    assert await planned(shop) == [
        ("24h", 0, "dropped", "moved"),
        ("24h", 1, "planned", None),
        ("2h", 0, "dropped", "moved"),
        ("2h", 1, "planned", None),
    ]
    await shop.cancel(booking.id, customer_id=ada)
    assert {(state, reason) for _, _, state, reason in await planned(shop)} == {
        ("dropped", "moved"),
        ("dropped", "cancelled"),
    }


async def test_who_books_within_the_day_gets_the_later_one_alone(database: Database) -> None:
    shop = await make_shop(database)
    await shop.book(await shop.customer(), "10:00")
    assert [kind for kind, *_ in await planned(shop)] == ["2h"]


async def test_a_request_is_not_reminded_of(database: Database) -> None:
    shop = await make_shop(database, auto_confirm=False)
    await shop.book(await shop.customer(), "10:00", FRIDAY)
    assert await planned(shop) == []


async def test_planning_twice_is_planning_once(database: Database) -> None:
    shop = await make_shop(database)
    booking = await shop.book(await shop.customer(), "10:00", FRIDAY)
    before = await planned(shop)
    async with database.tenant(shop.tenant_id) as tx:
        await reminders.plan(tx, booking.id, shop.now)
        assert await reminders.plan_all(tx, shop.now) == 0
    assert await planned(shop) == before


async def settle_on(shop: Shop, *kinds: str) -> None:
    """The business wants other reminders from now on."""
    settings = TenantSettings(reminders=list(kinds)).model_dump()
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.run(_SETTINGS, tenant=shop.tenant_id, settings=settings)
        await reminders.plan_all(tx, shop.now)


async def test_other_settings_plan_anew_and_back(database: Database) -> None:
    """What was sent is not sent once more when its kind comes back."""
    shop = await make_shop(database)
    await shop.book(await shop.customer(), "10:00", SATURDAY)
    await shop.book(await shop.customer(2), "11:00")
    await settle_on(shop, "2h", "36h")
    assert await planned(shop) == [
        ("2h", 0, "planned", None),
        ("36h", 0, "planned", None),
        ("24h", 0, "dropped", "not_wanted"),
        ("2h", 0, "planned", None),
    ]
    assert len(await take(shop.later(minutes=21 * 60))) == 1
    await settle_on(shop)
    await settle_on(shop, "24h", "2h")
    assert sorted(state for _, _, state, _ in await planned(shop)) == ["dropped", "planned", "planned", "queued"]


# -- due -----------------------------------------------------------------------------------------------------


async def test_many_workers_send_each_reminder_once(database: Database) -> None:
    """Invariant 11, with real concurrent connections."""
    shop = await make_shop(database, 5)
    for customer in await shop.customers(5):
        await shop.book(customer, "10:00", FRIDAY)
    due = shop.later(minutes=23 * 60)
    taken = await asyncio.gather(*(take(due) for _ in range(8)))
    sent = [one.reminder_id for some in taken for one in some]
    assert len(sent) == len(set(sent)) == 5
    assert await take(due) == []


async def test_what_a_worker_took_before_it_died_is_taken_again(database: Database) -> None:
    """Invariant 11: the reminder and its message are one transaction, and both or neither are there."""
    shop = await make_shop(database)
    booking = await shop.book(await shop.customer(), "10:00", FRIDAY)
    due = shop.later(minutes=23 * 60)
    with pytest.raises(ConnectionResetError):
        await take_and_die(due)
    assert [again.booking_id for again in await take(due)] == [booking.id]


async def take_and_die(shop: Shop) -> None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        for one in await due_reminders.take(tx, shop.now):
            await due_reminders.queued(tx, one.reminder_id, None, shop.now)
        raise ConnectionResetError


async def test_a_booking_that_is_being_moved_is_left_alone(database: Database) -> None:
    """Invariant 11: nobody hears of a time that is changing at this moment, and nobody waits for anybody."""
    shop = await make_shop(database)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00", FRIDAY)
    due = shop.later(minutes=23 * 60)
    async with database.tenant(shop.tenant_id) as tx:
        start = due.at("11:00", SATURDAY)
        moved = await bookings.move(tx, booking.id, start, customer_id=ada, now=due.now, zone=due.zone)
        assert isinstance(moved, Moved)
        assert await take(due) == []
    assert await take(due) == []
    assert ("24h", 0, "dropped", "moved") in await planned(shop)


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [(22 * 60, None), (22 * 60 + 119, None), (22 * 60 + 120, "late"), (46 * 60, "past")],
)
async def test_too_late_is_not_sent(database: Database, minutes: int, reason: str | None) -> None:
    shop = await make_shop(database)
    await shop.book(await shop.customer(), "10:00", FRIDAY)
    sent = await take(shop.later(minutes=minutes))
    assert len(sent) == (reason is None)
    assert (("24h", 0, "dropped", reason) in await planned(shop)) == (reason is not None)


async def test_a_change_that_planned_nothing_is_noticed(database: Database) -> None:
    """Whoever changes a booking and forgets to plan does not send the old time."""
    shop = await make_shop(database)
    await shop.book(await shop.customer(), "10:00", FRIDAY)
    async with database.tenant(shop.tenant_id) as tx:
        await tx.run(_BUMP, tenant=shop.tenant_id)
    due = shop.later(minutes=22 * 60)
    assert await take(due) == []
    assert ("24h", 0, "dropped", "moved") in await planned(shop)
    async with database.tenant(shop.tenant_id) as tx:
        assert await reminders.plan_all(tx, due.now) == 1
    assert ("2h", 1, "planned", None) in await planned(shop)


async def test_nobody_takes_anothers(database: Database) -> None:
    """Invariant 26."""
    shop, other = await make_shop(database), await make_shop(database)
    await shop.book(await shop.customer(), "10:00", FRIDAY)
    assert await take(other.later(minutes=23 * 60)) == []
    async with database.tenant(other.tenant_id) as tx:
        await reminders.drop(tx, uuid7(), shop.now)
    assert [state for _, _, state, _ in await planned(shop)] == ["planned", "planned"]


async def test_a_visit_of_several_services_is_told_of_once(database: Database) -> None:
    shop = await make_shop(database)
    colour = await add_service(shop, name="Colour", slug="colour")
    ada = await shop.customer()
    async with database.tenant(shop.tenant_id) as tx:
        services, start = [shop.service, colour.service], shop.at("10:00", FRIDAY)
        facts: dict[str, Any] = {"customer_id": ada, "now": shop.now, "zone": shop.zone}
        held = await hold_visit(tx, services, start, source="sms", prefix="LEK", **facts)
        assert isinstance(held, HeldVisit), held
        await confirm_visit(tx, held.visit_id, now=shop.now, details=Details())
    (due,) = await take(shop.later(minutes=23 * 60))
    assert (due.services, due.start) == (("Cut", "Colour"), start)
    assert ("24h", 0, "dropped", "part_of_visit") in await planned(shop)
    async with database.tenant(shop.tenant_id) as tx:
        assert await promises.keep(tx, due.booking_id, version=0, customer_id=ada, now=shop.now)
    assert all(row.customer_confirmed_at == shop.now for row in await shop.rows())
