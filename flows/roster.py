"""Visits as staff are shown them: in a line of the day, on a card, and with what can be done about each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flows.context import TurnContext
from flows.reply import Choice, starting
from flows.staff import StaffFlow
from models.booking import day as calendar
from models.booking.day import Visit
from models.booking.tables import BookingStatus
from models.booking.visits import EARLY
from models.booking.wall_time import first_reached
from models.people.members import WALK_IN
from prompts import Money

MOST = 20
"""Lines of a day that fit a message."""
A_DAY = timedelta(days=1)
AHEAD = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
PAYABLE = (BookingStatus.PENDING, BookingStatus.IN_PROGRESS, BookingStatus.COMPLETED)
BACK = (BookingStatus.IN_PROGRESS, BookingStatus.COMPLETED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED)


class RosterFlow(StaffFlow):
    """A flow of staff about visits."""

    async def visits_on(self, day: date) -> list[Visit]:
        """Those of a local day that were not cancelled."""
        since, until = (midnight(self.context, one) for one in (day, day + A_DAY))
        visits = await calendar.visits_between(self.context.tx, since, until)
        return [visit for visit in visits if visit.status is not BookingStatus.CANCELLED]

    async def recent_visits(self) -> list[Visit]:
        """Those that started within a day, or will soon: what staff can mean without naming it."""
        now = self.context.now
        return await calendar.visits_between(self.context.tx, now - A_DAY, now + EARLY)

    async def visit(self, which: str | None) -> Visit | None:
        """The one of this id; None for what is no id of a booking here."""
        try:
            return await calendar.visit(self.context.tx, UUID(which or ""))
        except ValueError:
            return None

    def own(self, visits: Sequence[Visit]) -> list[Visit]:
        """Those at this member of staff's own chair, if there are any; else all."""
        mine = [visit for visit in visits if visit.user_id == self.member_of_staff.id]
        return mine or list(visits)


def midnight(context: TurnContext, day: date) -> datetime:
    """The instant, in UTC, at which the local day begins."""
    return first_reached(datetime.combine(day, time(0)), context.zone)


def called(visit: Visit) -> str:
    """The customer by name, else by number."""
    return visit.name or visit.phone


def phone_of(context: TurnContext, visit: Visit) -> str:
    """The number, if one was left."""
    return context.word("roster-no-phone") if visit.phone == WALK_IN else visit.phone


def facts(context: TurnContext, visit: Visit) -> dict[str, object]:
    """A visit as values for its words."""
    return {
        "customer": called(visit),
        "phone": phone_of(context, visit),
        "service": visit.service,
        "resource": visit.resource,
        "reference": visit.reference,
        "status": visit.status.value,
        "when": context.local(visit.start),
        "time": context.local(visit.start).time(),
        "price": Money(visit.amount, visit.currency or context.tenant.currency),
    }


def line(context: TurnContext, visit: Visit, *, with_day: bool = False) -> str:
    """A visit in one line of a day, or of a list of several days."""
    known = {**facts(context, visit), "who": _with_phone(context, visit)}
    if with_day:
        known["time"] = known["when"]
    return "".join((context.word("roster-line", **known), _remarks(context, visit)))


def card(context: TurnContext, visit: Visit) -> str:
    """What staff want to know besides who comes when."""
    return "".join((_remarks(context, visit), _payment(context, visit)))


def choices(context: TurnContext, visits: Iterable[Visit], *, with_day: bool = False) -> list[Choice]:
    """A line each; also by the customer's name, number or reference."""
    return [
        Choice(
            str(visit.booking_id),
            line(context, visit, with_day=with_day),
            (called(visit), *_names(visit), visit.reference),
        )
        for visit in visits
    ]


def deeds(context: TurnContext, visit: Visit) -> tuple[Choice, ...]:
    """What can be done about a visit as it stands now."""
    possible = (
        *(("visit_action", {"act": deed}, deed) for deed in _markable(visit, context.now)),
        *(("booking_review", {"decision": one}, one) for one in ("approve", "decline") if _waits(visit)),
        *((f"staff_{deed}", {}, deed) for deed in ("move", "cancel") if visit.status in AHEAD),
    )
    return tuple(
        Choice(starting(flow, **answers, which=visit.booking_id), context.word(f"roster-do-{deed}".replace("_", "-")))
        for flow, answers, deed in possible
    )


def _markable(visit: Visit, now: datetime) -> list[str]:
    """What can be said of it now, in the words of the flow that marks visits."""
    has_begun, soon = visit.start <= now, visit.start <= now + EARLY
    found = []
    if visit.status is BookingStatus.CONFIRMED:
        found += ["started"] if soon else []
        found += ["completed", "no_show"] if has_begun else []
    if visit.status is BookingStatus.IN_PROGRESS:
        found += ["completed"]
    if visit.due and visit.status in PAYABLE:
        found += ["paid"]
    if visit.status in BACK:
        found += ["reopened"]
    return found


def _waits(visit: Visit) -> bool:
    return visit.status is BookingStatus.PENDING and visit.needs_approval


def _with_phone(context: TurnContext, visit: Visit) -> str:
    phone = phone_of(context, visit)
    return context.word("roster-who", customer=visit.name, phone=phone) if visit.name else phone


def _names(visit: Visit) -> tuple[str, ...]:
    return (visit.phone, *(visit.name or "").split()[:1])


def _remarks(context: TurnContext, visit: Visit) -> str:
    word = context.word
    return "".join(
        (
            word("roster-seats", seats=visit.seats) if visit.seats > 1 else "",
            word("roster-address", address=visit.address) if visit.address else "",
            word("roster-loads", loads=visit.loads) if visit.loads else "",
            word("roster-notes", notes=visit.notes) if visit.notes else "",
        )
    )


def _payment(context: TurnContext, visit: Visit) -> str:
    if not visit.amount:
        return ""
    price = Money(visit.amount, visit.currency or context.tenant.currency)
    return context.word("roster-payment", price=price, payment=visit.payment.value)
