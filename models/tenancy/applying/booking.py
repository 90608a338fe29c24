"""What can be booked by a business file: services, who or what does them, and when."""

from collections.abc import Iterator
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlmodel import col, select

from models.booking.tables import AvailabilityTemplate, Resource, Service, ServiceResource
from models.db import Tx
from models.people.tables import User
from models.tenancy.applying.listed import Brought, Listed
from models.tenancy.booking_parts import Meeting, OpeningHours, ServiceOffer
from models.tenancy.business_file import BusinessFile

_MEETING = ("meeting_platform", "meeting_url", "meeting_id", "meeting_password")
_RESOURCES = Listed(Resource, "name", ("kind", "capacity", "user_id", *_MEETING))
_SERVICES = Listed(
    Service,
    "slug",
    (
        "name",
        "description",
        "price",
        "currency",
        "duration_minutes",
        "step_minutes",
        "buffer_before_minutes",
        "buffer_after_minutes",
        "notice_minutes",
        "cutoff_minutes",
        "pending_minutes",
        "horizon_days",
        "max_daily_bookings",
        "details_asked",
        "requires_payment",
        "auto_confirm",
        "follow_up_days",
        "follow_up_type",
        "display_order",
        *_MEETING,
    ),
)
_LINKS = select(ServiceResource).where(col(ServiceResource.tenant_id) == bindparam("tenant"))
_UNLINK = delete(ServiceResource).where(
    col(ServiceResource.tenant_id) == bindparam("tenant"), col(ServiceResource.id) == bindparam("row")
)
# hours of one resource are not in the file
_TEMPLATES = select(AvailabilityTemplate).where(
    col(AvailabilityTemplate.tenant_id) == bindparam("tenant"),
    col(AvailabilityTemplate.resource_id).is_(None),
)
_CLEAR = delete(AvailabilityTemplate).where(
    col(AvailabilityTemplate.tenant_id) == bindparam("tenant"),
    col(AvailabilityTemplate.id) == bindparam("row"),
)
Stretch = tuple[UUID | None, str, int, time, time]
"""(service or none for all, open or break, weekday, from, to)"""


async def bring_resources(tx: Tx, tenant_id: UUID, file: BusinessFile, users: Brought[User]) -> Brought[Resource]:
    wanted = [
        Resource(
            tenant_id=tenant_id,
            name=resource.name,
            kind=resource.kind,
            capacity=resource.capacity,
            user_id=users.rows[resource.staff].id if resource.staff else None,
            **_meeting(resource.meeting),
        )
        for resource in file.resources
    ]
    return await _RESOURCES.bring(tx, wanted)


async def bring_services(tx: Tx, tenant_id: UUID, file: BusinessFile) -> Brought[Service]:
    currency = file.business.currency
    wanted = [_service(tenant_id, offer, currency, place) for place, offer in enumerate(file.services)]
    return await _SERVICES.bring(tx, wanted)


def _service(tenant_id: UUID, offer: ServiceOffer, currency: str, place: int) -> Service:
    return Service(
        tenant_id=tenant_id,
        slug=offer.slug,
        name=offer.name,
        description=offer.description,
        price=offer.price,
        currency=currency,
        duration_minutes=offer.minutes,
        step_minutes=offer.every or offer.minutes,
        buffer_before_minutes=offer.buffer_before,
        buffer_after_minutes=offer.buffer_after,
        notice_minutes=offer.notice_hours * 60,
        cutoff_minutes=offer.cutoff_hours * 60,
        pending_minutes=offer.pending_hours * 60,
        horizon_days=offer.days_ahead,
        max_daily_bookings=offer.max_daily,
        details_asked=list(offer.asks),
        requires_payment=offer.requires_payment,
        auto_confirm=offer.auto_confirm,
        follow_up_days=offer.follow_up.days if offer.follow_up else None,
        follow_up_type=offer.follow_up.kind.value if offer.follow_up else None,
        display_order=place,
        **_meeting(offer.meeting),
    )


def _meeting(meeting: Meeting | None) -> dict[str, Any]:
    facts = meeting.model_dump() if meeting else dict.fromkeys(Meeting.model_fields)
    return {f"meeting_{name}": value for name, value in facts.items()}


async def bring_links(
    tx: Tx, tenant_id: UUID, file: BusinessFile, services: Brought[Service], resources: Brought[Resource]
) -> int:
    """Which resources serve which need of a service; says how many links came or went.

    Services that left keep theirs.
    """
    wanted = {
        (services.rows[offer.slug].id, need, resources.rows[name].id)
        for offer in file.services
        for need, group in enumerate(offer.groups)
        for name in group
    }
    listed = {row.id for row in services.rows.values()}
    kept = {
        (link.service_id, link.need, link.resource_id): link
        for link in await tx.all(_LINKS, tenant=tenant_id)
        if link.service_id in listed
    }
    for link in kept.keys() - wanted:
        await tx.run(_UNLINK, tenant=tenant_id, row=kept[link].id)
    await tx.add(
        *(
            ServiceResource(tenant_id=tenant_id, service_id=service_id, need=need, resource_id=resource_id)
            for service_id, need, resource_id in wanted - kept.keys()
        )
    )
    return len(kept.keys() ^ wanted)


async def bring_hours(tx: Tx, tenant_id: UUID, file: BusinessFile, services: Brought[Service]) -> int:
    """The weekly hours, general and of each service; says how many stretches came or went."""
    wanted = set(_stretches(None, file.hours))
    for offer in file.services:
        if offer.hours is not None:
            wanted.update(_stretches(services.rows[offer.slug].id, offer.hours))
    listed = {None, *(row.id for row in services.rows.values())}
    kept = {
        (row.service_id, row.kind, row.day_of_week, row.start_time, row.end_time): row
        for row in await tx.all(_TEMPLATES, tenant=tenant_id)
        if row.service_id in listed and row.is_active
    }
    for stretch in kept.keys() - wanted:
        await tx.run(_CLEAR, tenant=tenant_id, row=kept[stretch].id)
    await tx.add(
        *(
            AvailabilityTemplate(
                tenant_id=tenant_id,
                service_id=service_id,
                kind=kind,
                day_of_week=day,
                start_time=start,
                end_time=end,
            )
            for service_id, kind, day, start, end in wanted - kept.keys()
        )
    )
    return len(kept.keys() ^ wanted)


def _stretches(service_id: UUID | None, hours: OpeningHours) -> Iterator[Stretch]:
    for day, window in hours.windows():
        yield service_id, "open", day, window.start, window.end
    for day, window in hours.breaks.windows():
        yield service_id, "break", day, window.start, window.end
