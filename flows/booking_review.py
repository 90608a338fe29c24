"""Staff answer the bookings that wait for a yes: approve or decline, and the customer is told."""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.desk import DeskFlow
from flows.flow import Slots
from flows.reply import Choice, starting
from flows.roster import choices, facts
from flows.tables import NONE_LEFT, START, Ask
from models.booking import approvals, bookings
from models.booking.approvals import Outcome
from models.booking.day import Visit
from models.messaging import offers


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    DECISION = "decision"


class Decision(StrEnum):
    """What the business can say."""

    APPROVE = "approve"
    DECLINE = "decline"


class Asked(Slots):
    """`which` is the booking's id."""

    which: str | None = None
    decision: Decision | None = None


class BookingReview(DeskFlow):
    """Started by a choice in the owner's notice, or by asking what is pending."""

    name = "booking_review"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="waiting"),
        Ask(S.DECISION, (senses.choice,), offers="decisions", needs=(S.WHICH,), then="decide"),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        (NONE_LEFT, S.WHICH, "nothing"),
        *(
            (outcome.value, S.DECISION, outcome.value)
            for outcome in Outcome
            if outcome is not Outcome.WAITS_FOR_APPROVAL
        ),
    )

    async def waiting(self) -> list[Choice]:
        """Those that lapse soonest first; one that was chosen from a notice counts, whatever has become of it."""
        given = await self.visit(self.frame.early.get(S.WHICH))
        if given:
            return choices(self.context, [given])
        rows = await approvals.waiting(self.context.tx, self.context.now)
        found = [await self.visit(str(row.id)) for row in rows]
        return choices(self.context, [visit for visit in found if visit], with_day=True)

    async def decisions(self) -> list[Choice]:
        visit = await self.visit(self.slots.which)
        self.values = facts(self.context, visit) if visit else {}
        return [Choice(one.value, self.context.word(f"booking-review-{one}")) for one in Decision]

    async def decide(self) -> str:
        visit = await self.visit(self.slots.which)
        if visit is None:
            return Outcome.UNKNOWN.value
        self.values = facts(self.context, visit)
        context, by = self.context, self.member_of_staff
        answer = bookings.approve if self.slots.decision is Decision.APPROVE else bookings.decline
        outcome = (await answer(context.tx, UUID(self.slots.which), by=by, now=context.now)).outcome
        # an "approve" to come means another request
        await offers.withdraw(context.tx, starting("booking_review", which=visit.booking_id))
        await self._tell(visit, outcome)
        return outcome.value

    async def _tell(self, visit: Visit, outcome: Outcome) -> None:
        """The customer hears what has changed for him, and nothing else."""
        told = {name: self.values[name] for name in ("service", "when", "reference", "price")}
        if outcome is Outcome.DECLINED:
            again = (starting("booking", service=visit.service_id), "staff-cancel-book-again")
            await self.tell(visit.customer_id, "booking-review-told-declined", again, **told)
        elif outcome is Outcome.WAITS_FOR_PAYMENT:
            await self.tell(visit.customer_id, "booking-review-told-waits-for-payment", **told)
        elif outcome is Outcome.CONFIRMED:
            await self.tell_confirmed(visit)
