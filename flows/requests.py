"""Requests for a second person as they are told: what is asked for, its Approve and Refuse, and who hears of it."""

from collections.abc import Mapping
from datetime import datetime

from flows.context import TurnContext
from flows.reply import Choice, Reply, starting
from flows.rising import tell_news
from models.loyalty.adjustments import Adjusted
from models.loyalty.decisions import Decision, DecisionOutcome
from models.loyalty.purchases import Logged
from models.operations.tables import Approval, ApprovalKind
from models.people import staff
from models.people.members import name_of
from models.people.tables import Customer, User
from prompts import Money

_NEWS = (DecisionOutcome.APPROVED, DecisionOutcome.REFUSED, DecisionOutcome.IMPOSSIBLE)


def asked_for(approval: Approval, customer: Customer) -> Mapping[str, object]:
    """What is asked for, for words: points by hand, or a receipt."""
    told = approval.payload
    name = name_of(customer.first_name, None, customer.whatsapp_name) or customer.phone_number
    who: dict[str, object] = {"customer": name, "kind": approval.kind, "reason": approval.reason}
    if approval.kind == ApprovalKind.ADJUSTMENT:
        note = told["note"]
        return {**who, "points": f"{told['points']:+d}", "note": note or "", "noted": "yes" if note else "no"}
    amount, number = Money(told["amount"], told["currency"]), told["number"]
    seen = {"number": number or "", "numbered": "yes" if number else "no", "url": told["url"]}
    return {**who, "amount": amount, **seen}


def decision_choices(context: TurnContext, approval: Approval) -> tuple[Choice, ...]:
    """Approve and Refuse, as the one who is asked finds them under the message."""
    return tuple(
        Choice(starting("approval", request=approval.id, decision=decision), context.word(f"approval-{decision}"))
        for decision in ("approve", "refuse")
    )


async def tell(context: TurnContext, user: User, reply: Reply, *, until: datetime | None = None) -> None:
    """A message to somebody who works here."""
    context.notify(await staff.person(context.tx, user, context.now), reply, until=until)


async def tell_of_decision(context: TurnContext, done: Decision, by: User, why: str) -> None:
    """What became of it: to who asked for it, and to whom it is about. Of a decision made before nobody hears twice."""
    approval, customer = done.approval, done.customer
    if approval is None or customer is None or done.outcome not in _NEWS:
        return
    if approval.requested_by_user_id is None:
        context.notify(customer, _of_receipt(context, done, why))
        if isinstance(done.done, Logged):
            tell_news(context, customer, done.done.led_to)
        return
    if isinstance(done.done, Adjusted):
        points, balance = f"{done.done.entry.points:+d}", done.done.balance
        told = {"business": context.tenant.business_name, "points": points, "balance": balance}
        context.notify(customer, Reply("adjustment-receipt", told))
    asker = await staff.colleague(context.tx, approval.requested_by_user_id)
    if asker is not None:
        facts = {**asked_for(approval, customer), "staff": by.full_name, "outcome": str(done.outcome), "why": why}
        await tell(context, asker, Reply("approval-told", facts))


def _of_receipt(context: TurnContext, done: Decision, why: str) -> Reply:
    """What the customer hears of his receipt; a refusal says why."""
    business = context.tenant.business_name
    if not isinstance(done.done, Logged) or done.approval is None:
        return Reply("receipt-refused", {"business": business, "why": done.why or "", "remark": why})
    amount = Money(done.approval.payload["amount"], done.approval.payload["currency"])
    waits = done.done.available_at
    facts = {
        "amount": amount,
        "points": done.done.points,
        "balance": done.done.balance,
        "waits": "yes" if waits else "no",
        "from": context.local(waits).date() if waits else "",
    }
    return Reply("receipt-approved", {"business": business, **facts})
