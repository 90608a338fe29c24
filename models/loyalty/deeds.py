"""What a customer has done, and whether it achieves something: pure functions of days, amounts and friends.

Every criterion only grows with what is done: what was achieved stays so until something is taken back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought on one day of the shop's calendar; `spent` in minor units."""

    day: date
    purchases: int
    spent: int


@dataclass(frozen=True, slots=True)
class Deeds:
    """The days with a purchase, earliest first, and the days on which a friend was paid for."""

    bought: Sequence[Bought] = ()
    friends: Sequence[date] = ()

    def within(self, period: str) -> "Deeds":
        """Those of one period: "ever", "2026" or "2026-11"."""
        if period == "ever":
            return self
        return Deeds(
            tuple(one for one in self.bought if str(one.day).startswith(period)),
            tuple(day for day in self.friends if str(day).startswith(period)),
        )


def is_reached(criteria: Mapping[str, int], deeds: Deeds) -> bool:
    """Whether all that is asked for is reached."""
    return all(measure(name, deeds) >= figure for name, figure in criteria.items())


def measure(criterion: str, deeds: Deeds) -> int:
    """How far the customer has got with one of the criteria. Raises KeyError for one that there is not."""
    return _MEASURES[criterion](deeds)


def _streak(deeds: Deeds) -> int:
    """The longest row of weeks, from Monday on, with a purchase in each."""
    weeks = sorted({one.day - timedelta(days=one.day.weekday()) for one in deeds.bought})
    longest = length = min(1, len(weeks))
    for before, week in pairwise(weeks):
        length = length + 1 if week - before == _WEEK else 1
        longest = max(longest, length)
    return longest


_MEASURES: Mapping[str, Callable[[Deeds], int]] = {
    "purchases": lambda deeds: sum(one.purchases for one in deeds.bought),
    "spent": lambda deeds: sum(one.spent for one in deeds.bought),
    "distinct_days": lambda deeds: len(deeds.bought),
    "referrals": lambda deeds: len(deeds.friends),
    "streak_weeks": _streak,
}
