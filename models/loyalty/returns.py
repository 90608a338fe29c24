"""Taking a purchase back, any time after: by whom, why, and what its points had already bought."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.loyalty import accounts, ledger, partial_returns, purchases, refunds
from models.loyalty.partial_returns import PartRefusal, PartReturned
from models.loyalty.purchases import UndoOutcome
from models.loyalty.tables import Purchase
from models.operations import audit
from models.operations.tables import AuditAction
from models.people import members
from models.people.kinship import is_own
from models.people.tables import Customer, User
from models.statements import ours


class ReturnReason(StrEnum):
    """Why a purchase is taken back."""

    MISTAKE = "mistake"
    REFUND = "refund"
    PART = "part"
    WRONG_CUSTOMER = "wrong_customer"
    OTHER = "other"


class ReturnRefusal(StrEnum):
    """Why it is not."""

    UNKNOWN = "unknown"
    ALREADY = "already"
    OWN_ACCOUNT = "own_account"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase as people recognise it: `amount` in minor units, who logged it, and what it earned.

    `back` of the amount have come back before.
    """

    purchase_id: UUID
    amount: int
    currency: str
    points: int
    at: datetime
    logged_by: str | None
    back: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What was taken back: `points` of the balance, `debt` of them spent before. `balance` can be spent now."""

    customer: Customer
    amount: int
    currency: str
    points: int
    debt: int
    balance: int


_RECENT = (
    select_columns(
        col(Purchase.id),
        col(Purchase.amount),
        col(Purchase.currency),
        col(Purchase.points_awarded),
        col(Purchase.purchased_at),
        col(User.full_name),
        refunds.AMOUNT_BACK,
    )
    .select_from(Purchase)
    .outerjoin(User, ours(User) & (col(User.id) == col(Purchase.logged_by_user_id)))
    .where(ours(Purchase), col(Purchase.customer_id) == bindparam("customer_id"), col(Purchase.reversed_at).is_(None))
    .order_by(col(Purchase.purchased_at).desc(), col(Purchase.id).desc())
    .limit(bindparam("most"))
)


async def recent(tx: Tx, customer_id: UUID, most: int) -> list[Sale]:
    """The customer's latest purchases that stand, newest first."""
    rows = await tx.all(_RECENT, tenant_id=tx.tenant_id, customer_id=customer_id, most=most)
    return [Sale(*row) for row in rows]


async def take_back(
    tx: Tx,
    purchase_id: UUID,
    *,
    by: User,
    reason: ReturnReason,
    note: str | None,
    key: str,
    now: datetime,
    part: int | None = None,
) -> Returned | ReturnRefusal:
    """Takes the purchase out of the books, once, or `part` minor units of it; spent points become a debt.

    The same key again takes the same part back once. Raises IdempotencyConflict if it stands for another.
    """
    purchase = await purchases.find(tx, purchase_id)
    customer = await members.hold_customer(tx, purchase.customer_id) if purchase else None
    if purchase is None or customer is None:
        return ReturnRefusal.UNKNOWN
    if is_own(by, customer.phone_number):
        return ReturnRefusal.OWN_ACCOUNT
    before = await accounts.open_and_lock(tx, customer.id)
    amount = await _undo(tx, purchase, by, reason, key, now, part)
    if isinstance(amount, ReturnRefusal):
        return amount
    after = await accounts.open_and_lock(tx, customer.id)
    points, debt = before.current_balance - after.current_balance, after.debt - before.debt
    told = {"reason": reason, "note": note, "amount": amount, "points": points, "debt": debt}
    old = {"amount": purchase.amount}
    await audit.record(tx, AuditAction.UPDATE, "purchases", purchase_id, by=by, now=now, old=old, new=told)
    balance = await ledger.balance(tx, customer.id, now)
    return Returned(customer, amount, purchase.currency, points, max(0, debt), balance.points)


async def _undo(
    tx: Tx, purchase: Purchase, by: User, reason: ReturnReason, key: str, now: datetime, part: int | None
) -> int | ReturnRefusal:
    """The amount that went, whole or in part. The customer and his account are locked."""
    if part is not None:
        done = await partial_returns.return_part(tx, purchase.id, part, key=key, by=by, now=now, reason=reason)
        return done.amount if isinstance(done, PartReturned) else _REFUSALS[done]
    back = (await refunds.of_purchase(tx, purchase.id)).amount
    undone = await purchases.undo_purchase(tx, purchase.id, by=by, now=now)
    return purchase.amount - back if undone is UndoOutcome.UNDONE else ReturnRefusal.ALREADY


_REFUSALS = {
    PartRefusal.UNKNOWN: ReturnRefusal.UNKNOWN,
    PartRefusal.ALREADY: ReturnRefusal.ALREADY,
    PartRefusal.TOO_MUCH: ReturnRefusal.TOO_MUCH,
}
