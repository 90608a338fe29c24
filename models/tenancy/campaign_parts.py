"""The campaigns of a business file."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.tenancy.file_mistakes import Mistake, refuse
from models.tenancy.file_part import Part, never
from models.tenancy.file_values import Begin, End, Money, Positive, Text, Whole

# what each type needs (one of these), and what it may have
_FIGURES = {
    "bonus_points": (("points",), ("minimum", "categories", "limit_per_customer")),
    "double_points": ((), ("multiplier", "minimum", "categories", "limit_per_customer")),
    "reward_discount": (("points", "percent"), ("rewards",)),
    "referral": (("points",), ("friend_points",)),
    "reactivation": (("points",), ("minimum", "categories", "limit_per_customer")),
}
FIGURES = (
    *("points", "friend_points", "multiplier", "percent", "rewards"),
    *("minimum", "categories", "limit_per_customer"),
)
"""What `campaigns.config` holds."""


class Segment(Part):
    """[loyalty.campaigns.customers]. Whom a campaign is for: everybody, or who fits all of these; any tag will do."""

    tags: list[Text] = []
    min_purchases: Whole | None = None
    max_purchases: Whole | None = None
    inactive_days: Annotated[int, Field(gt=0, le=3660)] | None = None


class CampaignPlan(Part):
    """[[loyalty.campaigns]]. From the beginning of `starts` to the end of `ends`; a `draft` waits to be launched.

    `points` are what there is on top, or what a reward costs less; `percent` of its price is the other way.
    """

    name: Text
    type: Literal["bonus_points", "double_points", "reward_discount", "referral", "reactivation"]
    starts: Begin
    ends: End
    description: Text | None = None
    draft: bool = False
    points: Positive | None = None
    friend_points: Positive | None = None
    multiplier: Annotated[int, Field(ge=2, le=100)] | None = None
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    rewards: list[Text] = []
    minimum: Money | None = None
    categories: list[Text] = []
    limit_per_customer: Positive | None = None
    customers: Segment = Segment()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse([*self._figure_mistakes(), *never(self.starts, self.ends, "ends")])
        return self

    def _figure_mistakes(self) -> Iterator[Mistake]:
        needed, allowed = _FIGURES[self.type]
        given = [figure for figure in FIGURES if getattr(self, figure)]
        if needed and not set(needed) & set(given):
            yield (needed[0],), f"is missing: a {self.type} campaign needs {' or '.join(needed)}"
        if set(needed) > {"points"} and {*needed} <= {*given}:
            yield (needed[1],), f"and {needed[0]} cannot both be: give one"
        for figure in given:
            if figure not in (*needed, *allowed):
                yield (figure,), f"does not belong to a {self.type} campaign"
        if self.type == "reactivation" and self.customers.inactive_days is None:
            yield ("customers", "inactive_days"), "is missing: a reactivation campaign needs it"
