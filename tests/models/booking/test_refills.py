"""The waiting list: who is asked, for how long, and who comes next."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.booking import bookings, claims, refills, waitlist, waitlist_offers
from models.booking.ahead_tables import OfferState, PartOfDay, WaitlistEntry, WaitlistOffer
from models.booking.bookings import Confirmed, Details, SlotRefusal
from models.booking.refills import Offered, Terms
from models.booking.waitlist import Wish
from models.db import Database
from models.people.tables import Customer
from tests.models.booking.ahead_machine import AheadMachine
from tests.models.booking.shop import THURSDAY, Shop, make_shop
from tests.thoroughness import run_machine

FRIDAY = THURSDAY + timedelta(days=1)
_OFFERS = (
    select(WaitlistOffer)
    .join(WaitlistEntry, col(WaitlistEntry.id) == col(WaitlistOffer.entry_id))
    .order_by(col(WaitlistEntry.joined_at), col(WaitlistOffer.id))
)
_ENTRIES = select(WaitlistEntry).order_by(col(WaitlistEntry.joined_at))
_STOP = update(Customer).where(col(Customer.id) == bindparam("customer")).values(opted_in=False)


async def wish(shop: Shop, customer: UUID, day: date = THURSDAY, part: PartOfDay = PartOfDay.ANY) -> bool:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await waitlist.join(tx, Wish(customer, shop.service.id, day, day, part), shop.now)


async def round_of(shop: Shop, minutes: int = 15) -> list[Offered]:
    """The job's round."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await refills.offer_free_time(tx, Terms(shop.zone, minutes, "LEK"), shop.now)


async def asked(shop: Shop, minutes: int = 15) -> list[UUID]:
    return [one.customer.id for one in await round_of(shop, minutes)]


async def states(shop: Shop) -> list[tuple[str, str | None]]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return [(row.state, row.reason) for row in await tx.all(_OFFERS)]


async def entries(shop: Shop) -> list[str]:
    async with shop.database.tenant(shop.tenant_id) as tx:
        return [row.state for row in await tx.all(_ENTRIES)]


async def accept(shop: Shop, offer_id: UUID, customer: UUID) -> Confirmed | SlotRefusal:
    async with shop.database.tenant(shop.tenant_id) as tx:
        offer = await waitlist_offers.find(tx, offer_id, customer_id=customer)
        assert offer is not None
        return await bookings.confirm(tx, offer.booking_id, now=shop.now, details=Details())


async def refuse(shop: Shop, offer_id: UUID, customer: UUID) -> None:
    async with shop.database.tenant(shop.tenant_id) as tx:
        offer = await waitlist_offers.find(tx, offer_id, customer_id=customer)
        assert offer is not None
        await waitlist_offers.close(tx, [offer.entry_id], shop.now)


async def full_shop(database: Database, waiting: int = 2, **changes: Any) -> tuple[Shop, UUID, UUID, list[UUID]]:
    """A chair with one time a day: the shop, who has it, his booking, and who waits for it, in this order."""
    shop = await make_shop(database, hours="10:00-11:00", **changes)
    ada, *others = await shop.customers(waiting + 1)
    booking = await shop.book(ada, "10:00")
    for place, other in enumerate(others):
        assert await wish(shop.later(minutes=place - waiting), other)
    return shop, ada, booking.id, others


# -- who is asked --------------------------------------------------------------------------------------------


async def test_a_cancelled_time_is_offered_to_the_first_and_then_the_next(database: Database) -> None:
    """Invariant 14."""
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    assert await round_of(shop) == []
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(shop)
    assert (offer.customer.id, offer.start) == (obi, shop.at("10:00"))
    assert offer.expires_at == shop.now + timedelta(minutes=15)
    assert await shop.times() == []
    assert await round_of(shop) == []  # one at a time
    later = shop.later(minutes=15)
    assert await asked(later) == [ngozi]
    assert await asked(later.later(minutes=15)) == []  # nobody is asked twice about one time


async def test_who_accepts_has_it(database: Database) -> None:
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(shop)
    done = await accept(shop, offer.offer_id, obi)
    assert isinstance(done, Confirmed)
    assert (done.booking.customer_id, done.booking.source) == (obi, "waitlist")
    assert await states(shop) == [("accepted", None)]
    assert await entries(shop) == ["accepted", "waiting"]
    assert await asked(shop.later(minutes=60)) == []
    async with database.tenant(shop.tenant_id) as tx:
        assert await waitlist.waiting_for(tx, obi, THURSDAY) == []
        assert len(await waitlist.waiting_for(tx, ngozi, THURSDAY)) == 1


async def test_who_refuses_makes_way_at_once_and_stays_on_the_list(database: Database) -> None:
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(shop)
    await refuse(shop, offer.offer_id, obi)
    assert await asked(shop) == [ngozi]
    assert await states(shop) == [("declined", None), ("offered", None)]
    assert await entries(shop) == ["waiting", "waiting"]


async def test_a_late_yes_counts_while_the_time_is_free(database: Database) -> None:
    shop, ada, booking, (obi,) = await full_shop(database, 1)
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(shop)
    later = shop.later(minutes=40)
    async with database.tenant(shop.tenant_id) as tx:
        assert await waitlist_offers.lapse(tx, later.now) == 1
    assert isinstance(await accept(later, offer.offer_id, obi), Confirmed)
    assert await states(shop) == [("accepted", None)]


async def test_a_late_yes_does_not_take_it_from_the_next(database: Database) -> None:
    """Invariants 1 and 14."""
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    await shop.cancel(booking, customer_id=ada)
    (first,) = await round_of(shop)
    later = shop.later(minutes=15)
    (second,) = await round_of(later)
    both = await asyncio.gather(accept(later, first.offer_id, obi), accept(later, second.offer_id, ngozi))
    assert both[0] is SlotRefusal.TAKEN
    assert isinstance(both[1], Confirmed)


async def test_an_offer_is_of_the_person_it_was_made_to(database: Database) -> None:
    """Invariant 26, within and between businesses."""
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    other = await make_shop(database)
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(shop)
    for tenant, person in ((shop.tenant_id, ngozi), (other.tenant_id, obi)):
        async with database.tenant(tenant) as tx:
            assert await waitlist_offers.find(tx, offer.offer_id, customer_id=person) is None


# -- whom it suits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "suits"),
    [(PartOfDay.ANY, True), (PartOfDay.MORNING, True), (PartOfDay.AFTERNOON, False), (PartOfDay.EVENING, False)],
)
async def test_only_the_part_of_the_day_that_suits(database: Database, part: PartOfDay, *, suits: bool) -> None:
    shop = await make_shop(database, hours="10:00-11:00")
    ada, obi = await shop.customers(2)
    booking = await shop.book(ada, "10:00")
    await wish(shop, obi, part=part)
    await shop.cancel(booking.id, customer_id=ada)
    assert bool(await round_of(shop)) == suits


async def test_only_the_days_that_suit(database: Database) -> None:
    shop = await make_shop(database, hours="10:00-11:00")
    ada, obi = await shop.customers(2)
    booking = await shop.book(ada, "10:00")
    await shop.book(ada, "10:00", FRIDAY)
    await wish(shop, obi, FRIDAY)
    await shop.cancel(booking.id, customer_id=ada)
    assert await round_of(shop) == []


async def test_a_move_and_a_lapsed_hold_free_time_too(database: Database) -> None:
    shop, ada, booking, (obi,) = await full_shop(database, 1)
    await shop.move(booking, "10:00", FRIDAY, customer_id=ada)
    ngozi = await shop.customer(99)
    await shop.held(ngozi, "10:00")
    assert await asked(shop) == []
    assert await asked(shop.later(minutes=5)) == [obi]


async def test_what_is_near_is_kept_more_shortly_and_not_at_all_at_last(database: Database) -> None:
    shop, ada, booking, _ = await full_shop(database)
    await shop.cancel(booking, customer_id=ada)
    near = shop.later(minutes=21 * 60 + 30)  # half an hour before
    (offer,) = await round_of(near)
    assert offer.expires_at - near.now == timedelta(minutes=7)
    assert await round_of(near.later(minutes=11)) == []


async def test_nobody_is_woken_for_what_is_not_near(database: Database) -> None:
    """Invariant 40, for a service message."""
    shop, ada, booking, (obi,) = await full_shop(database, 1)
    await shop.book(ada, "10:00", FRIDAY)
    await wish(shop, obi, FRIDAY)
    (friday,) = [row for row in await shop.rows() if row.local_start.date() == FRIDAY]
    await shop.cancel(friday.id, customer_id=ada)
    night = shop.later(minutes=11 * 60)  # 23:00; Friday is far, Thursday 10:00 is not
    assert await round_of(night) == []
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(night)
    assert offer.start == shop.at("10:00")


# -- who is passed over --------------------------------------------------------------------------------------


async def test_who_has_opted_out_is_passed_over_for_a_reason(database: Database) -> None:
    """Invariants 14 and 39."""
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    async with database.tenant(shop.tenant_id) as tx:
        await tx.run(_STOP, customer=obi)
    await shop.cancel(booking, customer_id=ada)
    assert await asked(shop) == [ngozi]
    assert await states(shop) == [("skipped", "opted_out"), ("offered", None)]


async def test_for_who_has_opted_out_nobody_locks_the_calendar(database: Database) -> None:
    """Invariant 14: why is written once; after that a round looks, and leaves the bookers alone."""
    shop, ada, booking, (obi,) = await full_shop(database, 1)
    async with database.tenant(shop.tenant_id) as tx:
        await tx.run(_STOP, customer=obi)
    await shop.cancel(booking, customer_id=ada)
    assert await asked(shop) == []
    async with database.tenant(shop.tenant_id) as tx:
        await claims.queue(tx, [shop.service.id])
        assert await asked(shop) == []
    assert await states(shop) == [("skipped", "opted_out")]


async def test_an_offer_that_is_over_is_in_nobodys_way(database: Database) -> None:
    """Invariant 14: whether or not anybody has tidied, he is asked about the next time."""
    shop, ada, booking, _ = await full_shop(database, 0)
    friday = await shop.book(ada, "10:00", FRIDAY)
    obi = await shop.customer()
    either = Wish(obi, shop.service.id, THURSDAY, FRIDAY)
    assert await shop.do(waitlist.join, either, shop.now)
    await shop.cancel(booking, customer_id=ada)
    (first,) = await round_of(shop)
    later = shop.later(minutes=16)
    await later.book(ada, "10:00")
    await later.cancel(friday.id, customer_id=ada)
    (second,) = await round_of(later)
    assert (first.start, second.start) == (shop.at("10:00"), shop.at("10:00", FRIDAY))


async def test_who_is_deciding_keeps_what_he_holds(database: Database) -> None:
    """Invariants 9 and 14: one live hold each, and no offer takes it away. When he is free, he is asked after all."""
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    await shop.held(obi, "10:00", FRIDAY)
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(shop)
    assert offer.customer.id == ngozi
    assert await states(shop) == [("skipped", "deciding"), ("offered", None)]
    await refuse(shop, offer.offer_id, ngozi)
    assert await asked(shop.later(minutes=6)) == [obi]
    assert await states(shop) == [("offered", None), ("declined", None)]


async def test_who_is_in_the_middle_of_a_turn_is_not_overtaken(database: Database) -> None:
    """Nobody waits for him while the calendar is locked: that could be for ever."""
    shop, ada, booking, (obi, _) = await full_shop(database)
    await shop.cancel(booking, customer_id=ada)
    turn = select(Customer).where(col(Customer.id) == bindparam("customer")).with_for_update(key_share=True)
    async with database.tenant(shop.tenant_id) as tx:
        await tx.one(turn, customer=obi)
        assert await round_of(shop) == []
    assert await asked(shop) == [obi]


# -- joining and leaving -------------------------------------------------------------------------------------


async def test_one_wish_is_one_place(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    assert sorted(await asyncio.gather(*(wish(shop, ada) for _ in range(4)))) == [False, False, False, True]
    assert await wish(shop, ada, part=PartOfDay.MORNING)
    with pytest.raises(ValueError, match="last day"):
        async with database.tenant(shop.tenant_id) as tx:
            await waitlist.join(tx, Wish(ada, shop.service.id, FRIDAY, THURSDAY), shop.now)


async def test_who_leaves_lets_go_of_what_is_offered(database: Database) -> None:
    shop, ada, booking, (obi, ngozi) = await full_shop(database)
    await shop.cancel(booking, customer_id=ada)
    await round_of(shop)
    async with database.tenant(shop.tenant_id) as tx:
        (mine,) = await waitlist.waiting_for(tx, obi, THURSDAY)
        assert not await waitlist.leave(tx, mine.entry_id, customer_id=ngozi, now=shop.now)
        assert await waitlist.leave(tx, mine.entry_id, customer_id=obi, now=shop.now)
        assert not await waitlist.leave(tx, mine.entry_id, customer_id=obi, now=shop.now)
    assert await asked(shop) == [ngozi]
    assert await entries(shop) == ["left", "waiting"]


async def test_who_books_for_himself_waits_no_longer(database: Database) -> None:
    shop, ada, booking, (_, ngozi) = await full_shop(database)
    await shop.cancel(booking, customer_id=ada)
    await shop.book(ngozi, "10:00")
    assert await entries(shop) == ["waiting", "accepted"]
    assert await states(shop) == []


async def test_a_wish_ends_with_its_last_day(database: Database) -> None:
    shop, *_ = await full_shop(database, 1)
    async with database.tenant(shop.tenant_id) as tx:
        assert await waitlist.expire(tx, THURSDAY, shop.now) == 0
        assert await waitlist.expire(tx, FRIDAY, shop.now) == 1
    assert await entries(shop) == ["expired"]


# -- what was refilled ---------------------------------------------------------------------------------------


async def test_what_was_refilled_is_told_once(database: Database) -> None:
    shop, ada, booking, (obi, _) = await full_shop(database, price=900_000)
    await shop.cancel(booking, customer_id=ada)
    (offer,) = await round_of(shop)
    await accept(shop, offer.offer_id, obi)

    async def tell() -> list[tuple[str, int]]:
        async with database.tenant(shop.tenant_id) as tx:
            return [(one.service, one.amount) for one in await waitlist_offers.tell(tx, shop.now)]

    told = await asyncio.gather(*(tell() for _ in range(4)))
    assert sorted(told) == [[], [], [], [("Cut", 900_000)]]
    async with database.tenant(shop.tenant_id) as tx:
        found = await waitlist_offers.refills(tx, shop.now - timedelta(days=30))
        assert (found.gaps, found.amount, found.waiting) == (1, 900_000, 1)
        assert (await waitlist_offers.refills(tx, shop.now + timedelta(days=1))).gaps == 0


# -- all at once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [1, 2])
async def test_many_rounds_and_bookers_at_once(database: Database, capacity: int) -> None:
    """Invariants 1, 2 and 14: as many are asked as there are places, each once, and nobody sits on another."""
    shop = await make_shop(database, capacity, hours="10:00-11:00")
    *bookers, ada, obi, ngozi, ike = await shop.customers(8)
    there = [await shop.book(who, "10:00") for who in (ada, obi)[:capacity]]
    for who in (ngozi, ike):
        await wish(shop, who)
    for booking in there:
        await shop.cancel(booking.id, customer_id=booking.customer_id)
    turns: list[Any] = [round_of(shop) for _ in range(6)]
    turns += [shop.hold(who, "10:00") for who in bookers]
    done = await asyncio.gather(*turns)
    offered = [one for some in done[:6] for one in some]
    live = [row for row in await shop.rows() if row.status == "held"]
    assert len(live) == capacity
    assert len({one.customer.id for one in offered}) == len(offered) <= capacity
    answers = await asyncio.gather(*(accept(shop, one.offer_id, one.customer.id) for one in offered))
    assert all(isinstance(answer, Confirmed) for answer in answers)
    assert [state for state, _ in await states(shop)].count(OfferState.ACCEPTED) == len(offered)


async def test_any_order_of_events(database: Database) -> None:
    """Invariants 1, 9, 11 and 14: reminders and offers among bookings, moves and cancellations in any order."""
    AheadMachine.database, AheadMachine.loop = database, asyncio.get_running_loop()
    await run_machine(AheadMachine, usual=20, steps=25)
