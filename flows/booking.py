"""Booking: pick a service, a day and a time, say yes, and the time is yours."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.calendar_link import calendar_line
from flows.looking import DAY_SENSES, LOOKING_MOVES, TIME_SENSES, Looked, LookingFlow
from flows.pending import tell_of_pending
from flows.reply import Choice
from flows.tables import NEXT, NONE_LEFT, START, Ask
from flows.waitlist import instead_of
from models.base import Channel
from models.booking import bookings
from models.booking.services import services
from models.booking.tables import BookingStatus
from prompts import Money

MOST_LOADS = 20
"""More is a street number that went astray, or a matter for a person."""


class S(StrEnum):
    """What is asked, in this order."""

    SERVICE = "service"
    DAY = "day"
    TIME = "time"
    ADDRESS = "address"
    LOADS = "loads"
    CONFIRM = "confirm"


class Asked(Looked):
    """`details` are what the service wants to know besides; `held` is the booking that keeps the time."""

    address: str | None = None
    loads: int | None = None
    confirm: bool | None = None
    details: list[str] = []
    held: UUID | None = None


class Booking(LookingFlow):
    """From real openings: the time is held while the customer decides, and is his once he says yes."""

    name = "booking"
    first = "begin"
    Slots = Asked
    asks = (
        Ask(S.SERVICE, (senses.choice,), offers="services_offered", then="pick_service"),
        Ask(S.DAY, DAY_SENSES, offers="days_offered", needs=(S.SERVICE,), then="check_day"),
        Ask(S.TIME, TIME_SENSES, offers="times_offered", needs=(S.SERVICE, S.DAY), then="check_time"),
        Ask(S.ADDRESS, (senses.address,), when="asks_address"),
        Ask(S.LOADS, (senses.count,), then="check_loads", when="asks_loads"),
        Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", needs=(S.TIME,), then="confirm"),
    )
    moves = (
        ("nothing_offered", START, "nothing_offered"),
        (NONE_LEFT, S.DAY, "full"),
        (NONE_LEFT, S.TIME, S.DAY),
        *LOOKING_MOVES,
        ("too_many", S.LOADS, S.LOADS),
        ("booked", S.CONFIRM, "booked"),
        ("pending", S.CONFIRM, "pending"),
        ("taken", S.CONFIRM, S.TIME),
        ("no", S.CONFIRM, S.DAY),
    )

    async def begin(self) -> str:
        offered = await services(self.context.tx)
        if not offered:
            self.values = {"business": self.context.tenant.business_name}
            return "nothing_offered"
        if len(offered) == 1:
            self.slots.service = str(offered[0].id)
            self.slots.details = offered[0].details_asked
            self.keep("service", "details")
        return NEXT

    async def services_offered(self) -> list[Choice]:
        return [Choice(str(one.id), one.name) for one in await services(self.context.tx)]

    async def pick_service(self) -> str:
        picked = await self.booked_service()
        self.slots.details = picked.details_asked
        self.keep("details")
        return NEXT

    async def days_offered(self) -> list[Choice]:
        self.values["service"] = (await self.booked_service()).name
        days = await super().days_offered()
        self.choices = self._or_wait()
        return [*days, *self.choices] if days else []

    async def times_offered(self) -> list[Choice]:
        times = await super().times_offered()
        return [*times, *self._or_wait(self.slots.day)] if times else []

    def _or_wait(self, day: date | None = None) -> tuple[Choice, ...]:
        """The waiting list, beside what is free; a caller is not read so much."""
        context = self.context
        return () if context.channel is Channel.VOICE else (instead_of(context, self.slots.service, day),)

    async def take(self, start: datetime) -> str:
        """Keeps the time while the customer decides."""
        context = self.context
        held = await bookings.hold(
            context.tx,
            await self.booked_service(),
            start,
            customer_id=context.customer.id,
            now=context.now,
            zone=context.zone,
            source=context.channel,
            prefix=context.settings.reference_prefix,
            minutes=context.settings.hold_minutes,
        )
        if not isinstance(held, bookings.Held):
            return self.missed(start)
        self.slots.held = held.booking_id
        self.keep("held")
        return await super().take(held.start)

    def asks_address(self) -> bool:
        return "address" in self.slots.details

    def asks_loads(self) -> bool:
        return "loads" in self.slots.details

    async def check_loads(self) -> str:
        return NEXT if self.slots.loads <= MOST_LOADS else "too_many"

    async def summary(self) -> list[Choice]:
        """What is about to be booked, and yes or no."""
        chosen = await self.booked_service()
        price = Money(chosen.price, chosen.currency)
        self.values = {
            "service": chosen.name,
            "when": self.context.local(self.slots.time),
            "price": price,
            "details": self._details(price),
            "minutes": self.context.settings.hold_minutes,
        }
        return self.yes_or_no()

    def _details(self, price: Money) -> str:
        """What the customer told, and what it costs."""
        word, slots = self.context.word, self.slots
        return "".join(
            (
                word("booking-price-a-load" if slots.loads else "booking-price", price=price) if price.minor else "",
                word("booking-at", address=slots.address) if slots.address else "",
                word("booking-loads-said", loads=slots.loads) if slots.loads else "",
            )
        )

    async def confirm(self) -> str:
        if not self.slots.confirm:
            await self.leave()
            return "no"
        context = self.context
        details = bookings.Details(
            name=context.name,
            pickup_address=self.slots.address,
            number_of_loads=self.slots.loads,
        )
        done = await bookings.confirm(context.tx, self.slots.held, now=context.now, details=details)
        if not isinstance(done, bookings.Confirmed):
            return "taken"
        await self.summary()
        self.values["reference"] = done.booking.reference
        self.values["calendar"] = calendar_line(context, done.booking.id)
        await tell_of_pending(context, done)
        return "pending" if done.booking.status == BookingStatus.PENDING else "booked"

    async def leave(self) -> None:
        await bookings.release_hold(self.context.tx, self.context.customer.id, self.context.now)
