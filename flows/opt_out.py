"""STOP: nothing more is sent that is not an answer."""

from flows.flow import Flow
from flows.tables import START
from models.people import members


class OptOut(Flow):
    """Records the wish on this channel at once and says so, once."""

    name = "opt_out"
    first = "stop"
    moves = (("stopped", START, "stopped"),)

    async def stop(self) -> str:
        context = self.context
        wording = context.word("opt-out-stopped", business=context.tenant.business_name)
        await members.opt_out(
            context.tx,
            context.customer.id,
            channel=context.channel,
            source="message",
            wording=wording,
            now=context.now,
        )
        self.values = {"business": context.tenant.business_name}
        return "stopped"
