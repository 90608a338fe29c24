"""Staff book for a customer who stands before them or rings up: now or later, and it stands at once."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from flows import senses
from flows.booking import MOST_LOADS
from flows.calendar import day_choices
from flows.desk import DeskFlow
from flows.flow import Slots
from flows.reply import Choice, starting
from flows.senses import ClockTime
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.booking import bookings
from models.people import members
from models.people.members import WALK_IN
from models.people.tables import Customer, LeadSource
from prompts import Money

NOW, NO_NAME = "now", "no_name"


class S(StrEnum):
    """What is asked, in this order."""

    WHO = "who"
    CALLED = "called"
    SERVICE = "service"
    DAY = "day"
    TIME = "time"
    ADDRESS = "address"
    LOADS = "loads"
    CONFIRM = "confirm"


class Asked(Slots):
    """`who` is a phone number in E.164, or says that there is none; `day` may be now. `unknown`: the name is asked."""

    who: str | None = None
    called: str | None = None
    service: str | None = None
    day: date | Literal["now"] | None = None
    time: datetime | ClockTime | None = None
    address: str | None = None
    loads: int | None = None
    confirm: bool | None = None
    unknown: bool = True
    details: list[str] = []


class WalkIn(DeskFlow):
    """Neither notice nor approval hold for staff; hours, and the chair that is taken, do."""

    name = "walk_in"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.WHO, (senses.choice, senses.phone), offers="whose", then="find"),
        Ask(S.CALLED, (senses.choice, senses.name), offers="nameless", needs=(S.WHO,), when="is_unknown"),
        Ask(S.SERVICE, (senses.choice,), offers="services_offered", then="pick_service"),
        Ask(S.DAY, (senses.choice, senses.day), offers="days_offered", needs=(S.SERVICE,), then="pick_day"),
        Ask(
            S.TIME,
            (senses.choice, senses.clock),
            offers="times_offered",
            needs=(S.SERVICE, S.DAY),
            then="pick_time",
            when="is_later",
        ),
        Ask(S.ADDRESS, (senses.address,), when="asks_address"),
        Ask(S.LOADS, (senses.count,), then="check_loads", when="asks_loads"),
        Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", needs=(S.DAY, S.TIME), then="book"),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        (NONE_LEFT, S.SERVICE, "nothing_offered"),
        ("no_such_time", S.TIME, S.TIME),
        (NONE_LEFT, S.TIME, S.DAY),
        ("too_many", S.LOADS, S.LOADS),
        ("booked", S.CONFIRM, "booked"),
        ("taken", S.CONFIRM, S.DAY),
        ("not_offered", S.CONFIRM, S.DAY),
        ("no", S.CONFIRM, "left_alone"),
    )

    async def whose(self) -> list[Choice]:
        return [Choice(WALK_IN, self.context.word("walk-in-no-number"), (self.context.word("walk-in-none"),))]

    async def find(self) -> str:
        customer = await members.find_customer(self.context.tx, self.slots.who)
        self.slots.unknown = customer is None or self.slots.who == WALK_IN
        self.keep("unknown")
        return NEXT

    def is_unknown(self) -> bool:
        return bool(self.slots.unknown)

    async def nameless(self) -> list[Choice]:
        return [Choice(NO_NAME, self.context.word("walk-in-no-name"))]

    async def pick_service(self) -> str:
        self.slots.details = (await self.booked_service()).details_asked
        self.keep("details")
        return NEXT

    async def days_offered(self) -> list[Choice]:
        self.values["service"] = (await self.booked_service()).name
        now = Choice(NOW, self.context.word("walk-in-now"), (self.context.word("walk-in-right-now"),))
        return [now, *day_choices(self.context, await self.free_days())]

    async def pick_day(self) -> str:
        if self.slots.day == NOW:
            now = self.context.now
            self.slots.time = now - timedelta(seconds=now.second, microseconds=now.microsecond)
            self.keep("time")
        return NEXT

    def is_later(self) -> bool:
        return bool(self.slots.day != NOW)

    def asks_address(self) -> bool:
        return "address" in self.slots.details

    def asks_loads(self) -> bool:
        return "loads" in self.slots.details

    async def check_loads(self) -> str:
        return NEXT if 0 < self.slots.loads <= MOST_LOADS else "too_many"

    async def summary(self) -> list[Choice]:
        """For whom, what and when, and yes or no."""
        await self._say()
        return self.yes_or_no()

    async def book(self) -> str:
        await self._say()
        if not self.slots.confirm:
            return "no"
        customer = await self._customer()
        # as his own turn would: whatever he holds himself just now is not taken twice
        await members.hold_customer(self.context.tx, customer.id)
        held = await self._hold(customer.id)
        if isinstance(held, bookings.SlotRefusal):
            return "not_offered" if held is bookings.SlotRefusal.NOT_OFFERED else "taken"
        done = await self._confirm(held)
        if not isinstance(done, bookings.Confirmed):
            return "taken"
        self.values |= {"reference": done.booking.reference, "resource": done.resource}
        self.choices = (Choice(starting("visit", which=done.booking.id), self.context.word("walk-in-card")),)
        await self._tell(customer, done)
        return "booked"

    # -- helpers -----------------------------------------------------------------------------------------------

    async def _customer(self) -> Customer:
        known = await members.find_customer(self.context.tx, self.slots.who)
        return known or await members.add_customer(
            self.context.tx,
            self.slots.who,
            None if self.slots.who == WALK_IN else self._name(),
            by=self.member_of_staff,
            now=self.context.now,
            source=LeadSource.WALK_IN,
        )

    def _name(self) -> str | None:
        return None if self.slots.called in (None, NO_NAME) else self.slots.called

    async def _hold(self, customer_id: UUID) -> bookings.Held | bookings.SlotRefusal:
        context = self.context
        return await bookings.hold(
            context.tx,
            await self.booked_service(),
            self.slots.time,
            customer_id=customer_id,
            now=context.now,
            zone=context.zone,
            source=context.channel,
            prefix=context.settings.reference_prefix,
            by=self.member_of_staff,
        )

    async def _confirm(self, held: bookings.Held) -> bookings.Confirmed | bookings.SlotRefusal:
        name = self._name() or (self.context.word("walk-in-somebody") if self.slots.who == WALK_IN else None)
        details = bookings.Details(name=name, pickup_address=self.slots.address, number_of_loads=self.slots.loads)
        context, by = self.context, self.member_of_staff
        return await bookings.confirm(context.tx, held.booking_id, now=context.now, details=details, by=by)

    async def _say(self) -> None:
        chosen = await self.booked_service()
        known = await members.find_customer(self.context.tx, self.slots.who)
        anonymous = self.slots.who == WALK_IN
        nobody = self.context.word("walk-in-somebody") if anonymous else self.slots.who
        self.values = {
            "service": chosen.name,
            "when": self.context.local(self.slots.time),
            "customer": self._name() or (self.called(known) if known and not anonymous else nobody),
            "price": Money(chosen.price, chosen.currency),
        }

    async def _tell(self, customer: Customer, done: bookings.Confirmed) -> None:
        """Whoever stands there sees it himself; who comes later gets it in writing."""
        if self.slots.day == NOW:
            return
        told = {name: self.values[name] for name in ("service", "when", "reference")}
        key = "walk-in-told" if customer.joined_at else "walk-in-first-told"
        choices = (
            (starting("reschedule", which=done.booking.id), "reschedule-label"),
            (starting("cancellation", which=done.booking.id), "cancellation-label"),
        )
        await self.tell(customer.id, key, *choices, **told)
