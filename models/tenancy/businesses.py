"""Which businesses there are, and the one a transaction belongs to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from models.db import Database, Tx
from models.tenancy.tables import Tenant

_KNOWN = func.businesses().table_valued("tenant", "slug", "business_name", "vendor_code")
_BUSINESSES = select(_KNOWN.c.tenant, _KNOWN.c.slug, _KNOWN.c.business_name, _KNOWN.c.vendor_code)
_TENANT = select(Tenant).where(col(Tenant.id) == bindparam("tenant_id"))


@dataclass(frozen=True, slots=True)
class Business:
    """A business as everybody may know it; `code` is what customers send to a shared number."""

    id: UUID
    slug: str
    name: str
    code: str


async def all_businesses(db: Database) -> list[Business]:
    """The active ones, by name."""
    rows = await db.ask(_BUSINESSES)
    return [Business(row.tenant, row.slug, row.business_name, row.vendor_code) for row in rows]


async def find(db: Database, slug: str) -> Business | None:
    return next((business for business in await all_businesses(db) if business.slug == slug), None)


async def load_tenant(tx: Tx) -> Tenant:
    """The business of the transaction. Raises LookupError if there is none yet."""
    tenant = await tx.one(_TENANT, tenant_id=tx.tenant_id)
    if tenant is None:
        raise LookupError(f"no business has the id {tx.tenant_id}")
    return tenant
