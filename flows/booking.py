"""Booking: pick a service, a day and a time, say yes, and the time is yours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from flows import senses
from flows.booked import booked_values, together, told, waiting
from flows.holding import Holding, HoldingFlow
from flows.looking import DAY_SENSES, LOOKING_MOVES, TIME_SENSES
from flows.pending import tell_of_pending
from flows.reply import Choice
from flows.senses import Another
from flows.senses.notes import is_nothing
from flows.tables import NEXT, NONE_LEFT, START, Ask
from flows.waitlist import instead_of
from models.base import Channel
from models.booking import bookings
from models.booking.needs import largest_party
from models.booking.tables import Service
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


class Asked(Holding):
    """`details` are what the services want to know besides, `most` how many can come together.

    `relation` is what somebody else who comes is to the customer.
    """

    seats: int | None = None
    booked_for: str | Another | None = None
    address: str | None = None
    loads: int | None = None
    notes: str | None = None
    confirm: bool | None = None
    details: list[str] = []
    relation: str | None = None
    most: int = 1


class Booking(HoldingFlow):
    """From real openings: the time is held while the customer decides, and is his once he says yes."""

    name = "booking"
    version = 2
    first = "begin"
    Slots = Asked
    asks = (
        Ask(S.SERVICE, (senses.several, senses.choice), offers="services_offered", then="pick_service"),
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
        ("withdrawn", S.SERVICE, S.SERVICE),
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
        ("taken", S.CONFIRM, S.TIME),
        ("no", S.CONFIRM, S.DAY),
    )

    async def begin(self) -> str:
        self._told_at_once()
        return await self.offer_services()

    def _told_at_once(self) -> None:
        """What may be told unasked stands in the words that open the flow as well."""
        setting = self.context.setting()
        self.slots.notes = senses.note.spot(self.frame.said, setting)
        self.slots.booked_for = senses.another.spot(self.frame.said, setting)
        self.keep("notes")
        self._name_told()

    async def pick_service(self) -> str:
        wanted = [self.slots.service] if isinstance(self.slots.service, str) else self.slots.service
        if not await self.can_be_had(*wanted):
            return "withdrawn"
        self.slots.service, *self.slots.also = wanted
        picked = await self.booked_services()
        self.slots.details = list(dict.fromkeys(detail for one in picked for detail in one.details_asked))
        self.slots.most = min([await largest_party(self.context.tx, one) for one in picked])
        self.keep("service", "also", "details", "most")
        return NEXT

    def asks_seats(self) -> bool:
        return "seats" in self.slots.details and self.slots.most > 1

    async def check_seats(self) -> str:
        return NEXT if self.slots.seats <= self.slots.most else "too_many"

    async def days_offered(self) -> list[Choice]:
        self.values["service"] = together(one.name for one in await self.booked_services())
        days = await super().days_offered()
        self.choices = self._or_wait()
        return [*days, *self.choices] if days else []

    async def times_offered(self) -> list[Choice]:
        times = await super().times_offered()
        return [*times, *self._or_wait(self.slots.day)] if times else []

    def _or_wait(self, day: date | None = None) -> tuple[Choice, ...]:
        """The waiting list, beside what is free; a caller is not read so much."""
        if self.context.channel is Channel.VOICE:
            return ()
        return (instead_of(self.context, self.slots.service, day, seats=self.seats),)

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
        """A no to "anything we should know?" is nothing to write down; "no nuts, please" is."""
        if is_nothing(self.slots.notes):
            self.slots.notes = self.frame.slots["notes"] = None
        return await self.keep_holding()

    # -- saying yes ------------------------------------------------------------------------------------------

    async def summary(self) -> list[Choice]:
        """What is about to be booked, and yes or no."""
        await self.keep_holding()
        chosen = await self.booked_services()
        self.values.update(
            {
                "service": together(one.name for one in chosen),
                "when": self.context.local(self.slots.time),
                "details": self._price(chosen) + self._told(),
                "minutes": self.minutes_left,
            }
        )
        return self.yes_or_no()

    def _price(self, chosen: Sequence[Service]) -> str:
        """What it costs: of one service for each load or person, of several altogether."""
        slots, one = self.slots, Money(sum(service.price for service in chosen), chosen[0].currency)
        if not one.minor:
            return ""
        if len(chosen) > 1:
            return self.context.word("booking-price", price=replace(one, minor=one.minor * (slots.loads or self.seats)))
        each = "booking-price-a-load" if slots.loads else "booking-price-a-seat" if slots.seats else "booking-price"
        return self.context.word(each, price=one)

    def _told(self) -> str:
        slots = self.slots
        return told(
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
        was_held = bool(self.left)
        done = await self.settle(details)
        if not done:
            self.values["until"] = until
            return "taken" if was_held else "lapsed"
        self.values.update(booked_values(context, done))
        for one in done:
            await tell_of_pending(context, one)
        return waiting(done) or "booked"
