"""Why somebody got so many points: each rule, the campaign and the rounding, from what was stored with them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flows import senses
from flows.flow import Flow, Slots
from flows.tables import NEXT, START, Ask
from models.loyalty import reasons
from models.loyalty.reasons import Reason
from models.people import members
from models.people.tables import Customer
from prompts import Money


class S(StrEnum):
    """What staff are asked: whose points."""

    CUSTOMER = "customer"


class Asked(Slots):
    """`customer` is a phone number in E.164, told by staff; `points` those that are asked about."""

    customer: str | None = None
    points: int | None = None


class Why(Flow):
    """The latest earning, or the latest of so many points. Customers ask about their own, staff about anybody's."""

    name = "why"
    first = "look"
    is_brief = True
    is_passing = True
    Slots = Asked
    asks = (Ask(S.CUSTOMER, (senses.phone,), then="look_for", when="is_staff"),)
    moves = (
        ("told", START, "told"),
        ("another", START, "another"),
        ("nothing", START, "nothing"),
        ("unknown", S.CUSTOMER, S.CUSTOMER),
        ("told", S.CUSTOMER, "told"),
        ("another", S.CUSTOMER, "another"),
        ("nothing", S.CUSTOMER, "nothing"),
    )

    def is_staff(self) -> bool:
        return self.context.staff is not None

    async def look(self) -> str:
        return NEXT if self.is_staff() else await self._tell(self.context.customer)

    async def look_for(self) -> str:
        customer = await members.find_customer(self.context.tx, self.slots.customer)
        return "unknown" if customer is None else await self._tell(customer)

    async def _tell(self, customer: Customer) -> str:
        tx, asked = self.context.tx, self.slots.points
        reason = await reasons.latest(tx, customer.id, asked) or await reasons.latest(tx, customer.id)
        if reason is None:
            return "nothing"
        self.values = {
            "asked": asked or 0,
            "points": reason.points,
            "date": self.context.local(reason.at).date(),
            "amount": _money(reason, reason.amount),
            "lines": "\n".join(self._lines(reason)),
        }
        return "told" if asked in (None, reason.points) else "another"

    def _lines(self, reason: Reason) -> list[str]:
        word = self.context.word
        lines = [word("why-rule", **_of_rule(reason, rule)) for rule in reason.rules]
        if reason.campaign:
            lines.append(word("why-campaign", **_of_campaign(reason, reason.campaign)))
        if reason.achievement:
            lines.append(word("why-achievement", achievement=reason.achievement))
        if not lines:
            lines.append(word("why-source", source=reason.source or "other"))
        if reason.available_at > self.context.now:
            until = self.context.local(reason.available_at).date()
            lines.append(word("why-pending", until=until))
        if reason.taken_back:
            lines.append(word("why-taken-back", points=reason.taken_back))
        return lines


def _of_rule(reason: Reason, rule: Mapping[str, Any]) -> dict[str, object]:
    """The rule in figures as it was then; what a type of rule does not know is 0."""
    inputs, config = rule["inputs"], rule["inputs"].get("config", {})
    amount, per = inputs.get("amount", 0), config.get("per", 0)
    rounded = bool(per) and amount * config.get("points", 0) % per != 0
    return {
        "rule": rule["rule_name"],
        "points": rule["points"],
        "type": inputs.get("type", "other"),
        "each": config.get("points", 0),
        "per": _money(reason, per),
        "amount": _money(reason, amount),
        "rounded": "yes" if rounded else "no",
        "purchase": inputs.get("purchase", 0),
        "every": config.get("purchases", 0),
        "category": inputs.get("category") or "none",
    }


def _of_campaign(reason: Reason, campaign: Mapping[str, Any]) -> dict[str, object]:
    config = campaign["inputs"].get("config", {})
    return {
        "campaign": campaign["name"],
        # of a friend brought along each of the two gets a share of his own, and an entry for it alone
        "points": campaign["points"] if reason.rules else reason.points,
        "type": campaign["type"],
        "multiplier": config.get("multiplier", 2),
    }


def _money(reason: Reason, amount: int | None) -> object:
    return Money(amount, reason.currency) if amount and reason.currency else "none"
