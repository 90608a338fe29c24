"""Booking with priority: who has earned it sees days that are not open to others yet."""

from uuid import UUID

from sqlalchemy import Boolean, Integer, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.db import Tx
from models.loyalty.standing_tables import LoyaltyTier
from models.people.tables import Customer
from models.statements import ours
from models.tenancy.tables import Tenant

# of a tier that the newest version knows no more, the last one that did, until the customer is looked at again
_AHEAD = (
    select_columns(
        LoyaltyTier.benefits["priority_booking"].astext.cast(Boolean).label("has_priority"),
        Tenant.settings["priority_days"].astext.cast(Integer).label("days"),
    )
    .select_from(Customer)
    .join(Tenant, col(Tenant.id) == col(Customer.tenant_id))
    .join(
        LoyaltyTier,
        (col(LoyaltyTier.tenant_id) == col(Customer.tenant_id)) & (col(LoyaltyTier.name) == col(Customer.tier)),
    )
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .order_by(col(LoyaltyTier.version).desc())
    .limit(1)
)


async def days_ahead(tx: Tx, customer_id: UUID | None) -> int:
    """How many days further than others the customer can book."""
    row = await tx.one(_AHEAD, tenant_id=tx.tenant_id, customer_id=customer_id) if customer_id else None
    return row.days or 0 if row is not None and row.has_priority else 0
