"""Moving an appointment: the old time is kept until the new one is won."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.calendar import CalendarFlow, clock_choices, day_choices, spread
from flows.calendar_link import calendar_line
from flows.flow import Slots
from flows.reply import Choice
from flows.senses import ClockTime
from flows.tables import NEXT, NONE_LEFT, START, Ask
from flows.upcoming import UpcomingFlow
from models.booking import bookings


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    DAY = "day"
    TIME = "time"
    CONFIRM = "confirm"


class Asked(Slots):
    """`which` is the appointment's id; `service` is that appointment's."""

    which: str | None = None
    day: date | None = None
    time: datetime | ClockTime | None = None
    confirm: bool | None = None
    service: str | None = None


class Reschedule(CalendarFlow, UpcomingFlow):
    """One update of the same appointment: its reference stays."""

    name = "reschedule"
    first = "find"
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="upcoming_choices", then="pick"),
        Ask(S.DAY, (senses.choice, senses.day), offers="days_offered", needs=(S.WHICH,), then="check_day"),
        Ask(S.TIME, (senses.choice, senses.clock), offers="times_offered", needs=(S.DAY,), then="check_time"),
        Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", needs=(S.TIME,), then="move"),
    )
    moves = (
        ("none", START, "none"),
        (NONE_LEFT, S.WHICH, "none"),
        (NONE_LEFT, S.DAY, "full"),
        ("closed", S.DAY, S.DAY),
        (NONE_LEFT, S.TIME, S.DAY),
        ("not_free", S.TIME, S.TIME),
        ("moved", S.CONFIRM, "moved"),
        ("taken", S.CONFIRM, S.TIME),
        ("too_late", S.CONFIRM, "too_late"),
        ("no", S.CONFIRM, "kept"),
    )

    @property
    def moving(self) -> UUID | None:
        return UUID(self.slots.which) if self.slots.which else None

    async def pick(self) -> str:
        appointment = await self.chosen_appointment()
        self.slots.service = str(appointment.service_id)
        self.keep("service")
        return NEXT

    async def days_offered(self) -> list[Choice]:
        appointment = await self.chosen_appointment()
        self.values = {"service": appointment.service, "when": self.context.local(appointment.start)}
        return day_choices(self.context, await self.free_days())

    async def check_day(self) -> str:
        return NEXT if await self.free_times() else "closed"

    async def times_offered(self) -> list[Choice]:
        self.values["day"] = self.slots.day
        return spread(clock_choices(self.context, await self.free_times()))

    async def check_time(self) -> str:
        start = self.chosen_start(await self.free_times())
        if start is None:
            return "not_free"
        self.slots.time = start
        self.keep("time")
        return NEXT

    async def summary(self) -> list[Choice]:
        """From when to when, and yes or no."""
        appointment = await self.chosen_appointment()
        self.values = {
            "service": appointment.service,
            "old": self.context.local(appointment.start),
            "new": self.context.local(self.slots.time),
            "reference": appointment.reference,
        }
        return self.yes_or_no()

    async def move(self) -> str:
        await self.summary()
        if not self.slots.confirm:
            return "no"
        context = self.context
        done = await bookings.move(
            context.tx,
            UUID(self.slots.which),
            self.slots.time,
            customer_id=context.customer.id,
            now=context.now,
            zone=context.zone,
        )
        if isinstance(done, bookings.Moved):
            self.values["calendar"] = calendar_line(context, done.booking_id)
            return "moved"
        return "taken" if isinstance(done, bookings.SlotRefusal) else "too_late"
