"""Calling for a person: the wish is kept, and the owners are told at once."""

from flows.flow import Flow
from flows.reply import Reply
from models.messaging import handoffs
from models.people.staff import owners


class TeamFlow(Flow):
    """A flow that may end with a customer waiting for somebody."""

    async def call_the_team(self, reason: str, key: str, **values: object) -> bool:
        """Lets the customer wait and tells the owners so with the words `key`; False when he waits already."""
        context = self.context
        opened = await handoffs.open_handoff(context.tx, context.customer.id, reason=reason, now=context.now)
        if opened:
            who = {"customer": context.name or context.customer.phone_number, "phone": context.customer.phone_number}
            for owner in await owners(context.tx, context.now):
                if owner.phone_number == context.customer.phone_number:
                    continue  # who asks himself has his answer
                context.notify(owner, Reply(key, {**who, **values}))
        return opened
