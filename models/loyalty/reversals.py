"""Putting an entry right: a new entry that points to it, never an edit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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


async def reverse(
    tx: Tx, entry_id: UUID, *, key: str, now: datetime, by: User | None, points: int | None = None
) -> Reversal:
    """Reverses what still stands of an earning or a spending, or `points` of an earning.

    An earning takes back the points of its own lot first (while they are pending, those are the pending ones), then
    others by earliest expiry, then other pending ones; what is missing becomes debt, which later earnings repay.
    A spending gives the points back to the lots they came from, whole.

    The same key again gets the same answer. Raises IdempotencyConflict when the key stands for another entry or
    number of points, and ValueError for more points than stand.
    """
    original = await entries.entry(tx, entry_id)
    account = await accounts.lock(tx, original.customer_id) if original else None
    if original is None or account is None:
        return Reversal(ReversalOutcome.UNKNOWN)
    before = await entries.reversals_of(tx, original.id)
    if standing := await _standing(tx, original, before, key, points):
        return standing
    if original.kind == EntryKind.EARNED:
        part = _part(original, before, points, key=key, at=now, by=by)
        return await _reverse_earning(tx, account, original, part)
    if original.kind == EntryKind.REDEEMED and points is None:
        return await _reverse_spending(tx, account, original, key=key, now=now, by=by)
    return Reversal(ReversalOutcome.NOT_REVERSIBLE)


async def _standing(tx: Tx, original: Entry, before: Sequence[Entry], key: str, points: int | None) -> Reversal | None:
    """The answer if nothing of the entry stands any more, or the key was used before."""
    if first := await entries.entry_with_key(tx, key):
        is_alike = not first.is_partial if points is None else points == abs(first.points)
        if first.reverses_id != original.id or not is_alike:
            raise IdempotencyConflict(f"The key {key} stands for another entry.")
        return _told(ReversalOutcome.REVERSED, first)
    whole = next((entry for entry in before if not entry.is_partial), None)
    return _told(ReversalOutcome.ALREADY, whole) if whole else None


def _told(outcome: ReversalOutcome, entry: Entry) -> Reversal:
    return Reversal(outcome, entry, entry.details.get("debt", 0))


def _part(original: Entry, before: Sequence[Entry], points: int | None, **facts: Any) -> Draft:
    """The entry that takes back `points`, or all that stands. Raises ValueError if fewer do."""
    standing = original.points + sum(entry.points for entry in before)
    taken = standing if points is None else points
    if not 0 < taken <= standing:
        raise ValueError(f"{taken} points cannot be taken back: {standing} stand.")
    of: dict[str, Any] = {name: getattr(original, name) for name in ("purchase_id", "campaign_id", "source")}
    return Draft(EntryKind.REVERSED, -taken, reverses=original, is_partial=taken < standing, **of, **facts)


async def _reverse_earning(tx: Tx, account: Account, earning: Entry, part: Draft) -> Reversal:
    parts = await _to_take(tx, account, earning, part)
    debt = -part.points - lots.total(parts)
    entry = await entries.append(tx, account.customer_id, replace(part, details={"debt": debt}), debt=debt)
    await lots.take(tx, parts, UseState.POSTED, entry_id=entry.id)
    return Reversal(ReversalOutcome.REVERSED, entry, debt)


async def _to_take(tx: Tx, account: Account, earning: Entry, part: Draft) -> list[Part]:
    """The points of the earning's own lot, expired or not, then others that pay what is owed."""
    own = await _whole_lot(tx, earning, part.at)
    others = [lot for lot in await lots.owing(tx, account.customer_id, part.at) if lot.id != own.id]
    return lots.split([own, *others], -part.points)


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
