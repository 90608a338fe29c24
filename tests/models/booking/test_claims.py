"""Many customers want the same time in the same instant, on connections of their own."""

from asyncio import create_task, gather, timeout
from collections import Counter
from collections.abc import Awaitable, Coroutine, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from asyncpg import Range
from sqlalchemy import text

from models.base import uuid7
from models.booking.bookings import Confirmed, Details, Held, Moved, SlotRefusal, confirm
from models.booking.references import is_reference
from models.booking.tables import Booking
from models.booking.taken_tables import BookingResource
from models.db import Database, Tx
from tests.models.booking.shop import Shop, add_service, make_shop


async def answers(attempts: Iterable[Awaitable[Any]]) -> Counter[str]:
    """How often each answer was given: the refusal, or the name of what was won."""
    given = await gather(*attempts)
    return Counter(answer if isinstance(answer, SlotRefusal) else type(answer).__name__ for answer in given)


async def takes_time(shop: Shop) -> list[Booking]:
    return [row for row in await shop.rows() if row.status in {"held", "pending", "confirmed"}]


async def test_a_hundred_want_one_chair(database: Database) -> None:
    """Invariant 2. Without constraint and queue nearly all of them get it: each looks before any other has written."""
    shop = await make_shop(database)
    people = await shop.customers(100)
    assert await answers(shop.hold(person, "10:00") for person in people) == {
        "Held": 1,
        SlotRefusal.TAKEN: 99,
    }
    assert len(await shop.rows()) == 1


@pytest.mark.parametrize("capacity", [3, 5])
async def test_a_hundred_want_a_few_places(database: Database, capacity: int) -> None:
    """Invariant 2: as many as there are places, and a plain answer for all others."""
    shop = await make_shop(database, capacity)
    people = await shop.customers(100)
    won = await answers(shop.hold(person, "10:00") for person in people)
    assert won == {"Held": capacity, SlotRefusal.TAKEN: 100 - capacity}
    assert len(await takes_time(shop)) == capacity


async def test_a_hundred_references(database: Database) -> None:
    """Invariant 13: counted for all services of a business, in the same second."""
    shop = await make_shop(database, 60)
    massage = await add_service(shop, "Massage table")
    people = await shop.customers(100)
    held = await gather(*((massage if i % 2 else shop).hold(person, "10:00") for i, person in enumerate(people)))
    references = [one.reference for one in held if isinstance(one, Held)]
    assert len(set(references)) == len(references) == 51
    assert {reference[:13] for reference in references} == {"LEK-20261118-"}
    assert all(map(is_reference, references))


async def test_parties_share_the_places_by_their_peak(database: Database) -> None:
    """Invariant 1."""
    shop = await make_shop(database, 5, duration_minutes=120, step_minutes=60)
    people = await shop.customers(30)
    walls = ["09:00", "10:00", "11:00"]
    await gather(*(shop.hold(person, walls[i % 3], seats=1 + i % 2) for i, person in enumerate(people)))
    kept = await takes_time(shop)
    loads = [
        sum(row.seats for row in kept if row.during.lower <= shop.at(wall) < row.during.upper)
        for wall in ["09:00", "10:00", "11:00", "12:00"]
    ]
    assert max(loads) == 5


async def test_fifty_want_two_consultants(database: Database) -> None:
    shop = await make_shop(database, 1, 1)
    people = await shop.customers(50)
    assert (await answers(shop.hold(person, "10:00") for person in people))["Held"] == 2


async def test_thirty_want_the_last_places_of_a_day(database: Database) -> None:
    """Invariant 2: different chairs and times. Without a queue for all chairs each counts only what it sees."""
    shop = await make_shop(database, 1, 1, max_daily_bookings=3)
    people = await shop.customers(30)
    walls = ["09:00", "10:00", "11:00", "12:00"]
    won = await answers(shop.hold(person, walls[i % 4]) for i, person in enumerate(people))
    assert won["Held"] == 3
    assert won.keys() <= {"Held", SlotRefusal.FULL_DAY, SlotRefusal.TAKEN}


async def test_neighbours_that_overlap_by_their_travel(database: Database) -> None:
    shop = await make_shop(database, duration_minutes=30, step_minutes=30, buffer_after_minutes=30)
    people = await shop.customers(20)
    won = await answers(shop.hold(person, ["10:00", "10:30"][i % 2]) for i, person in enumerate(people))
    assert won == {"Held": 1, SlotRefusal.TAKEN: 19}


async def test_of_all_who_move_to_one_time_one_does(database: Database) -> None:
    """Invariants 2 and 7: without a queue two UPDATEs meet at the constraint and wait for each other until Postgres
    ends one.
    """
    shop = await make_shop(database, hours="09:00-19:00")
    people = await shop.customers(9)
    booked = [await shop.book(person, f"{9 + i:02}:00") for i, person in enumerate(people)]
    before = {row.id: row.during for row in booked}
    moves = [shop.move(row.id, "18:00", customer_id=row.customer_id) for row in booked]
    given = await gather(*moves)
    (moved,) = [answer for answer in given if isinstance(answer, Moved)]
    assert given.count(SlotRefusal.TAKEN) == 8
    rows = {row.id: row.during for row in await shop.rows()}
    assert {key for key in rows if rows[key] != before[key]} == {moved.booking_id}


async def test_a_late_yes_and_many_who_want_the_time(database: Database) -> None:
    """Invariants 2 and 9."""
    shop = await make_shop(database)
    ada, *people = await shop.customers(21)
    held = await shop.held(ada, "10:00")
    later = shop.later(minutes=6)
    given = await gather(later.confirm(held.booking_id), *(later.hold(person, "10:00") for person in people))
    assert sum(isinstance(answer, Confirmed | Held) for answer in given) == 1
    assert len(await takes_time(shop)) == 1


async def test_one_who_presses_on_two_phones_holds_one(database: Database) -> None:
    """Invariant 9."""
    shop = await make_shop(database)
    ada = await shop.customer()
    await answers(shop.hold(ada, wall) for wall in ["09:00", "10:00", "11:00", "12:00"] * 3)
    assert len(await takes_time(shop)) == 1


async def test_one_who_presses_for_two_services_holds_one(database: Database) -> None:
    """No resource in common, so no queue: the index that allows one hold each must not end in an error."""
    shop = await make_shop(database)
    massage = await add_service(shop, "Massage table")
    ada = await shop.customer()
    won = await answers(one.hold(ada, "10:00") for one in [shop, massage] * 10)
    assert won.keys() <= {"Held", SlotRefusal.TAKEN}
    assert len(await takes_time(shop)) == 1


# -- somebody who does not queue -----------------------------------------------------------------------------

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def seize(tx: Tx, shop: Shop, customer_id: UUID, wall: str) -> Booking:
    """Writes a booking of the first chair without asking anybody."""
    start = shop.at(wall)
    during = Range(start, start + timedelta(hours=1))
    booking = Booking(
        tenant_id=shop.tenant_id,
        reference=f"LEK-{uuid7().hex}",
        customer_id=customer_id,
        service_id=shop.service.id,
        resource_id=shop.resources[0].id,
        during=during,
        blocked=during,
        local_start=start.replace(tzinfo=None),
        zone="UTC",
        status="confirmed",
        source="console",
    )
    chair = BookingResource(
        tenant_id=shop.tenant_id,
        booking_id=booking.id,
        resource_id=booking.resource_id,
        takes_time=True,
        blocked=during,
    )
    await tx.add(booking, chair)
    return booking


async def after_seizing(shop: Shop, customer_id: UUID, turn: Coroutine[Any, Any, Any]) -> Any:
    """The answer of a turn that looks before 10:00 is seized and writes after it."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        await seize(tx, shop, customer_id, "10:00")
        taking = create_task(turn)
        while not (taking.done() or await tx.value(_WAITING)):
            pass
    return await taking


async def test_the_constraint_refuses_a_second_booking_of_one_chair(database: Database) -> None:
    """Invariant 1."""
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "10:00")
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with database.tenant(shop.tenant_id) as tx:
            await seize(tx, shop, obi, "10:00")


@pytest.mark.parametrize(("chairs", "answer"), [(1, SlotRefusal.TAKEN), (2, "Chair 2")])
async def test_a_hold_that_is_overtaken(database: Database, chairs: int, answer: str) -> None:
    shop = await make_shop(database, *[1] * chairs)
    ada, obi = await shop.customers(2)
    given = await after_seizing(shop, ada, shop.hold(obi, "10:00"))
    assert answer in {given, getattr(given, "resource", None)}


@pytest.mark.parametrize(("chairs", "answer"), [(1, SlotRefusal.TAKEN), (2, "Chair 2")])
async def test_a_move_that_is_overtaken(database: Database, chairs: int, answer: str) -> None:
    shop = await make_shop(database, *[1] * chairs)
    ada, obi = await shop.customers(2)
    booking = await shop.book(obi, "12:00")
    given = await after_seizing(shop, ada, shop.move(booking.id, "10:00", customer_id=obi))
    assert answer in {given, getattr(given, "resource", None)}
    assert len(await takes_time(shop)) == 2


async def test_the_sweep_waits_for_nobody(database: Database) -> None:
    """It would wait for this transaction, and this one for it: the time limit ends that, it measures nothing."""
    shop = await make_shop(database)
    held = await shop.held(await shop.customer(), "10:00")
    async with database.tenant(shop.tenant_id) as tx:
        await confirm(tx, held.booking_id, now=shop.now, details=Details())
        async with timeout(10):
            assert await shop.later(minutes=6).expire_holds() == 0
    assert [row.status for row in await shop.rows()] == ["confirmed"]
