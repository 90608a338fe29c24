"""A customer's tier: a pure function of what was earned on which day, the policies, the notices given, and a day.

Points that were earned count, whatever became of them: spending and expiry never lower a tier. What was taken back
counts as if it had never been earned, on the day it was. Days are those of the shop's calendar.

- **Up** at once, to the highest tier that the points of the last period pay for. It lasts a period from that day.
- **Kept** for another period if the points of the period that ends are enough again, or on the first day they are.
- **Down** one tier, after the end of the period, and never less than `NOTICE` after the customer was warned.

docs/decisions/0010 says why.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from models.loyalty.standing_tables import TierCause

AHEAD = timedelta(days=30)
"""So long before the end of a period a customer is warned who would lose the tier."""
NOTICE = timedelta(days=14)
"""So long at least a tier is kept after the warning."""
_DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Tier:
    """`points` are what it takes, `discount` is a percentage; who books with priority sees further ahead."""

    name: str
    points: int
    discount: int = 0
    priority_booking: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The tiers from the lowest up, which takes 0 points, and how long one lasts: `months`, or for ever if 0."""

    version: int
    since: date
    tiers: tuple[Tier, ...]
    months: int = _MONTHS

    def reached(self, points: int) -> int:
        """The place of the highest tier that so many points pay for."""
        return max(place for place, tier in enumerate(self.tiers) if tier.points <= max(points, 0))

    def place_of(self, tier: Tier) -> int:
        """The place of the tier of that name; of one that is gone, the highest that takes no more points."""
        named = (place for place, one in enumerate(self.tiers) if one.name == tier.name)
        return next(named, self.reached(tier.points))


DEFAULT = Policy(
    version=0,
    since=date.min,
    tiers=(
        Tier("bronze", 0),
        Tier("silver", 1_000, discount=5),
        Tier("gold", 2_500, discount=10, priority_booking=True),
        Tier("platinum", 5_000, discount=15, priority_booking=True),
    ),
)
"""What a business has that decides nothing else."""


@dataclass(frozen=True, slots=True)
class Warned:
    """The notice that `tier` would be lost after its last day `until`."""

    tier: str
    until: date
    day: date


@dataclass(frozen=True, slots=True)
class Change:
    """From one tier to another, on a day, for a cause."""

    day: date
    before: str
    after: str
    cause: TierCause


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's tier on a day, until when it is his at least, and what it takes to go on.

    `points` are those of the last period. `to_next` are missing to the tier `above`; `to_keep` to keep this one when
    its period ends, if `until` is in the past at once. It goes on the day `leaves` who was warned of it.
    """

    tier: Tier
    policy: Policy
    until: date | None
    points: int
    above: Tier | None
    to_next: int
    to_keep: int
    leaves: date | None
    changes: tuple[Change, ...]

    @property
    def is_lowest(self) -> bool:
        return self.tier == self.policy.tiers[0]

    def needs_warning(self, on: date) -> bool:
        """Whether it is time to say that the tier is about to be lost."""
        return self.until is not None and self.to_keep > 0 and on > self.until - AHEAD


def standing(earned: Mapping[date, int], policies: Sequence[Policy], warned: Collection[Warned], on: date) -> Standing:
    """The tier at the end of the day `on`, from the first day to that one.

    `policies` are in the order of their days, the first of them has always been. Nothing after `on` counts.
    """
    walk = _Walk(earned, policies, warned)
    switches = {policy.since for policy in policies[1:]}
    for day in sorted(one for one in {*earned, *switches} if one <= on):
        walk.lapse(day)
        walk.look(day)
    walk.lapse(on)
    return walk.standing(on)


@dataclass
class _Walk:
    """The way through the days. `until` is the last day of the tier's period."""

    earned: Mapping[date, int]
    policies: Sequence[Policy]
    warned: Collection[Warned]
    place: int = 0
    until: date | None = None
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.policy = self.policies[0]
        self._days = sorted(self.earned)
        self._sums = [0, *accumulate(self.earned[day] for day in self._days)]

    @property
    def tier(self) -> Tier:
        return self.policy.tiers[self.place]

    def points(self, day: date) -> int:
        """What was earned in the period that ends with this day."""
        before = (
            self._sums[bisect_right(self._days, months_later(day, -self.policy.months))] if self.policy.months else 0
        )
        return self._sums[bisect_right(self._days, day)] - before

    def look(self, day: date) -> None:
        """What the day brings: a newer policy, more points."""
        before = self.tier
        policy = [one for one in self.policies if one.since <= day][-1]
        cause = TierCause.EARNED
        if policy is not self.policy:
            self.place, self.policy, cause = policy.place_of(before), policy, TierCause.POLICY
        points = self.points(day)
        if (reached := policy.reached(points)) > self.place:
            self.place, self.until = reached, self._end(day)
        elif self.until is not None and self.until < day and points >= self.tier.points:
            self.until = self._end(day)
        if self.place == 0 or not policy.months:
            self.until = None
        elif self.until is None:
            self.until = self._end(day)
        self._note(day, before, cause)

    def lapse(self, day: date) -> None:
        """Periods that end before this day: kept, or lost after notice."""
        while self.until is not None and self.until < day:
            if self.points(self.until) >= self.tier.points:
                self.until = self._end(self.until)
                continue
            leaves = self._leaves()
            if leaves is None or leaves > day:
                return
            before = self.tier
            self.place -= 1
            self.until = self._end(leaves) if self.place else None
            self._note(leaves, before, TierCause.PERIOD_END)

    def _leaves(self) -> date | None:
        """The day on which the tier is lost; None without a warning."""
        given = [one.day for one in self.warned if (one.tier, one.until) == (self.tier.name, self.until)]
        return max(self.until + _DAY, min(given) + NOTICE) if given and self.until else None

    def _end(self, day: date) -> date | None:
        return months_later(day, self.policy.months) if self.policy.months else None

    def _note(self, day: date, before: Tier, cause: TierCause) -> None:
        if before.name != self.tier.name:
            self.changes.append(Change(day, before.name, self.tier.name, cause))

    def standing(self, on: date) -> Standing:
        points, tiers = self.points(on), self.policy.tiers
        above = tiers[self.place + 1] if self.place + 1 < len(tiers) else None
        return Standing(
            tier=self.tier,
            policy=self.policy,
            until=self.until,
            points=points,
            above=above,
            to_next=max(0, above.points - points) if above else 0,
            to_keep=(to_keep := self._to_keep(on)),
            leaves=self._leaves() if to_keep else None,
            changes=tuple(self.changes),
        )

    def _to_keep(self, on: date) -> int:
        if self.until is None:
            return 0
        # nothing has been earned after `on` yet: what counts at the end of the period is what is there now
        counted = {day: points for day, points in self.earned.items() if day <= on}
        ahead = _Walk(counted, (self.policy,), ())
        return max(0, self.tier.points - ahead.points(max(self.until, on)))


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or earlier; the last one of a month that is shorter."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
