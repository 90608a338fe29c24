"""What is said to the two people of a referral when it is paid, and to the owner when it is doubtful."""

from collections.abc import Iterator

from flows.context import TurnContext, locale_of
from flows.reply import Choice, Reply, starting
from flows.rising import news
from models.loyalty.referral_payment import Case, Doubtful, Paid
from models.loyalty.rising import Consequences
from models.people.members import name_of
from models.people.tables import Customer
from models.tenancy.tables import Tenant
from prompts import say


def paid_news(paid: Paid, tenant: Tenant) -> Iterator[tuple[Customer, Reply]]:
    """Whom to tell what: each of both who got points."""
    case = paid.case
    if paid.points:
        named = {**_named(case.friend), "points": paid.points}
        yield case.referrer, _reply("referral-paid", named, case.referrer, paid.risen, tenant)
    if paid.friend_points:
        named = {**_named(case.referrer), "points": paid.friend_points}
        yield case.friend, _reply("referral-welcome", named, case.friend, paid.friend_risen, tenant)


def tell_both(context: TurnContext, paid: Paid) -> None:
    """In a turn of the owner's."""
    for customer, reply in paid_news(paid, context.tenant):
        context.notify(customer, reply)


def doubt_news(doubtful: Doubtful, owner: Customer, tenant: Tenant) -> Reply:
    """What the owner is asked, with a yes and a no to press."""
    case, locale = doubtful.case, locale_of(owner.language, tenant)
    choices = tuple(
        Choice(
            starting("referral_review", referral=case.referral.id, decision=decision),
            say(f"referral-review-{decision}", {}, locale),
        )
        for decision in ("approve", "refuse")
    )
    facts = {"referrer": _full(case, "referrer"), "friend": _full(case, "friend"), "doubt": doubtful.doubt}
    return Reply("referral-doubt", facts, choices)


def _reply(key: str, named: dict[str, object], customer: Customer, risen: Consequences, tenant: Tenant) -> Reply:
    lines = "".join(f"\n{line}" for line in news(risen, locale_of(customer.language, tenant)))
    return Reply(key, {"business": tenant.business_name, "news": lines, **named})


def _named(customer: Customer) -> dict[str, object]:
    """By first name only: the two know each other, and nobody's number is passed on."""
    name = customer.first_name or customer.whatsapp_name
    return {"friend": name or "", "is_named": bool(name)}


def _full(case: Case, who: str) -> str:
    customer: Customer = getattr(case, who)
    name = name_of(customer.first_name, customer.last_name, customer.whatsapp_name)
    return f"{name} ({customer.phone_number})" if name else customer.phone_number
