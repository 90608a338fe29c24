"""Booking: pick a service, a day and a time, say yes, and the time is yours."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.booked import booked_values, told
from flows.looking import DAY_SENSES, LOOKING_MOVES, TIME_SENSES, Looked, LookingFlow
from flows.pending import tell_of_pending
from flows.reply import Choice
from flows.senses import Another
from flows.tables import NEXT, NONE_LEFT, START, Ask
from flows.waitlist import instead_of
from models.base import Channel
from models.booking import bookings
from models.booking.needs import largest_party
from models.booking.services import services
from models.booking.tables import BookingStatus
from prompts import Money

MOST_LOADS = 20
"""More is a street number that went astray, or a matter for a person."""


class S(StrEnum):
    """What is asked, in this order."""

    SERVICE = "service"
    BOOKED_FOR = "booked_for"
    SEATS = "seats"
    DAY = "day"
    TIME = "time"
    ADDRESS = "address"
    LOADS = "loads"
    NOTES = "notes"
    CONFIRM = "confirm"


class Asked(Looked):
    """`details` are what the service wants to know besides; `held` is the booking that keeps the time.

    `relation` is what somebody else who comes is to the customer.
    """

    seats: int | None = None
    booked_for: str | Another | None = None
    address: str | None = None
    loads: int | None = None
    notes: str | None = None
    confirm: bool | None = None
    details: list[str] = []
    held: UUID | None = None
    held_until: datetime | None = None
    relation: str | None = None
    most: int = 1


class Booking(LookingFlow):
    """From real openings: the time is held while the customer decides, and is his once he says yes."""

    name = "booking"
    version = 2
    first = "begin"
    Slots = Asked
    asks = (
        Ask(S.SERVICE, (senses.choice,), offers="services_offered", then="pick_service"),
        Ask(S.BOOKED_FOR, (senses.another, senses.name), then="check_name", when="asks_name", volunteered=True),
        Ask(S.SEATS, (senses.party,), needs=(S.SERVICE,), then="check_seats", when="asks_seats"),
        Ask(S.DAY, DAY_SENSES, offers="days_offered", needs=(S.SERVICE,), then="check_day"),
        Ask(S.TIME, TIME_SENSES, offers="times_offered", needs=(S.SERVICE, S.SEATS, S.DAY), then="check_time"),
        Ask(S.ADDRESS, (senses.address,), then="keep_holding", when="asks_address"),
        Ask(S.LOADS, (senses.count,), then="check_loads", when="asks_loads"),
        Ask(S.NOTES, (senses.note,), then="check_notes", when="asks_notes", optional=True, volunteered=True),
        Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", needs=(S.TIME,), then="confirm"),
    )
    moves = (
        ("nothing_offered", START, "nothing_offered"),
        ("too_many", S.SEATS, S.SEATS),
        (NONE_LEFT, S.DAY, "full"),
        (NONE_LEFT, S.TIME, S.DAY),
        *LOOKING_MOVES,
        ("unnamed", S.BOOKED_FOR, S.BOOKED_FOR),
        ("too_many", S.LOADS, S.LOADS),
        ("booked", S.CONFIRM, "booked"),
        ("approval", S.CONFIRM, "pending"),
        ("payment", S.CONFIRM, "pending"),
        ("approval_and_payment", S.CONFIRM, "pending"),
        ("lapsed", S.CONFIRM, S.TIME),
        ("no", S.CONFIRM, S.DAY),
    )

    async def begin(self) -> str:
        offered = await services(self.context.tx)
        if not offered:
            self.values = {"business": self.context.tenant.business_name}
            return "nothing_offered"
        self._told_at_once()
        if len(offered) == 1:
            self.slots.service = str(offered[0].id)
            self.keep("service")
            return await self.pick_service()
        return NEXT

    def _told_at_once(self) -> None:
        """What may be told unasked stands in the words that open the flow as well."""
        setting = self.context.setting()
        self.slots.notes = senses.note.spot(self.frame.said, setting)
        self.slots.booked_for = senses.another.spot(self.frame.said, setting)
        self.keep("notes")
        self._name_told()

    async def services_offered(self) -> list[Choice]:
        return [Choice(str(one.id), one.name) for one in await services(self.context.tx)]

    async def pick_service(self) -> str:
        picked = await self.booked_service()
        self.slots.details, self.slots.most = picked.details_asked, await largest_party(self.context.tx, picked)
        self.keep("details", "most")
        return NEXT

    def asks_seats(self) -> bool:
        return "seats" in self.slots.details and self.slots.most > 1

    async def check_seats(self) -> str:
        return NEXT if self.slots.seats <= self.slots.most else "too_many"

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

    # -- holding ---------------------------------------------------------------------------------------------

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
            seats=self.seats,
            minutes=context.settings.hold_minutes,
        )
        if not isinstance(held, bookings.Held):
            return self.missed(start)
        self.slots.held, self.slots.held_until = held.booking_id, held.expires_at
        self.keep("held", "held_until")
        return await super().take(held.start)

    @property
    def _left(self) -> timedelta:
        """How long the time is still held; nothing when that is over."""
        until = self.slots.held_until or self.context.now
        return max(until - self.context.now, timedelta(0))

    async def keep_holding(self) -> str:
        """Who is still answering keeps his time a little longer, once."""
        context = self.context
        minutes = context.settings.hold_minutes
        if timedelta(0) < self._left < timedelta(minutes=minutes) / 2:
            until = await bookings.extend_hold(context.tx, context.customer.id, now=context.now, minutes=minutes)
            self.slots.held_until = until or self.slots.held_until
            self.keep("held_until")
        return NEXT

    # -- what else is to be known ----------------------------------------------------------------------------

    def asks_name(self) -> bool:
        """Whom it is for is asked once somebody else was spoken of."""
        return self.slots.relation is not None and self.slots.booked_for is None

    async def check_name(self) -> str:
        await self.keep_holding()
        return NEXT if self._name_told() else "unnamed"

    def _name_told(self) -> bool:
        """Takes apart "my daughter Ada"; False while her name is not known."""
        who = self.slots.booked_for
        if isinstance(who, Another):
            self.slots.relation, self.slots.booked_for = who.relation, who.name
        self.keep("relation", "booked_for")
        return self.slots.booked_for is not None

    def asks_address(self) -> bool:
        return "address" in self.slots.details

    def asks_loads(self) -> bool:
        return "loads" in self.slots.details

    async def check_loads(self) -> str:
        await self.keep_holding()
        return NEXT if self.slots.loads <= MOST_LOADS else "too_many"

    def asks_notes(self) -> bool:
        return "notes" in self.slots.details

    async def check_notes(self) -> str:
        """A no to "anything we should know?" is nothing to write down."""
        if senses.yes_or_no.hear(self.slots.notes, self.context.setting()) is False:
            self.slots.notes = self.frame.slots["notes"] = None
        return await self.keep_holding()

    # -- saying yes ------------------------------------------------------------------------------------------

    async def summary(self) -> list[Choice]:
        """What is about to be booked, and yes or no."""
        await self.keep_holding()
        chosen, minutes = await self.booked_service(), -(-self._left // timedelta(minutes=1))
        self.values.update(
            {
                "service": chosen.name,
                "when": self.context.local(self.slots.time),
                "details": self._details(Money(chosen.price, chosen.currency)),
                "minutes": minutes,
            }
        )
        return self.yes_or_no()

    def _details(self, price: Money) -> str:
        """What the customer told, and what it costs."""
        slots, word = self.slots, self.context.word
        each = "booking-price-a-load" if slots.loads else "booking-price-a-seat" if slots.seats else "booking-price"
        return (word(each, price=price) if price.minor else "") + told(
            self.context,
            booked_for=slots.booked_for,
            seats=slots.seats,
            address=slots.address,
            loads=slots.loads,
            notes=slots.notes,
        )

    async def confirm(self) -> str:
        if not self.slots.confirm:
            await self.leave()
            return "no"
        context, slots = self.context, self.slots
        details = bookings.Details(
            name=context.name,
            pickup_address=slots.address,
            number_of_loads=slots.loads,
            notes=slots.notes,
            booked_for=bookings.BookedFor(slots.booked_for) if slots.booked_for else None,
        )
        until = context.local(slots.held_until).time() if slots.held_until else None
        done = await bookings.confirm(context.tx, slots.held, now=context.now, details=details)
        if not isinstance(done, bookings.Confirmed):
            self.values["until"] = until
            return "lapsed"
        self.values.update(booked_values(context, done))
        await tell_of_pending(context, done)
        if done.booking.status != BookingStatus.PENDING:
            return "booked"
        waits = {"approval": done.booking.needs_approval, "payment": done.booking.needs_payment}
        return "_and_".join(reason for reason, is_missing in waits.items() if is_missing)

    async def leave(self) -> None:
        await bookings.release_hold(self.context.tx, self.context.customer.id, self.context.now)
