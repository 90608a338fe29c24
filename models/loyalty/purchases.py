"""Purchases: what was bought, the points it earned, and taking both back."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models.db import Tx
from models.errors import IdempotencyConflict
from models.loyalty import accounts, campaigns, consequences, entries, ledger, refunds, rules, stamps
from models.loyalty.campaigns import Bonus
from models.loyalty.consequences import Consequences
from models.loyalty.entries import Draft, Entry
from models.loyalty.rules import Earning, points_for
from models.loyalty.tables import EntryKind, PaidWith, Purchase
from models.people import members
from models.people.kinship import is_own
from models.people.tables import Customer, LoyaltyStatus, User
from models.statements import add_unless_taken, business, ours, unless_taken

_PURCHASES = UUID("5b5b7c39-5d0f-4a9e-9a35-0b3b2c0a8d61")
_USUAL_DAYS = timedelta(days=90)
_USUAL_SHARE = 0.9
_ENOUGH_PURCHASES = 10
_TIMES_THE_USUAL = 5


class Refused(StrEnum):
    """Why a purchase was not logged."""

    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    OWN_ACCOUNT = "own_account"
    RECEIPT_USED = "receipt_used"


class UndoOutcome(StrEnum):
    """What came of a wish to undo a purchase."""

    UNDONE = "undone"
    ALREADY = "already"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Logged:
    """A purchase in the books: the points it earned, rule by rule and by campaign, and what can be spent then.

    The points are pending until `available_at`, if that is given. `led_to` is what else came of it; points of
    achievements are in the `balance` and not in the `points`.
    """

    purchase_id: UUID
    points: int
    balance: int
    earnings: list[Earning]
    bonus: Bonus | None = None
    available_at: datetime | None = None
    led_to: Consequences = consequences.NOTHING


_ADD = unless_taken(Purchase)
_BY_ID = select(Purchase).where(ours(Purchase), col(Purchase.id) == bindparam("purchase_id"))
_COUNT = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(
        total_purchases=col(Customer.total_purchases) + 1,
        total_spent=col(Customer.total_spent) + bindparam("amount"),
        last_purchase_at=func.greatest(col(Customer.last_purchase_at), bindparam("now")),
    )
)
_UNDO = (
    update(Purchase)
    .where(ours(Purchase), col(Purchase.id) == bindparam("purchase_id"), col(Purchase.reversed_at).is_(None))
    .values(reversed_at=bindparam("now"))
)
_LATEST = (
    select_columns(func.max(col(Purchase.purchased_at)))
    .where(ours(Purchase), col(Purchase.customer_id) == col(Customer.id), col(Purchase.reversed_at).is_(None))
    .correlate(Customer)
    .scalar_subquery()
)
_DISCOUNT = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(
        total_purchases=col(Customer.total_purchases) - 1,
        total_spent=col(Customer.total_spent) - bindparam("amount"),
        last_purchase_at=_LATEST,
    )
)
_USUAL = select_columns(
    func.count().label("purchases"),
    func.percentile_disc(_USUAL_SHARE).within_group(col(Purchase.amount)).label("amount"),
).where(
    ours(Purchase),
    col(Purchase.purchased_at) > bindparam("since"),
    col(Purchase.purchased_at) <= bindparam("now"),
    col(Purchase.reversed_at).is_(None),
)


async def log_purchase(
    tx: Tx,
    *,
    customer_id: UUID,
    amount: int,
    currency: str,
    by: User,
    source: str,
    logged_via: str,
    key: str,
    now: datetime,
    expire_days: int | None,
    receipt_number: str | None = None,
    category: str | None = None,
    paid_with: PaidWith = PaidWith.MONEY,
    return_window_days: int = 0,
) -> Logged | Refused:
    """Logs a purchase of `amount` minor units and gives its points: for `expire_days`, or for ever.

    They can be spent after `return_window_days`, and expire that much later. Only what money paid earns; of a bill
    paid in two ways each part is a purchase.
    The same key again gets the same answer and changes nothing. Raises IdempotencyConflict if it stands for another
    customer, amount, currency, receipt, category or way of paying, and ValueError for an amount that is not positive.
    """
    if amount <= 0:
        raise ValueError(f"Nobody buys for {amount}.")
    bought: dict[str, Any] = {"customer_id": customer_id, "amount": amount, "currency": currency, "purchased_at": now}
    kind: dict[str, Any] = {"category": category, "paid_with": paid_with, "source": source, "logged_via": logged_via}
    purchase = _purchase(tx, key, receipt_number=receipt_number, logged_by_user_id=by.id, **bought, **kind)
    customer = await members.hold_customer(tx, customer_id)
    if first := await _first_answer(tx, purchase):
        return first
    if customer is None:
        return Refused.UNKNOWN
    if refusal := _refusal(customer, by):
        return refusal
    available_at = now + timedelta(days=return_window_days)
    expires_at = None if expire_days is None else available_at + timedelta(days=expire_days)
    return await _log(tx, customer, purchase, by, available_at, expires_at)


def _purchase(tx: Tx, key: str, *, receipt_number: str | None, **facts: Any) -> Purchase:
    # made from the key, so that two tries are one row even if nothing is earned
    purchase_id = uuid5(_PURCHASES, f"{tx.tenant_id} {key}")
    receipt = printed(receipt_number or "") or None
    return Purchase(tenant_id=business(tx), id=purchase_id, receipt_number=receipt, **facts)


def printed(receipt_number: str) -> str:
    """The number of a receipt as it is kept, however it was typed."""
    return "".join(receipt_number.split()).upper()


def _refusal(customer: Customer, by: User) -> Refused | None:
    if customer.loyalty_status == LoyaltyStatus.BLOCKED:
        return Refused.BLOCKED
    return Refused.OWN_ACCOUNT if is_own(by, customer.phone_number) else None


async def _first_answer(tx: Tx, purchase: Purchase) -> Logged | None:
    """What was answered when the purchase was first logged."""
    first = await tx.one(_BY_ID, tenant_id=tx.tenant_id, purchase_id=purchase.id)
    if first is None:
        return None
    if _facts(first) != _facts(purchase):
        raise IdempotencyConflict("The key stands for another purchase.")
    return _with_consequences(_answer(first), first, await consequences.followed(tx, first))


def _answer(purchase: Purchase) -> Logged:
    told = purchase.details
    earnings = [Earning(**{**earning, "rule_id": UUID(earning["rule_id"])}) for earning in told["earnings"]]
    bonus = told.get("campaign")
    until = told.get("available_at")
    return Logged(
        purchase.id,
        purchase.points_awarded,
        told["balance"],
        earnings,
        Bonus(**{**bonus, "campaign_id": UUID(bonus["campaign_id"])}) if bonus else None,
        datetime.fromisoformat(until) if until else None,
    )


def _with_consequences(logged: Logged, purchase: Purchase, led_to: Consequences) -> Logged:
    """With what it led to: points that came with it pay first what is still owed."""
    came = sum(one.points for one in led_to.achieved)
    balance = logged.balance + max(0, came - purchase.details.get("owed", 0))
    return replace(logged, balance=balance, led_to=led_to)


def _facts(purchase: Purchase) -> tuple[UUID, int, str, str | None, str | None, str]:
    bought = purchase.customer_id, purchase.amount, purchase.currency
    return *bought, purchase.receipt_number, purchase.category, purchase.paid_with


async def _log(
    tx: Tx, customer: Customer, purchase: Purchase, by: User, available_at: datetime, expires_at: datetime | None
) -> Logged | Refused:
    now = purchase.purchased_at
    account = await accounts.open_and_lock(tx, customer.id)
    earnings, bonus = await _earned(tx, customer, purchase)
    points = sum(earning.points for earning in earnings) + (bonus.points if bonus else 0)
    waits = available_at > now and points > 0
    before = await ledger.balance(tx, customer.id, now)
    balance = before.points if waits else max(0, before.points - before.debt + points)
    told: dict[str, Any] = {"earnings": [asdict(earning) for earning in earnings]}
    told |= {"campaign": asdict(bonus)} if bonus else {}
    told |= {"available_at": available_at.isoformat()} if waits else {}
    owed = max(0, before.debt - points)
    kept = {**told, "balance": balance} | ({"owed": owed} if owed else {})
    purchase.points_awarded, purchase.details = points, kept
    if not await add_unless_taken(tx, _ADD, purchase):
        # another customer's purchase with the same key may have come in between, else it is the receipt
        return await _first_answer(tx, purchase) or Refused.RECEIPT_USED
    if points:
        why: dict[str, Any] = {"purchase_id": purchase.id, "details": told, "by": by, "source": "purchase"}
        why["campaign_id"] = bonus.campaign_id if bonus else None
        draft = Draft(EntryKind.EARNED, points, _entry_key(purchase.id), now, expires_at=expires_at, **why)
        await ledger.give(tx, account, draft, available_at)
    await tx.run(_COUNT, tenant_id=tx.tenant_id, customer_id=customer.id, amount=purchase.amount, now=now)
    logged = Logged(purchase.id, points, balance, earnings, bonus, available_at if waits else None)
    return _with_consequences(logged, purchase, await consequences.follow(tx, purchase, customer, now))


async def _earned(tx: Tx, customer: Customer, purchase: Purchase) -> tuple[list[Earning], Bonus | None]:
    """What rules and the best campaign give: nothing for what a gift card or points have paid."""
    if purchase.paid_with != PaidWith.MONEY:
        return [], None
    amount, category, now = purchase.amount, purchase.category, purchase.purchased_at
    known = await rules.active(tx)
    before = await stamps.before(tx, customer, known)
    given = points_for(known, amount, purchases_before=before, at=now, category=category)
    earnings = await stamps.once(tx, customer, given)
    return earnings, await campaigns.bonus_for(tx, customer, earnings, amount=amount, category=category, now=now)


async def undo_purchase(tx: Tx, purchase_id: UUID, *, by: User | None, now: datetime) -> UndoOutcome:
    """Takes what is left of a purchase out of the totals and its points back, once. Its receipt may be used again."""
    purchase = await find(tx, purchase_id)
    if purchase is None:
        return UndoOutcome.UNKNOWN
    await members.hold_customer(tx, purchase.customer_id)
    if not await tx.run(_UNDO, tenant_id=tx.tenant_id, purchase_id=purchase_id, now=now):
        return UndoOutcome.ALREADY
    if earning := await entry_of(tx, purchase_id):
        await ledger.reverse(tx, earning.id, key=f"undo:{purchase_id}", now=now, by=by)
    left = purchase.amount - (await refunds.of_purchase(tx, purchase_id)).amount
    await tx.run(_DISCOUNT, tenant_id=tx.tenant_id, customer_id=purchase.customer_id, amount=left)
    await consequences.take_back(tx, purchase, now, by=by)
    return UndoOutcome.UNDONE


async def find(tx: Tx, purchase_id: UUID) -> Purchase | None:
    purchase: Purchase | None = await tx.one(_BY_ID, tenant_id=tx.tenant_id, purchase_id=purchase_id)
    return purchase


async def entry_of(tx: Tx, purchase_id: UUID) -> Entry | None:
    """The entry of the points that the purchase earned, if it earned any."""
    return await entries.entry_with_key(tx, _entry_key(purchase_id))


def _entry_key(purchase_id: UUID) -> str:
    return f"purchase:{purchase_id}"


async def usual_amount(tx: Tx, now: datetime) -> int | None:
    """The amount that nine in ten purchases of the last 90 days kept within; None if there were under ten."""
    row = await tx.one(_USUAL, tenant_id=tx.tenant_id, since=now - _USUAL_DAYS, now=now)
    return row.amount if row.purchases >= _ENOUGH_PURCHASES else None


def is_unusual(amount: int, usual: int | None, ceiling: int) -> bool:
    """Whether to ask again: it is over five times the usual, or over `ceiling` where nothing is usual."""
    return amount > (ceiling if usual is None else _TIMES_THE_USUAL * usual)
