"""Moving an appointment: the old time is kept until the new one is won."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from flows import senses
from flows.booked import together
from flows.calendar_link import calendar_line
from flows.looking import DAY_SENSES, LOOKING_MOVES, TIME_SENSES, Looked, LookingFlow
from flows.reply import Choice
from flows.state import Frame
from flows.tables import NEXT, NONE_LEFT, START, Ask
from flows.upcoming import UpcomingFlow
from models.booking import bookings, visit_parts
from models.booking.bookings import Moved, MoveRefusal, SlotRefusal


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    DAY = "day"
    TIME = "time"
    CONFIRM = "confirm"


class _Terms(TypedDict):
    """Whose, and when it is asked."""

    customer_id: UUID
    now: datetime
    zone: ZoneInfo


class Asked(Looked):
    """`which` is the appointment's id; `service` is that appointment's, and `near` its start at first.

    `moving` are the bookings that move: one, or the parts of a visit.
    """

    which: str | None = None
    reference: str | None = None
    seats: int = 1
    moving: list[str] = []
    confirm: bool | None = None


class Reschedule(LookingFlow, UpcomingFlow):
    """One update of the same appointment: its reference stays."""

    name = "reschedule"
    version = 2
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

    @classmethod
    def upgrade(cls, frame: Frame) -> Frame:
        """Version 1 moved one appointment at a time, and named it in `which` alone."""
        if frame.slots.get("which"):
            frame.slots["moving"] = [frame.slots["which"]]
        return frame

    @property
    def moving(self) -> tuple[UUID, ...]:
        return tuple(UUID(one) for one in self.slots.moving)

    async def pick(self) -> str:
        happened = await super().pick()
        if happened == NEXT:
            appointment = await self.chosen_appointment()
            self.slots.service, self.slots.near = str(appointment.service_id), appointment.start
            self.slots.also = [str(part.service_id) for part in self.parts[1:]]
            self.slots.seats, self.slots.moving = appointment.seats, [str(part.booking_id) for part in self.parts]
            self.keep("service", "also", "near", "seats", "moving")
            self._same_day(self.context.local(appointment.start).date())
        return happened

    def _same_day(self, day: date) -> None:
        """A time without a day, as in "move it to 4pm", is one of the day that it is on."""
        setting, said = self.context.setting(), self.frame.said
        names_a_day = any(sense.spot(said, setting) is not None for sense in DAY_SENSES)
        if said and not names_a_day and senses.clock.spot(said, setting) is not None:
            self.frame.early.setdefault(S.DAY, day)

    @property
    def seats(self) -> int:
        return int(self.slots.seats)

    async def days_offered(self) -> list[Choice]:
        appointment = await self.chosen_appointment()
        self.values.update({"service": self._services, "when": self.context.local(appointment.start)})
        return await super().days_offered()

    async def take(self, start: datetime) -> str:
        happened = await super().take(start)
        return "unchanged" if start == (await self.chosen_appointment()).start else happened

    @property
    def _services(self) -> str:
        return together(part.service for part in self.parts)

    async def summary(self) -> list[Choice]:
        """From when to when, and yes or no."""
        appointment = await self.chosen_appointment()
        self.values = {
            "service": self._services,
            "old": self.context.local(appointment.start),
            "new": self.context.local(self.slots.time),
            "reference": ", ".join(part.reference for part in self.parts),
        }
        return self.yes_or_no()

    async def move(self) -> str:
        await self.summary()
        if not self.slots.confirm:
            return "no"
        done = await self._move()
        if done is MoveRefusal.CUT_OFF:
            return self.too_near(await self.chosen_appointment())
        if isinstance(done, SlotRefusal):
            return "taken"
        if isinstance(done, MoveRefusal):
            return "too_late"
        self.values["calendar"] = "".join(calendar_line(self.context, one.booking_id) for one in done)
        return "moved"

    async def _move(self) -> Sequence[Moved] | SlotRefusal | MoveRefusal:
        """The whole visit, or the one appointment."""
        context = self.context
        first, *others = self.parts
        terms: _Terms = {"customer_id": context.customer.id, "now": context.now, "zone": context.zone}
        if others and first.visit_id is not None:
            return await visit_parts.move_visit(context.tx, first.visit_id, self.slots.time, **terms)
        done = await bookings.move(context.tx, first.booking_id, self.slots.time, **terms)
        return (done,) if isinstance(done, Moved) else done
