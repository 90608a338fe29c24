"""Customers and staff who hold, book, move, cancel, approve, close and wait in any order, checked by counting."""

from asyncio import AbstractEventLoop, gather, run_coroutine_threadsafe
from collections.abc import Coroutine
from dataclasses import replace
from itertools import pairwise
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import select

from models.booking import approvals, blocks, bookings, visit_parts, visit_plan
from models.booking.approvals import Outcome
from models.booking.bookings import CancelOutcome, Confirmed, Details, Held, Moved
from models.booking.tables import Booking, BookingStatus
from models.booking.taken_tables import BookingResource
from models.booking.visit_parts import HeldVisit
from models.db import Database
from models.people.tables import User
from tests.make import make_user
from tests.models.booking.counting import HALF_HOUR, WALLS, Counting, load
from tests.models.booking.shop import THURSDAY, Shop, a_resource, add_need, make_shop

T = TypeVar("T")
SETTLED = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
_TAKEN = select(BookingResource)

walls = st.sampled_from(WALLS)
people = st.integers(0, 2)
seats = st.integers(1, 2)
picks = st.integers(0, 5)


class BookingMachine(RuleBasedStateMachine):
    """Three customers and an owner; all is asked in the loop of the test."""

    database: ClassVar[Database]
    loop: ClassVar[AbstractEventLoop]
    count: Counting
    customers: list[UUID]
    owner: User

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    @property
    def shop(self) -> Shop:
        return self.count.shop

    @initialize(
        capacities=st.sampled_from([(1,), (1, 1), (2,), (3, 1)]),
        rooms=st.sampled_from([(), (), (1,), (1, 1), (3,)]),
        buffer=st.sampled_from([0, 30]),
        limit=st.none() | st.integers(1, 4),
        auto_confirm=st.booleans(),
    )
    def open(
        self, capacities: tuple[int, ...], rooms: tuple[int, ...], buffer: int, limit: int | None, auto_confirm: bool
    ) -> None:
        offer: dict[str, Any] = {
            "step_minutes": 30,
            "buffer_after_minutes": buffer,
            "max_daily_bookings": limit,
            "auto_confirm": auto_confirm,
            "pending_minutes": 8,
        }
        shop = self.do(make_shop(self.database, *capacities, **offer))
        besides = [a_resource(shop, f"Room {i}", capacity) for i, capacity in enumerate(rooms, 1)]
        self.do(add_need(shop, 1, *besides))
        self.count = Counting(shop, besides, {}, [], [])
        self.customers = self.do(shop.customers(3))
        self.owner = self.do(make_user(self.database, shop.tenant_id))

    def look(self) -> None:
        self.count.rows = {row.id: row for row in self.do(self.shop.rows())}
        self.count.taken = self.do(self._rows_taken())

    async def _rows_taken(self) -> list[BookingResource]:
        async with self.database.tenant(self.shop.tenant_id) as tx:
            return await tx.all(_TAKEN)

    # -- what customers do -----------------------------------------------------------------------------------

    @rule(person=people, wall=walls, seats=seats)
    def hold(self, person: int, wall: str, seats: int) -> None:
        customer = self.customers[person]
        expected = wall in self.count.free(seats, customer)
        answer = self.do(self.shop.hold(customer, wall, seats=seats))
        assert isinstance(answer, Held) == expected, answer
        self.changed(by=answer if expected else None)

    @rule(person=people)
    def say_yes(self, person: int) -> None:
        """To the latest thing held, however long ago."""
        customer = self.customers[person]
        held = [row for row in self.count.own(customer) if row.status in {"held", "expired"}]
        if not held:
            return
        row = max(held, key=lambda row: row.id)
        expected = self.count.alive(row) or self.count.wall(row) in self.count.free(row.seats, customer)
        if not self.count.alive(row) and any(one.visit_id for one in held):
            return  # the other parts of a visit may be in the way: see `confirm_visit`
        answer = self.do(self.shop.confirm(row.id))
        assert isinstance(answer, Confirmed) == expected, answer
        self.changed(by=row if expected else None)

    @rule(person=people)
    def go_on_thinking(self, person: int) -> None:
        customer = self.customers[person]
        (*_, held) = [None, *(row for row in self.count.own(customer) if self.count.alive(row))]
        expected = held is not None and not held.hold_extended
        until = self.do(self.shop.do(bookings.extend_hold, customer, now=self.shop.now))
        assert (until is not None) == expected
        self.look()

    @rule(pick=picks, wall=walls)
    def move(self, pick: int, wall: str) -> None:
        row = self.picked(pick)
        if row is None:
            return
        expected = wall in self.count.free(row.seats, row.customer_id, moving=row)
        answer = self.do(self.shop.move(row.id, wall, customer_id=row.customer_id))
        assert isinstance(answer, Moved) == expected, answer
        self.changed(by=row if expected else None)
        now = self.count.rows[row.id]
        assert (now.reference, now.status, now.seats) == (row.reference, row.status, row.seats)
        assert (now.version > row.version) == expected
        assert not expected or self.count.wall(now) == wall

    @rule(pick=picks, by_staff=st.booleans())
    def cancel(self, pick: int, by_staff: bool) -> None:
        row = self.picked(pick)
        if row is None:
            return
        who: dict[str, Any] = {"by": self.owner} if by_staff else {"customer_id": row.customer_id}
        answers = [self.do(self.shop.do(bookings.cancel, row.id, now=self.shop.now, **who)) for _ in range(2)]
        assert answers == [CancelOutcome.CANCELLED, CancelOutcome.ALREADY]
        self.changed(by=row)

    @rule(person=people, wall=walls, seats=seats)
    def book_and_cancel(self, person: int, wall: str, seats: int) -> None:
        """Leaves what was free as it was."""
        customer = self.customers[person]
        holds = any(row.status == "held" for row in self.count.own(customer))
        if holds or wall not in self.count.free(seats, customer):
            return
        before = self.do(self.shop.slots())
        row = self.do(self.shop.book(customer, wall, seats=seats))
        self.do(self.shop.cancel(row.id, customer_id=customer))
        assert self.do(self.shop.slots()) == before
        self.look()

    # -- visits of two services ------------------------------------------------------------------------------

    @rule(person=people, wall=walls)
    def hold_visit(self, person: int, wall: str) -> None:
        customer, twice = self.customers[person], [self.shop.service] * 2
        shop = self.shop
        place: dict[str, Any] = {"now": shop.now, "zone": shop.zone}
        offered = self.do(shop.do(visit_plan.visit_times, twice, THURSDAY, for_customer=customer, **place))
        expected = shop.at(wall) in {one.start for one in offered}
        answer = self.do(shop.hold_visit(customer, twice, wall))
        assert isinstance(answer, HeldVisit) == expected, answer
        assert not expected or wall in self.count.free(1, customer)
        self.changed(by=answer if expected else None)
        if isinstance(answer, HeldVisit):
            self.follows(self.count.visit(answer.visit_id))

    @rule(person=people)
    def confirm_visit(self, person: int) -> None:
        """All parts or none, however late."""
        visits = [
            row for row in self.count.own(self.customers[person]) if row.visit_id and row.status in {"held", "expired"}
        ]
        if not visits:
            return
        row = max(visits, key=lambda row: row.id)
        assert row.visit_id is not None
        before = self.count.visit(row.visit_id)
        work = visit_parts.confirm_visit
        answer = self.do(self.shop.do(work, row.visit_id, now=self.shop.now, details=Details()))
        all_alive = all(self.count.alive(part) or part.status in SETTLED for part in before)
        assert isinstance(answer, tuple) or not all_alive, answer
        self.changed(by=row if isinstance(answer, tuple) else None)
        after = [part.status for part in self.count.visit(row.visit_id) if part.status != BookingStatus.CANCELLED]
        if isinstance(answer, tuple):
            assert set(after) <= {*SETTLED}
        else:
            assert [part.status in SETTLED for part in before if part.status != "cancelled"] == [
                status in SETTLED for status in after
            ]

    @rule(pick=picks, wall=walls)
    def move_visit(self, pick: int, wall: str) -> None:
        row = self.picked(pick)
        if row is None or row.visit_id is None:
            return
        where: dict[str, Any] = {"zone": self.shop.zone, "customer_id": row.customer_id}
        answer = self.do(
            self.shop.do(visit_parts.move_visit, row.visit_id, self.shop.at(wall), now=self.shop.now, **where)
        )
        self.changed(by=row if isinstance(answer, tuple) else None)
        if isinstance(answer, tuple):
            self.follows([self.count.rows[part.booking_id] for part in answer])

    @rule(pick=picks)
    def cancel_visit(self, pick: int) -> None:
        row = self.picked(pick)
        if row is None or row.visit_id is None:
            return
        who: dict[str, Any] = {"now": self.shop.now, "customer_id": row.customer_id}
        assert self.do(self.shop.do(visit_parts.cancel_visit, row.visit_id, **who)) is CancelOutcome.CANCELLED
        self.changed(by=row)
        assert not [part for part in self.count.visit(row.visit_id) if self.count.counts(part)]

    def follows(self, parts: list[Booking]) -> None:
        for part, following in pairwise(parts):
            assert 0 <= (following.during.lower - part.during.upper).total_seconds() <= 30 * 60

    # -- what staff do ---------------------------------------------------------------------------------------

    @rule(pick=picks, says_yes=st.booleans())
    def answer(self, pick: int, says_yes: bool) -> None:
        row = self.picked(pick)
        if row is None:
            return
        waits = row.status == "pending" and row.pending_until is not None
        in_time = waits and row.pending_until is not None and row.pending_until > self.shop.now
        work = approvals.approve if says_yes else approvals.decline
        answer = self.do(self.shop.do(work, row.id, by=self.owner, now=self.shop.now))
        expected = in_time if says_yes else waits
        assert (answer.outcome in {Outcome.CONFIRMED, Outcome.DECLINED}) == expected, answer
        self.changed(by=row if expected else None)

    @rule()
    def let_requests_lapse(self) -> None:
        now = self.shop.now
        late = {row.id for row in self.count.booked() if row.status == "pending" and row.pending_until <= now}  # type: ignore[operator]  # a request has a limit
        assert {row.id for row in self.do(self.shop.do(approvals.lapse_pending, now))} == late
        self.look()
        assert {self.count.rows[key].status for key in late} <= {"cancelled"}

    @rule(start=st.integers(0, 6), halves=st.integers(1, 4), places=st.lists(picks, max_size=2))
    def block(self, start: int, halves: int, places: list[int]) -> None:
        """Whoever is booked stays and is named; whoever only holds lets go."""
        count = self.count
        chosen = [count.resources[place % len(count.resources)].id for place in places] or None
        since = self.shop.at("09:00") + start * HALF_HOUR
        span = since, since + halves * HALF_HOUR
        before = {row.id for row in count.booked()}
        done = self.do(self.shop.do(blocks.block, chosen, *span, by=self.owner, now=self.shop.now))
        self.look()
        count.blocks.append(done)
        meant = {one.id for one in count.resources} if chosen is None else set(chosen)
        reached = {
            row.booking_id
            for row in count.taken
            if row.resource_id in meant and row.blocked.lower < span[1] and row.blocked.upper > span[0]
        }
        assert {row.id for row in count.booked()} == before
        assert not [key for key in reached if count.rows[key].status == "held"]
        named = {one.booking_id for one in self.do(self.shop.do(blocks.affected, chosen, *span, now=self.shop.now))}
        assert named == {
            key
            for key in reached & before
            if count.rows[key].during.upper > span[0] and count.rows[key].during.lower < span[1]
        }

    @rule(pick=picks)
    def unblock(self, pick: int) -> None:
        if self.count.blocks:
            gone = self.count.blocks.pop(pick % len(self.count.blocks))
            assert self.do(self.shop.do(blocks.unblock, gone.block_id, by=self.owner, now=self.shop.now))

    @rule(minutes=st.integers(1, 7))
    def wait(self, minutes: int) -> None:
        self.count.shop = self.shop.later(minutes=minutes)

    @rule(person=people, wall=walls)
    def hesitate(self, person: int, wall: str) -> None:
        """Holds, and waits until the instant at which it has lapsed."""
        self.hold(person=person, wall=wall, seats=1)
        alive = [row.hold_expires_at for row in self.count.own(self.customers[person]) if self.count.alive(row)]
        self.count.shop = replace(self.shop, now=max([self.shop.now, *filter(None, alive)]))

    @rule()
    def sweep(self) -> None:
        before = self.do(self.shop.slots())
        self.do(self.shop.expire_holds())
        assert self.do(self.shop.slots()) == before
        self.look()

    @rule(wishes=st.tuples(*[st.integers(0, 2)] * 3), wall=walls)
    def all_at_once(self, wishes: tuple[int, ...], wall: str) -> None:
        """All want one time: some to move a booking there, others to hold it, others for a whole visit."""
        booked = {row.customer_id: row for row in self.count.booked()}
        turns: list[Coroutine[Any, Any, Any]] = []
        for customer, wish in zip(self.customers, wishes, strict=True):
            if wish == 0 and customer in booked:
                turns.append(self.shop.move(booked[customer].id, wall, customer_id=customer))
            elif wish == 1:
                turns.append(self.shop.hold_visit(customer, [self.shop.service] * 2, wall))
            else:
                turns.append(self.shop.hold(customer, wall))
        self.do(_together(turns))
        self.look()

    # -- what must hold after every step ---------------------------------------------------------------------

    @invariant()
    def nothing_is_overbooked(self) -> None:
        """Invariant 1, for each resource of each need."""
        alive = {row.id for row in self.count.rows.values() if self.count.counts(row)}
        for resource in self.count.resources:
            taken = [row for row in self.count.taken if row.resource_id == resource.id and row.booking_id in alive]
            assert all(load(taken, tick) <= resource.capacity for tick in self.count.ticks())

    @invariant()
    def what_is_taken_follows_its_booking(self) -> None:
        needs = len(self.count.needs)
        for row in self.count.rows.values():
            mine = [one for one in self.count.taken if one.booking_id == row.id]
            assert len({one.resource_id for one in mine}) == len(mine) == needs
            assert {(one.takes_time, one.blocked) for one in mine} == {(row.takes_time, row.blocked)}
            assert row.resource_id in {one.resource_id for one in mine}

    @invariant()
    def one_hold_each(self) -> None:
        """Invariant 9: or one visit."""
        for customer in self.customers:
            held = [row for row in self.count.own(customer) if row.status == "held"]
            assert len(held) <= 1 or len({row.visit_id for row in held} - {None}) == 1

    @invariant()
    def offered_is_what_is_free(self) -> None:
        """Invariants 3 and 4."""
        customer = self.customers[0]
        assert self.do(self.shop.times(for_customer=customer)) == self.count.free(1, customer)

    def picked(self, pick: int) -> Booking | None:
        """Any booking. Rules draw numbers, not rows: who won a race must not decide what is drawn next."""
        booked = sorted(self.count.booked(), key=lambda row: (row.during.lower, row.id))
        return booked[pick % len(booked)] if booked else None

    def changed(self, *, by: Any) -> None:
        """Looks again: without `by` everything stands as it stood, else only one customer's things do not."""
        before = self.count.standing()
        self.look()
        after = self.count.standing()
        touched = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        whose = {self.count.rows[key].customer_id for key in touched}
        assert len(whose) == 1 if by else not whose


async def _together(turns: list[Coroutine[Any, Any, Any]]) -> None:
    await gather(*turns)
