"""Taking a purchase back, any time after: by whom, why, and what its points had already bought."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models.db import Tx
from models.loyalty import accounts, ledger, purchases
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
    WRONG_CUSTOMER = "wrong_customer"
    OTHER = "other"


class ReturnRefusal(StrEnum):
    """Why it is not."""

    UNKNOWN = "unknown"
    ALREADY = "already"
    OWN_ACCOUNT = "own_account"


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase as people recognise it: `amount` in minor units, who logged it, and what it earned."""

    purchase_id: UUID
    amount: int
    currency: str
    points: int
    at: datetime
    logged_by: str | None


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
    )
    .select_from(Purchase)
    .outerjoin(User, ours(User) & (col(User.id) == col(Purchase.logged_by_user_id)))
    .where(ours(Purchase), col(Purchase.customer_id) == bindparam("customer_id"), col(Purchase.reversed_at).is_(None))
    .order_by(col(Purchase.purchased_at).desc(), col(Purchase.id).desc())
    .limit(bindparam("most"))
)
_BY_ID = select(Purchase).where(ours(Purchase), col(Purchase.id) == bindparam("purchase_id"))


async def recent(tx: Tx, customer_id: UUID, most: int) -> list[Sale]:
    """The customer's latest purchases that stand, newest first."""
    rows = await tx.all(_RECENT, tenant_id=tx.tenant_id, customer_id=customer_id, most=most)
    return [Sale(*row) for row in rows]


async def take_back(
    tx: Tx, purchase_id: UUID, *, by: User, reason: ReturnReason, note: str | None, now: datetime
) -> Returned | ReturnRefusal:
    """Takes the purchase out of the books, once; points that are spent already become a debt."""
    purchase = await tx.one(_BY_ID, tenant_id=tx.tenant_id, purchase_id=purchase_id)
    customer = await members.customer(tx, purchase.customer_id) if purchase else None
    if purchase is None or customer is None:
        return ReturnRefusal.UNKNOWN
    if is_own(by, customer.phone_number):
        return ReturnRefusal.OWN_ACCOUNT
    await members.hold_customer(tx, customer.id)
    before = await accounts.open_and_lock(tx, customer.id)
    if await purchases.undo_purchase(tx, purchase_id, by=by, now=now) is not UndoOutcome.UNDONE:
        return ReturnRefusal.ALREADY
    after = await accounts.open_and_lock(tx, customer.id)
    points, debt = before.current_balance - after.current_balance, after.debt - before.debt
    told = {"reason": reason, "note": note, "points": points, "debt": debt, "reversed_at": now.isoformat()}
    old = {"amount": purchase.amount, "reversed_at": None}
    await audit.record(tx, AuditAction.UPDATE, "purchases", purchase_id, by=by, now=now, old=old, new=told)
    balance = await ledger.balance(tx, customer.id, now)
    return Returned(customer, purchase.amount, purchase.currency, points, debt, balance.points)
