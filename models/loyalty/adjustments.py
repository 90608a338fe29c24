"""Points given or taken by hand: with a reason, never to oneself, and beyond the threshold by two people.

A minus takes what can be spent, earliest expiry first, and is refused where there is less: a debt is made by what was
earned and taken back, never by a figure that somebody types.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.errors import IdempotencyConflict
from models.loyalty import accounts, balances, entries, lots
from models.loyalty.entries import Draft, Entry
from models.loyalty.lots import UseState
from models.loyalty.tables import EntryKind, PointsTransaction
from models.operations import approvals, audit
from models.operations.tables import Approval, ApprovalKind, ApprovalState, AuditAction
from models.people import members, staff
from models.people.kinship import is_own
from models.people.tables import Customer, LoyaltyStatus, Role, User
from models.statements import ours
from models.tenancy.settings import TenantSettings

_DAY = timedelta(hours=24)


class AdjustReason(StrEnum):
    """Why points are put right by hand."""

    GOODWILL = "goodwill"
    CORRECTION = "correction"
    MISSED = "missed"
    PROMOTION = "promotion"
    OTHER = "other"


class AdjustRefusal(StrEnum):
    """Why nothing was adjusted."""

    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    OWN_ACCOUNT = "own_account"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class Wish:
    """So many points, with their sign, for this customer, and why; `note` is in somebody's own words."""

    customer_id: UUID
    points: int
    reason: AdjustReason
    note: str | None = None

    def kept(self) -> dict[str, Any]:
        """As an approval keeps it until somebody decides."""
        return {"points": self.points, "note": self.note}

    @classmethod
    def of(cls, approval: Approval) -> Self:
        told = approval.payload
        return cls(approval.customer_id, told["points"], AdjustReason(approval.reason), told["note"])


@dataclass(frozen=True, slots=True)
class Adjusted:
    """It is done; `balance` is what can be spent now. `is_alone` if an owner did it who has nobody to ask."""

    entry: Entry
    balance: int
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """It waits for an owner."""

    approval: Approval


Answer = Adjusted | Waits | AdjustRefusal

_BY_HAND = select_columns(func.coalesce(func.sum(func.abs(col(PointsTransaction.points))), 0)).where(
    ours(PointsTransaction),
    col(PointsTransaction.customer_id) == bindparam("customer_id"),
    col(PointsTransaction.transaction_type) == EntryKind.ADJUSTED,
    col(PointsTransaction.created_by_user_id) == bindparam("by"),
    col(PointsTransaction.occurred_at) > bindparam("since"),
    col(PointsTransaction.details)["approved_by"].astext.is_(None),
)


async def adjust(tx: Tx, wish: Wish, *, by: User, key: str, now: datetime, settings: TenantSettings) -> Answer:
    """Gives or takes the points at once, or asks an owner where they reach the threshold.

    What the same person has adjusted for the same customer in the last 24 hours counts too: five times a fifth is
    the whole. An only owner has nobody to ask: it is done, and told in the weekly digest.
    The same key again gets the same answer. Raises IdempotencyConflict when it stands for another wish, and ValueError
    for no points at all.
    """
    if not wish.points:
        raise ValueError("An adjustment of no points is none.")
    customer = await members.hold_customer(tx, wish.customer_id)
    if customer is None:
        return AdjustRefusal.UNKNOWN
    # both locks are held by now: the sum of the last 24 hours must not be read by two at once
    await accounts.open_and_lock(tx, customer.id)
    if first := await _first_answer(tx, wish, key, now):
        return first
    if refusal := await _refusal(tx, customer, wish, by, now):
        return refusal
    if not await _needs_a_second(tx, wish, by, now, settings.adjustment_threshold):
        return await _write(tx, wish, by=by, key=key, now=now, settings=settings)
    if not await _is_alone(tx, by):
        return Waits(await _ask(tx, wish, by, key, now))
    done = await _write(tx, wish, by=by, key=key, now=now, settings=settings, is_alone=True)
    if isinstance(done, Adjusted):
        approval = await _ask(tx, wish, by, key, now)
        await approvals.close(tx, approval, ApprovalState.APPROVED, by=by, now=now, is_alone=True)
    return done


async def carry_out(
    tx: Tx, approval: Approval, *, by: User, now: datetime, settings: TenantSettings
) -> Adjusted | AdjustRefusal:
    """Does what was asked for and `by` has approved. The request is held; it may no longer be possible."""
    wish = Wish.of(approval)
    customer = await members.hold_customer(tx, wish.customer_id)
    asker = await staff.colleague(tx, approval.requested_by_user_id) if approval.requested_by_user_id else None
    if customer is None or asker is None:
        return AdjustRefusal.UNKNOWN
    await accounts.open_and_lock(tx, customer.id)
    refusal = await _refusal(tx, customer, wish, by, now) or await _refusal(tx, customer, wish, asker, now)
    key = approval.idempotency_key
    return refusal or await _write(tx, wish, by=asker, key=key, now=now, settings=settings, approved_by=by)


async def _ask(tx: Tx, wish: Wish, by: User, key: str, now: datetime) -> Approval:
    told: dict[str, Any] = {"payload": wish.kept(), "reason": wish.reason, "key": key}
    return await approvals.ask(tx, ApprovalKind.ADJUSTMENT, wish.customer_id, **told, by=by, now=now)


async def _first_answer(tx: Tx, wish: Wish, key: str, now: datetime) -> Answer | None:
    """What was answered when this was first asked for."""
    if entry := await entries.entry_with_key(tx, key):
        if (entry.customer_id, entry.kind, entry.points) != (wish.customer_id, EntryKind.ADJUSTED, wish.points):
            raise IdempotencyConflict(f"The key {key} stands for another entry.")
        balance = await balances.balance(tx, wish.customer_id, now)
        return Adjusted(entry, balance.points, entry.details.get("is_alone", False))
    approval = await approvals.request_with_key(tx, key)
    if approval is None:
        return None
    if (approval.kind, Wish.of(approval)) != (ApprovalKind.ADJUSTMENT, wish):
        raise IdempotencyConflict(f"The key {key} stands for another request.")
    return Waits(approval)


async def _refusal(tx: Tx, customer: Customer, wish: Wish, by: User, now: datetime) -> AdjustRefusal | None:
    if customer.loyalty_status == LoyaltyStatus.BLOCKED:
        return AdjustRefusal.BLOCKED
    if is_own(by, customer.phone_number):
        return AdjustRefusal.OWN_ACCOUNT
    if wish.points > 0:
        return None
    spendable = (await balances.balance(tx, customer.id, now)).points
    return AdjustRefusal.NOT_ENOUGH if spendable < -wish.points else None


async def _needs_a_second(tx: Tx, wish: Wish, by: User, now: datetime, threshold: int) -> bool:
    whose = {"tenant_id": tx.tenant_id, "customer_id": wish.customer_id, "by": by.id}
    lately: int = await tx.value(_BY_HAND, **whose, since=now - _DAY)
    return lately + abs(wish.points) >= threshold


async def _is_alone(tx: Tx, by: User) -> bool:
    """Whether this is an owner and no other owner is there to ask."""
    others = [one for one in await staff.colleagues(tx) if one.role == Role.OWNER and one.id != by.id]
    return by.role == Role.OWNER and not others


async def _write(
    tx: Tx,
    wish: Wish,
    *,
    by: User,
    key: str,
    now: datetime,
    settings: TenantSettings,
    approved_by: User | None = None,
    is_alone: bool = False,
) -> Adjusted | AdjustRefusal:
    """The entry, its lot or what it takes out of others, and the note of it. The account is locked."""
    second = {"approved_by": str(approved_by.id)} if approved_by else {}
    flagged = {"is_alone": True} if is_alone else {}
    told = {"reason": wish.reason, "note": wish.note, **second, **flagged}
    draft = Draft(EntryKind.ADJUSTED, wish.points, key, now, by=by, details=told)
    entry = await (_give(tx, wish, draft, settings) if wish.points > 0 else _take(tx, wish, draft))
    if entry is None:
        return AdjustRefusal.NOT_ENOUGH
    new = {"customer": str(wish.customer_id), "points": wish.points, **told}
    await audit.record(tx, AuditAction.INSERT, "points_transactions", entry.id, by=by, now=now, new=new)
    balance = await balances.balance(tx, wish.customer_id, now)
    return Adjusted(entry, balance.points, is_alone)


async def _give(tx: Tx, wish: Wish, draft: Draft, settings: TenantSettings) -> Entry:
    """A lot of its own, as long-lived as earned points; a debt is repaid out of it first."""
    account = await accounts.open_and_lock(tx, wish.customer_id)
    days = settings.points_expire_after_days
    until = None if days is None else draft.at + timedelta(days=days)
    entry = await entries.append(tx, wish.customer_id, replace(draft, expires_at=until))
    await lots.open_lot(tx, entry)
    await lots.repay(tx, account, draft.at, entry_id=entry.id)
    return entry


async def _take(tx: Tx, wish: Wish, draft: Draft) -> Entry | None:
    """Out of the lots, earliest expiry first; None, and nothing is written, if there is less."""
    parts = lots.split(await lots.usable(tx, wish.customer_id, draft.at), -wish.points)
    if lots.total(parts) < -wish.points:
        return None  # a code that has timed out holds its points until it is given up
    entry = await entries.append(tx, wish.customer_id, draft)
    await lots.take(tx, parts, UseState.POSTED, entry_id=entry.id)
    return entry
