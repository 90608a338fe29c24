"""Customers who hold, book, move, cancel and wait in any order, checked against counting minute by minute."""

from asyncio import AbstractEventLoop, gather, run_coroutine_threadsafe
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.booking.bookings import CancelOutcome, Confirmed, Held, Moved
from models.booking.tables import Booking
from models.db import Database
from tests.models.booking.shop import Shop, make_shop

T = TypeVar("T")
HALF_HOUR = timedelta(minutes=30)
WALLS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00")
KEEPS_TIME = ("pending", "confirmed")

walls = st.sampled_from(WALLS)
people = st.integers(0, 2)
seats = st.integers(1, 2)
picks = st.integers(0, 5)


class BookingMachine(RuleBasedStateMachine):
    """Three customers at a shop that is open from 09:00 to 13:00; all is asked in the loop of the test."""

    database: ClassVar[Database]
    loop: ClassVar[AbstractEventLoop]
    shop: Shop
    customers: list[UUID]
    rows: dict[UUID, Booking]

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    @initialize(
        capacities=st.sampled_from([(1,), (1, 1), (2,), (3, 1)]),
        buffer=st.sampled_from([0, 30]),
        limit=st.none() | st.integers(1, 4),
    )
    def open(self, capacities: tuple[int, ...], buffer: int, limit: int | None) -> None:
        offer: dict[str, Any] = {
            "step_minutes": 30,
            "buffer_after_minutes": buffer,
            "max_daily_bookings": limit,
        }
        self.shop = self.do(make_shop(self.database, *capacities, **offer))
        self.customers = self.do(self.shop.customers(3))
        self.look()

    def look(self) -> None:
        self.rows = {row.id: row for row in self.do(self.shop.rows())}

    # -- what customers do -----------------------------------------------------------------------------------

    @rule(person=people, wall=walls, seats=seats)
    def hold(self, person: int, wall: str, seats: int) -> None:
        customer = self.customers[person]
        expected = wall in self.free(seats, customer)
        answer = self.do(self.shop.hold(customer, wall, seats=seats))
        assert isinstance(answer, Held) == expected, answer
        self.changed(by=answer if expected else None)

    @rule(person=people)
    def say_yes(self, person: int) -> None:
        """To the latest thing held, however long ago."""
        customer = self.customers[person]
        held = [row for row in self.own(customer) if row.status in {"held", "expired"}]
        if not held:
            return
        row = max(held, key=lambda row: row.id)
        expected = self.alive(row) or self.wall(row) in self.free(row.seats, customer)
        answer = self.do(self.shop.confirm(row.id))
        assert isinstance(answer, Confirmed) == expected, answer
        self.changed(by=row if expected else None)

    @rule(pick=picks, wall=walls)
    def move(self, pick: int, wall: str) -> None:
        row = self.picked(pick)
        if row is None:
            return
        expected = wall in self.free(row.seats, row.customer_id, moving=row)
        answer = self.do(self.shop.move(row.id, wall, customer_id=row.customer_id))
        assert isinstance(answer, Moved) == expected, answer
        self.changed(by=row if expected else None)
        now = self.rows[row.id]
        assert (now.reference, now.status, now.seats) == (row.reference, row.status, row.seats)
        assert (now.version > row.version) == expected
        assert not expected or self.wall(now) == wall

    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        row = self.picked(pick)
        if row is None:
            return
        answers = [self.do(self.shop.cancel(row.id, customer_id=row.customer_id)) for _ in range(2)]
        assert answers == [CancelOutcome.CANCELLED, CancelOutcome.ALREADY]
        self.changed(by=row)

    @rule(person=people, wall=walls, seats=seats)
    def book_and_cancel(self, person: int, wall: str, seats: int) -> None:
        """Leaves what was free as it was."""
        customer = self.customers[person]
        if any(row.status == "held" for row in self.own(customer)) or wall not in self.free(seats, customer):
            return
        before = self.do(self.shop.slots())
        row = self.do(self.shop.book(customer, wall, seats=seats))
        self.do(self.shop.cancel(row.id, customer_id=customer))
        assert self.do(self.shop.slots()) == before
        self.look()

    @rule(minutes=st.integers(1, 7))
    def wait(self, minutes: int) -> None:
        self.shop = self.shop.later(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        before = self.do(self.shop.slots())
        self.do(self.shop.expire_holds())
        assert self.do(self.shop.slots()) == before
        self.look()

    @rule(moving=st.tuples(*[st.booleans()] * 3), wall=walls)
    def all_at_once(self, moving: tuple[bool, ...], wall: str) -> None:
        """All want one time: some to move a booking there, the others to hold it."""
        booked = {row.customer_id: row for row in self.booked()}
        turns = [
            self.shop.move(booked[customer].id, wall, customer_id=customer)
            if customer in booked and moves
            else self.shop.hold(customer, wall)
            for customer, moves in zip(self.customers, moving, strict=True)
        ]
        self.do(_together(turns))
        self.look()

    # -- what must hold after every step ---------------------------------------------------------------------

    @invariant()
    def nothing_is_overbooked(self) -> None:
        for resource in self.shop.resources:
            taken = [row for row in self.rows.values() if row.resource_id == resource.id and self.counts(row)]
            assert all(load(taken, tick) <= resource.capacity for tick in self.ticks())

    @invariant()
    def one_hold_each(self) -> None:
        held = Counter(row.customer_id for row in self.rows.values() if row.status == "held")
        assert max(held.values(), default=0) <= 1

    @invariant()
    def offered_is_what_is_free(self) -> None:
        customer = self.customers[0]
        assert self.do(self.shop.times(for_customer=customer)) == self.free(1, customer)

    # -- counting --------------------------------------------------------------------------------------------

    def free(self, seats: int, customer: UUID, moving: Booking | None = None) -> list[str]:
        """The walls at which some resource has seats left in every half hour, buffer included."""
        others = [row for row in self.rows.values() if self.stands_in_the_way(row, customer, moving)]
        limit = self.shop.service.max_daily_bookings
        if limit is not None and len(others) >= limit:
            return []
        return [wall for wall in WALLS if any(self.fits(wall, seats, it, others) for it in self.shop.resources)]

    def fits(self, wall: str, seats: int, resource: Any, others: list[Booking]) -> bool:
        start = self.shop.at(wall)
        lasts = 2 + self.shop.service.buffer_after_minutes // 30
        taken = [row for row in others if row.resource_id == resource.id]
        return all(load(taken, start + i * HALF_HOUR) + seats <= resource.capacity for i in range(lasts))

    def stands_in_the_way(self, row: Booking, customer: UUID, moving: Booking | None) -> bool:
        own_hold = row.status == "held" and row.customer_id == customer
        return self.counts(row) and not own_hold and (moving is None or row.id != moving.id)

    def counts(self, row: Booking) -> bool:
        return row.status in KEEPS_TIME or self.alive(row)

    def alive(self, row: Booking) -> bool:
        return row.status == "held" and row.hold_expires_at is not None and row.hold_expires_at > self.shop.now

    def booked(self) -> list[Booking]:
        return [row for row in self.rows.values() if row.status in KEEPS_TIME]

    def picked(self, pick: int) -> Booking | None:
        """Any booking. Rules draw numbers, not rows: who won a race must not decide what is drawn next."""
        booked = sorted(self.booked(), key=lambda row: (row.during.lower, row.id))
        return booked[pick % len(booked)] if booked else None

    def own(self, customer: UUID) -> list[Booking]:
        return [row for row in self.rows.values() if row.customer_id == customer]

    def wall(self, row: Booking) -> str:
        return f"{row.during.lower.astimezone(self.shop.zone):%H:%M}"

    def ticks(self) -> list[datetime]:
        return [self.shop.at("09:00") + i * HALF_HOUR for i in range(9)]

    def changed(self, *, by: Any) -> None:
        """Looks again: without `by` everything stands as it stood, else only one customer's things do not."""
        before = self.standing()
        self.look()
        after = self.standing()
        touched = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert len({self.rows[key].customer_id for key in touched}) == (1 if by else 0)

    def standing(self) -> dict[UUID, tuple[Any, ...]]:
        return {
            row.id: (row.reference, row.status, row.during, row.blocked, row.resource_id, row.version)
            for row in self.rows.values()
            if self.counts(row)
        }


def load(rows: list[Booking], tick: datetime) -> int:
    return sum(row.seats for row in rows if row.blocked.lower <= tick < row.blocked.upper)


async def _together(turns: list[Coroutine[Any, Any, Any]]) -> None:
    await gather(*turns)
