"""The tables of a business file that say who the business is, who works there, and what it answers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from models.people.leads import CONVERTED_REVENUE, HOT_REVENUE
from models.people.tables import Role
from models.tenancy.file_mistakes import refuse, repeats
from models.tenancy.file_part import Part
from models.tenancy.file_values import (
    Code,
    Country,
    Currency,
    Language,
    Money,
    Phone,
    Pin,
    Slug,
    Text,
    Zone,
)

RoleName = Annotated[Role, Field(strict=False)]


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


class Leads(Part):
    """[leads]. What a customer's visits must bring in, more than, to be a hot lead and to be converted."""

    hot_revenue: Money = HOT_REVENUE
    converted_revenue: Money = CONVERTED_REVENUE

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        wrong = self.converted_revenue < self.hot_revenue
        refuse([(("converted_revenue",), "may not be less than hot_revenue")] if wrong else [])
        return self


class FaqEntry(Part):
    """[[faqs]]. `aliases` are other ways to ask."""

    question: Text
    answer: Text
    aliases: list[Text] = []
    category: Text = "general"
