"""Staff cancel a customer's appointment, and the customer is told and offered another."""

from enum import StrEnum

from flows import senses
from flows.desk import DeskFlow
from flows.flow import Slots
from flows.reply import Choice, starting
from flows.roster import AHEAD, facts
from flows.tables import NEXT, START, Ask
from models.booking import bookings
from models.booking.bookings import CancelOutcome
from models.booking.day import Visit


class S(StrEnum):
    """The one question."""

    CONFIRM = "confirm"


class Asked(Slots):
    """`which` is the booking's id."""

    which: str | None = None
    confirm: bool | None = None


class StaffCancel(DeskFlow):
    """Started from a booking's card; no cut-off holds."""

    name = "staff_cancel"
    first = "begin"
    Slots = Asked
    asks = (Ask(S.CONFIRM, (senses.yes_or_no,), offers="summary", then="cancel"),)
    moves = (
        ("not_staff", START, "not_staff"),
        ("gone", START, "gone"),
        ("cancelled", S.CONFIRM, "cancelled"),
        ("cancelled_untold", S.CONFIRM, "cancelled_untold"),
        ("gone", S.CONFIRM, "gone"),
        ("no", S.CONFIRM, "kept"),
    )

    async def begin(self) -> str:
        if self.context.staff is None:
            return "not_staff"
        return NEXT if await self.still_stands() else "gone"

    async def still_stands(self) -> bool:
        visit = await self.visit(self.slots.which)
        return visit is not None and visit.status in AHEAD

    async def summary(self) -> list[Choice]:
        """Which, whose, and yes or no."""
        visit = await self.visit(self.slots.which)
        self.values = facts(self.context, visit) if visit else {}
        return self.yes_or_no()

    async def cancel(self) -> str:
        visit = await self.visit(self.slots.which)
        if visit is None:
            return "gone"
        self.values = facts(self.context, visit)
        if not self.slots.confirm:
            return "no"
        context, by = self.context, self.member_of_staff
        done = await bookings.cancel(context.tx, visit.booking_id, now=context.now, by=by, reason="by_staff")
        if done is not CancelOutcome.CANCELLED:
            return "gone"
        return "cancelled" if await self._tell(visit) else "cancelled_untold"

    async def _tell(self, visit: Visit) -> bool:
        told = {name: self.values[name] for name in ("service", "when", "reference")}
        again = (starting("booking", service=visit.service_id), "staff-cancel-book-again")
        return await self.tell(visit.customer_id, "staff-cancel-told", again, **told)
