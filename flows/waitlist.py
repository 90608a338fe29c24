"""The waiting list: for whom nothing is free, or nothing that suits."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from flows import senses
from flows.context import TurnContext
from flows.flow import Slots
from flows.reply import Choice, starting
from flows.senses import Period
from flows.services import ServiceFlow
from flows.tables import NEXT, START, Ask
from models.booking import ahead, waitlist
from models.booking.ahead_tables import PartOfDay
from models.booking.busy import Asking
from models.booking.needs import largest_party
from models.booking.tables import Service
from models.booking.waitlist import Wish, parts_of

ANY = "any"
AHEAD = timedelta(days=14)
"""How far "any day" goes."""
MOST_TIMES = 3


class S(StrEnum):
    """What is asked, in this order."""

    SERVICE = "service"
    SEATS = "seats"
    DAY = "day"
    PART = "part"


class Asked(Slots):
    """`anyway`: he has seen what is free, and nothing of it suits. `most` is the largest party, if one is asked for.

    `until` is the last day of several, where the first is all that `day` names.
    """

    service: str | None = None
    seats: int | None = None
    day: date | Period | Literal["any"] | None = None
    until: date | None = None
    part: PartOfDay | None = None
    anyway: bool = False
    most: int = 1


class Waitlist(ServiceFlow):
    """Which service, which days, which part of them; what is free there already is offered instead."""

    name = "waitlist"
    first = "begin"
    Slots = Asked
    asks = (
        Ask(S.SERVICE, (senses.choice,), offers="services_offered", then="pick_service"),
        Ask(S.SEATS, (senses.party,), needs=(S.SERVICE,), then="check_seats", when="asks_seats"),
        Ask(S.DAY, (senses.choice, senses.span, senses.day), offers="days_offered", then="check_day"),
        Ask(S.PART, (senses.choice,), offers="parts_offered", needs=(S.SERVICE, S.SEATS, S.DAY), then="join"),
    )
    moves = (
        ("nothing_offered", START, "nothing_offered"),
        ("withdrawn", S.SERVICE, S.SERVICE),
        ("too_many", S.SEATS, S.SEATS),
        ("past", S.DAY, S.DAY),
        ("free", S.PART, "free"),
        ("joined", S.PART, "joined"),
        ("already", S.PART, "already"),
    )

    async def begin(self) -> str:
        if self.slots.anyway:
            self.keep("until", "anyway")
        return await self.offer_services()

    async def pick_service(self) -> str:
        if not await self.can_be_had(self.slots.service):
            return "withdrawn"
        chosen = await self.booked_service()
        self.slots.most = await largest_party(self.context.tx, chosen) if "seats" in chosen.details_asked else 1
        self.keep("most")
        return NEXT

    def asks_seats(self) -> bool:
        most: int = self.slots.most
        return most > 1

    async def check_seats(self) -> str:
        return NEXT if self.slots.seats <= self.slots.most else "too_many"

    async def days_offered(self) -> list[Choice]:
        self.values["service"] = (await self.booked_service()).name
        return [Choice(ANY, self.context.word("waitlist-any-day"), ("any", "any day", "whenever", "anytime"))]

    async def check_day(self) -> str:
        first, last = self._days()
        if last < max(first, self._today):
            return "past"
        wanted = self.slots.day
        if isinstance(wanted, Period) and wanted.since is not None:
            self.frame.early[S.PART] = parts_of(wanted.since)[1]
        return NEXT

    async def parts_offered(self) -> list[Choice]:
        return [Choice(part, self.context.word("waitlist-hours", part=part)) for part in PartOfDay]

    async def join(self) -> str:
        chosen, wish = await self.booked_service(), self._wish()
        free = await self._free(chosen, wish)
        self.values = {"service": chosen.name, "minutes": self.context.settings.waitlist_minutes}
        self.values["when"] = when(self.context, wish.from_day, wish.until_day, wish.part)
        if free and not self.slots.anyway:
            self.choices = (*self._book(free), self._wait_anyway())
            return "free"
        return "joined" if await waitlist.join(self.context.tx, wish, self.context.now, seen=free) else "already"

    # -- what is wanted, and what there is -----------------------------------------------------------------------

    @property
    def _today(self) -> date:
        return self.context.local(self.context.now).date()

    def _days(self) -> tuple[date, date]:
        """The first and the last day that would do."""
        wanted = self.slots.day
        if isinstance(wanted, date):
            return wanted, self.slots.until or wanted
        if isinstance(wanted, Period):
            first = wanted.first or self._today
            return first, wanted.last or max(first, self._today) + AHEAD
        return self._today, self._today + AHEAD

    def _wish(self) -> Wish:
        first, last = self._days()
        slots, customer_id = self.slots, self.context.customer.id
        return Wish(customer_id, UUID(slots.service), max(first, self._today), last, slots.part, slots.seats or 1)

    async def _free(self, chosen: Service, wish: Wish) -> list[datetime]:
        context = self.context
        asking = Asking(context.now, context.zone, wish.seats, context.customer.id)
        slots = await ahead.free_slots(context.tx, chosen, wish.from_day, wish.until_day, asking)
        return [slot.start for slot in slots if wish.suits(context.local(slot.start))]

    def _book(self, free: list[datetime]) -> list[Choice]:
        """The first times there are, to be booked at once."""
        word, local = self.context.word, self.context.local
        return [
            Choice(
                booking_of(self.slots.service, local(start), self.slots.seats), word("waitlist-time", when=local(start))
            )
            for start in free[:MOST_TIMES]
        ]

    def _wait_anyway(self) -> Choice:
        slots, (first, last) = self.slots, self._days()
        wanted = {"service": slots.service, "seats": slots.seats or 1, "day": first, "until": last, "part": slots.part}
        return Choice(starting(self.name, **wanted, anyway=True), self.context.word("waitlist-anyway"))


def booking_of(service_id: str, start: datetime, seats: int | None = None) -> str:
    """The choice that books a service at a start, given by the clock of the shop, for a party."""
    return starting("booking", service=service_id, seats=seats or 1, day=start.date(), time=start.isoformat())


def instead_of(context: TurnContext, service_id: str, day: date | None = None, *, seats: int = 1) -> Choice:
    """The waiting list, for whom none of the days or times shown suits."""
    wanted = {"service": service_id, "seats": seats, **({"day": day} if day else {})}
    return Choice(starting(Waitlist.name, **wanted, anyway=True), context.word("waitlist-instead"))


def when(context: TurnContext, first: date, last: date, part: PartOfDay) -> str:
    """Days and part of the day in words."""
    length = "one" if first == last else "several"
    return context.word("waitlist-when", length=length, day=first, until=last, part=part)
