"""Moving an appointment: the old time is kept until the new one is won."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.calendar_link import calendar_line
from flows.looking import DAY_SENSES, LOOKING_MOVES, TIME_SENSES, Looked, LookingFlow
from flows.reply import Choice
from flows.tables import NEXT, NONE_LEFT, START, Ask
from flows.upcoming import UpcomingFlow
from models.booking import bookings


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    DAY = "day"
    TIME = "time"
    CONFIRM = "confirm"


class Asked(Looked):
    """`which` is the appointment's id; `service` is that appointment's, and `near` its start at first."""

    which: str | None = None
    reference: str | None = None
    seats: int = 1
    confirm: bool | None = None


class Reschedule(LookingFlow, UpcomingFlow):
    """One update of the same appointment: its reference stays."""

    name = "reschedule"
    first = "find"
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="upcoming_choices", then="pick"),
        Ask(S.DAY, DAY_SENSES, offers="days_offered", needs=(S.WHICH,), then="check_day"),
        Ask(S.TIME, TIME_SENSES, offers="times_offered", needs=(S.DAY,), then="check_time"),
        Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", needs=(S.TIME,), then="move"),
    )
    moves = (
        ("none", START, "none"),
        ("unknown", START, "unknown"),
        ("cut_off", START, "cut_off"),
        (NONE_LEFT, S.WHICH, "none"),
        ("none", S.WHICH, "none"),
        ("cut_off", S.WHICH, "cut_off"),
        (NONE_LEFT, S.DAY, "full"),
        (NONE_LEFT, S.TIME, S.DAY),
        *LOOKING_MOVES,
        ("unchanged", S.DAY, S.TIME),
        ("unchanged", S.TIME, S.TIME),
        ("moved", S.CONFIRM, "moved"),
        ("taken", S.CONFIRM, S.TIME),
        ("cut_off", S.CONFIRM, "cut_off"),
        ("too_late", S.CONFIRM, "too_late"),
        ("no", S.CONFIRM, "kept"),
    )

    @property
    def moving(self) -> UUID | None:
        return UUID(self.slots.which) if self.slots.which else None

    async def pick(self) -> str:
        happened = await super().pick()
        if happened == NEXT:
            appointment = await self.chosen_appointment()
            self.slots.service, self.slots.near = str(appointment.service_id), appointment.start
            self.slots.seats = appointment.seats
            self.keep("service", "near", "seats")
        return happened

    @property
    def seats(self) -> int:
        return int(self.slots.seats)

    async def days_offered(self) -> list[Choice]:
        appointment = await self.chosen_appointment()
        self.values.update({"service": appointment.service, "when": self.context.local(appointment.start)})
        return await super().days_offered()

    async def take(self, start: datetime) -> str:
        happened = await super().take(start)
        return "unchanged" if start == (await self.chosen_appointment()).start else happened

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
        if done is bookings.MoveRefusal.CUT_OFF:
            return self.too_near(await self.chosen_appointment())
        if isinstance(done, bookings.Moved):
            self.values["calendar"] = calendar_line(context, done.booking_id)
            return "moved"
        return "taken" if isinstance(done, bookings.SlotRefusal) else "too_late"
