"""What can be booked, as a business file says it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam
from sqlmodel import col, select

from models.booking.openings import Window
from models.booking.tables import AvailabilityOverride, AvailabilityTemplate, Resource, Service, ServiceResource
from models.db import Tx
from models.people.tables import User
from models.tenancy.booking_parts import WEEKDAYS

_TENANT = bindparam("tenant", type_=Uuid)
_STAFF = select(User).where(col(User.tenant_id) == _TENANT, col(User.is_active))
_RESOURCES = (
    select(Resource).where(col(Resource.tenant_id) == _TENANT, col(Resource.is_active)).order_by(col(Resource.name))
)
_SERVICES = (
    select(Service)
    .where(col(Service.tenant_id) == _TENANT, col(Service.is_active))
    .order_by(col(Service.display_order))
)
_LINKS = (
    select(ServiceResource.service_id, ServiceResource.need, Resource.name)
    .join(Resource, col(Resource.id) == col(ServiceResource.resource_id))
    .where(col(ServiceResource.tenant_id) == _TENANT, col(Resource.tenant_id) == _TENANT)
    .order_by(col(ServiceResource.need), col(Resource.name))
)
_TEMPLATES = select(AvailabilityTemplate).where(
    col(AvailabilityTemplate.tenant_id) == _TENANT,
    col(AvailabilityTemplate.is_active),
    col(AvailabilityTemplate.resource_id).is_(None),
)
_DATES = (
    select(AvailabilityOverride)
    .where(col(AvailabilityOverride.tenant_id) == _TENANT)
    .order_by(
        col(AvailabilityOverride.specific_date),
        col(AvailabilityOverride.service_id).nulls_first(),
        col(AvailabilityOverride.resource_id).nulls_first(),
        col(AvailabilityOverride.start_time),
    )
)


async def parts(tx: Tx, tenant_id: UUID) -> dict[str, Any]:
    """[hours], [[resources]], [[services]] and [[dates]]."""
    phones = {user.id: user.phone_number for user in await tx.all(_STAFF, tenant=tenant_id)}
    resources = await tx.all(_RESOURCES, tenant=tenant_id)
    services = await tx.all(_SERVICES, tenant=tenant_id)
    names: dict[UUID, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for service_id, need, name in await tx.all(_LINKS, tenant=tenant_id):
        names[service_id][need].append(name)
    templates: dict[UUID | None, list[AvailabilityTemplate]] = defaultdict(list)
    for template in await tx.all(_TEMPLATES, tenant=tenant_id):
        templates[template.service_id].append(template)
    return {
        "hours": _hours(templates[None]),
        "resources": [
            {
                "name": one.name,
                "kind": one.kind,
                "capacity": one.capacity,
                "staff": phones.get(one.user_id) if one.user_id else None,
                "meeting": _meeting(one),
            }
            for one in resources
        ],
        "services": [
            _service(service, list(names[service.id].values()), templates.get(service.id)) for service in services
        ],
        "dates": _dates(await tx.all(_DATES, tenant=tenant_id), services, resources),
    }


def _follow_up(service: Service) -> dict[str, Any] | None:
    if service.follow_up_type is None:
        return None
    return {"days": service.follow_up_days, "kind": service.follow_up_type}


def _service(service: Service, needs: list[list[str]], hours: list[AvailabilityTemplate] | None) -> dict[str, Any]:
    step, minutes = service.step_minutes, service.duration_minutes
    return {
        "name": service.name,
        "slug": service.slug,
        **({"description": service.description} if service.description else {}),
        "price": service.price,
        "minutes": minutes,
        "every": None if step == minutes else step,
        "buffer_before": service.buffer_before_minutes,
        "buffer_after": service.buffer_after_minutes,
        "notice_hours": service.notice_minutes // 60,
        "cutoff_hours": service.cutoff_minutes // 60,
        "days_ahead": service.horizon_days,
        "max_daily": service.max_daily_bookings,
        "requires_payment": service.requires_payment,
        "auto_confirm": service.auto_confirm,
        "follow_up": _follow_up(service),
        "pending_hours": service.pending_minutes // 60,
        "asks": service.details_asked,
        "resources": needs[0] if len(needs) == 1 else [],
        "needs": needs if len(needs) > 1 else [],
        "meeting": _meeting(service),
        "hours": _hours(hours) if hours else None,
    }


def _meeting(row: Service | Resource) -> dict[str, str | None] | None:
    if row.meeting_platform is None:
        return None
    return {
        "platform": row.meeting_platform,
        "url": row.meeting_url,
        "id": row.meeting_id,
        "password": row.meeting_password,
    }


def _dates(
    rows: Iterable[AvailabilityOverride], services: Iterable[Service], resources: Iterable[Resource]
) -> list[dict[str, Any]]:
    """An entry for each day of a service, a resource or all, with its stretches."""
    slugs = {service.id: service.slug for service in services}
    names = {one.id: one.name for one in resources}
    days: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        day = days.setdefault(
            (row.specific_date, row.service_id, row.resource_id),
            {
                "date": row.specific_date,
                "closed": not row.is_available,
                "hours": [],
                "max_bookings": row.max_bookings,
                "service": slugs.get(row.service_id) if row.service_id else None,
                "resource": names.get(row.resource_id) if row.resource_id else None,
                "reason": row.reason,
            },
        )
        if row.start_time is not None and row.end_time is not None:
            day["hours"].append(Window(row.start_time, row.end_time))
    return list(days.values())


def _hours(templates: Iterable[AvailabilityTemplate]) -> dict[str, Any]:
    week: dict[str, Any] = {"breaks": {}}
    for template in templates:
        days = week["breaks"] if template.kind == "break" else week
        window = Window(template.start_time, template.end_time)
        days.setdefault(WEEKDAYS[template.day_of_week], []).append(window)
    return week
