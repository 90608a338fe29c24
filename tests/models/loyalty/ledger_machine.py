"""Customers who buy, ask, fetch, return and wait in any order, checked against counting point by point."""

from asyncio import AbstractEventLoop, run_coroutine_threadsafe
from collections import defaultdict
from collections.abc import Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.db import Database
from models.loyalty.campaigns import Counts
from models.loyalty.earning_tables import Campaign, CampaignType
from models.loyalty.ledger import Balance, Entry, ReversalOutcome
from models.loyalty.partial_returns import PartRefusal, PartReturned
from models.loyalty.purchases import UndoOutcome
from models.loyalty.redemptions import CodeRefusal, Fulfilled, Issued, IssueRefusal
from models.loyalty.tables import CustomerPointsBalance, PointsLot, PointsLotUse, PointsTransaction, Reward
from tests.models.loyalty.books import check_all
from tests.models.loyalty.shop import DAY, Shop, make_shop
from tests.models.loyalty.slow_ledger import NEVER, Lot, SlowLedger

T = TypeVar("T")
SOON = timedelta(days=10)
people = st.integers(0, 1)


@dataclass
class Earned:
    """An earning, the lot it became in the slow ledger, and the purchase if there was one."""

    entry: Entry
    person: int
    lot: Lot
    days: int | None

    @property
    def standing(self) -> int:
        return self.entry.points - self.lot.reversed


@dataclass
class Bought:
    """A purchase, which may have earned nothing; `back` of its amount has come back. `bonus` by the campaign."""

    purchase_id: UUID
    person: int
    amount: int
    lot: Lot | None
    bonus: int = 0
    back: int = 0
    undone: bool = False


@dataclass
class Code:
    """A code as its holder sees it."""

    issued: Issued
    person: int
    status: str = "pending"

    @property
    def name(self) -> str:
        """Where its points are in the slow ledger."""
        return str(self.issued.redemption_id)


class LedgerMachine(RuleBasedStateMachine):
    """Two customers and two rewards, one of which runs out; everything is asked in the loop of the test."""

    shop: Shop
    customers: list[UUID]
    rewards: list[Reward]
    stock: list[int | None]
    campaign: Campaign

    def __init__(self, database: Database, loop: AbstractEventLoop) -> None:
        super().__init__()
        self.database = database
        self.loop = loop
        self.ledgers = [SlowLedger(), SlowLedger()]
        self.earned: list[Earned] = []
        self.bought: list[Bought] = []
        self.codes: list[Code] = []

    def do(self, ask: Callable[[Shop], Coroutine[Any, Any, T]]) -> T:
        """Every turn has a second of its own, so that the older of two lots is known."""
        self.shop = self.shop.later(seconds=1)
        return self.run(ask(self.shop))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    @property
    def now(self) -> datetime:
        return self.shop.now

    @initialize(begin=st.lists(st.tuples(people, st.integers(20, 70), st.none() | st.integers(1, 9)), max_size=6))
    def open(self, begin: list[tuple[int, int, int | None]]) -> None:
        self.shop = self.run(make_shop(self.database))
        self.customers = [self.shop.customer.id, self.run(self.shop.newcomer())]
        self.run(self.shop.rule())
        offers: tuple[dict[str, Any], ...] = (
            {"points": 30},
            {"points": 50, "stock_quantity": 1, "max_redemptions_per_customer": 2},
        )
        self.rewards = [self.run(self.shop.reward(**offer)) for offer in offers]
        self.stock = [reward.stock_quantity for reward in self.rewards]
        bonus = {"points": 10, "minimum": 200_000, "limit_per_customer": 2}
        self.campaign = self.run(self.shop.campaign(CampaignType.BONUS_POINTS, days=(2, 8), config=bonus))
        for person, points, days in begin:
            self.earn(person=person, points=points, days=days)

    # -- what happens to points ------------------------------------------------------------------------------

    @rule(person=people, points=st.integers(1, 70), days=st.none() | st.integers(1, 12))
    def earn(self, person: int, points: int, days: int | None) -> None:
        customer = self.customers[person]
        entry = self.do(lambda shop: shop.earn(points, customer_id=customer, key=f"earn {shop.now}", days=days))
        lot = self.ledgers[person].earn(points, None if days is None else self.now + days * DAY, self.now)
        self.earned.append(Earned(entry, person, lot, days))

    @rule(data=st.data())
    @precondition(lambda self: self.earned)
    def earn_again(self, data: st.DataObject) -> None:
        """With the key of an earning: the same answer, and nothing else."""
        known = data.draw(st.sampled_from(self.earned))
        first = known.entry
        repeated: dict[str, Any] = {"customer_id": first.customer_id, "key": first.key, "days": known.days}
        assert self.do(lambda shop: shop.earn(first.points, **repeated)) == first

    @rule(data=st.data())
    @precondition(lambda self: self.earned)
    def reverse(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.earned))
        standing = known.standing
        reversal = self.do(lambda shop: shop.reverse(known.entry.id))
        assert reversal.entry is not None
        assert reversal.entry.reverses_id == known.entry.id
        assert reversal.outcome == (ReversalOutcome.REVERSED if standing else ReversalOutcome.ALREADY)
        if standing:
            assert reversal.entry.points == -standing
            assert reversal.debt == self.ledgers[known.person].reverse_earning(known.lot, self.now)

    @rule(data=st.data(), share=st.integers(1, 40))
    @precondition(lambda self: any(known.standing for known in self.earned))
    def reverse_a_part(self, data: st.DataObject, share: int) -> None:
        """Parts sum to at most the whole, and the last of them is the one that closes it."""
        known = data.draw(st.sampled_from([known for known in self.earned if known.standing]))
        points = min(share, known.standing)
        reversal = self.do(lambda shop: shop.reverse(known.entry.id, points=points))
        assert reversal.entry is not None
        assert (reversal.entry.points, reversal.entry.is_partial) == (-points, points < known.standing)
        assert reversal.debt == self.ledgers[known.person].reverse_earning(known.lot, self.now, points)

    @rule(person=people, amount=st.integers(1, 700_000), wait=st.sampled_from([0, 0, 3]))
    def buy(self, person: int, amount: int, wait: int) -> None:
        """Where goods can come back for three days, the points wait as long, and live as long as others after that."""
        bought: dict[str, Any] = {"customer_id": self.customers[person], "expire_days": 7, "return_window_days": wait}
        logged = self.do(lambda shop: shop.bought(amount, **bought))
        available = self.now + wait * DAY
        bonus = self.expected_bonus(person, amount)
        assert logged.points == amount // 10_000 + bonus
        assert logged.available_at == (available if wait and logged.points else None)
        lot = None
        if logged.points:
            lot = self.ledgers[person].earn(logged.points, available + 7 * DAY, self.now, available)
        assert logged.balance == self.expected_balance(person).points
        self.bought.append(Bought(logged.purchase_id, person, amount, lot, bonus))

    @rule(data=st.data())
    @precondition(lambda self: self.bought)
    def bring_back(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.bought))
        outcome = self.do(lambda shop: shop.undo(known.purchase_id))
        assert outcome == (UndoOutcome.ALREADY if known.undone else UndoOutcome.UNDONE)
        if known.lot and not known.undone:
            self.ledgers[known.person].reverse_earning(known.lot, self.now)
        known.undone = True

    @rule(data=st.data(), share=st.integers(1, 700_000))
    @precondition(lambda self: self.bought)
    def bring_back_a_part(self, data: st.DataObject, share: int) -> None:
        """Whatever came back before, the points gone are the share of all that is back."""
        known = data.draw(st.sampled_from(self.bought))
        amount = min(share, known.amount - known.back) or share
        answer = self.do(lambda shop: shop.return_part(known.purchase_id, amount))
        if known.undone:
            assert answer == PartRefusal.ALREADY
            return
        earned = len(known.lot.points) if known.lot else 0
        before, known.back = earned * known.back // known.amount, known.back + amount
        points = earned * known.back // known.amount - before
        left = known.amount - known.back
        assert answer == PartReturned(known.purchase_id, amount, points, left)
        if known.lot and points:
            self.ledgers[known.person].reverse_earning(known.lot, self.now, points)
        known.undone = left == 0

    # -- what happens to codes -------------------------------------------------------------------------------

    @rule(person=people, number=st.integers(0, 1))
    def ask(self, person: int, number: int) -> None:
        reward = self.rewards[number]
        answer = self.do(lambda shop: shop.issue(reward, customer_id=self.customers[person]))
        given_up = [code for code in self.pending(person) if self.is_overdue(code) or self.reward_of(code) == number]
        trial = deepcopy(self.ledgers[person])
        for code in given_up:
            trial.release(code.name, self.now)
        expected = self.refusal(person, number, given_up, trial)
        if expected:
            assert answer == expected
            return
        assert isinstance(answer, Issued), answer
        for code in given_up:
            self.give_up(code, "cancelled")
        self.codes.append(Code(answer, person))
        assert self.ledgers[person].hold(reward.points_required, self.codes[-1].name, self.now)
        self.move_stock(number, -1)

    def refusal(self, person: int, number: int, given_up: list[Code], trial: SlowLedger) -> IssueRefusal | None:
        reward, stock = self.rewards[number], self.stock[number]
        back = [code for code in given_up if self.reward_of(code) == number]
        if stock is not None and stock + len(back) < 1:
            return IssueRefusal.OUT_OF_STOCK
        own = [code for code in self.codes if code.person == person and self.reward_of(code) == number]
        counted = [code for code in own if code.status in {"pending", "fulfilled"} and code not in back]
        limit = reward.max_redemptions_per_customer
        if limit is not None and len(counted) >= limit:
            return IssueRefusal.LIMIT_REACHED
        return None if trial.hold(reward.points_required, "trial", self.now) else IssueRefusal.NOT_ENOUGH

    @rule(data=st.data())
    @precondition(lambda self: self.codes)
    def fetch(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(self.codes))
        answer = self.do(lambda shop: shop.fulfil(code.issued.code))
        if code.status == "fulfilled":
            assert answer == CodeRefusal.USED
        elif self.is_overdue(code):
            assert answer == CodeRefusal.EXPIRED
        elif code.status == "cancelled":
            assert answer == CodeRefusal.CANCELLED
        else:
            assert isinstance(answer, Fulfilled), answer
            code.status = "fulfilled"
            assert answer.balance == self.expected_balance(code.person).points

    @rule(data=st.data())
    @precondition(lambda self: self.codes)
    def call_off(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(self.codes))
        waited = code.status == "pending"
        assert self.do(lambda shop: shop.cancel(code.issued.redemption_id)) == waited
        if waited:
            self.give_up(code, "cancelled")

    @rule(data=st.data())
    @precondition(lambda self: self.codes)
    def take_back(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(self.codes))
        fulfilled = code.status == "fulfilled"
        assert self.do(lambda shop: shop.take_back(code.issued.redemption_id)) == fulfilled
        if fulfilled:
            code.status = "cancelled"
            self.ledgers[code.person].reverse_spending(code.name, self.now)
            self.move_stock(self.reward_of(code), 1)

    # -- what time does --------------------------------------------------------------------------------------

    @rule(pause=st.sampled_from([timedelta(minutes=5), timedelta(minutes=20), DAY, 5 * DAY]))
    def wait(self, pause: timedelta) -> None:
        self.shop = self.shop.later(seconds=int(pause.total_seconds()))

    @rule(data=st.data(), seconds_before=st.sampled_from([0, 1, 2]))
    def wait_for_something(self, data: st.DataObject, seconds_before: int) -> None:
        """Until about the second at which points or a code run out, or points are there to be spent."""
        lots = [lot for ledger in self.ledgers for lot in ledger.lots if lot.count("free")]
        moments = {*(lot.expires_at for lot in lots), *(lot.available_at for lot in lots), NEVER}
        moments |= {code.issued.expires_at for code in self.codes if code.status == "pending"}
        coming = sorted(at for at in moments - {NEVER} if at > self.now + timedelta(seconds=2))
        if coming:
            until = data.draw(st.sampled_from(coming)) - timedelta(seconds=seconds_before)
            self.shop = self.shop.later(seconds=int((until - self.now).total_seconds()))

    @rule()
    def sweep(self) -> None:
        given_up = self.do(lambda shop: shop.sweep())
        overdue = [code for code in self.codes if code.status == "pending" and self.is_overdue(code)]
        assert given_up == len(overdue)
        for code in overdue:
            self.give_up(code, "cancelled")

    @rule()
    def close_the_books(self) -> None:
        """Whenever expiry is written down, if ever, the slow ledger need not know."""
        self.do(lambda shop: shop.expire())

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def balances_are_right(self) -> None:
        for person, customer in enumerate(self.customers):
            shown = self.run(self.shop.balance(customer, soon=SOON))
            assert shown == self.expected_balance(person)
            assert shown.points >= 0

    @invariant()
    def lots_hold_what_they_should(self) -> None:
        """Which says too that the earliest expiry was spent first, and nothing that had expired."""
        rows = self.run(self.shop.rows(PointsLot))
        for ledger, customer in zip(self.ledgers, self.customers, strict=True):
            own = [(row.expires_at or NEVER, row.remaining) for row in rows if row.customer_id == customer]
            found = sorted((expires_at, left) for expires_at, left in own if left and expires_at > self.now)
            free = ((lot.expires_at, lot.count("free")) for lot in ledger.owing(self.now))
            assert found == sorted((expires_at, left) for expires_at, left in free if left)

    @invariant()
    def books_balance(self) -> None:
        self.run(check_all(self.shop))
        entries, uses = self.run(self.shop.rows(PointsTransaction)), self.run(self.shop.rows(PointsLotUse))
        lots = self.run(self.shop.rows(PointsLot))
        for account in self.run(self.shop.rows(CustomerPointsBalance)):
            own = [entry for entry in entries if entry.customer_id == account.customer_id]
            in_lots = sum(lot.remaining for lot in lots if lot.customer_id == account.customer_id)
            assert sum(entry.points for entry in own) == account.current_balance
            assert account.current_balance == in_lots + account.held - account.debt
            assert account.debt == self.ledgers[self.customers.index(account.customer_id)].debt
            totals = account.total_points_earned - account.total_points_redeemed - account.total_points_expired
            assert totals == account.current_balance
            # every entry starts where another ends: one chain from nothing to the balance
            starts = [entry.balance_after - entry.points for entry in own]
            assert sorted([*starts, account.current_balance]) == sorted([0, *(it.balance_after for it in own)])
        taken: defaultdict[UUID, int] = defaultdict(int)
        for use in uses:
            taken[use.lot_id] += use.points if use.state != "returned" else 0
        assert all(lot.points == lot.remaining + taken[lot.id] for lot in lots)

    @invariant()
    def stock_is_right(self) -> None:
        stock = {reward.id: reward.stock_quantity for reward in self.run(self.shop.rows(Reward))}
        assert [stock[reward.id] for reward in self.rewards] == self.stock

    @invariant()
    def campaigns_are_counted(self) -> None:
        """What it gave and still stands: at most twice a customer, whatever came back."""
        given = [known.person for known in self.bought if known.bonus and not known.undone]
        counts = self.run(self.shop.counts()).get(self.campaign.id, Counts())
        assert counts == Counts(len(set(given)), len(given))
        assert all(given.count(person) <= 2 for person in given)

    # -- counting --------------------------------------------------------------------------------------------

    def expected_balance(self, person: int) -> Balance:
        ledger, pending = self.ledgers[person], self.pending(person)
        overdue = frozenset(code.name for code in pending if self.is_overdue(code))
        free = ledger.free(self.now, overdue)
        held = sum(code.issued.reward.points_required for code in pending if code.name not in overdue)
        expiring, first = ledger.expiring(self.now, SOON, overdue)
        waiting = [lot for lot in ledger.pending(self.now) if lot.count("free")]
        owed = max(0, ledger.debt - free)
        assert not (owed and waiting)  # pending points have paid before: they never wait beside a debt
        return Balance(
            points=max(0, free - ledger.debt),
            held=held,
            debt=owed,
            expiring=expiring,
            expires_at=first,
            pending=sum(lot.count("free") for lot in waiting),
            pending_until=waiting[0].available_at if waiting else None,
        )

    def expected_bonus(self, person: int, amount: int) -> int:
        own = [known for known in self.bought if known.person == person and known.bonus and not known.undone]
        runs = self.campaign.starts_at <= self.now < self.campaign.ends_at
        return 10 if runs and amount >= 200_000 and len(own) < 2 else 0

    def pending(self, person: int) -> list[Code]:
        return [code for code in self.codes if code.person == person and code.status == "pending"]

    def is_overdue(self, code: Code) -> bool:
        return code.issued.expires_at <= self.now

    def reward_of(self, code: Code) -> int:
        return [reward.id for reward in self.rewards].index(code.issued.reward.id)

    def give_up(self, code: Code, status: str) -> None:
        code.status = status
        self.ledgers[code.person].release(code.name, self.now)
        self.move_stock(self.reward_of(code), 1)

    def move_stock(self, number: int, pieces: int) -> None:
        stock = self.stock[number]
        self.stock[number] = None if stock is None else stock + pieces
