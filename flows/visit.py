"""Staff look at one visit, and are offered what can be done about it."""

from flows.flow import Slots
from flows.roster import RosterFlow, card, deeds, facts
from flows.tables import START


class Asked(Slots):
    """`which` is the booking's id."""

    which: str | None = None


class VisitCard(RosterFlow):
    """All that is known of it; only chosen from a list, never asked for by name."""

    name = "visit"
    first = "look"
    has_the_floor = True
    Slots = Asked
    moves = (
        ("not_staff", START, "not_staff"),
        ("shown", START, "shown"),
        ("gone", START, "gone"),
    )

    async def look(self) -> str:
        if self.context.staff is None:
            return "not_staff"
        visit = await self.visit(self.slots.which)
        if visit is None:
            return "gone"
        self.values = {**facts(self.context, visit), "details": card(self.context, visit)}
        self.choices = deeds(self.context, visit)
        return "shown"
