"""Customers, staff and jobs in the same seconds, each on a connection of his own: none waits for who waits for him."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, text
from sqlmodel import col, select

from models.booking import approvals, blocks, bookings, due_reminders, refills, reminders, visit_parts, visits, waitlist
from models.booking.bookings import Details, Held
from models.booking.claims import queue
from models.booking.refills import Terms
from models.booking.tables import Booking, BookingStatus, Service
from models.booking.visit_parts import HeldVisit
from models.booking.visits import VisitOutcome
from models.booking.waitlist import Wish
from models.db import Database, Tx
from models.people.members import hold_customer
from models.people.tables import User
from tests.make import make_user
from tests.models.booking.shop import THURSDAY, Shop, a_resource, add_need, add_service, make_shop

MINUTE = timedelta(minutes=1)
WALLS = ("09:00", "10:00", "11:00", "12:00")
TAKES_TIME = {"held", "pending", "confirmed", "in_progress"}
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
_BOOKING = select(Booking).where(col(Booking.id) == bindparam("booking")).with_for_update()
_DONE_TWICE = text(
    "SELECT FROM customers c WHERE c.total_revenue <> (SELECT coalesce(sum(payment_amount), 0) FROM bookings b"
    " WHERE b.customer_id = c.id AND b.status = 'completed')"
)


@asynccontextmanager
async def changing(shop: Shop, booking: Booking) -> AsyncIterator[Tx]:
    """Somebody is in the middle of moving it."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.one(_BOOKING, booking=booking.id)
        yield tx


# -- two at a time -------------------------------------------------------------------------------------------


async def test_staff_reopen_while_somebody_takes_what_has_lapsed(database: Database) -> None:
    """Invariants 9 and 10: both want the resources before they touch the hold that lies in their way."""
    shop = await make_shop(database)
    tunde = await make_user(database, shop.tenant_id)
    ada, obi, ngozi = await shop.customers(3)
    given_up = await shop.book(ada, "10:00")
    await shop.cancel(given_up.id, customer_id=ada)
    await shop.held(obi, "11:00")
    later = shop.later(minutes=6)
    async with database.tenant(shop.tenant_id) as tx:
        await queue(tx, [shop.service.id])
        reopening = asyncio.create_task(
            later.do(visits.reopen, given_up.id, by=tunde, reason="a slip", now=later.now),
        )
        while not (reopening.done() or await tx.value(_WAITING)):
            pass
        place: dict[str, Any] = {"now": later.now, "zone": shop.zone, "source": "sms", "prefix": "LEK"}
        taken = await bookings.hold(tx, shop.service, shop.at("11:00"), customer_id=ngozi, **place)
    assert isinstance(taken, Held)
    assert await reopening is VisitOutcome.REOPENED


async def test_a_request_that_is_being_moved_does_not_lapse_under_it(database: Database) -> None:
    """Invariant 7: the job waits for nobody, and comes again."""
    shop = await make_shop(database, auto_confirm=False, pending_minutes=30)
    booking = await shop.book(await shop.customer(), "10:00")
    later = shop.later(minutes=30)
    async with changing(shop, booking):
        assert await later.do(approvals.lapse_pending, later.now) == []
    assert [one.id for one in await later.do(approvals.lapse_pending, later.now)] == [booking.id]


async def test_reminders_are_not_planned_anew_under_a_move(database: Database) -> None:
    """Invariant 11: whoever moves or cancels has the booking and then wants its reminders: the job has none."""
    shop = await make_shop(database)
    ada, obi = await shop.customers(2)
    moved, left = await shop.book(ada, "10:00"), await shop.book(obi, "11:00")
    wants = text("UPDATE tenants SET settings = jsonb_set(settings, '{reminders}', '[\"3h\"]') WHERE id = :tenant")
    async with database.tenant(shop.tenant_id) as tx:
        await tx.run(wants, tenant=shop.tenant_id)
    async with changing(shop, moved) as tx:
        assert await shop.do(reminders.plan_all, shop.now) == 1
        await bookings.cancel(tx, moved.id, customer_id=ada, now=shop.now)
    async with database.tenant(shop.tenant_id) as tx:
        of = text("SELECT kind, state FROM booking_reminders WHERE booking_id = :booking ORDER BY kind")
        assert await tx.all(of, booking=moved.id) == [("2h", "dropped")]
        assert await tx.all(of, booking=left.id) == [("2h", "dropped"), ("3h", "planned")]


async def test_yes_and_lapsing_in_one_moment(database: Database) -> None:
    """Invariant 1: an answer counts until the request lapses, and one of the two is told to be too late."""
    shop = await make_shop(database, 10, auto_confirm=False, pending_minutes=30)
    dana = await make_user(database, shop.tenant_id)
    booked = [await shop.book(one, "10:00") for one in await shop.customers(10)]
    before, after = shop.later(minutes=29), shop.later(minutes=30)
    answers = asyncio.gather(*(before.do(approvals.approve, one.id, by=dana, now=before.now) for one in booked))
    rounds = asyncio.gather(*(after.do(approvals.lapse_pending, after.now) for _ in range(4)))
    stands = [answer.booking for answer in await answers if answer.outcome is approvals.Outcome.CONFIRMED]
    lapsed = [one for some in await rounds for one in some]
    assert len(stands) + len(lapsed) == len({one.id for one in [*lapsed, *stands] if one}) == 10


async def test_done_and_not_come_in_one_moment(database: Database) -> None:
    """Invariant 10: one of them is so, and the other is told."""
    shop = await make_shop(database, 10, price=100)
    tunde = await make_user(database, shop.tenant_id)
    booked = [await shop.book(one, "10:00") for one in await shop.customers(10)]
    after = shop.later(minutes=60 * 24)
    marks = [
        mark
        for one in booked
        for mark in (
            after.do(visits.complete, one.id, by=tunde, now=after.now),
            after.do(visits.no_show, one.id, by=tunde, now=after.now),
        )
    ]
    said = Counter(await asyncio.gather(*marks))
    assert said[VisitOutcome.COMPLETED] + said[VisitOutcome.NO_SHOW] == said[VisitOutcome.IMPOSSIBLE] == 10
    async with database.tenant(shop.tenant_id) as tx:
        assert await tx.all(_DONE_TWICE) == []


# -- all at once ---------------------------------------------------------------------------------------------


class Crowd:
    """What the people of a shop do, at random; each in a turn of his own."""

    def __init__(self, shop: Shop, other: Shop, people: list[UUID], staff: User, dice: Random) -> None:
        self.shop, self.other, self.people, self.staff, self.dice = shop, other, people, staff, dice
        self.known: list[Booking] = []

    @property
    def some_time(self) -> Shop:
        return self.dice.choice([self.shop, self.shop.later(4), self.shop.later(7), self.shop.later(60 * 22)])

    async def his_turn(self, who: UUID, work: Callable[[Tx], Awaitable[Any]]) -> Any:
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            await hold_customer(tx, who)
            return await work(tx)

    def place(self, at: Shop) -> dict[str, Any]:
        return {"now": at.now, "zone": at.zone, "source": "sms", "prefix": "LEK"}

    async def books(self) -> None:
        who, at = self.dice.choice(self.people), self.some_time
        service = self.dice.choice([self.shop.service, self.other.service])
        start = self.shop.at(self.dice.choice(WALLS))

        async def work(tx: Tx) -> None:
            held = await bookings.hold(tx, service, start, customer_id=who, **self.place(at))
            if isinstance(held, Held) and self.dice.random() < 0.7:
                await bookings.confirm(
                    tx, held.booking_id, now=at.later(self.dice.choice([1, 9])).now, details=Details()
                )

        await self.his_turn(who, work)

    async def books_both(self) -> None:
        who, at = self.dice.choice(self.people), self.some_time
        order: list[Service] = self.dice.sample([self.shop.service, self.other.service], 2)
        start = self.shop.at(self.dice.choice(WALLS))

        async def work(tx: Tx) -> None:
            held = await visit_parts.hold_visit(tx, order, start, customer_id=who, **self.place(at))
            if isinstance(held, HeldVisit):
                yes = at.later(self.dice.choice([1, 9])).now
                await visit_parts.confirm_visit(tx, held.visit_id, now=yes, details=Details())

        await self.his_turn(who, work)

    async def says_yes_late(self) -> None:
        one, at = self.dice.choice(self.known), self.shop.later(9)
        late: dict[str, Any] = {"now": at.now, "details": Details()}
        await self.his_turn(one.customer_id, lambda tx: bookings.confirm(tx, one.id, **late))

    async def moves(self) -> None:
        one, at = self.dice.choice(self.known), self.some_time
        start = self.shop.at(self.dice.choice(WALLS))
        where: dict[str, Any] = {"now": at.now, "zone": at.zone}
        who = one.customer_id
        if self.dice.random() < 0.3:
            await self.shop.do(bookings.move, one.id, start, by=self.staff, **where)
        elif one.visit_id:
            visit = one.visit_id
            await self.his_turn(who, lambda tx: visit_parts.move_visit(tx, visit, start, customer_id=who, **where))
        else:
            await self.his_turn(who, lambda tx: bookings.move(tx, one.id, start, customer_id=who, **where))

    async def gives_up(self) -> None:
        one, at = self.dice.choice(self.known), self.some_time
        who = one.customer_id
        if one.visit_id and self.dice.random() < 0.5:
            visit = one.visit_id
            await self.his_turn(who, lambda tx: visit_parts.cancel_visit(tx, visit, customer_id=who, now=at.now))
        else:
            await self.his_turn(who, lambda tx: bookings.cancel(tx, one.id, customer_id=who, now=at.now))

    async def waits(self) -> None:
        who, service = self.dice.choice(self.people), self.dice.choice([self.shop.service, self.other.service])
        wish = Wish(who, service.id, THURSDAY, THURSDAY)
        await self.his_turn(who, lambda tx: waitlist.join(tx, wish, self.shop.now))

    async def answers(self) -> None:
        one, at = self.dice.choice(self.known), self.some_time
        answer = self.dice.choice([approvals.approve, approvals.decline])
        await self.shop.do(answer, one.id, by=self.staff, now=at.now)

    async def marks(self) -> None:
        one, at = self.dice.choice(self.known), self.shop.later(60 * 24)
        match self.dice.randrange(4):
            case 0:
                await self.shop.do(visits.start, one.id, by=self.staff, now=at.now)
            case 1:
                await self.shop.do(visits.complete, one.id, by=self.staff, now=at.now)
            case 2:
                await self.shop.do(visits.no_show, one.id, by=self.staff, now=at.now)
            case _:
                await self.shop.do(visits.reopen, one.id, by=self.staff, reason="test", now=at.now)

    async def blocks(self) -> None:
        which = self.dice.choice([None, [self.dice.choice(self.shop.resources).id]])
        start = self.shop.at(self.dice.choice(WALLS))
        made = await self.shop.do(
            blocks.block,
            which,
            start,
            start + self.shop.service.duration_minutes * MINUTE,
            by=self.staff,
            now=self.shop.now,
        )
        await self.shop.do(blocks.unblock, made.block_id, by=self.staff, now=self.shop.now)

    async def clock(self) -> None:
        at = self.some_time
        match self.dice.randrange(5):
            case 0:
                await self.shop.do(bookings.expire_holds, at.now)
            case 1:
                await self.shop.do(approvals.lapse_pending, at.now)
            case 2:
                await self.shop.do(refills.offer_free_time, Terms(at.zone, 15, "LEK"), at.now)
            case 3:
                await self.shop.do(reminders.plan_all, at.now)
            case _:
                async with self.shop.database.tenant(self.shop.tenant_id) as tx:
                    for due in await due_reminders.take(tx, at.now):
                        await due_reminders.queued(tx, due.reminder_id, None, at.now)

    async def act(self) -> None:
        early = [self.books, self.books_both, self.waits, self.blocks, self.clock]
        known = [self.says_yes_late, self.moves, self.gives_up, self.answers, self.marks, self.clock]
        await self.dice.choice([*early, *(known if self.known else [])])()


async def loads(shop: Shop) -> list[str]:
    """Where more is taken than there is, at the start of any booking."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        return [
            row.name
            for row in await tx.all(
                text(
                    "SELECT r.name FROM booking_resources a JOIN resources r ON r.id = a.resource_id"
                    " JOIN booking_resources b ON b.resource_id = a.resource_id AND b.takes_time"
                    " AND b.blocked @> lower(a.blocked)"
                    " WHERE a.takes_time GROUP BY r.id, r.name, r.capacity, a.id HAVING sum(b.seats) > r.capacity"
                )
            )
        ]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_busy_morning(database: Database, seed: int) -> None:
    """Invariants 1, 2, 7, 9 to 11 and 14: nothing fails, no chair is taken twice, nobody holds two times."""
    dice = Random(seed)  # noqa: S311 - a game, and the same one each time
    shop = await make_shop(database, 1, 2, price=100, auto_confirm=bool(seed % 2), pending_minutes=5)
    await add_need(shop, 1, a_resource(shop, "Basin"), a_resource(shop, "Second basin"))
    other = await add_service(shop, duration_minutes=30, step_minutes=30, price=50)
    staff, people = await make_user(database, shop.tenant_id), await shop.customers(8)
    crowd = Crowd(shop, other, people, staff, dice)
    for _ in range(4):
        await asyncio.gather(*(crowd.act() for _ in range(40)))
        assert await loads(shop) == []
        crowd.known = await shop.rows()
    holders = Counter((row.customer_id, row.visit_place) for row in crowd.known if row.status == BookingStatus.HELD)
    assert set(holders.values()) <= {1}
    async with database.tenant(shop.tenant_id) as tx:
        assert await tx.all(_DONE_TWICE) == []
        for row in crowd.known:
            follows = await shop.taken(row.id)
            assert {one.takes_time for one in follows} == {row.status in TAKES_TIME}
            assert {one.blocked for one in follows} == {row.blocked}
