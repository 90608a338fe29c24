"""A customer sends the picture of a receipt: what it says is asked, and somebody at the shop looks at it."""

from datetime import datetime, time
from enum import StrEnum

from flows import senses
from flows.flow import Flow, Slots
from flows.reply import Choice, Reply
from flows.requests import asked_for, decision_choices, tell
from flows.tables import NEXT, START, Ask
from models.booking.wall_time import first_reached
from models.loyalty import receipts
from models.loyalty.receipts import Receipt as Sent
from models.loyalty.receipts import ReceiptRefusal
from models.operations.tables import Approval
from models.people import staff
from models.people.kinship import is_own

NOT_ONE, NO_NUMBER = "not_a_receipt", "none"


class S(StrEnum):
    """What is asked, in this order."""

    AMOUNT = "amount"
    NUMBER = "number"


class Asked(Slots):
    """`url` is where the provider keeps the picture; `amount` is in minor units, or says that it is no receipt."""

    url: str = ""
    amount: int | str | None = None
    number: str | None = None


class Receipt(Flow):
    """Earns nothing until somebody has said yes: the picture waits, and staff get it with Approve and Refuse."""

    name = "receipt"
    first = "receive"
    is_brief = True
    Slots = Asked
    asks = (
        Ask(S.AMOUNT, (senses.choice, senses.money), offers="no_receipt", then="check_amount"),
        Ask(S.NUMBER, (senses.receipt_number, senses.choice), offers="no_number", then="submit"),
    )
    moves = (
        ("kept", START, "kept"),
        ("how", START, "how"),
        ("not_here", START, "not_here"),
        ("kept", S.AMOUNT, "kept"),
        ("nonsense", S.AMOUNT, S.AMOUNT),
        ("waiting", S.NUMBER, "waiting"),
        ("too_many", S.NUMBER, "too_many"),
        ("used", S.NUMBER, "used"),
        ("refused_here", S.NUMBER, "refused_here"),
    )

    async def receive(self) -> str:
        self.values = {"business": self.context.tenant.business_name}
        are_taken = await receipts.are_taken(self.context.tx, self.context.settings)
        if not self.slots.url:
            return "how" if are_taken else "not_here"
        return NEXT if are_taken else "kept"

    async def no_receipt(self) -> list[Choice]:
        self.values["business"] = self.context.tenant.business_name
        return [Choice(NOT_ONE, self.context.word("receipt-not-one"))]

    async def check_amount(self) -> str:
        self.values["business"] = self.context.tenant.business_name
        if self.slots.amount == NOT_ONE:
            return "kept"
        return NEXT if self.slots.amount > 0 else "nonsense"

    async def no_number(self) -> list[Choice]:
        word = self.context.word("receipt-no-number")
        return [Choice(NO_NUMBER, word, ("none", "no", "no number", "skip"))]

    async def submit(self) -> str:
        context = self.context
        sent = Sent(
            customer_id=context.customer.id,
            amount=self.slots.amount,
            currency=context.tenant.currency,
            source=context.channel,
            url=self.slots.url,
            number=None if self.slots.number == NO_NUMBER else self.slots.number,
        )
        key, most = f"receipt:{context.event_id}", context.settings.receipts_per_day
        done = await receipts.submit(context.tx, sent, key=key, now=context.now, today=self._today(), most=most)
        self.values = {"business": context.tenant.business_name, "most": most}
        if isinstance(done, ReceiptRefusal):
            return str(done) if done in (ReceiptRefusal.TOO_MANY, ReceiptRefusal.USED) else "refused_here"
        await self._ask_staff(done)
        return "waiting"

    def _today(self) -> datetime:
        """When the shop's day began, in UTC."""
        midnight = datetime.combine(self.context.local(self.context.now).date(), time(0))
        return first_reached(midnight, self.context.zone)

    async def _ask_staff(self, approval: Approval) -> None:
        """Everybody who works here, but for those whose own it would be."""
        context = self.context
        reply = Reply(
            "approval-asked-receipt", asked_for(approval, context.customer), decision_choices(context, approval)
        )
        for user in await staff.colleagues(context.tx):
            if not is_own(user, context.customer.phone_number):
                await tell(context, user, reply, until=approval.expires_at)
