"""Customers who wait for a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import insert

from models.base import uuid7
from models.db import Tx
from models.messaging.tables import Handoff

_OPEN = (
    insert(Handoff)
    .values(
        tenant_id=bindparam("tenant_id"),
        id=bindparam("id"),
        customer_id=bindparam("customer_id"),
        reason=bindparam("reason"),
        waiting_since=bindparam("now"),
    )
    .on_conflict_do_nothing(index_elements=["tenant_id", "customer_id"], index_where=text("given_back_at IS NULL"))
)


async def open_handoff(tx: Tx, customer_id: UUID, *, reason: str, now: datetime) -> bool:
    """Notes that the customer waits for a person; False when he does so already."""
    values = {
        "tenant_id": tx.tenant_id,
        "id": uuid7(),
        "customer_id": customer_id,
        "reason": reason,
        "now": now,
    }
    return await tx.run(_OPEN, **values) == 1
