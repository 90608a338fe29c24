"""What must be free, counted half hour by half hour: too slow to use, too plain to be wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models.booking.blocks import Block
from models.booking.tables import Booking, Resource
from models.booking.taken_tables import BookingResource
from tests.models.booking.shop import Shop

HALF_HOUR = timedelta(minutes=30)
WALLS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00")
KEEPS_TIME = ("pending", "confirmed")


@dataclass
class Counting:
    """A shop that is open from 09:00 to 13:00, all that it has booked, and the rooms it needs besides, if any."""

    shop: Shop
    rooms: list[Resource]
    rows: dict[UUID, Booking]
    taken: list[BookingResource]
    blocks: list[Block]

    @property
    def needs(self) -> list[list[Resource]]:
        return [self.shop.resources, self.rooms] if self.rooms else [self.shop.resources]

    @property
    def resources(self) -> list[Resource]:
        return [*self.shop.resources, *self.rooms]

    def free(self, seats: int, customer: UUID, moving: Booking | None = None) -> list[str]:
        """The walls at which some resource of each need has seats left in every half hour, buffer included."""
        others = [row for row in self.rows.values() if self.stands_in_the_way(row, customer, moving)]
        limit = self.shop.service.max_daily_bookings
        if limit is not None and len(others) >= limit:
            return []
        taken = [row for row in self.taken if row.booking_id in {other.id for other in others}]
        return [
            wall
            for wall in WALLS
            if all(any(self.fits(wall, self.party(need, seats), it, taken) for it in need) for need in self.needs)
        ]

    def party(self, need: list[Resource], seats: int) -> int:
        """What a party takes of this need: what there is one of serves all, where something else has the places."""
        shared = [any(one.capacity > 1 for one in other) for other in self.needs]
        return 1 if any(shared) and not any(one.capacity > 1 for one in need) else seats

    def fits(self, wall: str, seats: int, resource: Resource, taken: list[BookingResource]) -> bool:
        start = self.shop.at(wall)
        lasts = 2 + self.shop.service.buffer_after_minutes // 30
        mine = [row for row in taken if row.resource_id == resource.id]
        ticks = [start + i * HALF_HOUR for i in range(lasts)]
        return all(load(mine, tick) + seats <= resource.capacity and self.is_open(resource, tick) for tick in ticks)

    def is_open(self, resource: Resource, tick: datetime) -> bool:
        return not any(
            block.start <= tick < block.end and (block.resource_ids is None or resource.id in block.resource_ids)
            for block in self.blocks
        )

    def stands_in_the_way(self, row: Booking, customer: UUID, moving: Booking | None) -> bool:
        own_hold = row.status == "held" and row.customer_id == customer
        return self.counts(row) and not own_hold and (moving is None or row.id != moving.id)

    def counts(self, row: Booking) -> bool:
        return row.status in KEEPS_TIME or self.alive(row)

    def alive(self, row: Booking) -> bool:
        return row.status == "held" and row.hold_expires_at is not None and row.hold_expires_at > self.shop.now

    def booked(self) -> list[Booking]:
        return [row for row in self.rows.values() if row.status in KEEPS_TIME]

    def own(self, customer: UUID) -> list[Booking]:
        return [row for row in self.rows.values() if row.customer_id == customer]

    def visit(self, visit_id: UUID | None) -> list[Booking]:
        parts = [row for row in self.rows.values() if visit_id and row.visit_id == visit_id]
        return sorted(parts, key=lambda row: row.visit_place)

    def wall(self, row: Booking) -> str:
        return f"{row.during.lower.astimezone(self.shop.zone):%H:%M}"

    def ticks(self) -> list[datetime]:
        return [self.shop.at("09:00") + i * HALF_HOUR for i in range(9)]

    def standing(self) -> dict[UUID, tuple[Any, ...]]:
        """All that somebody could notice of what counts."""
        return {
            row.id: (row.reference, row.status, row.during, row.blocked, row.resource_id, row.version)
            for row in self.rows.values()
            if self.counts(row)
        }


def load(rows: list[BookingResource], tick: datetime) -> int:
    return sum(row.seats for row in rows if row.blocked.lower <= tick < row.blocked.upper)
