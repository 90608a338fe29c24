"""The last entries of the customer's points."""

from flows.flow import Flow
from flows.tables import START
from models.loyalty import history

LINES = 5


class History(Flow):
    """Shows what was earned and spent lately, newest first."""

    name = "history"
    first = "look"
    moves = (
        ("shown", START, "shown"),
        ("empty", START, "empty"),
    )

    async def look(self) -> str:
        context = self.context
        entries = await history.history(context.tx, context.customer.id, LINES)
        lines = [
            context.word(
                "history-line",
                date=context.local(entry.at).date(),
                points=f"{entry.points:+d}",
                kind=entry.kind,
            )
            for entry in entries
        ]
        self.values = {"lines": "\n".join(lines)}
        return "shown" if lines else "empty"
