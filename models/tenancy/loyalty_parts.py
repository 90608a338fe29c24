"""The tables of a business file that say what earns points, and what they buy."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from models.tenancy.campaign_parts import CampaignPlan
from models.tenancy.file_mistakes import Mistake, refuse, repeats
from models.tenancy.file_part import Part, never, repeated
from models.tenancy.file_values import (
    Begin,
    Days,
    End,
    Money,
    Positive,
    Text,
    Whole,
)
from models.tenancy.standing_parts import USUAL_TIERS, AchievementGoal, TierLevel, tier_mistakes

RuleName = Literal["per_purchase", "per_amount_spent", "first_purchase_bonus", "referral", "birthday", "milestone"]

# what a rule cannot count without, and no other rule knows
_FIGURE_OF_RULE = {"per_amount_spent": "per", "milestone": "purchases"}
# what only a rule for a purchase can ask for: a birthday has no amount
_OF_A_PURCHASE = ("minimum", "categories")


class Rule(Part):
    """[[loyalty.rules]]. What earns points; `per` and `minimum` are amounts, `purchases` a number of them.

    `friend_points` are for the friend whom a referral brings. The rule counts from the beginning of `valid_from` to
    the end of `valid_until`.
    """

    name: Text
    type: RuleName
    points: Positive
    per: Money | None = None
    minimum: Money | None = None
    purchases: Positive | None = None
    friend_points: Positive | None = None
    categories: list[Text] = []
    priority: Whole = 0
    valid_from: Begin | None = None
    valid_until: End | None = None

    @model_validator(mode="after")
    def _has_its_figures(self) -> Self:
        refuse(self._figure_mistakes())
        return self

    def _figure_mistakes(self) -> Iterator[Mistake]:
        for rule, figure in _FIGURE_OF_RULE.items():
            is_given = getattr(self, figure) is not None
            if rule == self.type and not is_given:
                yield (figure,), f"is missing: a {self.type} rule needs it"
            elif rule != self.type and is_given:
                yield (figure,), f"does not belong to a {self.type} rule"
        if self.per == 0:
            yield ("per",), "must be more than 0"
        if self.friend_points is not None and self.type != "referral":
            yield ("friend_points",), f"does not belong to a {self.type} rule"
        for figure in _OF_A_PURCHASE if self.type == "birthday" else ():
            if getattr(self, figure):
                yield (figure,), "does not belong to a birthday rule"
        yield from never(self.valid_from, self.valid_until, "valid_until")


class RewardOffer(Part):
    """[[loyalty.rewards]]. Without `stock` there is no end of it."""

    name: Text
    points: Positive
    stock: Whole | None = None
    description: Text | None = None
    limit_per_customer: Positive | None = None
    category: Text | None = None


class Loyalty(Part):
    """[loyalty]. An amount above `purchase_ceiling` is asked for again. Without an expiry points stay.

    From `adjustment_threshold` points on an adjustment by hand needs an owner's yes. A customer may send
    `receipts_per_day` pictures of receipts; 0 takes none.
    `categories` are what a purchase can be of; where there are some, staff are asked. Points wait out
    `return_window_days` before they can be spent. Customers are told `expiry_notice_days` before points expire; 0 is
    not at all.
    A tier lasts `tier_months`, 0 for ever; those with priority book `priority_days` further ahead. A customer is paid
    for up to `referrals_per_month` friends without asking the owner, who buy within `referral_days`.
    """

    points_expire_after_days: Days | None = None
    purchase_ceiling: Money | None = None
    categories: list[Text] = []
    adjustment_threshold: Positive = 500
    receipts_per_day: Whole = 3
    return_window_days: Annotated[int, Field(ge=0, le=366)] = 0
    expiry_notice_days: Annotated[int, Field(ge=0, le=60)] = 3
    tier_months: Annotated[int, Field(ge=0, le=120)] = 12
    priority_days: Annotated[int, Field(ge=0, le=366)] = 7
    referrals_per_month: Whole = 5
    referral_days: Days = 90
    rules: list[Rule] = []
    rewards: list[RewardOffer] = []
    campaigns: list[CampaignPlan] = []
    tiers: list[TierLevel] = USUAL_TIERS
    achievements: list[AchievementGoal] = []

    @field_validator("rules", "rewards", "campaigns", "tiers", "achievements")
    @classmethod
    def _names_differ(cls, parts: list[Part]) -> list[Part]:
        refuse(repeated(parts, "name"))
        return parts

    @field_validator("categories")
    @classmethod
    def _differ(cls, categories: list[str]) -> list[str]:
        refuse(repeats(((i,), category) for i, category in enumerate(categories)))
        return categories

    @model_validator(mode="after")
    def _tiers_go_up(self) -> Self:
        refuse(tier_mistakes(self.tiers))
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        refuse(
            [
                *self._unknown("rules", "categories"),
                *self._unknown("campaigns", "categories"),
                *self._unknown("campaigns", "rewards"),
            ]
        )
        return self

    def _unknown(self, table: str, key: str) -> Iterator[Mistake]:
        known = self.categories if key == "categories" else [reward.name for reward in self.rewards]
        for i, part in enumerate(getattr(self, table)):
            for j, name in enumerate(getattr(part, key)):
                if name not in known:
                    yield (table, i, key, j), f'"{name}" is not under loyalty.{key}'
