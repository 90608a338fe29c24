"""The tables of a business file, one class each: everything an owner can decide."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from models.booking.openings import Window
from models.booking.tables import FollowUpType
from models.people.leads import CONVERTED_REVENUE, HOT_REVENUE
from models.people.tables import Role
from models.tenancy.campaign_parts import CampaignPlan
from models.tenancy.file_mistakes import Mistake, refuse, repeats
from models.tenancy.file_part import Part, never, repeated
from models.tenancy.file_values import (
    Begin,
    Code,
    Country,
    Currency,
    Day,
    End,
    Language,
    Lead,
    Money,
    Phone,
    Pin,
    Positive,
    Slug,
    Stretches,
    Text,
    Whole,
    Zone,
)
from models.tenancy.standing_parts import USUAL_TIERS, AchievementGoal, TierLevel, tier_mistakes

RoleName = Annotated[Role, Field(strict=False)]
FollowUpName = Annotated[FollowUpType, Field(strict=False)]
RuleName = Literal["per_purchase", "per_amount_spent", "first_purchase_bonus", "referral", "birthday", "milestone"]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
Duration = Annotated[int, Field(gt=0, le=24 * 60)]
Days = Annotated[int, Field(gt=0, le=3660)]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# what a rule cannot count without, and no other rule knows
_FIGURE_OF_RULE = {"per_amount_spent": "per", "milestone": "purchases"}
# what only a rule for a purchase can ask for: a birthday has no amount
_OF_A_PURCHASE = ("minimum", "categories")


class BusinessFacts(Part):
    """[business]. `phone` is where a person answers; without it, the business's own number."""

    name: Text
    slug: Slug
    code: Code
    country: Country
    zone: Zone
    currency: Currency
    locale: Language = "en"
    address: Text | None = None
    email: Text | None = None
    phone: Phone | None = None


class Lines(Part):
    """[lines]. The business's own number, for all channels, and those it shares with others."""

    number: Phone
    shared: list[Phone] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        shared = [(("shared", i), number) for i, number in enumerate(self.shared)]
        refuse(repeats([(("number",), self.number), *shared]))
        return self


class StaffMember(Part):
    """[[staff]]. `roles` are those besides `role`. Without `pin` the one in force stays.

    `linked` are numbers of people close to them: a colleague logs, adjusts and approves for those. `bio` and
    `picture`, an address, are for customers to see.
    """

    name: Text
    phone: Phone
    role: RoleName
    roles: list[RoleName] = []
    linked: list[Phone] = []
    bio: Text | None = None
    picture: Text | None = None
    pin: Pin | None = None

    @model_validator(mode="after")
    def _linked_to_others(self) -> Self:
        own = [(("linked", i), "is their own number") for i, one in enumerate(self.linked) if one == self.phone]
        refuse([*own, *repeats((("linked", i), number) for i, number in enumerate(self.linked))])
        return self


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


class BookingRules(Part):
    """[booking]. When customers are reminded, and how long a time is kept for one who waits for it."""

    reminders: list[Lead] = ["24h", "2h"]
    waitlist_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 15

    @field_validator("reminders")
    @classmethod
    def _each_once(cls, reminders: list[str]) -> list[str]:
        refuse(repeats(((i,), kind) for i, kind in enumerate(reminders)))
        return reminders


class Leads(Part):
    """[leads]. What a customer's visits must bring in, more than, to be a hot lead and to be converted."""

    hot_revenue: Money = HOT_REVENUE
    converted_revenue: Money = CONVERTED_REVENUE

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        wrong = self.converted_revenue < self.hot_revenue
        refuse([(("converted_revenue",), "may not be less than hot_revenue")] if wrong else [])
        return self


class FollowUpRule(Part):
    """[services.follow_up]. After each visit somebody gets back to the customer: in how many days, and how."""

    days: Annotated[int, Field(ge=0, le=366)]
    kind: FollowUpName = FollowUpType.CHECK_IN


class Week(Part):
    """The stretches of wall time of each weekday; a day without any is closed."""

    monday: Stretches = ()
    tuesday: Stretches = ()
    wednesday: Stretches = ()
    thursday: Stretches = ()
    friday: Stretches = ()
    saturday: Stretches = ()
    sunday: Stretches = ()

    def windows(self) -> Iterator[tuple[int, Window]]:
        """Every stretch with its weekday, Monday = 0."""
        return ((day, window) for day, name in enumerate(WEEKDAYS) for window in getattr(self, name))


class OpeningHours(Week):
    """[hours], of the business or of one service."""

    breaks: Week = Week()

    def are_none(self) -> bool:
        return not any(self.windows())


class Meeting(Part):
    """[services.meeting], [resources.meeting]. Where people meet who do not meet in person."""

    platform: Text
    url: Text | None = None
    id: Text | None = None
    password: Text | None = None


class ResourceFacts(Part):
    """[[resources]]. Who or what is taken by a booking; `staff` is the phone of the person it is."""

    name: Text
    kind: Literal["person", "vehicle", "room", "places"]
    capacity: Positive = 1
    staff: Phone | None = None
    meeting: Meeting | None = None


class ServiceOffer(Part):
    """[[services]]. Starts lie `every` minutes apart, else one duration. Any one of `resources` will do.

    In place of `resources`, `needs` lists what it takes at once: any one of each list. Customers change their
    booking until `cutoff_hours` before it; what waits for approval or payment lapses after `pending_hours`.
    """

    name: Text
    slug: Slug
    description: Text = ""
    price: Money = 0
    minutes: Duration
    every: Duration | None = None
    buffer_before: Minutes = 0
    buffer_after: Minutes = 0
    notice_hours: Annotated[int, Field(ge=0, le=24 * 366)] = 0
    cutoff_hours: Annotated[int, Field(ge=0, le=24 * 366)] = 0
    days_ahead: Days = 30
    max_daily: Positive | None = None
    requires_payment: bool = False
    auto_confirm: bool = True
    pending_hours: Annotated[int, Field(gt=0, le=24 * 366)] = 24
    asks: list[Literal["seats", "address", "loads", "notes"]] = []
    resources: list[Text] = []
    needs: list[Annotated[list[Text], Field(min_length=1)]] = []
    meeting: Meeting | None = None
    follow_up: FollowUpRule | None = None
    hours: OpeningHours | None = None

    @property
    def groups(self) -> list[list[str]]:
        """What it takes at once: any one of each."""
        return self.needs or [self.resources]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse(self._mistakes())
        return self

    def _mistakes(self) -> Iterator[Mistake]:
        if self.requires_payment and self.price == 0:
            yield ("price",), "is missing: a service that requires payment has one"
        if not self.resources and not self.needs:
            yield ("resources",), "needs at least 1"
        if self.resources and self.needs:
            yield ("needs",), "stands in place of resources: write one of the two"


class SpecialDate(Part):
    """[[dates]]. A day that is not like others: closed, with `hours` of its own, or booked `max_bookings` times.

    It holds for all, or for one service (its slug) or one resource (its name).
    """

    date: Day
    closed: bool = False
    hours: Stretches = ()
    max_bookings: Positive | None = None
    service: Slug | None = None
    resource: Text | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        refuse(self._mistakes())
        return self

    def _mistakes(self) -> Iterator[Mistake]:
        if self.closed and (self.hours or self.max_bookings):
            yield ("closed",), "leaves no hours and no bookings: write either"
        if not (self.closed or self.hours or self.max_bookings):
            yield ("closed",), "is missing: say closed = true, hours or max_bookings"
        if self.max_bookings and self.resource:
            yield ("max_bookings",), "is for a service or for all: what a resource takes at once is its capacity"


class FaqEntry(Part):
    """[[faqs]]. `aliases` are other ways to ask."""

    question: Text
    answer: Text
    aliases: list[Text] = []
    category: Text = "general"
