"""The businesses as turns need them: read once, and again after a few seconds, since another process may change one."""

from datetime import datetime, timedelta
from uuid import UUID

from models.db import Tx
from models.tenancy.businesses import load_tenant
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import Tenant

FRESH = timedelta(seconds=5)


class Tenants:
    """A small memory of businesses and their settings."""

    def __init__(self) -> None:
        self._known: dict[UUID, tuple[datetime, Tenant, TenantSettings]] = {}

    async def of(self, tx: Tx, tenant_id: UUID, now: datetime) -> tuple[Tenant, TenantSettings]:
        """The business whose transaction this is."""
        known = self._known.get(tenant_id)
        if known is None or not timedelta(0) <= now - known[0] < FRESH:
            tenant = await load_tenant(tx)
            known = (now, tenant, TenantSettings.model_validate(tenant.settings))
            self._known[tenant_id] = known
        return known[1], known[2]
