"""Joining the programme: a vendor code, a QR code's text, or the first message to the shop's own number."""

from flows.flow import Flow, Slots
from flows.tables import START
from models.loyalty import referrals
from models.loyalty.referrals import Joined as Outcome
from models.people import members
from models.people.tables import Customer


class Asked(Slots):
    """`code` is that of a friend, as it was found in the message."""

    code: str | None = None


class Join(Flow):
    """Makes the person a member, with the consent that the words he is shown describe."""

    name = "join"
    first = "join"
    Slots = Asked
    moves = (
        ("joined", START, "joined"),
        ("brought", START, "joined"),
        ("unknown_code", START, "joined"),
        ("already", START, "already"),
        ("already_here", START, "already"),
        ("staff", START, "staff"),
    )

    async def join(self) -> str:
        context = self.context
        self.values = {"business": context.tenant.business_name}
        stranger = context.customer
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
        return await self._brought(stranger, is_new=new)

    async def _brought(self, stranger: Customer, *, is_new: bool) -> str:
        """Notes who brought the newcomer, if a code came with the message. `stranger` is the customer before it."""
        context, code = self.context, self.slots.code
        if not code:
            return "joined" if is_new else "already"
        if not is_new:
            return "already_here"
        recorded = await referrals.record(context.tx, stranger, code, name=context.name, now=context.now)
        if recorded.outcome is not Outcome.RECORDED or recorded.referrer is None:
            return "unknown_code" if recorded.outcome is Outcome.UNKNOWN else "joined"
        self.values["friend"] = recorded.referrer.first_name or recorded.referrer.whatsapp_name or ""
        return "brought" if self.values["friend"] else "joined"
