"""How a customer has risen, in words: told with a receipt, with points for a friend, on a birthday."""

from flows.context import TurnContext, locale_of
from flows.reply import Reply
from models.loyalty import standings
from models.loyalty.rising import Consequences
from models.people.tables import Customer
from prompts import say


def tier_name(name: str) -> str:
    """A tier as it stands in a sentence: "Gold"."""
    return name[:1].upper() + name[1:]


def news(consequences: Consequences, locale: str) -> list[str]:
    """A line for each thing achieved, and one for a new tier."""
    lines = [
        say(
            "rising-achieved",
            {"name": one.name, "icon": one.icon or "", "has_icon": bool(one.icon), "points": one.points},
            locale,
        )
        for one in consequences.achieved
    ]
    moved = consequences.moved
    if moved is not None and moved.is_up:
        lines.append(say("rising-tier", {"tier": tier_name(moved.after), "discount": moved.discount}, locale))
    return lines


async def at_counter(context: TurnContext, customer: Customer, name: str) -> str:
    """Who it is as staff read it: with the tier, if it gives a discount."""
    tier = await standings.tier_of(context.tx, customer)
    if not tier.discount:
        return name
    return context.word("standing-at-counter", customer=name, tier=tier_name(tier.name), discount=tier.discount)


def tell_news(context: TurnContext, customer: Customer, consequences: Consequences) -> None:
    """Tells the customer at once, if there is something to tell."""
    locale = locale_of(customer.language, context.tenant)
    if lines := news(consequences, locale):
        business = context.tenant.business_name
        context.notify(customer, Reply("rising-news", {"business": business, "lines": "\n".join(lines)}))
