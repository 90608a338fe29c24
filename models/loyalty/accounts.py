"""The balance row of a customer: the lock that every change of points takes first, and the sums it keeps.

Locks are always taken in this order, so that no two transactions wait for each other: customer, balance,
redemptions, rewards (by id).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, bindparam, func, update
from sqlmodel import col, select

from models.db import Tx
from models.loyalty.tables import CustomerPointsBalance as Account
from models.statements import add_unless_taken, business, ours, unless_taken

_LOCK = (
    select(Account)
    .where(ours(Account), col(Account.customer_id) == bindparam("customer_id"))
    .with_for_update(key_share=True)
)
_OPEN = unless_taken(Account)
_CHANGE = (
    update(Account)
    .where(ours(Account), col(Account.customer_id) == bindparam("customer_id"))
    .values(
        current_balance=col(Account.current_balance) + bindparam("points", 0, Integer),
        held=col(Account.held) + bindparam("held", 0, Integer),
        debt=col(Account.debt) + bindparam("debt", 0, Integer),
        total_points_earned=col(Account.total_points_earned) + bindparam("earned", 0, Integer),
        total_points_redeemed=col(Account.total_points_redeemed) + bindparam("redeemed", 0, Integer),
        total_points_expired=col(Account.total_points_expired) + bindparam("expired", 0, Integer),
        last_earned_at=func.greatest(
            col(Account.last_earned_at), bindparam("earned_at", None, DateTime(timezone=True))
        ),
        last_redeemed_at=func.greatest(
            col(Account.last_redeemed_at), bindparam("redeemed_at", None, DateTime(timezone=True))
        ),
    )
    .returning(col(Account.current_balance))
)


async def lock(tx: Tx, customer_id: UUID) -> Account | None:
    """The customer's balance, ours until the transaction ends. None if nothing was ever earned."""
    account: Account | None = await tx.one(_LOCK, tenant_id=tx.tenant_id, customer_id=customer_id)
    return account


async def open_and_lock(tx: Tx, customer_id: UUID) -> Account:
    """As `lock`, opening an account for who has none. The database refuses another business's customer."""
    while (account := await lock(tx, customer_id)) is None:
        await add_unless_taken(tx, _OPEN, Account(tenant_id=business(tx), customer_id=customer_id))
    return account


async def change(
    tx: Tx,
    customer_id: UUID,
    *,
    points: int = 0,
    held: int = 0,
    debt: int = 0,
    earned: int = 0,
    redeemed: int = 0,
    expired: int = 0,
    earned_at: datetime | None = None,
    redeemed_at: datetime | None = None,
) -> int:
    """Adds to the sums of a locked account and answers the balance it has then."""
    sums: dict[str, Any] = {"points": points, "held": held, "debt": debt}
    totals: dict[str, Any] = {"earned": earned, "redeemed": redeemed, "expired": expired}
    latest: dict[str, Any] = {"earned_at": earned_at, "redeemed_at": redeemed_at}
    whose = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    balance: int = await tx.value(_CHANGE, **whose, **sums, **totals, **latest)
    return balance
