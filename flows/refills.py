"""Staff ask what the waiting list has brought."""

from datetime import timedelta

from flows.staff import StaffFlow
from flows.tables import START
from models.booking import waitlist_offers
from prompts import Money

LOOKED_BACK = timedelta(days=30)


class Refills(StaffFlow):
    """Gaps filled in the last 30 days, what they bring, and how many wait."""

    name = "refills"
    first = "look"
    moves = (
        ("not_staff", START, "not_staff"),
        ("shown", START, "shown"),
    )

    async def look(self) -> str:
        context = self.context
        if context.staff is None:
            return "not_staff"
        found = await waitlist_offers.refills(context.tx, context.now - LOOKED_BACK)
        self.values = {
            "gaps": found.gaps,
            "amount": Money(found.amount, context.tenant.currency),
            "waiting": found.waiting,
            "days": LOOKED_BACK.days,
        }
        return "shown"
