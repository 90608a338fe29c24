"""Keeping a time while its customer decides: held, a little longer while he answers, and his once he says yes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from flows.looking import Looked, LookingFlow
from flows.tables import NEXT
from models.booking import bookings, visit_parts
from models.booking.bookings import Confirmed, Details, Held, SlotRefusal
from models.booking.visit_parts import HeldVisit

_MINUTE = timedelta(minutes=1)


class _Terms(TypedDict):
    """On what terms a time is held, of one service or of several."""

    customer_id: UUID
    now: datetime
    zone: ZoneInfo
    source: str
    prefix: str
    seats: int
    minutes: int


class Holding(Looked):
    """`held` is the booking, or the first of the `visit`, that keeps the time until `held_until`."""

    held: UUID | None = None
    visit: UUID | None = None
    held_until: datetime | None = None


class HoldingFlow(LookingFlow):
    """A flow that holds what is chosen; its slots are `Holding`."""

    async def take(self, start: datetime) -> str:
        """Keeps the time while the customer decides."""
        held = await self._hold(start)
        if isinstance(held, SlotRefusal):
            return self.missed(start)
        first = held.parts[0] if isinstance(held, HeldVisit) else held
        self.slots.held, self.slots.held_until = first.booking_id, held.expires_at
        self.slots.visit = held.visit_id if isinstance(held, HeldVisit) else None
        self.frame.slots.pop("visit", None)
        self.keep("held", "visit", "held_until")
        return await super().take(first.start)

    async def _hold(self, start: datetime) -> Held | HeldVisit | SlotRefusal:
        context, wanted = self.context, await self.booked_services()
        terms: _Terms = {
            "customer_id": context.customer.id,
            "now": context.now,
            "zone": context.zone,
            "source": context.channel,
            "prefix": context.settings.reference_prefix,
            "seats": self.seats,
            "minutes": context.settings.hold_minutes,
        }
        if len(wanted) > 1:
            return await visit_parts.hold_visit(context.tx, wanted, start, **terms)
        return await bookings.hold(context.tx, wanted[0], start, **terms)

    @property
    def left(self) -> timedelta:
        """How long the time is still held; nothing when that is over."""
        until = self.slots.held_until or self.context.now
        return max(until - self.context.now, timedelta(0))

    @property
    def minutes_left(self) -> int:
        """As it is told: a minute that has begun counts."""
        return -(-self.left // _MINUTE)

    async def keep_holding(self) -> str:
        """Who is still answering keeps his time a little longer, once."""
        context = self.context
        minutes = context.settings.hold_minutes
        if timedelta(0) < self.left < timedelta(minutes=minutes) / 2:
            until = await bookings.extend_hold(context.tx, context.customer.id, now=context.now, minutes=minutes)
            self.slots.held_until = until or self.slots.held_until
            self.keep("held_until")
        return NEXT

    async def settle(self, details: Details) -> Sequence[Confirmed]:
        """Makes bookings of what is held; none if it has lapsed and somebody was faster."""
        context = self.context
        if self.slots.visit is not None:
            done = await visit_parts.confirm_visit(context.tx, self.slots.visit, now=context.now, details=details)
            return () if isinstance(done, SlotRefusal) else done
        one = await bookings.confirm(context.tx, self.slots.held, now=context.now, details=details)
        return () if isinstance(one, SlotRefusal) else (one,)

    async def leave(self) -> None:
        await bookings.release_hold(self.context.tx, self.context.customer.id, self.context.now)
