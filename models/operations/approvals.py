"""What needs a second person: asked for once, decided once, forgotten by nobody.

Lock order: the approval, then the customer it is about. Nobody who holds a customer waits for an approval: asking
for one only adds a row.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, String, any_, bindparam, func, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models.db import Tx
from models.errors import IdempotencyConflict
from models.operations import audit
from models.operations.tables import Actor, Approval, ApprovalKind, ApprovalState, AuditAction
from models.people.tables import User
from models.statements import add_unless_taken, business, ours, unless_taken, written

WAITS = timedelta(days=7)
"""How long a request waits before it lapses."""

_ADD = unless_taken(Approval)
_BY_KEY = select(Approval).where(ours(Approval), col(Approval.idempotency_key) == bindparam("key"))
_BY_ID = select(Approval).where(ours(Approval), col(Approval.id) == bindparam("approval_id"))
_HOLD = _BY_ID.with_for_update(key_share=True)
_IS_PENDING: ColumnElement[bool] = col(Approval.state) == written(ApprovalState.PENDING)
_WAITING = (
    select(Approval)
    .where(
        ours(Approval),
        _IS_PENDING,
        col(Approval.expires_at) > bindparam("now"),
        col(Approval.kind) == any_(bindparam("kinds", type_=ARRAY(String))),
        col(Approval.requested_by_user_id).is_distinct_from(bindparam("but_of")),
    )
    .order_by(col(Approval.requested_at), col(Approval.id))
    .limit(bindparam("most"))
)
_SINCE = select_columns(func.count()).where(
    ours(Approval),
    col(Approval.customer_id) == bindparam("customer_id"),
    col(Approval.kind) == bindparam("kind"),
    col(Approval.requested_at) >= bindparam("since"),
)
_CLOSE = (
    update(Approval)
    .where(ours(Approval), col(Approval.id) == bindparam("approval_id"), _IS_PENDING)
    .values(
        state=bindparam("state"),
        decided_by_user_id=bindparam("by"),
        decided_at=bindparam("now"),
        is_alone=bindparam("is_alone"),
        outcome=bindparam("outcome"),
        remark=bindparam("remark"),
    )
)
_EXPIRE = (
    update(Approval)
    .where(ours(Approval), _IS_PENDING, col(Approval.expires_at) <= bindparam("now"))
    .values(state=ApprovalState.EXPIRED)
    .returning(col(Approval.id))
)


async def ask(
    tx: Tx,
    kind: ApprovalKind,
    customer_id: UUID,
    *,
    payload: Mapping[str, Any],
    reason: str,
    key: str,
    by: User | None,
    now: datetime,
) -> Approval:
    """Asks for something about a customer: `by` is who works here, or None for the customer himself.

    The same key again answers with the first request. Raises IdempotencyConflict if it stands for another.
    """
    wanted = Approval(
        tenant_id=business(tx),
        kind=kind,
        customer_id=customer_id,
        requested_by_user_id=by.id if by else None,
        requested_at=now,
        payload=dict(payload),
        reason=reason,
        idempotency_key=key,
        expires_at=now + WAITS,
    )
    if await add_unless_taken(tx, _ADD, wanted):
        actor = Actor.STAFF if by else Actor.CUSTOMER
        told = {"kind": kind, "reason": reason, **payload}
        await audit.record(tx, AuditAction.INSERT, "approvals", wanted.id, by=by, now=now, new=told, actor=actor)
        return wanted
    (first,) = await tx.all(_BY_KEY, tenant_id=tx.tenant_id, key=key)
    if (first.kind, first.customer_id, first.payload) != (kind, customer_id, dict(payload)):
        raise IdempotencyConflict(f"The key {key} stands for another request.")
    return first


async def request_with_key(tx: Tx, key: str) -> Approval | None:
    approval: Approval | None = await tx.one(_BY_KEY, tenant_id=tx.tenant_id, key=key)
    return approval


async def request(tx: Tx, approval_id: UUID) -> Approval | None:
    """The request as it is now, for looking at it."""
    approval: Approval | None = await tx.one(_BY_ID, tenant_id=tx.tenant_id, approval_id=approval_id)
    return approval


async def hold(tx: Tx, approval_id: UUID) -> Approval | None:
    """The request, ours until the transaction ends: of two who decide at once, one finds it decided."""
    approval: Approval | None = await tx.one(_HOLD, tenant_id=tx.tenant_id, approval_id=approval_id)
    return approval


async def waiting(tx: Tx, kinds: list[ApprovalKind], but_of: User, now: datetime, most: int) -> list[Approval]:
    """What waits to be decided and was not asked for by this member of staff himself, oldest first."""
    return await tx.all(_WAITING, tenant_id=tx.tenant_id, kinds=kinds, but_of=but_of.id, now=now, most=most)


async def asked_since(tx: Tx, kind: ApprovalKind, customer_id: UUID, since: datetime) -> int:
    """How many requests of this kind there were about the customer from `since` on."""
    whose = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    times: int = await tx.value(_SINCE, **whose, kind=kind, since=since)
    return times


async def close(
    tx: Tx,
    approval: Approval,
    state: ApprovalState,
    *,
    by: User,
    now: datetime,
    outcome: str | None = None,
    remark: str | None = None,
    is_alone: bool = False,
) -> None:
    """Writes the decision down. The request is held, or has just been made."""
    decided = {"state": state, "outcome": outcome, "remark": remark, "is_alone": is_alone}
    await tx.run(_CLOSE, tenant_id=tx.tenant_id, approval_id=approval.id, by=by.id, now=now, **decided)
    new = {name: value for name, value in decided.items() if value}
    old = {"state": approval.state}
    await audit.record(tx, AuditAction.UPDATE, "approvals", approval.id, by=by, now=now, old=old, new=new)


async def expire(tx: Tx, now: datetime) -> list[Approval]:
    """Lets go of what nobody has decided in time. Answers what that was; deciding looks at the time itself."""
    rows = await tx.all(_EXPIRE, tenant_id=tx.tenant_id, now=now)
    expired = [found for row in rows if (found := await request(tx, row.id)) is not None]
    for approval in expired:
        old, new = {"state": ApprovalState.PENDING}, {"state": ApprovalState.EXPIRED}
        await audit.record(tx, AuditAction.UPDATE, "approvals", approval.id, by=None, now=now, old=old, new=new)
    return expired
