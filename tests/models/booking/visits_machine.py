"""What staff and a customer do with one booking in any order, checked against the graph of its states."""

from asyncio import AbstractEventLoop, gather, run_coroutine_threadsafe
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.booking import visits
from models.booking.bookings import Held
from models.booking.tables import Booking
from models.booking.visits import VisitOutcome as V
from models.db import Database, Tx
from models.people.tables import User
from tests.make import make_user
from tests.models.booking.shop import Shop, make_shop

T = TypeVar("T")
BACK = ("in_progress", "completed", "no_show", "cancelled")
Deed = Callable[[Tx, UUID, datetime], Awaitable[V]]


class VisitMachine(RuleBasedStateMachine):
    """One booking at ten, a rival who may want its chair, and staff who mark what they like."""

    database: ClassVar[Database]
    loop: ClassVar[AbstractEventLoop]
    shop: Shop
    owner: User
    status: str
    reopened: int

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    @initialize(price=st.sampled_from([0, 150_00]))
    def book(self, price: int) -> None:
        facts: dict[str, Any] = {"price": price, "follow_up_days": 2, "follow_up_type": "phone_call"}
        self.shop = self.do(make_shop(self.database, **facts))
        self.owner = self.do(make_user(self.database, self.shop.tenant_id))
        self.customer, self.rival = self.do(self.shop.customers(2))
        self.booking = self.do(self.shop.book(self.customer, "10:00"))
        self.price = price
        self.status = "confirmed"
        self.journal: list[tuple[str, str]] = []

    # -- what happens ----------------------------------------------------------------------------------------

    @rule(hours=st.integers(1, 12))
    def wait(self, hours: int) -> None:
        self.shop = self.shop.later(60 * hours)

    @rule()
    def start(self) -> None:
        soon = self.starts - self.shop.now <= visits.EARLY
        self.expect(
            self.marked(self._start),
            {"confirmed": ("in_progress", V.STARTED) if soon else ("confirmed", V.TOO_EARLY)},
            V.ALREADY if self.status == "in_progress" else V.IMPOSSIBLE,
        )

    @rule()
    def complete(self) -> None:
        self.expect(
            self.marked(self._complete),
            {
                "confirmed": ("completed", V.COMPLETED) if self.has_begun else ("confirmed", V.TOO_EARLY),
                "in_progress": ("completed", V.COMPLETED),
            },
            V.ALREADY if self.status == "completed" else V.IMPOSSIBLE,
        )

    @rule()
    def no_show(self) -> None:
        self.expect(
            self.marked(self._no_show),
            {"confirmed": ("no_show", V.NO_SHOW) if self.has_begun else ("confirmed", V.TOO_EARLY)},
            V.ALREADY if self.status == "no_show" else V.IMPOSSIBLE,
        )

    @rule()
    def reopen(self) -> None:
        taken = self.status in BACK[1:] and any(row.status in ("held", "confirmed") for row in self.others())
        outcomes = {status: (status, V.TAKEN) if taken else ("confirmed", V.REOPENED) for status in BACK}
        self.expect(self.marked(self._reopen), outcomes, V.ALREADY)

    @rule()
    def cancel(self) -> None:
        """The customer may until it starts, and from no other state than confirmed."""
        self.do(self.shop.cancel(self.booking.id, customer_id=self.customer))
        if self.status == "confirmed" and not self.has_begun:
            self.status = "cancelled"

    @rule()
    def confirm_again(self) -> None:
        """Somebody who pressed yes twice leads nothing back."""
        self.do(self.shop.confirm(self.booking.id))

    @rule()
    def rival_takes_the_chair(self) -> None:
        held = self.do(self.shop.hold(self.rival, "10:00"))
        if isinstance(held, Held):
            self.do(self.shop.confirm(held.booking_id))

    # -- what must hold after every step ---------------------------------------------------------------------

    @invariant()
    def the_state_is_the_expected_one(self) -> None:
        row = self.row()
        assert row.status == self.status
        assert (row.completed_at is not None) == (self.status == "completed")
        assert (row.cancelled_at is not None) == (self.status == "cancelled")

    @invariant()
    def totals_follow_the_state(self) -> None:
        totals = self.do(self.fetch("SELECT total_revenue, total_bookings FROM customers WHERE id = $1", self.customer))
        assert totals == [(self.price if self.status == "completed" else 0, 1)]

    @invariant()
    def a_follow_up_is_open_only_after_a_visit(self) -> None:
        rows = self.do(self.fetch("SELECT status FROM follow_ups WHERE booking_id = $1", self.booking.id))
        assert len(rows) <= 1
        assert (("pending",) in rows) == (self.status == "completed")

    @invariant()
    def every_mark_of_staff_is_in_the_audit_log(self) -> None:
        """Once, with the state it led from."""
        changes = "SELECT old_values ->> 'status', new_values ->> 'status' FROM audit_logs WHERE entity_id = $1"
        assert self.do(self.fetch(f"{changes} ORDER BY id", self.booking.id)) == self.journal

    @invariant()
    def one_chair_one_customer(self) -> None:
        keeps = [row for row in (self.row(), *self.others()) if row.status in ("confirmed", "in_progress")]
        assert len(keeps) <= 1

    # -- helpers ---------------------------------------------------------------------------------------------

    @property
    def starts(self) -> datetime:
        return self.shop.at("10:00")

    @property
    def has_begun(self) -> bool:
        return self.starts <= self.shop.now

    def row(self) -> Booking:
        return next(row for row in self.do(self.shop.rows()) if row.id == self.booking.id)

    def others(self) -> list[Booking]:
        return [row for row in self.do(self.shop.rows()) if row.id != self.booking.id]

    def marked(self, deed: Deed) -> list[V]:
        """Two press at once."""
        return self.do(_twice(self.shop, self.booking.id, deed))

    def expect(self, answers: list[V], ways: dict[str, tuple[str, V]], otherwise: V) -> None:
        becomes, first = ways.get(self.status, (self.status, otherwise))
        second = V.ALREADY if becomes != self.status else first
        assert sorted(answers) == sorted([first, second])
        if becomes != self.status:
            self.journal.append((self.status, becomes))
        self.status = becomes

    async def fetch(self, query: str, value: UUID) -> list[tuple[Any, ...]]:
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            return [tuple(row) for row in await tx._connection.fetch(query, value)]  # noqa: SLF001

    async def _complete(self, tx: Tx, booking_id: UUID, now: datetime) -> V:
        return await visits.complete(tx, booking_id, by=self.owner, now=now)

    async def _reopen(self, tx: Tx, booking_id: UUID, now: datetime) -> V:
        return await visits.reopen(tx, booking_id, by=self.owner, reason="test", now=now)

    async def _start(self, tx: Tx, booking_id: UUID, now: datetime) -> V:
        return await visits.start(tx, booking_id, by=self.owner, now=now)

    async def _no_show(self, tx: Tx, booking_id: UUID, now: datetime) -> V:
        return await visits.no_show(tx, booking_id, by=self.owner, now=now)


async def _twice(shop: Shop, booking_id: UUID, deed: Deed) -> list[V]:
    async def once() -> V:
        async with shop.database.tenant(shop.tenant_id) as tx:
            return await deed(tx, booking_id, shop.now)

    return list(await gather(once(), once()))
