"""Services that take a person and a room, or a van: all of them at once, or none."""

from asyncio import gather
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from asyncpg import Range
from sqlalchemy import bindparam, text, update
from sqlmodel import col

from models.base import uuid7
from models.booking.bookings import Held, Moved, SlotRefusal
from models.booking.needs import largest_party
from models.booking.tables import Booking, Resource
from models.booking.taken_tables import BookingResource
from models.db import Database, Tx
from tests.make import make_user
from tests.models.booking.shop import THURSDAY, Shop, a_resource, add_need, add_service, make_shop, serve_need

_MARK = update(Booking).where(col(Booking.id) == bindparam("booking")).values(status=bindparam("becomes"))
_RETIRE = update(Resource).where(col(Resource.id) == bindparam("one")).values(is_active=False)
_DISMISS = text("UPDATE users SET is_active = false WHERE id = :one").bindparams(bindparam("one"))


async def make_studio(database: Database, people: int = 2, rooms: int = 1) -> Shop:
    """Who cuts needs a room besides."""
    return (await make_rooms(database, people, rooms))[0]


async def make_rooms(database: Database, people: int = 2, rooms: int = 1) -> tuple[Shop, list[Resource]]:
    """The studio and its rooms."""
    shop = await make_shop(database, *[1] * people)
    return shop, await add_need(shop, 1, *(a_resource(shop, f"Room {i}") for i in range(1, rooms + 1)))


async def of_room_alone(shop: Shop, room: Resource) -> Shop:
    """A service of the same shop that takes only the room."""
    return await add_service(replace(shop, resources=[room]), slug="rent", name="Rent")


async def names(shop: Shop, booking_id: UUID) -> list[UUID]:
    return [row.resource_id for row in await shop.taken(booking_id)]


async def test_a_booking_takes_one_of_each(database: Database) -> None:
    """Invariant 1, for all that a booking takes."""
    shop = await make_studio(database)
    ada, obi = await shop.customers(2)
    held = await shop.held(ada, "10:00")
    person, room = await shop.taken(held.booking_id)
    assert (held.resource, person.need, room.need) == ("Chair 1", 0, 1)
    assert (room.takes_time, room.exclusive, room.seats) == (True, True, 1)
    assert (room.blocked.lower, room.blocked.upper) == (held.start, held.end)
    assert await shop.times() == ["09:00", "11:00", "12:00"], "a second person is free, but no room"
    assert await shop.hold(obi, "10:00") is SlotRefusal.TAKEN
    assert [row.resource_id for row in await shop.rows()] == [person.resource_id]


async def test_what_is_offered_says_who_could_serve(database: Database) -> None:
    shop = await make_studio(database, people=2, rooms=3)
    slot = (await shop.slots())[0]
    assert (len(slot.resource_ids), slot.seats_left) == (5, 2)


async def test_free_days_need_all_at_the_same_time(database: Database) -> None:
    """The person is free at nine and the room at ten: that is no opening."""
    shop = await make_studio(database, people=1)
    person_only = await add_service(shop, slug="talk", name="Talk")
    (ada,) = await shop.customers(1)
    for wall in ("09:00", "10:00", "11:00", "12:00"):
        await person_only.book(ada, wall)
    assert await shop.days(days=1) == []
    assert await shop.days(days=2) == [THURSDAY + timedelta(days=1)]


async def test_cancelling_and_lapsing_free_all_of_it(database: Database) -> None:
    """Invariants 8 and 9."""
    shop = await make_studio(database)
    ada, obi = await shop.customers(2)
    before = await shop.slots()
    booking = await shop.book(ada, "10:00")
    await shop.cancel(booking.id, customer_id=ada)
    assert await shop.slots() == before
    held = await shop.held(ada, "10:00")
    later = shop.later(minutes=5)
    assert isinstance(await later.hold(obi, "10:00"), Held), "nobody has swept"
    assert {row.takes_time for row in await shop.taken(held.booking_id)} == {False}


async def test_a_move_takes_all_of_it_along(database: Database) -> None:
    """Invariant 7."""
    shop = await make_studio(database, people=1, rooms=2)
    ada, obi = await shop.customers(2)
    booking, _ = await shop.book(ada, "10:00"), await shop.book(obi, "11:00")
    before = await names(shop, booking.id)
    assert await shop.move(booking.id, "11:00", customer_id=ada) is SlotRefusal.TAKEN
    assert await names(shop, booking.id) == before
    assert isinstance(await shop.move(booking.id, "12:00", customer_id=ada), Moved)
    assert [row.blocked.lower for row in await shop.taken(booking.id)] == [shop.at("12:00")] * 2


async def test_a_late_yes_wins_all_of_it_again(database: Database) -> None:
    shop, (room,) = await make_rooms(database)
    ada, obi = await shop.customers(2)
    held = await shop.held(ada, "10:00")
    assert not isinstance(await shop.later(minutes=6).confirm(held.booking_id), SlotRefusal)
    assert [row.takes_time for row in await shop.taken(held.booking_id)] == [True, True]
    lapsed = await shop.held(obi, "11:00")
    rent = await of_room_alone(shop, room)
    await rent.later(minutes=5).book(ada, "11:00")
    assert await shop.later(minutes=6).confirm(lapsed.booking_id) is SlotRefusal.TAKEN


async def test_one_person_does_not_fill_two_needs(database: Database) -> None:
    """Two are needed to carry a piano, and of three one is away."""
    shop = await make_shop(database, 1, 1, 1)
    await serve_need(shop, 1, *shop.resources)
    ada, obi = await shop.customers(2)
    held = await shop.held(ada, "10:00")
    assert len(set(await names(shop, held.booking_id))) == 2
    assert await shop.times() == ["09:00", "11:00", "12:00"]
    assert await shop.hold(obi, "10:00") is SlotRefusal.TAKEN


async def test_a_need_that_nobody_serves_closes_the_service(database: Database) -> None:
    shop, (room,) = await make_rooms(database)
    async with database.tenant(shop.tenant_id) as tx:
        await tx.run(_RETIRE, one=room.id)
    assert await shop.times() == []
    assert await shop.days() == []
    assert await shop.hold(await shop.customer(), "10:00") is SlotRefusal.NOT_OFFERED


async def test_who_has_left_the_business_is_not_assigned(database: Database) -> None:
    """Invariant 12: the calendar may still know him."""
    shop = await make_shop(database, 1)
    user = await make_user(database, shop.tenant_id)
    await add_need(shop, 1, a_resource(shop, "Tunde", user_id=user.id), a_resource(shop, "Zoe"))
    ada, obi = await shop.customers(2)
    booking = await shop.book(ada, "09:00")
    assert booking.consultant_id == user.id
    async with database.tenant(shop.tenant_id) as tx:
        await tx.run(_DISMISS, one=user.id)
    later = await shop.book(obi, "10:00")
    assert later.consultant_id is None


async def test_a_guide_serves_a_whole_party(database: Database) -> None:
    """Seats are taken of the boat; of the guide there is one for all."""
    shop = await make_shop(database, 1)
    await add_need(shop, 1, a_resource(shop, "Boat", capacity=6))
    ada = await shop.customer()
    held = await shop.held(ada, "10:00", seats=4)
    assert [(row.seats, row.exclusive) for row in await shop.taken(held.booking_id)] == [(1, True), (4, False)]
    assert (await shop.slots(seats=6))[0].seats_left == 6
    assert await shop.times(seats=7) == []
    assert await shop.do(largest_party, shop.service) == 6


async def test_the_largest_party_is_that_of_the_smallest_need(database: Database) -> None:
    shop = await make_shop(database, 4, 9)
    assert await shop.do(largest_party, shop.service) == 9
    await add_need(shop, 1, a_resource(shop, "Table", capacity=5))
    assert await shop.do(largest_party, shop.service) == 5
    single = await make_shop(database, 1, 1)
    assert await single.do(largest_party, single.service) == 1


# -- whatever the code believed ------------------------------------------------------------------------------


async def write(tx: Tx, shop: Shop, customer: UUID, *resources: Resource, first: Resource) -> None:
    """A booking at ten as somebody writes it who asks nobody."""
    during = Range(shop.at("10:00"), shop.at("11:00"))
    booking = Booking(
        tenant_id=shop.tenant_id,
        reference=f"LEK-{uuid7().hex}",
        customer_id=customer,
        service_id=shop.service.id,
        resource_id=first.id,
        during=during,
        blocked=during,
        local_start=shop.at("10:00").replace(tzinfo=None),
        zone="UTC",
        status="confirmed",
        source="console",
    )
    taken = [
        BookingResource(
            tenant_id=shop.tenant_id, booking_id=booking.id, resource_id=one.id, need=i, takes_time=True, blocked=during
        )
        for i, one in enumerate(resources)
    ]
    await tx.add(booking, *taken)


async def test_the_database_guards_every_resource(database: Database) -> None:
    """The van of one booking is the second need of the other."""
    shop = await make_shop(database, 1, 1)
    one, other = shop.resources
    (van,) = await add_need(shop, 1, a_resource(shop, "Van"))
    ada, obi = await shop.customers(2)
    async with database.tenant(shop.tenant_id) as tx:
        await write(tx, shop, ada, one, van, first=one)
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with database.tenant(shop.tenant_id) as tx:
            await write(tx, shop, obi, other, van, first=other)


async def test_no_booking_without_its_chair(database: Database) -> None:
    """Whoever forgets what a booking takes cannot write the booking."""
    shop = await make_shop(database, 1)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with database.tenant(shop.tenant_id) as tx:
            await write(tx, shop, await shop.customer(), first=shop.resources[0])


async def test_what_is_taken_follows_the_booking_whoever_changes_it(database: Database) -> None:
    """Given up by one UPDATE that knows nothing of rooms, and not to be had back once somebody else is in it."""
    shop = await make_studio(database)
    ada, obi = await shop.customers(2)
    booking = await shop.book(ada, "10:00")
    async with database.tenant(shop.tenant_id) as tx:
        assert await tx.run(_MARK, booking=booking.id, becomes="no_show") == 1
    assert [row.takes_time for row in await shop.taken(booking.id)] == [False, False]
    await shop.book(obi, "10:00")
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with database.tenant(shop.tenant_id) as tx:
            await tx.run(_MARK, booking=booking.id, becomes="confirmed")


# -- many at once --------------------------------------------------------------------------------------------


async def test_a_hundred_want_two_people_and_one_room(database: Database) -> None:
    """Invariant 2."""
    shop = await make_studio(database, people=2, rooms=1)
    people = await shop.customers(100)
    given = await gather(*(shop.hold(person, "10:00") for person in people))
    assert [type(answer) for answer in given].count(Held) == 1
    assert given.count(SlotRefusal.TAKEN) == 99


async def test_services_that_want_the_same_two_in_either_order(database: Database) -> None:
    """First the person and then the room, or the other way round: nobody waits for somebody who waits for him."""
    shop, (room,) = await make_rooms(database, people=1)
    other = await of_room_alone(shop, room)
    await serve_need(other, 1, *shop.resources)
    people = await shop.customers(40)
    walls = ["09:00", "10:00"]
    turns = [(shop if i % 2 else other).hold(person, walls[i % 4 // 2]) for i, person in enumerate(people)]
    given = await gather(*turns)
    assert set(map(type, given)) == {Held, SlotRefusal}
    assert [type(answer) for answer in given].count(Held) == 2
