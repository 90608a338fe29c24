"""The tables of a business file that say how customers rise: tiers, and what can be achieved."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.loyalty import tiers
from models.tenancy.file_mistakes import Mistake, refuse
from models.tenancy.file_part import Part
from models.tenancy.file_values import Money, Positive, Text, Whole

Percent = Annotated[int, Field(ge=0, le=100)]
CRITERIA = ("purchases", "spent", "distinct_days", "referrals", "streak_weeks")


class TierLevel(Part):
    """[[loyalty.tiers]]. What a customer is who has earned `points` in a period, and what comes with it."""

    name: Text
    points: Whole
    discount: Percent = 0
    priority_booking: bool = False


USUAL_TIERS = [
    TierLevel(name=one.name, points=one.points, discount=one.discount, priority_booking=one.priority_booking)
    for one in tiers.DEFAULT.tiers
]


def tier_mistakes(levels: list[TierLevel]) -> Iterator[Mistake]:
    """Tiers go up from one that takes nothing."""
    if not levels:
        yield ("tiers",), "may not be empty: leave it out for the usual ones, or name one tier of 0 points for none"
    elif levels[0].points:
        yield ("tiers", 0, "points"), "must be 0: everybody begins in the first tier"
    elif levels[0].priority_booking:
        yield ("tiers", 0, "priority_booking"), "belongs to a higher tier: everybody begins in this one"
    for place, (below, level) in enumerate(pairwise(levels), 1):
        if level.points <= below.points:
            yield ("tiers", place, "points"), f'must be more than those of "{below.name}"'


class AchievementGoal(Part):
    """[[loyalty.achievements]]. All that is asked for must be reached: once, or once every year or month.

    `spent` is an amount, `distinct_days` are days with a purchase, `streak_weeks` weeks with one that follow each
    other. `points` are given for it.
    """

    name: Text
    description: Text | None = None
    icon: Text | None = None
    points: Whole = 0
    every: Literal["year", "month"] | None = None
    purchases: Positive | None = None
    spent: Money | None = None
    distinct_days: Positive | None = None
    referrals: Positive | None = None
    streak_weeks: Positive | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        missing = not any(getattr(self, one) for one in CRITERIA)
        refuse([((), f"asks for nothing: give it one of {', '.join(CRITERIA)}")] if missing else [])
        return self

    def criteria(self) -> dict[str, int]:
        """What it takes, as `loyalty_achievements.criteria` holds it."""
        return {one: figure for one in CRITERIA if (figure := getattr(self, one))}
