"""Staff look at a day: "today", "tomorrow", "friday", "schedule for 3 december"."""

from datetime import date

from flows.flow import Slots
from flows.reply import Choice, starting
from flows.roster import MOST, RosterFlow, line
from flows.tables import START
from models.booking.day import Visit
from models.booking.tables import BookingStatus

OVER = (BookingStatus.COMPLETED, BookingStatus.NO_SHOW)


class Asked(Slots):
    """Without a day it is today."""

    day: date | None = None


class Day(RosterFlow):
    """Who comes, by time; choosing one shows what can be done about it."""

    name = "day"
    first = "look"
    has_the_floor = True
    Slots = Asked
    moves = (
        ("not_staff", START, "not_staff"),
        ("shown", START, "shown"),
        ("nobody", START, "nobody"),
    )

    async def look(self) -> str:
        if self.context.staff is None:
            return "not_staff"
        day = self.slots.day or self.context.local(self.context.now).date()
        visits = await self.visits_on(day)
        self.values = {"day": day, "count": len(visits)}
        self.choices = tuple(self._choice(visit) for visit in _most_wanted(visits))
        return "shown" if visits else "nobody"

    def _choice(self, visit: Visit) -> Choice:
        return Choice(starting("visit", which=visit.booking_id), line(self.context, visit))


class UpNext(Day):
    """The next one only: "who's next"."""

    name = "up_next"

    async def look(self) -> str:
        if self.context.staff is None:
            return "not_staff"
        now = self.context.now
        coming = [
            visit
            for visit in await self.recent_visits()
            if visit.status in (BookingStatus.CONFIRMED, BookingStatus.PENDING) and visit.end > now
        ]
        self.choices = tuple(self._choice(visit) for visit in self.own(coming)[:1])
        return "shown" if coming else "nobody"


def _most_wanted(visits: list[Visit]) -> list[Visit]:
    """As many as fit; of a long day those that are over are left out first."""
    if len(visits) > MOST:
        visits = [visit for visit in visits if visit.status not in OVER]
    return visits[:MOST]
