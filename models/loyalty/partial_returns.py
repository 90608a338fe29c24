"""Goods that come back, in parts: the points go with them, to the last one when the last part is back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.db import Tx
from models.errors import IdempotencyConflict
from models.loyalty import consequences, ledger, purchases, refunds
from models.loyalty.earning_tables import PurchaseReturn
from models.loyalty.tables import Purchase
from models.people import members
from models.people.tables import Customer, User
from models.statements import add_unless_taken, business, ours, unless_taken


class PartRefusal(StrEnum):
    """Why nothing was taken back."""

    UNKNOWN = "unknown"
    ALREADY = "already"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class PartReturned:
    """What came back, the points that went with it, and what is left of the purchase. Amounts in minor units."""

    purchase_id: UUID
    amount: int
    points: int
    left: int


_ADD = unless_taken(PurchaseReturn, "tenant_id", "idempotency_key")
_BY_KEY = select(PurchaseReturn).where(ours(PurchaseReturn), col(PurchaseReturn.idempotency_key) == bindparam("key"))
_SPENT_LESS = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(total_spent=col(Customer.total_spent) - bindparam("amount"))
)


async def return_part(
    tx: Tx, purchase_id: UUID, amount: int, *, key: str, by: User | None, now: datetime, reason: str | None = None
) -> PartReturned | PartRefusal:
    """Takes `amount` minor units of a purchase back, with their share of its points. The rest is as undoing it.

    Points go by what has come back in all, rounded down: however a purchase is split, what went is never more than
    its share, and everything when everything is back.
    The same key again gets the same answer. Raises IdempotencyConflict if it stands for another purchase or amount,
    and ValueError for an amount that is not positive.
    """
    if amount <= 0:
        raise ValueError(f"Nobody returns {amount}.")
    purchase = await purchases.find(tx, purchase_id)
    if purchase is None:
        return PartRefusal.UNKNOWN
    await members.hold_customer(tx, purchase.customer_id)
    if first := await tx.one(_BY_KEY, tenant_id=tx.tenant_id, key=key):
        if (first.purchase_id, first.amount) != (purchase_id, amount):
            raise IdempotencyConflict(f"The key {key} stands for another return.")
        return PartReturned(purchase_id, first.amount, first.points, first.left_amount)
    part = await _part(tx, purchase, amount)
    if isinstance(part, PartRefusal):
        return part
    who: dict[str, Any] = {"returned_by_user_id": by.id if by else None, "returned_at": now, "reason": reason}
    row = PurchaseReturn(
        tenant_id=business(tx), purchase_id=purchase_id, amount=amount, idempotency_key=key, **part, **who
    )
    done = await _take_back(tx, purchase, row, by)
    if done.left:
        await consequences.take_back(tx, purchase, now, by=by)
    return done


async def _part(tx: Tx, purchase: Purchase, amount: int) -> dict[str, Any] | PartRefusal:
    """The points that go with the amount, and the amount that is left. The customer is locked."""
    back = await refunds.of_purchase(tx, purchase.id)
    left = purchase.amount - back.amount
    now_there = await purchases.find(tx, purchase.id)
    if left == 0 or now_there is None or now_there.reversed_at:
        return PartRefusal.ALREADY
    if amount > left:
        return PartRefusal.TOO_MUCH
    points = purchase.points_awarded * (back.amount + amount) // purchase.amount - back.points
    return {"points": points, "left_amount": left - amount}


async def _take_back(tx: Tx, purchase: Purchase, row: PurchaseReturn, by: User | None) -> PartReturned:
    now = row.returned_at
    if row.left_amount == 0:
        await purchases.undo_purchase(tx, purchase.id, by=by, now=now)
    else:
        earning = await purchases.entry_of(tx, purchase.id)
        if earning and row.points:
            key = f"return:{row.idempotency_key}"
            await ledger.reverse(tx, earning.id, key=key, now=now, by=by, points=row.points)
        await tx.run(_SPENT_LESS, tenant_id=tx.tenant_id, customer_id=purchase.customer_id, amount=row.amount)
    # returns of two customers do not queue for each other: only here do they meet
    if not await add_unless_taken(tx, _ADD, row):
        raise IdempotencyConflict(f"The key {row.idempotency_key} stands for another return.")
    return PartReturned(purchase.id, row.amount, row.points, row.left_amount)
