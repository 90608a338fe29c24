"""What the customer has achieved, and how far it is to the rest."""

from flows.flow import Flow
from flows.tables import START
from models.loyalty import achievements
from models.loyalty.achievements import Achieved, Progress
from prompts import Money


class Achievements(Flow):
    """Looks them up."""

    name = "achievements"
    first = "look"
    moves = (
        ("shown", START, "shown"),
        ("none", START, "none"),
    )

    async def look(self) -> str:
        context = self.context
        has = await achievements.of_customer(context.tx, context.customer.id)
        coming = await achievements.open_to(context.tx, context.customer.id, context.now, context.zone)
        self.values = {"business": context.tenant.business_name}
        if not has and not coming:
            return "none"
        self.values["lines"] = "\n".join([*map(self._has, has), *map(self._coming, coming)])
        return "shown"

    def _has(self, one: Achieved) -> str:
        day = self.context.local(one.at).date()
        return self.context.word("achievements-has", name=one.name, icon=one.icon or "★", day=day)

    def _coming(self, one: Progress) -> str:
        word = self.context.word
        steps = ", ".join(
            word(
                f"achievements-{name}".replace("_", "-"),
                done=self._figure(name, min(one.done[name], asked)),
                asked=self._figure(name, asked),
            )
            for name, asked in one.asked.items()
        )
        return word("achievements-coming", name=one.name, steps=steps, points=one.points)

    def _figure(self, criterion: str, figure: int) -> object:
        """Amounts are written as money."""
        return Money(figure, self.context.tenant.currency) if criterion == "spent" else figure
