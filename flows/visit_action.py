"""Staff mark what becomes of a visit: arrived, done, no-show, paid, or opened again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flows import senses
from flows.desk import DeskFlow
from flows.flow import Slots
from flows.reply import Choice, starting
from flows.roster import PAYABLE, choices, facts
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.booking import bookings, visits
from models.booking.approvals import Outcome
from models.booking.day import Visit
from models.booking.tables import BookingStatus
from models.booking.visits import REOPENABLE, VisitOutcome
from prompts import Money


class S(StrEnum):
    """What is asked, in this order."""

    ACT = "act"
    WHICH = "which"


class Act(StrEnum):
    """What can be said of a visit; the words are those of what becomes of it."""

    STARTED = "started"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    PAID = "paid"
    REOPENED = "reopened"


class Asked(Slots):
    """`which` is the booking's id."""

    act: Act | None = None
    which: str | None = None


ENDS = (
    *(outcome.value for outcome in VisitOutcome),
    "paid",
    "paid_and_confirmed",
    "nothing_due",
)


class VisitAction(DeskFlow):
    """On one word: "done" alone means the visit under way, or the one that has just ended; "no-show Ada" names her."""

    name = "visit_action"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.ACT, (senses.choice,), offers="acts", then="pick"),
        Ask(S.WHICH, (senses.choice,), offers="meant", needs=(S.ACT,), then="mark"),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        (NONE_LEFT, S.WHICH, "nobody"),
        *((end, question, end) for question in S for end in ENDS),
    )

    async def acts(self) -> list[Choice]:
        word = self.context.word
        return [
            Choice(act.value, word(f"roster-do-{_key(act)}"), tuple(word(f"roster-said-{_key(act)}").split(", ")))
            for act in Act
        ]

    async def pick(self) -> str:
        """Goes on without asking where only one can be meant and nothing else was said."""
        found = await self._candidates()
        if S.WHICH in self.frame.early or len(found) != 1 or await self._names_somebody():
            return NEXT
        self.slots.which = str(found[0].booking_id)
        self.keep("which")
        return await self.mark()

    async def meant(self) -> list[Choice]:
        """Those it may be said of; one that was chosen from a list counts, whatever its state."""
        given = await self.visit(self.frame.early.get(S.WHICH))
        return choices(self.context, [given] if given else await self._candidates())

    async def mark(self) -> str:
        visit = await self.visit(self.slots.which)
        if visit is None:
            return VisitOutcome.UNKNOWN.value
        self.values = facts(self.context, visit)
        outcome = str(await self._do(visit))
        if outcome == VisitOutcome.COMPLETED and visit.due:
            price = Money(visit.due, visit.currency or self.context.tenant.currency)
            paid = self.context.word("visit-action-was-paid", price=price)
            self.choices = (Choice(starting(self.name, act=Act.PAID, which=visit.booking_id), paid),)
        if outcome in _CAN_BE_UNDONE:
            self.can_undo(timedelta(seconds=self.context.settings.undo_seconds), which=visit.booking_id)
        return outcome

    async def undo(self, what: dict[str, str]) -> str:
        visit = await self.visit(what["which"])
        if visit is None:
            return "gone"
        self.values = facts(self.context, visit)
        done = await self._reopen(visit, "undone")
        return "undone" if done in (VisitOutcome.REOPENED, VisitOutcome.ALREADY) else "gone"

    # -- who can be meant --------------------------------------------------------------------------------------

    async def _candidates(self) -> list[Visit]:
        now = self.context.now
        fitting = [visit for visit in await self.recent_visits() if _FITS[self.slots.act](visit, now)]
        under_way = [visit for visit in fitting if visit.status is BookingStatus.IN_PROGRESS]
        return self.own(under_way if under_way and self.slots.act is Act.COMPLETED else fitting)

    async def _names_somebody(self) -> bool:
        """Whether more was said than what to do: it may be a name that fits nobody."""
        said = self.frame.said.casefold()
        for choice in await self.acts():
            for name in sorted((choice.label, *choice.also), key=len, reverse=True):
                said = said.replace(name.casefold(), "")
        return any(character.isalnum() for character in said)

    # -- what is done ------------------------------------------------------------------------------------------

    async def _do(self, visit: Visit) -> str:
        tx, booking = self.context.tx, visit.booking_id
        who: dict[str, Any] = {"by": self.member_of_staff, "now": self.context.now}
        match self.slots.act:
            case Act.STARTED:
                return await visits.start(tx, booking, **who)
            case Act.COMPLETED:
                return await visits.complete(tx, booking, **who)
            case Act.NO_SHOW:
                return await visits.no_show(tx, booking, **who)
            case Act.PAID:
                return await self._pay(visit)
            case _:
                return await self._reopen(visit, "reopened")

    async def _pay(self, visit: Visit) -> str:
        """The customer hears of it where it is the last thing that his booking waited for."""
        if not visit.due:
            return "nothing_due"
        context = self.context
        who: dict[str, Any] = {"by": self.member_of_staff, "now": context.now}
        done = await bookings.mark_paid(context.tx, visit.booking_id, method="at_visit", **who)
        if done.outcome is Outcome.WAITS_FOR_APPROVAL:
            return "paid"
        if done.outcome is not Outcome.CONFIRMED:
            return VisitOutcome.UNKNOWN.value
        was_waiting = visit.status is BookingStatus.PENDING
        return "paid_and_confirmed" if was_waiting and await self.tell_confirmed(visit) else "paid"

    async def _reopen(self, visit: Visit, reason: str) -> VisitOutcome:
        context = self.context
        who: dict[str, Any] = {"by": self.member_of_staff, "reason": reason, "channel": context.channel}
        done = await visits.reopen(context.tx, visit.booking_id, now=context.now, **who)
        if done is VisitOutcome.REOPENED and visit.status is BookingStatus.CANCELLED and visit.end > context.now:
            told = {name: self.values[name] for name in ("service", "when", "reference")}
            await self.tell(visit.customer_id, "visit-action-told", **told)
        return done


_CAN_BE_UNDONE = (VisitOutcome.STARTED, VisitOutcome.COMPLETED, VisitOutcome.NO_SHOW)


def _is_here(visit: Visit, now: datetime) -> bool:
    return visit.status is BookingStatus.CONFIRMED and visit.end > now - timedelta(hours=1)


def _has_begun(visit: Visit, now: datetime) -> bool:
    return visit.status is BookingStatus.CONFIRMED and visit.start <= now


_FITS: dict[Act, Callable[[Visit, datetime], bool]] = {
    Act.STARTED: _is_here,
    Act.COMPLETED: lambda visit, now: visit.status is BookingStatus.IN_PROGRESS or _has_begun(visit, now),
    Act.NO_SHOW: _has_begun,
    Act.PAID: lambda visit, _: visit.due > 0 and visit.status in PAYABLE,
    Act.REOPENED: lambda visit, _: visit.status in REOPENABLE,
}


def _key(act: Act) -> str:
    return act.value.replace("_", "-")
