"""Joining the programme: a vendor code, a QR code's text, or the first message to the shop's own number."""

from flows.flow import Flow
from flows.tables import START
from models.people import members


class Join(Flow):
    """Makes the person a member, with the consent that the words he is shown describe."""

    name = "join"
    first = "join"
    moves = (
        ("joined", START, "joined"),
        ("already", START, "already"),
        ("staff", START, "staff"),
    )

    async def join(self) -> str:
        context = self.context
        self.values = {"business": context.tenant.business_name}
        if context.staff is not None:
            return "staff"
        new = await members.join(
            context.tx,
            context.customer.id,
            channel=context.channel,
            source=self.frame.said or "first message",
            wording=context.word("join-consent", business=context.tenant.business_name),
            name=context.name,
            now=context.now,
        )
        # what follows in the same message meets a member
        context.customer = await members.find_customer(context.tx, context.customer.phone_number) or context.customer
        return "joined" if new else "already"
