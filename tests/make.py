"""Makers of the rows that tests start from."""

from typing import Any
from uuid import UUID

from models.base import uuid7
from models.db import Database
from models.people.tables import Customer, LoyaltyStatus, Role, User
from models.tenancy.tables import Tenant


async def make_tenant(database: Database, **changes: Any) -> Tenant:
    """A business in Lagos that deals in naira."""
    key = uuid7()
    tail = key.hex[-10:].upper()
    facts: dict[str, Any] = {
        "slug": f"shop-{tail.lower()}",
        "business_name": "Corner Shop",
        "vendor_code": f"C{tail}",
        "phone_number": "+14155550199",
        "zone": "Africa/Lagos",
        "currency": "NGN",
        "country": "NG",
    }
    tenant = Tenant(id=key, **{**facts, **changes})
    async with database.tenant(key) as tx:
        await tx.add(tenant)
    return tenant


async def make_customer(database: Database, tenant_id: UUID, phone: str = "+2348031234567", **changes: Any) -> Customer:
    """A member."""
    customer = Customer(tenant_id=tenant_id, phone_number=phone, **{"loyalty_status": LoyaltyStatus.ACTIVE, **changes})
    async with database.tenant(tenant_id) as tx:
        await tx.add(customer)
    return customer


async def make_user(database: Database, tenant_id: UUID, phone: str = "+2348030000002", **changes: Any) -> User:
    """A member of staff without a PIN."""
    user = User(tenant_id=tenant_id, phone_number=phone, **{"full_name": "Tunde", "role": Role.STAFF, **changes})
    async with database.tenant(tenant_id) as tx:
        await tx.add(user)
    return user
