"""Staff take a day off: "day off friday", "Ada is off on friday", "closed on 25 december"."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from flows import senses
from flows.closing import ClosingFlow
from flows.flow import Slots
from flows.reply import Choice
from flows.roster import midnight
from flows.tables import START, Ask

DAYS_OFFERED = 5


class S(StrEnum):
    """What is asked, in this order."""

    DAY = "day"
    WHAT = "what"
    SURE = "sure"


class Asked(Slots):
    """`what` is whose day it is: a resource's id, or everything."""

    day: date | None = None
    what: str | None = None
    affected: int | None = None
    sure: bool | None = None


class DayOff(ClosingFlow):
    """A whole local day. Who is booked then is listed before it is done, and offered other times after it."""

    name = "day_off"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.DAY, (senses.choice, senses.day), offers="days", then="see"),
        Ask(S.WHAT, (senses.choice,), offers="things", needs=(S.DAY,), then="see"),
        Ask(S.SURE, (senses.yes_or_no,), offers="those_affected", then="close", when="affects_somebody"),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("past", S.DAY, S.DAY),
        ("past", S.WHAT, S.DAY),
        ("closed", S.DAY, "closed"),
        ("closed", S.WHAT, "closed"),
        ("closed", S.SURE, "closed"),
        ("closed_and_told", S.SURE, "closed_and_told"),
        ("no", S.SURE, "kept"),
    )

    async def days(self) -> list[Choice]:
        coming = [self._today() + timedelta(days=ahead) for ahead in range(DAYS_OFFERED)]
        return [Choice(day.isoformat(), self.context.word("house-day", day=day)) for day in coming]

    async def span(self) -> tuple[datetime, datetime]:
        day: date = self.slots.day
        return midnight(self.context, day), midnight(self.context, day + timedelta(days=1))
