"""How the day is going: purchases, points and bookings so far; the owner sees who logged what."""

from datetime import datetime, time, timedelta

from flows.staff import StaffFlow
from flows.tables import NEXT, START
from models.booking.wall_time import first_reached
from models.operations import totals
from models.people.tables import Role
from prompts import Money

_DAY = timedelta(days=1)


class Totals(StaffFlow):
    """Today by the clock on the shop's wall, from midnight to midnight."""

    name = "totals"
    first = "look"
    moves = (
        ("not_staff", START, "not_staff"),
        ("shown", START, "shown"),
    )

    async def look(self) -> str:
        happened = await self.admit()
        if happened != NEXT:
            return happened
        since, until = self._day()
        found = await totals.totals(self.context.tx, since, until)
        self.values = {
            "date": self.context.local(self.context.now).date(),
            "purchases": found.purchases,
            "amount": Money(found.amount, self.context.tenant.currency),
            "given": found.given,
            "redeemed": found.redeemed,
            "reversals": found.taken_back,
            "adjustments": found.adjustments,
            "adjusted": f"{found.adjusted:+d}",
            "bookings": found.bookings,
            "lines": await self._shares(since, until),
        }
        return "shown"

    def _day(self) -> tuple[datetime, datetime]:
        """Today's two midnights, in UTC; a day may have 23 or 25 hours."""
        today = datetime.combine(self.context.local(self.context.now).date(), time(0))
        return first_reached(today, self.context.zone), first_reached(today + _DAY, self.context.zone)

    async def _shares(self, since: datetime, until: datetime) -> str:
        """A line for each member of staff, for the owner's eyes."""
        if self.member_of_staff.role != Role.OWNER:
            return ""
        context, lines = self.context, []
        for one in await totals.shares(context.tx, since, until):
            amount = Money(one.amount, context.tenant.currency)
            lines.append("\n" + context.word("totals-line", staff=one.name, purchases=one.purchases, amount=amount))
        return "".join(lines)
