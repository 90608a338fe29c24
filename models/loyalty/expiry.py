"""Expiry in the books. Readers and spenders look at the time, so points expire even if this never runs."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, exists, select

from models.base import uuid7
from models.db import Tx
from models.loyalty import entries, lots
from models.loyalty.entries import Draft, Entry
from models.loyalty.lots import Part, UseState
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tables import EntryKind, PointsLot, PointsLotUse, PointsTransaction
from models.statements import ours, written

_PER_RUN = 200
_EXPIRED = (
    ours(PointsLot),
    col(PointsLot.remaining) > written(0),
    col(PointsLot.expires_at) <= bindparam("now"),
)
# accounts in use are left to the next run: who waits for nobody cannot wait in a circle
_ACCOUNTS = (
    select(Account)
    .where(ours(Account), exists().where(*_EXPIRED, col(PointsLot.customer_id) == col(Account.customer_id)))
    .limit(_PER_RUN)
    .with_for_update(key_share=True, skip_locked=True)
)
_LOTS = (
    select(PointsLot)
    .where(*_EXPIRED, col(PointsLot.customer_id) == bindparam("customer_id"))
    .order_by(col(PointsLot.expires_at), col(PointsLot.id))
)
_ENTRIES = (
    select(PointsTransaction)
    .join(
        PointsLotUse,
        (col(PointsLotUse.tenant_id) == col(PointsTransaction.tenant_id))
        & (col(PointsLotUse.transaction_id) == col(PointsTransaction.id)),
    )
    .where(
        ours(PointsTransaction),
        ours(PointsLotUse),
        col(PointsLotUse.lot_id) == bindparam("lot_id"),
        col(PointsLotUse.state) == UseState.POSTED,
        col(PointsTransaction.transaction_type) == EntryKind.EXPIRED,
    )
)


async def expire(tx: Tx, now: datetime) -> int:
    """Writes off what is left in expired lots, of some hundred customers. Answers how many lots.

    Running it twice, late or never changes no balance and no decision, only when the entry is seen.
    """
    written_off = 0
    for account in await tx.all(_ACCOUNTS, tenant_id=tx.tenant_id, now=now):
        expired = await tx.all(_LOTS, tenant_id=tx.tenant_id, customer_id=account.customer_id, now=now)
        for lot in expired:
            await write_off(tx, lot, now)
        written_off += len(expired)
    return written_off


async def write_off(tx: Tx, lot: PointsLot, now: datetime) -> None:
    """Takes what is left out of an expired lot of a locked account."""
    # a lot can expire again, after points have come back to it: what is left in it says whether it is done
    key = f"expire:{lot.id}:{uuid7()}"
    draft = Draft(EntryKind.EXPIRED, -lot.remaining, key, now)
    entry = await entries.append(tx, lot.customer_id, draft)
    await lots.take(tx, [Part(lot.id, lot.remaining)], UseState.POSTED, entry_id=entry.id)


async def expiries_of(tx: Tx, lot: PointsLot) -> list[Entry]:
    """The entries that wrote points of the lot off and still stand."""
    return [Entry.of(row) for row in await tx.all(_ENTRIES, tenant_id=tx.tenant_id, lot_id=lot.id)]
