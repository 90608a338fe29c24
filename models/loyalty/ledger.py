"""The ledger of points: earn, hold, post or release, reverse; what is there to spend, and how it came about.

Every change locks the balance row of the customer before it reads a lot, and uses one `now`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from models.db import Tx
from models.errors import IdempotencyConflict
from models.loyalty import accounts, entries, lots
from models.loyalty.balances import Balance, balance
from models.loyalty.entries import Draft, Entry
from models.loyalty.history import Line, history
from models.loyalty.lots import UseState
from models.loyalty.reversals import Reversal, ReversalOutcome, reverse
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tables import EntryKind, PointsLotUse, RewardRedemption
from models.people.tables import User
from models.statements import ours

_HELD = select(func.coalesce(func.sum(col(PointsLotUse.points)), 0)).where(
    ours(PointsLotUse),
    col(PointsLotUse.reward_redemption_id) == bindparam("redemption_id"),
    col(PointsLotUse.state) == UseState.HELD,
)
_CUSTOMER = select(RewardRedemption.customer_id).where(
    ours(RewardRedemption), col(RewardRedemption.id) == bindparam("redemption_id")
)


async def earn(
    tx: Tx,
    customer_id: UUID,
    points: int,
    *,
    key: str,
    now: datetime,
    expires_at: datetime | None = None,
    available_at: datetime | None = None,
    purchase_id: UUID | None = None,
    campaign_id: UUID | None = None,
    source: str | None = None,
    details: Mapping[str, Any] | None = None,
    by: User | None = None,
) -> Entry:
    """Gives points, in a lot that can be spent from `available_at` (at once) until `expires_at`.

    Until then they are pending. A debt is repaid out of them first, pending or not. `source` is a word for where
    they come from ("purchase", "referral"); `details` say why: see `rules.because`.

    The same key again answers with the first entry and changes nothing. A second try may come later, so times,
    `details` and `by` may differ. Raises IdempotencyConflict if customer, points or purchase do, and ValueError for
    points that are not positive or expire before they can be spent.
    """
    account = await accounts.open_and_lock(tx, customer_id)
    if first := await entries.entry_with_key(tx, key):
        asked = (customer_id, EntryKind.EARNED, points, purchase_id)
        if (first.customer_id, first.kind, first.points, first.purchase_id) != asked:
            raise IdempotencyConflict(f"The key {key} stands for another entry.")
        return first
    why: dict[str, Any] = {"by": by, "purchase_id": purchase_id, "campaign_id": campaign_id, "source": source}
    draft = Draft(EntryKind.EARNED, points, key, now, expires_at=expires_at, details=details, **why)
    return await give(tx, account, draft, available_at)


async def give(tx: Tx, account: Account, draft: Draft, available_at: datetime | None = None) -> Entry:
    """Gives the points of the draft to a locked account, under a key that nobody has used; see `earn`.

    Raises IdempotencyConflict if somebody has.
    """
    points, now, expires_at = draft.points, draft.at, draft.expires_at
    if points <= 0 or (expires_at and expires_at <= max(now, available_at or now)):
        raise ValueError(f"{points} points until {expires_at} cannot be earned.")
    entry = await entries.append(tx, account.customer_id, draft)
    await lots.open_lot(tx, entry, available_at)
    await lots.repay(tx, account, now, entry_id=entry.id)
    return entry


async def hold(tx: Tx, customer_id: UUID, points: int, redemption_id: UUID, now: datetime) -> bool:
    """Sets points aside for a redemption, earliest expiry first. False, and nothing is, if there are fewer.

    A code that has timed out holds its points until it is given up: `redemptions.issue` sees to that first.
    """
    account = await accounts.lock(tx, customer_id)
    if account is None:
        return False
    usable = await lots.usable(tx, customer_id, now)
    if sum(lot.remaining for lot in usable) - account.debt < points:
        return False
    await lots.take(tx, lots.split(usable, points), UseState.HELD, redemption_id=redemption_id)
    await accounts.change(tx, customer_id, held=points)
    return True


async def post(tx: Tx, redemption_id: UUID, *, key: str, now: datetime, by: User | None) -> Entry | None:
    """Spends what is held for the redemption. None if nothing is.

    The same key again answers with the first entry. Raises IdempotencyConflict if it stands for another.
    """
    account = await _account_of(tx, redemption_id)
    if account is None:
        return None
    if first := await entries.entry_with_key(tx, key):
        if first.redemption_id != redemption_id or first.kind != EntryKind.REDEEMED:
            raise IdempotencyConflict(f"The key {key} stands for another entry.")
        return first
    points: int = await tx.value(_HELD, tenant_id=tx.tenant_id, redemption_id=redemption_id)
    if not points:
        return None
    draft = Draft(EntryKind.REDEEMED, -points, key, now, by=by, redemption_id=redemption_id)
    entry = await entries.append(tx, account.customer_id, draft, held=-points)
    await lots.post_held(tx, redemption_id, entry.id)
    return entry


async def release(tx: Tx, redemption_id: UUID, now: datetime) -> int:
    """Gives back what is held for the redemption, once. Answers the points given back.

    They expire when they would have: with a code a fortnight, points would otherwise live for ever.
    """
    account = await _account_of(tx, redemption_id)
    if account is None:
        return 0
    points = await lots.give_back_held(tx, redemption_id)
    if points:
        await accounts.change(tx, account.customer_id, held=-points)
        await lots.repay(tx, account, now, redemption_id=redemption_id)
    return points


async def _account_of(tx: Tx, redemption_id: UUID) -> Account | None:
    """The account of the redemption's customer, locked."""
    customer_id: UUID | None = await tx.value(_CUSTOMER, tenant_id=tx.tenant_id, redemption_id=redemption_id)
    return await accounts.lock(tx, customer_id) if customer_id else None


__all__ = [
    "Balance",
    "Entry",
    "Line",
    "Reversal",
    "ReversalOutcome",
    "balance",
    "earn",
    "give",
    "history",
    "hold",
    "post",
    "release",
    "reverse",
]
