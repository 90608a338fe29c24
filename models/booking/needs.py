"""What a service needs at the same time: a person, and maybe a room or a van. One resource of each need is taken.

A party of several takes its seats of what has places for several. Where such a thing is among the needs, what
there is one of (the guide of a boat, the nurse of a room) serves the whole party.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, or_
from sqlmodel import col, select

from models.booking.services import is_offered
from models.booking.tables import Resource, Service, ServiceResource
from models.db import Tx
from models.people.tables import User
from models.statements import ours

_AT_WORK = select(User.id).where(ours(User), col(User.is_active), col(User.deleted_at).is_(None))
OF_SERVICES = (
    ours(Resource),
    col(Resource.id).in_(
        select(ServiceResource.resource_id).where(
            ours(ServiceResource), col(ServiceResource.service_id) == any_(bindparam("services", type_=ARRAY(Uuid)))
        )
    ),
    col(Resource.is_active),
    # who has left the business takes no appointments, whatever the calendar says
    or_(col(Resource.user_id).is_(None), col(Resource.user_id).in_(_AT_WORK)),
)
"""The resources that do any of the services."""

_RESOURCES = select(Resource).where(*OF_SERVICES).order_by(col(Resource.name))
_LINKS = (
    select(ServiceResource.need, ServiceResource.resource_id)
    .where(ours(ServiceResource), col(ServiceResource.service_id) == bindparam("service_id"))
    .order_by(col(ServiceResource.need))
)


@dataclass(frozen=True, slots=True)
class Need:
    """Resources of which any one will do, by name; none if all have retired."""

    resources: tuple[Resource, ...]

    @property
    def is_shared(self) -> bool:
        """Whether several can take seats of one resource."""
        return any(resource.capacity > 1 for resource in self.resources)


@dataclass(frozen=True, slots=True)
class Needs:
    """All that a service needs at once."""

    each: tuple[Need, ...]

    @classmethod
    async def of(cls, tx: Tx, service: Service) -> Self:
        """None at all for a service that is not offered."""
        if not is_offered(service):
            return cls(())
        rows = await tx.all(_RESOURCES, tenant_id=tx.tenant_id, services=[service.id])
        wanted: defaultdict[int, set[UUID]] = defaultdict(set)
        for link in await tx.all(_LINKS, tenant_id=tx.tenant_id, service_id=service.id):
            wanted[link.need].add(link.resource_id)
        return cls(tuple(Need(tuple(row for row in rows if row.id in ids)) for ids in wanted.values()))

    @property
    def resources(self) -> list[Resource]:
        """Each of them once."""
        return list({resource.id: resource for need in self.each for resource in need.resources}.values())

    @property
    def largest_party(self) -> int:
        """How many can come together."""
        shared = [need for need in self.each if need.is_shared]
        return min((max(one.capacity for one in need.resources) for need in shared), default=1)

    def seats(self, need: Need, party: int) -> int:
        """What a party takes of the resource that serves this need."""
        serves_all = not need.is_shared and any(other.is_shared for other in self.each)
        return 1 if serves_all else party


async def largest_party(tx: Tx, service: Service) -> int:
    """How many can come together for this service: the most that `seats` of a booking can be."""
    return (await Needs.of(tx, service)).largest_party
