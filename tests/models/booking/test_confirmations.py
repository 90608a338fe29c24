"""What a yes makes of a hold, in time or too late."""

from asyncio import gather
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.base import uuid7
from models.booking.bookings import Confirmed, Details, SlotRefusal
from models.db import Database
from models.people.tables import Customer
from tests.make import make_customer
from tests.models.booking.shop import THURSDAY, Shop, make_shop

_CUSTOMERS = select(Customer)


async def bookings_counted(shop: Shop, customer_id: UUID) -> int:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return {person.id: person.total_bookings for person in await tx.all(_CUSTOMERS)}[customer_id]


async def test_a_yes_makes_a_booking(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    held = await shop.held(ada, "10:00")
    details = Details(pickup_address="3 Admiralty Way", number_of_loads=2, notes="ring twice", name="Mama Ada")
    answer = await shop.confirm(held.booking_id, details)
    assert isinstance(answer, Confirmed)
    booking = answer.booking
    assert (answer.service, answer.resource) == ("Cut", "Chair 1")
    assert (booking.reference, booking.status, booking.confirmed_at) == (
        held.reference,
        "confirmed",
        shop.now,
    )
    assert (booking.pickup_address, booking.number_of_loads, booking.notes) == (
        "3 Admiralty Way",
        2,
        "ring twice",
    )
    assert booking.customer_data == {"phone": "+2348030000001", "name": "Mama Ada"}
    assert booking.hold_expires_at is None
    assert await bookings_counted(shop, ada) == 1


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"first_name": "Ada", "last_name": "Obi", "whatsapp_name": "ada_x"}, "Ada Obi"),
        ({"first_name": "Ada"}, "Ada"),
        ({"whatsapp_name": "ada_x"}, "ada_x"),
        ({}, None),
    ],
)
async def test_the_name_he_is_known_by_is_kept(database: Database, known: dict[str, str], name: str | None) -> None:
    shop = await make_shop(database)
    customer = await make_customer(database, shop.tenant_id, **known)
    booking = await shop.book(customer.id, "10:00")
    assert booking.customer_data == {"phone": customer.phone_number, "name": name}


@pytest.mark.parametrize(
    ("offer", "status", "payment", "amount"),
    [
        ({}, "confirmed", "waived", None),
        ({"price": 500_00}, "confirmed", "pending", 500_00),
        ({"price": 500_00, "requires_payment": True}, "pending", "pending", 500_00),
        ({"requires_payment": True}, "confirmed", "waived", None),
        ({"auto_confirm": False}, "pending", "waived", None),
    ],
)
async def test_what_the_service_asks_for_first(
    database: Database, offer: dict[str, Any], status: str, payment: str, amount: int | None
) -> None:
    shop = await make_shop(database, **offer)
    booking = await shop.book(await shop.customer(), "10:00")
    assert (booking.status, booking.payment_status, booking.payment_amount) == (status, payment, amount)
    assert booking.payment_currency == ("NGN" if amount else None)
    assert (booking.confirmed_at is None) == (status == "pending")


async def test_a_booking_that_waits_for_approval_keeps_its_time(database: Database) -> None:
    """Left out of the constraint, two requests for one slot were both approved."""
    shop = await make_shop(database, auto_confirm=False)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "10:00")
    assert await shop.hold(obi, "10:00") is SlotRefusal.TAKEN


async def test_yes_twice_is_one_booking(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    held = await shop.held(ada, "10:00")
    answers = [
        *await gather(*(shop.confirm(held.booking_id) for _ in range(4))),
        await shop.confirm(held.booking_id),
    ]
    assert {answer.booking.id for answer in answers if isinstance(answer, Confirmed)} == {held.booking_id}
    assert await bookings_counted(shop, ada) == 1


@pytest.mark.parametrize("swept", [False, True])
async def test_too_late_a_yes_wins_the_time_again_if_it_can(database: Database, swept: bool) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    held = await shop.held(ada, "10:00")
    later = shop.later(minutes=60)
    if swept:
        await later.expire_holds()
    answers = await gather(*(later.confirm(held.booking_id) for _ in range(4)))
    assert all(isinstance(answer, Confirmed) for answer in answers)
    (row,) = await shop.rows()
    assert (row.reference, row.status) == (held.reference, "confirmed")
    assert await bookings_counted(shop, ada) == 1


async def test_too_late_a_yes_may_get_another_resource(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    ada, obi = await shop.customers(2)
    held = await shop.held(ada, "10:00")
    later = shop.later(minutes=6)
    others = await later.book(obi, "10:00")
    answer = await later.confirm(held.booking_id)
    assert isinstance(answer, Confirmed)
    assert {answer.booking.resource_id, others.resource_id} == {resource.id for resource in shop.resources}


async def test_too_late_a_yes_loses_to_who_came_between(database: Database) -> None:
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    held = await shop.held(ada, "10:00")
    later = shop.later(minutes=6)
    await later.held(obi, "10:00")
    assert await later.confirm(held.booking_id) is SlotRefusal.TAKEN
    assert await bookings_counted(shop, ada) == 0


async def test_too_late_a_yes_goes_by_the_rules_of_then(database: Database) -> None:
    shop = await make_shop(database, notice_minutes=60, max_daily_bookings=1)
    ada, obi = await shop.customers(2)
    early = await shop.held(ada, "10:00")
    assert await shop.later(minutes=21 * 60 + 1).confirm(early.booking_id) is SlotRefusal.TOO_LATE
    await shop.later(minutes=6).book(obi, "12:00")
    assert await shop.later(minutes=7).confirm(early.booking_id) is SlotRefusal.FULL_DAY


async def test_a_yes_in_time_is_not_asked_for_notice_again(database: Database) -> None:
    shop = await make_shop(database, notice_minutes=60)
    ada = await shop.customer()
    close = shop.later(minutes=21 * 60 - 2)
    held = await close.held(ada, "10:00")
    assert isinstance(await close.later(minutes=4).confirm(held.booking_id), Confirmed)


async def test_an_old_yes_gives_up_the_hold_that_came_after(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    first = await shop.held(ada, "10:00")
    await shop.held(ada, "12:00")
    assert isinstance(await shop.confirm(first.booking_id), Confirmed)
    assert sorted(row.status for row in await shop.rows()) == ["confirmed", "expired"]


async def test_nothing_to_confirm(database: Database) -> None:
    shop, other = await make_shop(database), await make_shop(database)
    ada = await shop.customer()
    held = await shop.held(ada, "10:00")
    assert await other.confirm(held.booking_id) is SlotRefusal.EXPIRED
    assert await shop.confirm(uuid7()) is SlotRefusal.EXPIRED
    await shop.cancel(held.booking_id, customer_id=ada)
    assert await shop.confirm(held.booking_id) is SlotRefusal.EXPIRED
    assert await shop.times(THURSDAY) == ["09:00", "10:00", "11:00", "12:00"]
