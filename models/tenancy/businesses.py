"""Which businesses there are, and the one a transaction belongs to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, bindparam, func
from sqlmodel import col, select

from models.base import Channel
from models.db import Database, Row, Tx
from models.tenancy.tables import Tenant

_KNOWN = func.businesses().table_valued("tenant", "slug", "business_name", "vendor_code")
_BUSINESSES = select(_KNOWN.c.tenant, _KNOWN.c.slug, _KNOWN.c.business_name, _KNOWN.c.vendor_code)
_HERE = func.businesses_on_line(bindparam("number", type_=String), bindparam("channel", type_=String)).table_valued(
    "tenant", "slug", "business_name", "vendor_code"
)
_ON_LINE = select(_HERE.c.tenant, _HERE.c.slug, _HERE.c.business_name, _HERE.c.vendor_code)
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
    return [_business(row) for row in await db.ask(_BUSINESSES)]


async def businesses_on_line(db: Database, number: str, channel: Channel) -> list[Business]:
    """The active ones that share this number, by name."""
    return [_business(row) for row in await db.ask(_ON_LINE, number=number, channel=channel)]


def _business(row: Row) -> Business:
    return Business(row.tenant, row.slug, row.business_name, row.vendor_code)


async def find(db: Database, slug: str) -> Business | None:
    return next((business for business in await all_businesses(db) if business.slug == slug), None)


async def load_tenant(tx: Tx) -> Tenant:
    """The business of the transaction. Raises LookupError if there is none yet."""
    tenant = await tx.one(_TENANT, tenant_id=tx.tenant_id)
    if tenant is None:
        raise LookupError(f"no business has the id {tx.tenant_id}")
    return tenant
