"""Receipts that customers photograph: they earn nothing until somebody at the shop has looked at them.

A receipt that waits is an approval and no purchase. What counts purchases (totals, the usual amount, tiers, first
purchases) so needs to know nothing of purchases that may never have been made.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.db import Tx
from models.loyalty import purchases
from models.loyalty.purchases import Logged, Refused, printed
from models.loyalty.tables import PointsRule, Purchase
from models.operations import approvals
from models.operations.tables import Approval, ApprovalKind
from models.people import members
from models.people.tables import LoyaltyStatus, User
from models.statements import ours
from models.tenancy.settings import TenantSettings


class ReceiptRefusal(StrEnum):
    """Why a receipt was not taken."""

    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    TOO_MANY = "too_many"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a customer says of a picture: `amount` in minor units, `number` as it is printed, `url` of the picture."""

    customer_id: UUID
    amount: int
    currency: str
    source: str
    url: str
    number: str | None = None

    def kept(self) -> dict[str, Any]:
        """As an approval keeps it until somebody has looked."""
        names = ("amount", "currency", "source", "url", "number")
        return {name: getattr(self, name) for name in names}


_WITH_NUMBER = select(Purchase).where(
    ours(Purchase), col(Purchase.receipt_number) == bindparam("number"), col(Purchase.reversed_at).is_(None)
)
_RULES = select(PointsRule).where(ours(PointsRule), col(PointsRule.is_active), col(PointsRule.deleted_at).is_(None))
_VERIFIED = (
    update(Purchase)
    .where(ours(Purchase), col(Purchase.id) == bindparam("purchase_id"))
    .values(receipt_url=bindparam("url"), receipt_verified=True)
)


async def are_taken(tx: Tx, settings: TenantSettings) -> bool:
    """Whether the shop gives points for receipts at all."""
    return settings.receipts_per_day > 0 and bool(await tx.all(_RULES, tenant_id=tx.tenant_id))


async def submit(
    tx: Tx, receipt: Receipt, *, key: str, now: datetime, today: datetime, most: int
) -> Approval | ReceiptRefusal:
    """Lets the receipt wait for somebody at the shop; the customer may send `most` from `today` on.

    The same key again answers with the first request. Raises IdempotencyConflict if it stands for another, and
    ValueError for an amount that is not positive.
    """
    if receipt.amount <= 0:
        raise ValueError(f"Nobody has a receipt for {receipt.amount}.")
    # the customer's lock: two pictures at once must not both be the last that is allowed
    customer = await members.hold_customer(tx, receipt.customer_id)
    if customer is None or customer.loyalty_status == LoyaltyStatus.BLOCKED:
        return ReceiptRefusal.BLOCKED if customer else ReceiptRefusal.UNKNOWN
    if await approvals.request_with_key(tx, key) is None:
        if await approvals.asked_since(tx, ApprovalKind.RECEIPT, customer.id, today) >= most:
            return ReceiptRefusal.TOO_MANY
        if receipt.number and await tx.all(_WITH_NUMBER, tenant_id=tx.tenant_id, number=printed(receipt.number)):
            return ReceiptRefusal.USED
    return await approvals.ask(
        tx, ApprovalKind.RECEIPT, customer.id, payload=receipt.kept(), reason="photo", key=key, by=None, now=now
    )


async def carry_out(
    tx: Tx, approval: Approval, *, by: User, now: datetime, settings: TenantSettings
) -> Logged | Refused:
    """Logs the purchase that `by` has seen the receipt of, and gives its points. The request is held."""
    told = approval.payload
    logged = await purchases.log_purchase(
        tx,
        customer_id=approval.customer_id,
        amount=told["amount"],
        currency=told["currency"],
        by=by,
        source=told["source"],
        logged_via="receipt",
        key=f"receipt:{approval.id}",
        now=now,
        expire_days=settings.points_expire_after_days,
        return_window_days=settings.return_window_days,
        receipt_number=told["number"],
    )
    if isinstance(logged, Logged):
        await tx.run(_VERIFIED, tenant_id=tx.tenant_id, purchase_id=logged.purchase_id, url=told["url"])
    return logged
