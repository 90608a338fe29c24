"""Staff block time: "block 2-3pm", "block tomorrow 10 to 12 Van"."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from flows import senses
from flows.closing import ClosingFlow
from flows.flow import Slots
from flows.senses import DayStretch
from flows.tables import START, Ask
from models.booking.wall_time import first_reached


class S(StrEnum):
    """What is asked, in this order."""

    WHEN = "when"
    WHAT = "what"
    SURE = "sure"


class Asked(Slots):
    """`what` is a resource's id, or everything."""

    when: DayStretch | None = None
    what: str | None = None
    affected: int | None = None
    sure: bool | None = None


class Block(ClosingFlow):
    """At once if nobody is booked then; else staff see who is, and each is offered other times."""

    name = "block"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.WHEN, (senses.day_stretch,), then="see"),
        Ask(S.WHAT, (senses.choice,), offers="things", needs=(S.WHEN,), then="see"),
        Ask(S.SURE, (senses.yes_or_no,), offers="those_affected", then="close", when="affects_somebody"),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("past", S.WHEN, S.WHEN),
        ("past", S.WHAT, S.WHEN),
        ("closed", S.WHEN, "closed"),
        ("closed", S.WHAT, "closed"),
        ("closed", S.SURE, "closed"),
        ("closed_and_told", S.SURE, "closed_and_told"),
        ("no", S.SURE, "kept"),
    )

    async def span(self) -> tuple[datetime, datetime]:
        told: DayStretch = self.slots.when
        last = told.day + timedelta(days=told.until == time(0))
        since, until = datetime.combine(told.day, told.since), datetime.combine(last, told.until)
        return first_reached(since, self.context.zone), first_reached(until, self.context.zone)
