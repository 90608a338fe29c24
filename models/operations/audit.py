"""The audit log: who did what to which record. Written in the transaction that does it, so the two cannot differ."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models.base import Channel
from models.db import Tx
from models.operations.tables import Actor, AuditAction, AuditLog
from models.people.tables import User
from models.statements import business


async def record(
    tx: Tx,
    action: AuditAction,
    entity: str,
    entity_id: UUID,
    *,
    by: User | None,
    now: datetime,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    channel: Channel | None = None,
    actor: Actor | None = None,
) -> None:
    """Notes that `by` did `action` to the row `entity_id` of the table `entity`, and the values it changed.

    Without `by` it was the system, unless `actor` says that it was a customer. Values are plain JSON; secrets do
    not belong in them.
    """
    row = AuditLog(
        tenant_id=business(tx),
        user_id=by.id if by else None,
        user_type=actor or (Actor.STAFF if by else Actor.SYSTEM),
        action=action,
        entity_type=entity,
        entity_id=entity_id,
        old_values=dict(old or {}),
        new_values=dict(new or {}),
        channel=channel,
        occurred_at=now,
    )
    await tx.add(row)
