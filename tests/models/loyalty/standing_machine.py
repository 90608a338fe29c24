"""A customer who buys, returns, spends and waits in any order, checked against a list of what was bought."""

from asyncio import AbstractEventLoop, run_coroutine_threadsafe
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.db import Database
from models.loyalty import tiers
from models.loyalty.redemptions import Issued
from models.loyalty.standing_tables import TierEventKind
from models.loyalty.tables import Reward
from models.loyalty.tiers import Policy, Standing, Tier, Warned
from tests.models.loyalty import climbing
from tests.models.loyalty.climbing import LAGOS, TIERS
from tests.models.loyalty.shop import Shop, make_shop

T = TypeVar("T")
A_POINT = 10_000
POLICY = Policy(1, date.min, tuple(Tier(name, points) for name, points in TIERS.items()), months=1)
THIRD, BONUS = 3, 40
"""The third purchase that stands is worth so many points more."""


@dataclass
class Bought:
    """A purchase: what it was, and what of it has come back."""

    purchase_id: UUID
    day: date
    amount: int
    back: int = 0
    undone: bool = False

    @property
    def points(self) -> int:
        return 0 if self.undone else self.amount // A_POINT - self.amount // A_POINT * self.back // self.amount


class StandingMachine(RuleBasedStateMachine):
    """Everything is asked in the loop of the test."""

    shop: Shop
    reward: Reward

    def __init__(self, database: Database, loop: AbstractEventLoop) -> None:
        super().__init__()
        self.database = database
        self.loop = loop
        self.bought: list[Bought] = []
        self.awarded: date | None = None
        self.warned: list[Warned] = []
        self.kept = "bronze"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return run_coroutine_threadsafe(work, self.loop).result(timeout=10)

    @property
    def today(self) -> date:
        return self.shop.now.astimezone(LAGOS).date()

    @initialize()
    def open(self) -> None:
        self.shop = self.run(make_shop(self.database))
        self.run(climbing.open_tiers(self.shop))
        self.run(climbing.goal(self.shop, points=BONUS, purchases=THIRD))
        self.run(self.shop.rule())
        self.reward = self.run(self.shop.reward(30))

    # -- what happens ----------------------------------------------------------------------------------------

    @rule(points=st.integers(1, 130))
    def buy(self, points: int) -> None:
        logged = self.run(self.shop.bought(points * A_POINT, expire_days=40))
        self.bought.append(Bought(logged.purchase_id, self.today, points * A_POINT))
        if self.awarded is None and self.standing_purchases() >= THIRD:
            self.awarded = self.today
            assert [one.points for one in logged.led_to.achieved] == [BONUS]
        before, self.kept = self.kept, self.expected().tier.name
        moved = logged.led_to.moved
        assert (moved.after if moved else before) == self.kept

    @rule(data=st.data())
    @precondition(lambda self: self.bought)
    def bring_back(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.bought))
        self.run(self.shop.undo(known.purchase_id))
        if not known.undone:
            known.undone = True
            self.forget_award()
            self.kept = self.expected().tier.name

    @rule(data=st.data(), share=st.integers(1, 9))
    @precondition(lambda self: any(not one.undone for one in self.bought))
    def bring_back_a_part(self, data: st.DataObject, share: int) -> None:
        known = data.draw(st.sampled_from([one for one in self.bought if not one.undone]))
        part = max(1, (known.amount - known.back) * share // 10)
        self.run(self.shop.return_part(known.purchase_id, part))
        known.back += part
        known.undone = known.back == known.amount
        self.forget_award()
        self.kept = self.expected().tier.name

    @rule()
    def spend(self) -> None:
        """Spending never lowers a tier."""
        issued = self.run(self.shop.issue(self.reward))
        if isinstance(issued, Issued):
            self.run(self.shop.fulfil(issued.code))

    @rule()
    def close_the_books(self) -> None:
        """Nor does expiry."""
        self.run(self.shop.expire())

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.shop = self.shop.later(days=days)

    @rule()
    def review(self) -> None:
        """The clock's look at tiers, as often as it comes: who is warned is not warned again."""
        due = self.expected()
        told = self.run(climbing.review(self.shop))
        before, self.kept = self.kept, due.tier.name
        if told and told[0].moved is None:
            self.warned.append(Warned(due.tier.name, due.until or self.today, self.today))
            assert due.needs_warning(self.today)
        if before != self.kept:
            assert [one.moved.after for one in told if one.moved] == [self.kept]

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def the_tier_is_that_of_the_past_from_zero(self) -> None:
        found = self.run(climbing.standing(self.shop))
        assert (found.tier, found.until, found.points) == (
            self.expected().tier,
            self.expected().until,
            self.expected().points,
        )
        customer = self.run(climbing.customer(self.shop))
        assert (customer.tier or "bronze") == self.kept

    @invariant()
    def achievements_are_those_of_the_past_from_zero(self) -> None:
        has = [one.at.astimezone(LAGOS).date() for one in self.run(climbing.achieved(self.shop))]
        assert has == ([self.awarded] if self.awarded else [])

    @invariant()
    def changes_are_one_chain(self) -> None:
        changes = [one for one in self.run(climbing.events(self.shop)) if one.kind != TierEventKind.WARNED]
        names = ["bronze", *(one.after for one in changes)]
        assert [one.before for one in changes] == names[:-1]
        assert names[-1] == self.kept

    # -- counting --------------------------------------------------------------------------------------------

    def expected(self) -> Standing:
        earned: defaultdict[date, int] = defaultdict(int)
        for one in self.bought:
            earned[one.day] += one.points
        if self.awarded:
            earned[self.awarded] += BONUS
        return tiers.standing(earned, [POLICY], self.warned, self.today)

    def standing_purchases(self) -> int:
        return sum(not one.undone for one in self.bought)

    def forget_award(self) -> None:
        if self.standing_purchases() < THIRD:
            self.awarded = None
