"""What a business lets people book."""

from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.booking.tables import Resource, Service
from models.db import Tx

_OFFERED = (
    select(Service)
    .where(
        col(Service.tenant_id) == bindparam("tenant_id"),
        col(Service.is_active),
        col(Service.deleted_at).is_(None),
    )
    .order_by(col(Service.display_order), col(Service.name))
)
_BY_ID = select(Service).where(col(Service.tenant_id) == bindparam("tenant_id"), col(Service.id) == bindparam("id"))
_RESOURCES = (
    select(Resource)
    .where(col(Resource.tenant_id) == bindparam("tenant_id"), col(Resource.is_active))
    .order_by(col(Resource.name))
)


async def services(tx: Tx) -> list[Service]:
    """Everything that is offered, in the order the business chose."""
    return await tx.all(_OFFERED, tenant_id=tx.tenant_id)


async def service(tx: Tx, service_id: UUID) -> Service | None:
    """The service, offered or not: appointments outlive an offer."""
    found: Service | None = await tx.one(_BY_ID, tenant_id=tx.tenant_id, id=service_id)
    return found


def is_offered(service: Service) -> bool:
    """Whether new times of it can be booked."""
    return service.is_active and service.deleted_at is None


async def resources(tx: Tx) -> list[Resource]:
    """Everybody and everything that bookings take, by name."""
    return await tx.all(_RESOURCES, tenant_id=tx.tenant_id)
