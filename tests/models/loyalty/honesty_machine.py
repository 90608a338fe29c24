"""Staff, owners and customers who give, ask, decide, spend and take back in any order, some of them for themselves."""

from asyncio import AbstractEventLoop, run_coroutine_threadsafe
from collections import defaultdict
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.db import Database
from models.loyalty.adjustments import Adjusted, AdjustRefusal, Waits
from models.loyalty.decisions import Decision, DecisionOutcome
from models.loyalty.returns import Returned
from models.loyalty.tables import CustomerPointsBalance, PointsLot, PointsLotUse, PointsTransaction, Purchase
from models.operations.tables import Approval
from models.people.tables import User
from tests.models.loyalty.office import SETTINGS, Office, hired, open_office

T = TypeVar("T")
ONE_CUSTOMER, ONE_USER = st.integers(0, 1), st.integers(0, 3)
POINTS = st.integers(-400, 700).filter(bool)
OVER = {DecisionOutcome.DECIDED, DecisionOutcome.EXPIRED}


class HonestyMachine(RuleBasedStateMachine):
    """Two customers, one of them close to the first at the till; two at the till and two owners."""

    office: Office
    customers: list[UUID]
    users: list[User]

    def __init__(self, database: Database, loop: AbstractEventLoop) -> None:
        super().__init__()
        self.database, self.loop = database, loop
        self.asked: list[Approval] = []
        self.bought: list[UUID] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    @initialize()
    def open(self) -> None:
        self.office = self.run(open_office(self.database))
        shop = self.office.shop
        self.run(shop.rule())
        close = self.run(shop.newcomer())
        self.customers = [shop.customer.id, close]
        (row,) = self.run(self.office.rows("SELECT phone_number FROM customers WHERE id = :id", id=close))
        kin = self.run(hired(shop, full_name="Kemi", linked_phones=[row.phone_number]))
        self.users = [kin, self.office.other, *self.office.owners]

    def is_own(self, user: int, customer: int) -> bool:
        return user == 0 and customer == 1

    # -- what people do --------------------------------------------------------------------------------------

    @rule(minutes=st.integers(1, 60 * 30))
    def time_passes(self, minutes: int) -> None:
        self.office = self.office.later(minutes=minutes)

    @rule(user=ONE_USER, customer=ONE_CUSTOMER, amount=st.integers(1, 40))
    def log(self, user: int, customer: int, amount: int) -> None:
        logged = self.run(
            self.office.shop.log(amount * 100_000, customer_id=self.customers[customer], by=self.users[user])
        )
        assert (logged == "own_account") == self.is_own(user, customer)
        if not self.is_own(user, customer):
            self.bought.append(logged.purchase_id)  # type: ignore[union-attr]

    @rule(user=ONE_USER, customer=ONE_CUSTOMER, points=POINTS)
    def adjust(self, user: int, customer: int, points: int) -> None:
        whose = self.customers[customer]
        before = self.run(self.office.shop.balance(whose)).points
        done = self.run(self.office.adjust(points, by=self.users[user], customer_id=whose))
        after = self.run(self.office.shop.balance(whose)).points
        if self.is_own(user, customer):
            assert done == AdjustRefusal.OWN_ACCOUNT
        elif isinstance(done, Waits):
            self.asked.append(done.approval)
        elif done == AdjustRefusal.NOT_ENOUGH:
            assert before + points < 0
        else:
            assert isinstance(done, Adjusted)
            assert abs(points) < SETTINGS.adjustment_threshold
        if not isinstance(done, Adjusted):
            assert after == before

    @rule(customer=ONE_CUSTOMER, amount=st.integers(1, 40))
    def send_receipt(self, customer: int, amount: int) -> None:
        sent = self.run(self.office.submit(amount * 100_000, customer_id=self.customers[customer]))
        if isinstance(sent, Approval):
            self.asked.append(sent)

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), user=ONE_USER, yes=st.booleans())
    def decide(self, data: st.DataObject, user: int, yes: bool) -> None:
        approval = data.draw(st.sampled_from(self.asked))
        by = self.users[user]
        decided = self.run(self.office.approve(approval, by) if yes else self.office.refuse(approval, by))
        self.check_who_decided(approval, user, decided)

    def check_who_decided(self, approval: Approval, user: int, decided: Decision) -> None:
        """Invariant 32: an owner for points by hand, never who asked, nobody for his own."""
        if decided.outcome in (DecisionOutcome.APPROVED, DecisionOutcome.REFUSED, DecisionOutcome.IMPOSSIBLE):
            assert user > 1 or approval.kind == "receipt"
            assert approval.requested_by_user_id != self.users[user].id
            assert not self.is_own(user, self.customers.index(approval.customer_id))
            again = self.run(self.office.approve(approval, self.users[user]))
            assert again.outcome in OVER

    @precondition(lambda self: self.bought)
    @rule(data=st.data(), user=ONE_USER)
    def take_back(self, data: st.DataObject, user: int) -> None:
        purchase = data.draw(st.sampled_from(self.bought))
        done = self.run(self.office.take_back(purchase, self.users[user]))
        if isinstance(done, Returned):
            assert not self.is_own(user, self.customers.index(done.customer.id))
            assert 0 <= done.debt <= max(done.points, 0)

    @rule(customer=ONE_CUSTOMER)
    def spend(self, customer: int) -> None:
        reward = self.run(self.office.shop.reward(60))
        issued = self.run(self.office.shop.issue(reward, customer_id=self.customers[customer]))
        code = getattr(issued, "code", None)
        if code is not None:
            self.run(self.office.shop.fulfil(code, by=self.office.other))

    @rule()
    def let_lapse(self) -> None:
        self.run(self.office.expire_requests())

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def books_balance(self) -> None:
        """Invariants 15, 16 and 20."""
        shop = self.office.shop
        entries, lots = self.run(shop.rows(PointsTransaction)), self.run(shop.rows(PointsLot))
        for account in self.run(shop.rows(CustomerPointsBalance)):
            own = [entry.points for entry in entries if entry.customer_id == account.customer_id]
            in_lots = sum(lot.remaining for lot in lots if lot.customer_id == account.customer_id)
            assert sum(own) == account.current_balance == in_lots + account.held - account.debt
            assert self.run(shop.balance(account.customer_id)).points >= 0
        taken: defaultdict[UUID, int] = defaultdict(int)
        for use in self.run(shop.rows(PointsLotUse)):
            taken[use.lot_id] += use.points if use.state != "returned" else 0
        assert all(lot.points == lot.remaining + taken[lot.id] for lot in lots)

    @invariant()
    def what_is_large_has_two_people(self) -> None:
        """Invariant 32: actor and reason always; from the threshold on, in a day, a second person."""
        alone: defaultdict[tuple[UUID, UUID], list[tuple[datetime, int]]] = defaultdict(list)
        for entry in self.run(self.office.shop.rows(PointsTransaction)):
            if entry.transaction_type != "adjusted":
                continue
            assert entry.created_by_user_id is not None
            assert entry.details["reason"]
            second = entry.details.get("approved_by")
            assert second != str(entry.created_by_user_id)
            if second is None:
                alone[entry.created_by_user_id, entry.customer_id].append((entry.occurred_at, abs(entry.points)))
        for moves in alone.values():
            for at, _ in moves:
                lately = [points for when, points in moves if at - timedelta(hours=24) < when <= at]
                assert sum(lately) < SETTINGS.adjustment_threshold

    @invariant()
    def a_receipt_is_one_purchase(self) -> None:
        """What was approved is in the books once, and nothing else is."""
        approved = self.run(self.office.rows("SELECT id FROM approvals WHERE kind = 'receipt' AND state = 'approved'"))
        logged = [row for row in self.run(self.office.shop.rows(Purchase)) if row.logged_via == "receipt"]
        assert len(logged) == len(approved)
        assert all(row.receipt_verified for row in logged)
