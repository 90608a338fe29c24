"""Phone calls: one row each, with what was said and how it ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from models.base import uuid7
from models.db import Tx
from models.messaging.tables import Call
from models.people.tables import Customer
from models.statements import ours

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""States a call does not leave again."""

_ADD = insert(Call).values(
    tenant_id=bindparam("tenant_id"),
    id=bindparam("id"),
    customer_id=bindparam("customer_id"),
    call_sid=bindparam("call_sid"),
    phone_number=bindparam("phone_number"),
    line=bindparam("line"),
    call_type="inbound",
    status="in-progress",
    duration=0,
    transcript=bindparam("said", type_=JSONB),
    started_at=bindparam("now"),
)
_SAY = _ADD.on_conflict_do_update(
    index_elements=["tenant_id", "call_sid"],
    set_={"transcript": col(Call.transcript).op("||")(_ADD.excluded.transcript)},
).returning(col(Call.id))
_COUNT = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(total_calls=col(Customer.total_calls) + 1)
)
_THIS = (ours(Call), col(Call.call_sid) == bindparam("call_sid"))
_END = (
    update(Call)
    .where(*_THIS, col(Call.status).not_in(FINAL))
    .values(
        status=bindparam("status"),
        duration=func.greatest(col(Call.duration), bindparam("seconds")),
        ended_at=bindparam("now"),
    )
)


async def say(
    tx: Tx,
    call_sid: str,
    *,
    customer_id: UUID,
    phone: str,
    line: str,
    said: Sequence[dict[str, Any]],
    now: datetime,
) -> None:
    """Adds to the transcript; the first words make the call's row, and count it for the customer."""
    new = uuid7()
    kept = await tx.value(
        _SAY,
        tenant_id=tx.tenant_id,
        id=new,
        customer_id=customer_id,
        call_sid=call_sid,
        phone_number=phone,
        line=line,
        said=list(said),
        now=now,
    )
    if kept == new:
        await tx.run(_COUNT, tenant_id=tx.tenant_id, customer_id=customer_id)


async def end(tx: Tx, call_sid: str, *, status: str, seconds: int, now: datetime) -> bool:
    """Records how the call ended; a final state is never overwritten. False when there was nothing to record."""
    if status not in FINAL:
        return False
    values = {
        "tenant_id": tx.tenant_id,
        "call_sid": call_sid,
        "status": status,
        "seconds": seconds,
        "now": now,
    }
    return await tx.run(_END, **values) == 1
