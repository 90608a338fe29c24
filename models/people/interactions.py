"""The customer's journey, a row for each step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from models.base import uuid7
from models.db import Tx, written_columns
from models.people.tables import ConversionPotential, CustomerInteraction, InteractionType
from models.statements import ours

_NEW = insert(CustomerInteraction).values({name: bindparam(name) for name in written_columns(CustomerInteraction)})
# a visit that was reopened and completed again took place when it was completed last
_RECORD = _NEW.on_conflict_do_update(
    index_elements=["tenant_id", "booking_id", "interaction_type"],
    index_where=text("interaction_type IN ('booking_created', 'consultation_completed')"),
    set_={"interaction_date": _NEW.excluded.interaction_date, "details": _NEW.excluded.details},
)
_JOURNEY = (
    select(CustomerInteraction)
    .where(ours(CustomerInteraction), col(CustomerInteraction.customer_id) == bindparam("customer_id"))
    .order_by(col(CustomerInteraction.interaction_date))
)


async def record(
    tx: Tx,
    customer_id: UUID,
    kind: InteractionType,
    *,
    now: datetime,
    booking_id: UUID | None = None,
    user_id: UUID | None = None,
    score: int = 0,
    potential: ConversionPotential = ConversionPotential.UNKNOWN,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Adds a step; `score` is 0 to 100. A booking is made once and takes place once: again, the newer one counts."""
    await tx.run(
        _RECORD,
        tenant_id=tx.tenant_id,
        id=uuid7(),
        customer_id=customer_id,
        booking_id=booking_id,
        user_id=user_id,
        interaction_type=kind.value,
        interaction_date=now,
        details=dict(details or {}),
        value_score=score,
        conversion_potential=potential.value,
    )


async def journey(tx: Tx, customer_id: UUID) -> list[CustomerInteraction]:
    """Every step, oldest first."""
    return await tx.all(_JOURNEY, tenant_id=tx.tenant_id, customer_id=customer_id)
