"""START: messages may come again."""

from flows.flow import Flow
from flows.tables import START
from models.people import members


class OptIn(Flow):
    """Takes an earlier STOP back."""

    name = "opt_in"
    first = "start_again"
    moves = (("started", START, "started"),)

    async def start_again(self) -> str:
        context = self.context
        wording = context.word("opt-in-started", business=context.tenant.business_name)
        await members.opt_in(
            context.tx,
            context.customer.id,
            channel=context.channel,
            source="message",
            wording=wording,
            now=context.now,
        )
        self.values = {"business": context.tenant.business_name}
        return "started"
