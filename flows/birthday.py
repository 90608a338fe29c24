"""A customer tells his birthday: "my birthday is 3 March"."""

from datetime import date
from enum import StrEnum

from flows import senses
from flows.flow import Flow, Slots
from flows.tables import Ask
from models.loyalty import birthdays
from models.loyalty.birthdays import Told
from prompts import DayOfYear

YOUNGEST = 5
"""A year of birth lies so many years back at least; a later one is a slip, or was never meant as one."""


class S(StrEnum):
    """What is asked."""

    DAY = "day"


class Asked(Slots):
    """`day` has the year of birth where one was told, and else that of the coming birthday."""

    day: date | None = None


class Birthday(Flow):
    """Keeps month and day. What was paid for stays."""

    name = "birthday"
    Slots = Asked
    asks = (Ask(S.DAY, (senses.birthday,), then="tell"),)
    moves = (
        ("kept", S.DAY, "kept"),
        ("worth", S.DAY, "worth"),
        ("fixed", S.DAY, "fixed"),
    )

    async def tell(self) -> str:
        context, day = self.context, self.slots.day
        today = context.local(context.now).date()
        year = day.year if day.year <= today.year - YOUNGEST else None
        self.values = {"business": context.tenant.business_name, "birthday": DayOfYear(day)}
        if await birthdays.tell(context.tx, context.customer, day, year=year) is Told.FIXED:
            return "fixed"
        self.values["points"] = await birthdays.worth(context.tx, context.now)
        return "worth" if self.values["points"] else "kept"
