"""An hour, a day off, a closed shop: openings know at once, and who is booked in it is named."""

from asyncio import gather
from datetime import timedelta

import pytest

from models.booking import blocks
from models.booking.blocks import Block
from models.booking.bookings import Confirmed, Held, Moved, SlotRefusal
from models.db import Database
from models.people.tables import User
from tests.make import make_user
from tests.models.booking.shop import THURSDAY, Shop, a_resource, add_need, make_shop

ALL = ["09:00", "10:00", "11:00", "12:00"]


async def block(shop: Shop, by: User, start: str, end: str, *places: int) -> Block:
    """Takes time of these resources out, or without any of the whole shop."""
    chosen = [shop.resources[place].id for place in places] or None
    return await shop.do(blocks.block, chosen, shop.at(start), shop.at(end), by=by, now=shop.now, reason="Dentist")


async def make_staffed(database: Database, *capacities: int) -> tuple[Shop, User]:
    shop = await make_shop(database, *capacities)
    return shop, await make_user(database, shop.tenant_id)


async def test_a_blocked_hour_is_not_offered(database: Database) -> None:
    """Invariant 4."""
    shop, owner = await make_staffed(database, 1, 1)
    await block(shop, owner, "10:30", "11:30", 0)
    assert await shop.times() == ALL, "the other is there"
    assert [slot.seats_left for slot in await shop.slots()] == [2, 1, 1, 2]
    done = await block(shop, owner, "10:00", "12:00", 1)
    assert await shop.times() == ["09:00", "12:00"]
    assert await shop.hold(await shop.customer(), "11:00") is SlotRefusal.NOT_OFFERED
    assert await shop.do(blocks.unblock, done.block_id, by=owner, now=shop.now)
    assert not await shop.do(blocks.unblock, done.block_id, by=owner, now=shop.now)
    assert await shop.times() == ALL


async def test_any_staff_is_never_somebody_on_leave(database: Database) -> None:
    """Invariant 12."""
    shop, owner = await make_staffed(database, 1, 1)
    await block(shop, owner, "00:00", "23:59", 0)
    people = await shop.customers(4)
    held = [await shop.held(person, wall) for person, wall in zip(people, ALL, strict=True)]
    assert {one.resource for one in held} == {"Chair 2"}


async def test_the_whole_shop_is_closed_for_all_it_will_ever_have(database: Database) -> None:
    shop, owner = await make_staffed(database, 3)
    await block(shop, owner, "00:00", "23:00")
    await add_need(shop, 0, a_resource(shop, "Newcomer"))
    assert await shop.times() == []
    assert await shop.days() == [THURSDAY + timedelta(days=passed) for passed in range(1, 7)]


async def test_a_closed_room_closes_what_needs_it(database: Database) -> None:
    shop, owner = await make_staffed(database, 1)
    (room,) = await add_need(shop, 1, a_resource(shop, "Room"))
    await shop.do(blocks.block, [room.id], shop.at("09:00"), shop.at("11:00"), by=owner, now=shop.now)
    assert await shop.times() == ["11:00", "12:00"]


async def test_who_is_booked_in_it_is_named(database: Database) -> None:
    shop, _ = await make_staffed(database, 1, 1)
    ada, obi, ngozi, zoe = await shop.customers(4)
    first, second = await shop.book(ada, "10:00"), await shop.book(obi, "10:00")
    gone, _ = await shop.book(ngozi, "11:00"), await shop.book(zoe, "09:00")
    await shop.cancel(gone.id, customer_id=ngozi)
    span = shop.at("10:30"), shop.at("12:00")
    both = await shop.do(blocks.affected, None, *span, now=shop.now)
    assert {(one.booking_id, one.customer_id) for one in both} == {(first.id, ada), (second.id, obi)}
    assert (both[0].service, both[0].start, both[0].end) == ("Cut", shop.at("10:00"), shop.at("11:00"))
    (hers,) = await shop.do(blocks.affected, [first.resource_id], *span, now=shop.now)
    assert (hers.reference, hers.status, hers.phone[:4]) == (first.reference, "confirmed", "+234")
    assert await shop.do(blocks.affected, None, *span, now=shop.at("10:15")) == [], "who is there already stays"


async def test_what_is_booked_stays_and_can_be_moved_out(database: Database) -> None:
    shop, owner = await make_staffed(database, 1)
    ada = await shop.customer()
    booking = await shop.book(ada, "10:00")
    await block(shop, owner, "10:00", "11:00")
    assert [row.status for row in await shop.rows()] == ["confirmed"]
    assert isinstance(await shop.move(booking.id, "12:00", customer_id=ada), Moved)
    assert await shop.move(booking.id, "10:00", customer_id=ada) is SlotRefusal.NOT_OFFERED


async def test_what_is_merely_held_in_it_is_let_go(database: Database) -> None:
    shop, owner = await make_staffed(database, 1)
    ada, obi = await shop.customers(2)
    inside, outside = await shop.held(ada, "10:00"), await shop.held(obi, "12:00")
    await block(shop, owner, "10:30", "11:00")
    assert await shop.confirm(inside.booking_id) is SlotRefusal.NOT_OFFERED
    assert isinstance(await shop.confirm(outside.booking_id), Confirmed)


async def test_blocks_in_force_are_listed(database: Database) -> None:
    shop, owner = await make_staffed(database, 1, 1)
    late = await block(shop, owner, "12:00", "13:00")
    both = await block(shop, owner, "09:00", "10:00", 0, 1)
    lifted = await block(shop, owner, "10:00", "11:00", 0)
    await shop.do(blocks.unblock, lifted.block_id, by=owner, now=shop.now)
    found = await shop.do(blocks.blocks, shop.at("09:00"), shop.at("13:00"))
    assert [(one.block_id, set(one.resource_ids or ())) for one in found] == [
        (both.block_id, set(both.resource_ids or ())),
        (late.block_id, set()),
    ]
    assert (found[0].reason, len(both.resource_ids or ()), late.resource_ids) == ("Dentist", 2, None)
    assert await shop.do(blocks.blocks, shop.at("10:00"), shop.at("12:00")) == []


async def test_a_block_of_nothing_is_refused(database: Database) -> None:
    shop, owner = await make_staffed(database)
    ten, eleven = shop.at("10:00"), shop.at("11:00")
    for chosen, end in (([], eleven), (None, ten)):
        with pytest.raises(ValueError, match="A block has a length"):
            await shop.do(blocks.block, chosen, ten, end, by=owner, now=shop.now)


async def test_whoever_books_while_it_is_blocked_is_either_refused_or_named(database: Database) -> None:
    """The block and the holds queue for the same resources: nobody slips in between unseen."""
    shop, owner = await make_staffed(database, 1, 1, 1)
    people = await shop.customers(20)
    walls = [ALL[i % 4] for i in range(20)]

    async def book(person: int) -> bool:
        held = await shop.hold(people[person], walls[person])
        return isinstance(held, Held) and isinstance(await shop.confirm(held.booking_id), Confirmed)

    booked, _ = await gather(gather(*(book(i) for i in range(20))), block(shop, owner, "09:00", "13:00"))
    named = await shop.do(blocks.affected, None, shop.at("09:00"), shop.at("13:00"), now=shop.now)
    assert len(named) == sum(booked)
    assert await shop.times() == []
