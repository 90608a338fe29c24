"""Putting an entry right: a new entry that points to it, never an edit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.db import Tx
from models.errors import IdempotencyConflict
from models.loyalty import accounts, entries, expiry, lots
from models.loyalty.entries import Draft, Entry
from models.loyalty.lots import Part, UseState
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tables import EntryKind, PointsLot
from models.people.tables import User

GRACE = timedelta(days=14)
"""How long returned points live at least, so that a reversal does not mean points lost."""


class ReversalOutcome(StrEnum):
    """What came of a wish to reverse an entry."""

    REVERSED = "reversed"
    ALREADY = "already"
    UNKNOWN = "unknown"
    NOT_REVERSIBLE = "not_reversible"


@dataclass(frozen=True, slots=True)
class Reversal:
    """`entry` is the reversal that stands, new or not; `debt` those of its points that were spent before."""

    outcome: ReversalOutcome
    entry: Entry | None = None
    debt: int = 0


async def reverse(tx: Tx, entry_id: UUID, *, key: str, now: datetime, by: User | None) -> Reversal:
    """Reverses an earning or a spending, whole and once.

    An earning takes back its own points first, then others by earliest expiry; what is missing becomes debt,
    which later earnings repay. A spending gives the points back to the lots they came from.
    The same key again gets the same answer. Raises IdempotencyConflict when the key stands for another entry.
    """
    original = await entries.entry(tx, entry_id)
    account = await accounts.lock(tx, original.customer_id) if original else None
    if original is None or account is None:
        return Reversal(ReversalOutcome.UNKNOWN)
    if standing := await _standing(tx, original, key):
        return standing
    if original.kind == EntryKind.EARNED:
        return await _reverse_earning(tx, account, original, key=key, now=now, by=by)
    if original.kind == EntryKind.REDEEMED:
        return await _reverse_spending(tx, account, original, key=key, now=now, by=by)
    return Reversal(ReversalOutcome.NOT_REVERSIBLE)


async def _standing(tx: Tx, original: Entry, key: str) -> Reversal | None:
    """The answer if the entry is reversed, or the key used, before."""
    if (entry := await entries.entry_reversing(tx, original.id)) is not None:
        outcome = ReversalOutcome.REVERSED if entry.key == key else ReversalOutcome.ALREADY
        return Reversal(outcome, entry, entry.details.get("debt", 0))
    if await entries.entry_with_key(tx, key):
        raise IdempotencyConflict(f"The key {key} stands for another entry.")
    return None


async def _reverse_earning(
    tx: Tx, account: Account, earning: Entry, *, key: str, now: datetime, by: User | None
) -> Reversal:
    parts = await _to_take(tx, account, earning, now)
    debt = earning.points - lots.total(parts)
    why: dict[str, Any] = {"by": by, "purchase_id": earning.purchase_id, "details": {"debt": debt}}
    draft = Draft(EntryKind.REVERSED, -earning.points, key, now, reverses=earning, **why)
    entry = await entries.append(tx, account.customer_id, draft, debt=debt)
    await lots.take(tx, parts, UseState.POSTED, entry_id=entry.id)
    return Reversal(ReversalOutcome.REVERSED, entry, debt)


async def _to_take(tx: Tx, account: Account, earning: Entry, now: datetime) -> list[Part]:
    """The points of the earning's own lot, expired or not, then others that can be spent."""
    own = await _whole_lot(tx, earning, now)
    others = [lot for lot in await lots.usable(tx, account.customer_id, now) if lot.id != own.id]
    return lots.split([own, *others], earning.points)


async def _whole_lot(tx: Tx, earning: Entry, now: datetime) -> PointsLot:
    """The earning's lot with what has been written off back in it.

    Expired points are gone already. To take others for them would make a late return dearer than an early one
    and let the price hang on whether the books were closed in between.
    """
    lot = await lots.lot_of(tx, earning)
    for expired in await expiry.expiries_of(tx, lot):
        key = f"reverse:{expired.id}"
        draft = Draft(EntryKind.REVERSED, -expired.points, key, now, reverses=expired)
        await entries.append(tx, lot.customer_id, draft)
        await lots.give_back_expired(tx, lot.id, expired)
    return await lots.lot_of(tx, earning)


async def _reverse_spending(
    tx: Tx, account: Account, spending: Entry, *, key: str, now: datetime, by: User | None
) -> Reversal:
    await _write_off_rest(tx, spending, now)
    parts = await lots.give_back_spent(tx, spending)
    until = now + GRACE
    extended = [str(lot_id) for lot_id in await lots.extend(tx, parts, until)]
    grace = {"grace": {"lots": extended, "until": until.isoformat()}} if extended else None
    why: dict[str, Any] = {"by": by, "redemption_id": spending.redemption_id, "details": grace}
    draft = Draft(EntryKind.REVERSED, -spending.points, key, now, reverses=spending, **why)
    entry = await entries.append(tx, account.customer_id, draft)
    await lots.repay(tx, account, now, entry_id=entry.id)
    return Reversal(ReversalOutcome.REVERSED, entry)


async def _write_off_rest(tx: Tx, spending: Entry, now: datetime) -> None:
    """What has expired in the lots must not live on with the points that come back to them."""
    for lot in await lots.lots_spent_on(tx, spending):
        if lot.remaining and lot.expires_at and lot.expires_at <= now:
            await expiry.write_off(tx, lot, now)
