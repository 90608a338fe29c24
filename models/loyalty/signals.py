"""Unusual patterns at the till, told with their figures. Nobody is accused and nothing is blocked: somebody looks.

Each signal is a pure function of what was logged. Its limits are chosen so that an ordinary week says nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

FAITHFUL_VISITS, OTHERS_SHARE = 5, 0.5
"""So many purchases of one customer, all logged by one member of staff, while others log at least this share."""
USUAL_FROM, TIMES_THE_USUAL = 10, 5
"""Points of one purchase over five times the median, where ten purchases say what is usual."""
BY_HAND_TIMES, BY_HAND_SHARE = 3, 0.2
"""Adjustments, and their share of all the points that the same person gave."""
QUICK, QUICK_TIMES = timedelta(minutes=5), 3
"""A reward handed over so soon after points by the same person for the same customer, so often."""
SPLIT_WITHIN, SPLIT_INTO = timedelta(minutes=10), 3
"""Purchases of one customer logged by one person within so long."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase that stands: `amount` in minor units."""

    customer_id: UUID
    user_id: UUID
    amount: int
    points: int
    at: datetime
    by_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """An entry of the ledger that somebody made; `is_alone` if an owner adjusted who had nobody to ask."""

    customer_id: UUID
    user_id: UUID
    kind: str
    points: int
    at: datetime
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Till:
    """What was logged: in the week, and in the weeks up to its end. `is_open` says whether the shop was, at a time."""

    since: datetime
    sales: Sequence[Sale]
    moves: Sequence[Move]
    is_open: Callable[[datetime], bool]

    @property
    def week(self) -> list[Sale]:
        return [sale for sale in self.sales if sale.at >= self.since]


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern: who is behind it, with whom if there is one customer, and its figures."""

    kind: str
    user_id: UUID
    figures: dict[str, int]
    customer_id: UUID | None = None

    def kept(self) -> dict[str, Any]:
        """As a digest keeps it."""
        return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(self).items()}


def findings(till: Till) -> list[Finding]:
    """Everything unusual, in the order in which it is told."""
    return [found for signal in _SIGNALS for found in signal(till)]


def _always_the_same(till: Till) -> Iterator[Finding]:
    """One customer is always served by one member of staff, though others work too."""
    logged: dict[UUID, list[UUID]] = defaultdict(list)
    for sale in till.sales:
        logged[sale.customer_id].append(sale.user_id)
    everybody = Counter(sale.user_id for sale in till.sales)
    seen_lately = {sale.customer_id for sale in till.week}
    for customer_id, users in logged.items():
        user_id, visits = users[0], len(users)
        others = 1 - everybody[user_id] / len(till.sales)
        only_one = len(set(users)) == 1 and visits >= FAITHFUL_VISITS
        if only_one and others >= OTHERS_SHARE and customer_id in seen_lately:
            yield Finding("always_the_same", user_id, {"times": visits}, customer_id)


def _many_points(till: Till) -> Iterator[Finding]:
    """Points per purchase far above the usual."""
    usual = median([sale.points for sale in till.sales] or [0])
    if len(till.sales) < USUAL_FROM or not usual:
        return
    by_user: dict[UUID, list[int]] = defaultdict(list)
    for sale in till.week:
        if sale.points > TIMES_THE_USUAL * usual:
            by_user[sale.user_id].append(sale.points)
    for user_id, points in by_user.items():
        yield Finding("many_points", user_id, {"times": len(points), "most": max(points), "usual": round(usual)})


def _after_hours(till: Till) -> Iterator[Finding]:
    """Purchases logged while the shop was closed; receipts are looked at whenever somebody has time."""
    closed = Counter(sale.user_id for sale in till.week if not sale.by_receipt and not till.is_open(sale.at))
    for user_id, times in closed.items():
        yield Finding("after_hours", user_id, {"times": times})


def _by_hand(till: Till) -> Iterator[Finding]:
    """Points by hand are a large part of all that somebody gave."""
    earned = Counter[UUID]()
    for sale in till.week:
        earned[sale.user_id] += sale.points
    adjusted: dict[UUID, list[int]] = defaultdict(list)
    for move in till.moves:
        if move.kind == "adjusted" and move.points > 0:
            adjusted[move.user_id].append(move.points)
    for user_id, points in adjusted.items():
        share = sum(points) / (sum(points) + earned[user_id])
        if len(points) >= BY_HAND_TIMES and share >= BY_HAND_SHARE:
            figures = {"times": len(points), "points": sum(points), "percent": round(100 * share)}
            yield Finding("by_hand", user_id, figures)


def _spent_at_once(till: Till) -> Iterator[Finding]:
    """Points given and spent within minutes, both by the same person."""
    given: dict[tuple[UUID, UUID], list[datetime]] = defaultdict(list)
    for move in till.moves:
        if move.kind in ("earned", "adjusted") and move.points > 0:
            given[move.user_id, move.customer_id].append(move.at)
    quick = Counter(
        move.user_id
        for move in till.moves
        if move.kind == "redeemed"
        and any(timedelta() <= move.at - at <= QUICK for at in given[move.user_id, move.customer_id])
    )
    for user_id, times in quick.items():
        if times >= QUICK_TIMES:
            yield Finding("spent_at_once", user_id, {"times": times, "minutes": QUICK // timedelta(minutes=1)})


def _split(till: Till) -> Iterator[Finding]:
    """One bill in many parts: each earns what is given once per purchase."""
    together: dict[tuple[UUID, UUID], list[datetime]] = defaultdict(list)
    for sale in till.week:
        together[sale.user_id, sale.customer_id].append(sale.at)
    for (user_id, customer_id), moments in together.items():
        most = max(sum(timedelta() <= at - first <= SPLIT_WITHIN for at in moments) for first in moments)
        if most >= SPLIT_INTO:
            figures = {"times": most, "minutes": SPLIT_WITHIN // timedelta(minutes=1)}
            yield Finding("split", user_id, figures, customer_id)


def _alone(till: Till) -> Iterator[Finding]:
    """What an owner did who had nobody to ask."""
    for move in till.moves:
        if move.is_alone:
            yield Finding("alone", move.user_id, {"points": move.points}, move.customer_id)


_SIGNALS = (_always_the_same, _many_points, _after_hours, _by_hand, _spent_at_once, _split, _alone)
