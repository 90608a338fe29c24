"""Staff look who has the most points."""

from flows.staff import StaffFlow
from flows.tables import START
from models.loyalty import balances


class BestCustomers(StaffFlow):
    """Ten of them, most points first."""

    name = "best_customers"
    first = "look"
    moves = (
        ("not_staff", START, "not_staff"),
        ("shown", START, "shown"),
        ("nobody", START, "nobody"),
    )

    async def look(self) -> str:
        context = self.context
        if context.staff is None:
            return "not_staff"
        lines = [
            context.word(
                "best-customers-line",
                place=place,
                customer=one.name or one.phone,
                points=one.points,
            )
            for place, one in enumerate(await balances.top(context.tx, context.now), start=1)
        ]
        self.values = {"lines": "\n".join(lines)}
        return "shown" if lines else "nobody"
