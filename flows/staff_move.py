"""Staff move a customer's appointment, and the customer is told."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.calendar import day_choices
from flows.desk import DeskFlow
from flows.flow import Slots
from flows.reply import Choice, starting
from flows.roster import AHEAD, facts
from flows.senses import ClockTime
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.booking import bookings


class S(StrEnum):
    """What is asked, in this order."""

    DAY = "day"
    TIME = "time"
    CONFIRM = "confirm"


class Asked(Slots):
    """`which` is the booking's id, `service` what it is of, `owner` whose it is."""

    which: str | None = None
    service: str | None = None
    owner: UUID | None = None
    day: date | None = None
    time: datetime | ClockTime | None = None
    confirm: bool | None = None


class StaffMove(DeskFlow):
    """Started from a booking's card. Neither notice nor cut-off hold, and any minute of the hours will do."""

    name = "staff_move"
    first = "begin"
    Slots = Asked
    asks = (
        Ask(S.DAY, (senses.choice, senses.day), offers="days_offered"),
        Ask(S.TIME, (senses.choice, senses.clock), offers="times_offered", needs=(S.DAY,), then="pick_time"),
        Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", needs=(S.TIME,), then="move"),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("gone", START, "gone"),
        ("no_such_time", S.TIME, S.TIME),
        ("moved", S.CONFIRM, "moved"),
        ("moved_untold", S.CONFIRM, "moved_untold"),
        ("taken", S.CONFIRM, S.TIME),
        ("gone", S.CONFIRM, "gone"),
        ("no", S.CONFIRM, "kept"),
        (NONE_LEFT, S.DAY, "full"),
        (NONE_LEFT, S.TIME, S.DAY),
    )

    @property
    def moving(self) -> UUID | None:
        return UUID(self.slots.which) if self.slots.which else None

    @property
    def held_by(self) -> UUID | None:
        return UUID(str(self.slots.owner)) if self.slots.owner else None

    async def begin(self) -> str:
        if self.context.staff is None:
            return "not_staff"
        visit = await self.visit(self.slots.which)
        if visit is None or visit.status not in AHEAD:
            return "gone"
        self.slots.service, self.slots.owner = str(visit.service_id), visit.customer_id
        self.keep("service", "owner")
        return NEXT

    async def still_stands(self) -> bool:
        visit = await self.visit(self.slots.which)
        return visit is not None and visit.status in AHEAD

    async def days_offered(self) -> list[Choice]:
        await self._of_visit()
        return day_choices(self.context, await self.free_days())

    async def summary(self) -> list[Choice]:
        """Whose, from when to when, and yes or no."""
        await self._of_visit()
        return self.yes_or_no()

    async def move(self) -> str:
        await self._of_visit()
        if not self.slots.confirm:
            return "no"
        context = self.context
        assert self.moving is not None  # noqa: S101 - `begin` has found it
        by = self.member_of_staff
        done = await bookings.move(context.tx, self.moving, self.slots.time, now=context.now, zone=context.zone, by=by)
        if isinstance(done, bookings.SlotRefusal):
            return "taken"
        if not isinstance(done, bookings.Moved):
            return "gone"
        return "moved" if await self._tell() else "moved_untold"

    async def _of_visit(self) -> None:
        visit = await self.visit(self.slots.which)
        if visit is not None:
            self.values = {**facts(self.context, visit), "old": self.context.local(visit.start)}
        if isinstance(self.slots.time, datetime):
            self.values["new"] = self.context.local(self.slots.time)

    async def _tell(self) -> bool:
        told = {name: self.values[name] for name in ("service", "old", "new", "reference")}
        which = self.slots.which
        choices = (
            (starting("reschedule", which=which), "reschedule-label"),
            (starting("cancellation", which=which), "cancellation-label"),
        )
        return await self.tell(self.slots.owner, "staff-move-told", *choices, **told)
