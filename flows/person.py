"""Talking to a person: the wish is kept for the staff, and the customer is told who will answer."""

from flows.tables import START
from flows.team import TeamFlow


class Person(TeamFlow):
    """Calls the owners, once, however often it is asked for."""

    name = "person"
    first = "call_for"
    moves = (
        ("waiting", START, "waiting"),
        ("already_waiting", START, "waiting"),
        ("staff", START, "staff"),
    )

    async def call_for(self) -> str:
        context = self.context
        if context.staff is not None:
            return "staff"
        self.values = {"business": context.tenant.business_name, "phone": context.tenant.phone_number}
        called = await self.call_the_team("asked", "person-called")
        return "waiting" if called else "already_waiting"
