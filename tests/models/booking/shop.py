"""A shop to book at. Each call is a customer's turn: one transaction of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.booking import bookings, schedule, visit_parts
from models.booking.bookings import (
    Appointment,
    CancelOutcome,
    Confirmed,
    Details,
    Held,
    Moved,
    MoveRefusal,
    SlotRefusal,
)
from models.booking.tables import AvailabilityTemplate, Booking, Resource, Service, ServiceResource
from models.booking.taken_tables import BookingResource
from models.booking.visit_parts import HeldVisit
from models.db import Database, Tx
from models.people.tables import Customer
from tests.make import make_customer, make_tenant

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
"""Noon in Lagos, on a Wednesday."""
THURSDAY = date(2026, 11, 19)
LAGOS = ZoneInfo("Africa/Lagos")
P = ParamSpec("P")
T = TypeVar("T")
_ALL = select(Booking).order_by(Booking.reference)
_TAKEN = select(BookingResource).order_by(col(BookingResource.need))


@dataclass(frozen=True)
class Shop:
    """A service, the resources that do it, and the moment at which all is asked."""

    database: Database
    service: Service
    resources: list[Resource]
    zone: ZoneInfo = LAGOS
    now: datetime = NOW

    @property
    def tenant_id(self) -> UUID:
        return self.service.tenant_id

    def later(self, minutes: int) -> "Shop":
        return replace(self, now=self.now + timedelta(minutes=minutes))

    async def do(self, work: Callable[Concatenate[Tx, P], Awaitable[T]], /, *args: P.args, **values: P.kwargs) -> T:
        """One operation in a transaction of its own."""
        async with self.database.tenant(self.tenant_id) as tx:
            return await work(tx, *args, **values)

    def at(self, wall: str, day: date = THURSDAY) -> datetime:
        """The instant at which clocks of the shop show `wall`."""
        return datetime.combine(day, time.fromisoformat(wall), self.zone).astimezone(UTC)

    async def customer(self, number: int = 1) -> UUID:
        customer = await make_customer(
            self.database, self.tenant_id, f"+23480300{number:05}", first_name="Ada", last_name="Obi"
        )
        return customer.id

    async def customers(self, number: int) -> list[UUID]:
        people = [Customer(tenant_id=self.tenant_id, phone_number=f"+23480311{i:05}") for i in range(number)]
        async with self.database.tenant(self.tenant_id) as tx:
            await tx.add(*people)
        return [person.id for person in people]

    async def hold(
        self, customer_id: UUID, wall: str, day: date = THURSDAY, *, seats: int = 1, minutes: int = 5
    ) -> Held | SlotRefusal:
        async with self.database.tenant(self.tenant_id) as tx:
            return await bookings.hold(
                tx,
                self.service,
                self.at(wall, day),
                customer_id=customer_id,
                now=self.now,
                zone=self.zone,
                source="whatsapp",
                prefix="LEK",
                seats=seats,
                minutes=minutes,
            )

    async def held(self, customer_id: UUID, wall: str, day: date = THURSDAY, *, seats: int = 1) -> Held:
        answer = await self.hold(customer_id, wall, day, seats=seats)
        assert isinstance(answer, Held), answer
        return answer

    async def confirm(self, booking_id: UUID, details: Details | None = None) -> Confirmed | SlotRefusal:
        async with self.database.tenant(self.tenant_id) as tx:
            return await bookings.confirm(tx, booking_id, now=self.now, details=details or Details())

    async def book(self, customer_id: UUID, wall: str, day: date = THURSDAY, *, seats: int = 1) -> Booking:
        held = await self.held(customer_id, wall, day, seats=seats)
        answer = await self.confirm(held.booking_id)
        assert isinstance(answer, Confirmed), answer
        return answer.booking

    async def move(
        self, booking_id: UUID, wall: str, day: date = THURSDAY, *, customer_id: UUID
    ) -> Moved | SlotRefusal | MoveRefusal:
        async with self.database.tenant(self.tenant_id) as tx:
            start = self.at(wall, day)
            return await bookings.move(tx, booking_id, start, customer_id=customer_id, now=self.now, zone=self.zone)

    async def cancel(self, booking_id: UUID, *, customer_id: UUID) -> CancelOutcome:
        async with self.database.tenant(self.tenant_id) as tx:
            return await bookings.cancel(tx, booking_id, customer_id=customer_id, now=self.now)

    async def release_hold(self, customer_id: UUID) -> bool:
        async with self.database.tenant(self.tenant_id) as tx:
            return await bookings.release_hold(tx, customer_id, self.now)

    async def expire_holds(self) -> int:
        async with self.database.tenant(self.tenant_id) as tx:
            return await bookings.expire_holds(tx, self.now)

    async def upcoming(self, customer_id: UUID) -> list[Appointment]:
        async with self.database.tenant(self.tenant_id) as tx:
            return await bookings.upcoming(tx, customer_id, self.now)

    async def slots(
        self,
        day: date = THURSDAY,
        *,
        seats: int = 1,
        for_customer: UUID | None = None,
        moving: UUID | None = None,
    ) -> list[schedule.Slot]:
        async with self.database.tenant(self.tenant_id) as tx:
            return await schedule.free_times(
                tx,
                self.service,
                day,
                now=self.now,
                zone=self.zone,
                seats=seats,
                for_customer=for_customer,
                moving=moving,
            )

    async def times(
        self,
        day: date = THURSDAY,
        *,
        seats: int = 1,
        for_customer: UUID | None = None,
        moving: UUID | None = None,
    ) -> list[str]:
        """The free times as clocks of the shop show them."""
        slots = await self.slots(day, seats=seats, for_customer=for_customer, moving=moving)
        return [f"{slot.start.astimezone(self.zone):%H:%M}" for slot in slots]

    async def days(self, first: date = THURSDAY, days: int = 7) -> list[date]:
        async with self.database.tenant(self.tenant_id) as tx:
            return await schedule.free_days(tx, self.service, first, days, now=self.now, zone=self.zone)

    async def rows(self) -> list[Booking]:
        """Everything that was ever held or booked."""
        async with self.database.tenant(self.tenant_id) as tx:
            return await tx.all(_ALL)

    async def taken(self, booking_id: UUID) -> list[BookingResource]:
        """What a booking takes, in the order of its needs."""
        async with self.database.tenant(self.tenant_id) as tx:
            return [row for row in await tx.all(_TAKEN) if row.booking_id == booking_id]

    async def hold_visit(
        self, customer_id: UUID, services: list[Service], wall: str, day: date = THURSDAY, *, seats: int = 1
    ) -> HeldVisit | SlotRefusal:
        return await self.do(
            visit_parts.hold_visit,
            services,
            self.at(wall, day),
            customer_id=customer_id,
            now=self.now,
            zone=self.zone,
            source="whatsapp",
            prefix="LEK",
            seats=seats,
        )


async def make_shop(
    database: Database,
    *capacities: int,
    hours: str = "09:00-13:00",
    zone: ZoneInfo = LAGOS,
    **changes: Any,
) -> Shop:
    """Open daily for `hours` (if any), with a resource per capacity; the service takes an hour and starts hourly."""
    tenant = await make_tenant(database, zone=zone.key)
    facts: dict[str, Any] = {
        "slug": "cut",
        "name": "Cut",
        "currency": "NGN",
        "duration_minutes": 60,
        "step_minutes": 60,
    }
    service = Service(tenant_id=tenant.id, **{**facts, **changes})
    resources = [
        Resource(tenant_id=tenant.id, name=f"Chair {i}", kind="places", capacity=capacity)
        for i, capacity in enumerate(capacities or (1,), 1)
    ]
    async with database.tenant(tenant.id) as tx:
        await tx.add(service, *resources, *_links(service, resources), *(open_daily(tenant.id, hours) if hours else ()))
    return Shop(database, service, resources, zone)


async def add_service(shop: Shop, *names: str, **changes: Any) -> Shop:
    """A second service of the same shop: of its resources, or of new ones with these names."""
    facts: dict[str, Any] = {"slug": "colour", "name": "Colour", "currency": "NGN"}
    facts |= {"duration_minutes": 60, "step_minutes": 60}
    service = Service(tenant_id=shop.tenant_id, **{**facts, **changes})
    resources = [Resource(tenant_id=shop.tenant_id, name=name, kind="places") for name in names]
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.add(service, *resources, *_links(service, resources or shop.resources))
    return replace(shop, service=service, resources=resources or shop.resources)


async def add_need(shop: Shop, need: int, *resources: Resource) -> list[Resource]:
    """The service needs one of these newcomers besides."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.add(*resources)
    await serve_need(shop, need, *resources)
    return list(resources)


async def serve_need(shop: Shop, need: int, *resources: Resource) -> None:
    """The service needs one of these, whom the shop has already, besides."""
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.add(*_links(shop.service, list(resources), need))


def a_resource(shop: Shop, name: str, capacity: int = 1, **changes: Any) -> Resource:
    return Resource(tenant_id=shop.tenant_id, name=name, kind="room", capacity=capacity, **changes)


def _links(service: Service, resources: list[Resource], need: int = 0) -> list[ServiceResource]:
    return [
        ServiceResource(tenant_id=service.tenant_id, service_id=service.id, resource_id=resource.id, need=need)
        for resource in resources
    ]


def open_daily(tenant_id: UUID, hours: str) -> list[AvailabilityTemplate]:
    """Rows that open a shop from "09:00-13:00" every day of the week."""
    opens, closes = map(time.fromisoformat, hours.split("-"))
    return [
        AvailabilityTemplate(tenant_id=tenant_id, day_of_week=day, start_time=opens, end_time=closes)
        for day in range(7)
    ]
