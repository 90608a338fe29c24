"""Talking to a person: the wish is kept for the staff, and the customer is told who will answer."""

from flows.flow import Flow
from flows.tables import START
from models.messaging import handoffs


class Person(Flow):
    """Opens a hand-off, once, however often it is asked for."""

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
        opened = await handoffs.open_handoff(context.tx, context.customer.id, reason="asked", now=context.now)
        return "waiting" if opened else "already_waiting"
