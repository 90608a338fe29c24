"""The entries of the ledger. They are added together with the sums of the account, and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.db import Tx
from models.errors import IdempotencyConflict
from models.loyalty import accounts
from models.loyalty.tables import EntryKind, PointsTransaction
from models.people.tables import User
from models.statements import add_unless_taken, business, ours, unless_taken

_ADD = unless_taken(PointsTransaction)
_BY_ID = select(PointsTransaction).where(ours(PointsTransaction), col(PointsTransaction.id) == bindparam("id"))
_BY_KEY = select(PointsTransaction).where(
    ours(PointsTransaction), col(PointsTransaction.idempotency_key) == bindparam("key")
)
_REVERSING = (
    select(PointsTransaction)
    .where(ours(PointsTransaction), col(PointsTransaction.reverses_id) == bindparam("id"))
    .order_by(col(PointsTransaction.occurred_at), col(PointsTransaction.id))
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `points` is signed, `balance_after` the sum of all entries up to and with this one."""

    id: UUID
    customer_id: UUID
    kind: EntryKind
    points: int
    balance_after: int
    key: str
    at: datetime
    purchase_id: UUID | None = None
    redemption_id: UUID | None = None
    reverses_id: UUID | None = None
    is_partial: bool = False
    source: str | None = None
    campaign_id: UUID | None = None
    expires_at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: PointsTransaction) -> Self:
        return cls(
            id=row.id,
            customer_id=row.customer_id,
            kind=EntryKind(row.transaction_type),
            points=row.points,
            balance_after=row.balance_after,
            key=row.idempotency_key,
            at=row.occurred_at,
            purchase_id=row.purchase_id,
            redemption_id=row.reward_redemption_id,
            reverses_id=row.reverses_id,
            is_partial=row.is_partial,
            source=row.source,
            campaign_id=row.campaign_id,
            expires_at=row.expires_at,
            details=row.details,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be written: what, how many points with their sign, under which key, when, by whom and why.

    `is_partial` of what leaves something of the entry it `reverses`.
    """

    kind: EntryKind
    points: int
    key: str
    at: datetime
    by: User | None = None
    reverses: Entry | None = None
    is_partial: bool = False
    source: str | None = None
    campaign_id: UUID | None = None
    purchase_id: UUID | None = None
    redemption_id: UUID | None = None
    expires_at: datetime | None = None
    details: Mapping[str, Any] | None = None


async def entry(tx: Tx, entry_id: UUID) -> Entry | None:
    return _entry(await tx.one(_BY_ID, tenant_id=tx.tenant_id, id=entry_id))


async def entry_with_key(tx: Tx, key: str) -> Entry | None:
    return _entry(await tx.one(_BY_KEY, tenant_id=tx.tenant_id, key=key))


async def reversals_of(tx: Tx, entry_id: UUID) -> list[Entry]:
    """What has taken the entry back, in parts or whole, oldest first."""
    return [Entry.of(row) for row in await tx.all(_REVERSING, tenant_id=tx.tenant_id, id=entry_id)]


async def append(tx: Tx, customer_id: UUID, draft: Draft, *, held: int = 0, debt: int = 0) -> Entry:
    """Writes an entry into a locked account and adds it to the sums; `held` and `debt` change with it.

    Raises IdempotencyConflict when the key stands for an entry of another account.
    """
    sums = {"points": draft.points, "held": held, "debt": debt, **_totals(draft), **_latest(draft)}
    row = PointsTransaction(
        tenant_id=business(tx),
        customer_id=customer_id,
        transaction_type=draft.kind,
        points=draft.points,
        balance_after=await accounts.change(tx, customer_id, **sums),
        idempotency_key=draft.key,
        reverses_id=draft.reverses.id if draft.reverses else None,
        is_partial=draft.is_partial,
        source=draft.source,
        campaign_id=draft.campaign_id,
        purchase_id=draft.purchase_id,
        reward_redemption_id=draft.redemption_id,
        details=dict(draft.details or {}),
        expires_at=draft.expires_at,
        created_by_user_id=draft.by.id if draft.by else None,
        occurred_at=draft.at,
    )
    if not await add_unless_taken(tx, _ADD, row):
        raise IdempotencyConflict(f"The key {draft.key} stands for another entry.")
    return Entry.of(row)


def _totals(draft: Draft) -> dict[str, Any]:
    """What the entry adds to the totals of its kind. A reversal takes from the total that it puts right."""
    kind = draft.reverses.kind if draft.reverses else draft.kind
    sign = {EntryKind.EARNED: 1, EntryKind.REDEEMED: -1, EntryKind.EXPIRED: -1}
    return {kind.value: sign[kind] * draft.points} if kind in sign else {}


def _latest(draft: Draft) -> dict[str, Any]:
    dated = draft.kind in {EntryKind.EARNED, EntryKind.REDEEMED}
    return {f"{draft.kind}_at": draft.at} if dated else {}


def _entry(row: PointsTransaction | None) -> Entry | None:
    return Entry.of(row) if row else None
