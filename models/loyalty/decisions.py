"""Deciding what waits: who may, that it is decided once, and that what is approved is done in the same transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.db import Tx
from models.loyalty import adjustments, receipts
from models.loyalty.adjustments import Adjusted
from models.loyalty.purchases import Logged
from models.operations import approvals
from models.operations.tables import Approval, ApprovalKind, ApprovalState
from models.people import members
from models.people.kinship import is_own
from models.people.tables import Customer, Role, User
from models.tenancy.settings import TenantSettings


class DecisionOutcome(StrEnum):
    """What came of a decision. `impossible`: approved, but it could not be done, and is refused with why."""

    APPROVED = "approved"
    REFUSED = "refused"
    IMPOSSIBLE = "impossible"
    DECIDED = "decided"
    EXPIRED = "expired"
    NOT_ALLOWED = "not_allowed"
    OWN = "own"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, the request as it was, whom it is about, and what was done."""

    outcome: DecisionOutcome
    approval: Approval | None = None
    customer: Customer | None = None
    done: Adjusted | Logged | None = None
    why: str | None = None


def kinds_for(user: User) -> list[ApprovalKind]:
    """What somebody may decide: receipts whoever works here, points by hand the owners."""
    is_owner = user.role == Role.OWNER
    return [ApprovalKind.RECEIPT, ApprovalKind.ADJUSTMENT] if is_owner else [ApprovalKind.RECEIPT]


async def waiting(tx: Tx, user: User, now: datetime, most: int) -> list[Approval]:
    """What this member of staff may decide, oldest first, without what he has asked for himself."""
    return await approvals.waiting(tx, kinds_for(user), user, now, most)


async def look(tx: Tx, approval_id: UUID, user: User, now: datetime) -> Decision:
    """What would come of a decision now: `approved` if it may be decided. Nothing is held or changed."""
    return await _standing(tx, await approvals.request(tx, approval_id), user, now)


async def approve(tx: Tx, approval_id: UUID, *, by: User, now: datetime, settings: TenantSettings) -> Decision:
    """Approves and does it, once, whoever else decides at the same moment."""
    found = await _standing(tx, await approvals.hold(tx, approval_id), by, now)
    if found.outcome is not DecisionOutcome.APPROVED or found.approval is None:
        return found
    done = await _CARRY_OUT[ApprovalKind(found.approval.kind)](tx, found.approval, by=by, now=now, settings=settings)
    if not isinstance(done, Adjusted | Logged):
        why = str(done)
        await approvals.close(tx, found.approval, ApprovalState.REFUSED, by=by, now=now, outcome=why)
        return Decision(DecisionOutcome.IMPOSSIBLE, found.approval, found.customer, why=why)
    await approvals.close(tx, found.approval, ApprovalState.APPROVED, by=by, now=now)
    return Decision(DecisionOutcome.APPROVED, found.approval, found.customer, done)


async def refuse(tx: Tx, approval_id: UUID, *, by: User, now: datetime, why: str, remark: str | None) -> Decision:
    """Refuses, once: `why` is a word, `remark` what `by` wrote."""
    found = await _standing(tx, await approvals.hold(tx, approval_id), by, now)
    if found.outcome is not DecisionOutcome.APPROVED or found.approval is None:
        return found
    await approvals.close(tx, found.approval, ApprovalState.REFUSED, by=by, now=now, outcome=why, remark=remark)
    return Decision(DecisionOutcome.REFUSED, found.approval, found.customer, why=why)


async def _standing(tx: Tx, approval: Approval | None, user: User, now: datetime) -> Decision:
    """Whether this person may decide this now; `approved` means yes."""
    if approval is None:
        return Decision(DecisionOutcome.UNKNOWN)
    customer = await members.customer(tx, approval.customer_id)
    return Decision(_outcome(approval, customer, user, now), approval, customer)


def _outcome(approval: Approval, customer: Customer | None, user: User, now: datetime) -> DecisionOutcome:
    if approval.kind not in kinds_for(user) or approval.requested_by_user_id == user.id:
        return DecisionOutcome.NOT_ALLOWED
    if customer is not None and is_own(user, customer.phone_number):
        return DecisionOutcome.OWN
    if approval.state == ApprovalState.EXPIRED:
        return DecisionOutcome.EXPIRED
    if approval.state != ApprovalState.PENDING:
        return DecisionOutcome.DECIDED
    return DecisionOutcome.EXPIRED if approval.expires_at <= now else DecisionOutcome.APPROVED


_CARRY_OUT: dict[ApprovalKind, Callable[..., Awaitable[Any]]] = {
    ApprovalKind.ADJUSTMENT: adjustments.carry_out,
    ApprovalKind.RECEIPT: receipts.carry_out,
}
