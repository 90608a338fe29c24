"""Staff take a purchase back, however long ago: whose, which, why, PIN."""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.counter import CounterFlow
from flows.flow import Slots
from flows.reply import Choice
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.loyalty import returns
from models.loyalty.returns import Returned, ReturnReason, Sale
from prompts import Money

MOST = 5


class S(StrEnum):
    """What is asked, in this order."""

    CUSTOMER = "customer"
    SALE = "sale"
    REASON = "reason"
    PART = "part"
    NOTE = "note"
    PIN = "pin"


class Asked(Slots):
    """`customer` is a phone number in E.164, `sale` the purchase's id, `part` an amount in minor units.

    `last` if the latest purchase was meant.
    """

    customer: str | None = None
    sale: str | None = None
    reason: str | None = None
    part: int | None = None
    note: str | None = None
    last: bool = False


class Reversal(CounterFlow):
    """Points that are spent already become a debt, and staff are told; so is the customer."""

    name = "reversal"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.CUSTOMER, (senses.phone,), then="find_sales"),
        Ask(S.SALE, (senses.choice,), offers="sales", needs=(S.CUSTOMER,)),
        Ask(S.REASON, (senses.choice,), offers="reasons"),
        Ask(S.PART, (senses.till_money,), offers="of_sale", then="check_part", when="is_part"),
        Ask(S.NOTE, (senses.text,), when="is_another_reason"),
        Ask(S.PIN, (senses.pin,), offers="of_sale", then="take_back", secret=True),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("own", S.CUSTOMER, "own"),
        ("unknown", S.CUSTOMER, S.CUSTOMER),
        (NONE_LEFT, S.SALE, "nothing"),
        ("nonsense", S.PART, S.PART),
        ("returned", S.PIN, "returned"),
        ("in_debt", S.PIN, "in_debt"),
        ("wrong", S.PIN, S.PIN),
        ("locked", S.PIN, "locked"),
        ("disabled", S.PIN, "disabled"),
        ("already", S.PIN, "already"),
        ("own", S.PIN, "own"),
    )

    async def find_sales(self) -> str:
        happened = await self.find_customer()
        latest = await self._recent() if happened == NEXT and self.slots.last else []
        if latest:
            self.slots.sale = str(latest[0].purchase_id)
            self.keep("sale")
        return happened

    async def _recent(self) -> list[Sale]:
        customer = await self.customer()
        return await returns.recent(self.context.tx, customer.id, MOST) if customer else []

    async def sales(self) -> list[Choice]:
        """The latest by amount, time, and who logged it."""
        await self.say_whose()
        return [Choice(str(one.purchase_id), self._line(one)) for one in await self._recent()]

    def _line(self, sale: Sale) -> str:
        told = {
            "amount": Money(sale.amount - sale.back, sale.currency),
            "when": self.context.local(sale.at),
            "points": sale.points,
        }
        if sale.logged_by is None:
            return self.context.word("reversal-sale-line-unsigned", **told)
        return self.context.word("reversal-sale-line", **told, staff=sale.logged_by)

    async def reasons(self) -> list[Choice]:
        await self.of_sale()
        word = self.context.word
        return [Choice(reason, word(f"reversal-reason-{reason}".replace("_", "-"))) for reason in ReturnReason]

    def is_another_reason(self) -> bool:
        return bool(self.slots.reason == ReturnReason.OTHER)

    def is_part(self) -> bool:
        return bool(self.slots.reason == ReturnReason.PART)

    async def check_part(self) -> str:
        chosen = await self._chosen()
        left = chosen.amount - chosen.back if chosen else 0
        return NEXT if 0 < self.slots.part <= left else "nonsense"

    async def _chosen(self) -> Sale | None:
        return next((one for one in await self._recent() if str(one.purchase_id) == self.slots.sale), None)

    async def of_sale(self) -> list[Choice]:
        """Which one, for the question's words."""
        await self.say_whose()
        chosen = await self._chosen()
        self.values["line"] = self._line(chosen) if chosen else ""
        left = chosen.amount - chosen.back if chosen else 0
        self.values["part"] = Money(self.slots.part or left, self.context.tenant.currency)
        return []

    async def take_back(self) -> str:
        verdict = self.check_pin(self.answer)
        if verdict is not None:
            return verdict
        context = self.context
        done = await returns.take_back(
            context.tx,
            UUID(self.slots.sale),
            by=self.member_of_staff,
            reason=ReturnReason(self.slots.reason),
            note=self.slots.note,
            key=f"reverse:{context.event_id}",
            now=context.now,
            part=self.slots.part,
        )
        if not isinstance(done, Returned):
            return "own" if done == returns.ReturnRefusal.OWN_ACCOUNT else "already"
        amount = Money(done.amount, done.currency)
        told = {"amount": amount, "balance": done.balance, "points": done.points}
        self.values = {**told, "customer": self.called(done.customer), "debt": done.debt}
        self.notify(done.customer, "reversal-receipt", business=context.tenant.business_name, **told, debt=done.debt)
        return "in_debt" if done.debt else "returned"
