"""A question about openings, and a shop in the database of which it is asked."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from models.base import uuid7
from models.booking import blocks
from models.booking.bookings import Held, SlotRefusal, hold
from models.booking.openings import Opening, Window
from models.booking.schedule import Slot, free_times
from models.booking.tables import AvailabilityOverride, AvailabilityTemplate
from models.db import Database, Tx
from tests.make import make_user
from tests.models.booking.questions import DAY, MINUTE, Question
from tests.models.booking.shop import Shop, make_shop

_BEFORE, _AS_BEFORE = text("SAVEPOINT before"), text("ROLLBACK TO SAVEPOINT before")
_SERVER = "SET LOCAL TIME ZONE '{}'"


@dataclass(frozen=True)
class Town:
    """The shop has the hours, closures and rules of the question, and what was booked since is in both."""

    shop: Shop
    asked: Question

    async def offered(self, server: ZoneInfo) -> list[Slot]:
        """What is offered on the day when the clock of the database is that of `server`."""
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            await tx.run(text(_SERVER.format(server.key)))
            return await free_times(tx, self.shop.service, self.asked.day, **self._terms())

    async def would_hold(self, customer: UUID, start: datetime) -> Held | SlotRefusal:
        """What whoever wants the time is answered. Nothing of it stays."""
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            await tx.run(_BEFORE)
            answer = await self._hold(tx, customer, start)
            await tx.run(_AS_BEFORE)
        return answer

    async def book(self, customer: UUID, opening: Opening) -> "Town":
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            held = await self._hold(tx, customer, opening.start)
        assert isinstance(held, Held), held
        await self.shop.confirm(held.booking_id)
        return replace(self, asked=replace(self.asked, busy=[*self.asked.busy, self.asked.booked(opening)]))

    async def _hold(self, tx: Tx, customer: UUID, start: datetime) -> Held | SlotRefusal:
        who: dict[str, Any] = {"customer_id": customer, "source": "whatsapp", "prefix": "LEK"}
        return await hold(tx, self.shop.service, start, **who, **self._terms())

    def _terms(self) -> dict[str, Any]:
        return {"now": self.asked.now, "zone": self.asked.zone, "seats": self.asked.rules.seats}


async def open_town(database: Database, asked: Question) -> Town:
    """All that is busy is closed by staff, so it takes all seats; the horizon is of whole days."""
    rules = replace(asked.rules, horizon=-(-asked.rules.horizon // DAY) * DAY)
    busy = [replace(one, seats=rules.capacity) for one in asked.busy]
    asked = replace(asked, rules=rules, busy=busy)
    shop = await make_shop(database, rules.capacity, hours="", zone=asked.zone, **_service(asked))
    shop = replace(shop, now=asked.now)
    owner = await make_user(database, shop.tenant_id)
    async with database.tenant(shop.tenant_id) as tx:
        await tx.add(*_hours(shop.tenant_id, asked))
        for one in busy:
            await blocks.block(tx, None, one.start, one.end, by=owner, now=asked.now)
    return Town(shop, asked)


def _service(asked: Question) -> dict[str, Any]:
    rules = asked.rules
    minutes: dict[str, timedelta] = {
        "duration_minutes": rules.duration,
        "step_minutes": rules.step,
        "notice_minutes": rules.notice,
        "buffer_before_minutes": rules.buffer_before,
        "buffer_after_minutes": rules.buffer_after,
    }
    return {**{name: span // MINUTE for name, span in minutes.items()}, "horizon_days": rules.horizon // DAY}


def _hours(tenant_id: UUID, asked: Question) -> list[AvailabilityTemplate | AvailabilityOverride]:
    def row(window: Window) -> dict[str, Any]:
        return {"id": uuid7(), "tenant_id": tenant_id, "start_time": window.start, "end_time": window.end}

    hours = asked.hours
    weekly = {"open": hours.weekly, "break": hours.breaks}
    return [
        *(
            AvailabilityTemplate(day_of_week=day, kind=kind, **row(window))
            for kind, days in weekly.items()
            for day, windows in days.items()
            for window in windows
        ),
        *(
            AvailabilityOverride(specific_date=day, is_available=True, **row(window))
            for day, windows in hours.overrides.items()
            for window in windows
        ),
    ]
