"""Staff log a purchase: whose, how much, PIN, done. In steps, or in one line."""

import re
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.rising import at_counter, tell_news
from flows.staff import StaffFlow
from flows.tables import NEXT, START, Ask
from models.loyalty import ledger, purchases
from models.loyalty.purchases import Logged, UndoOutcome
from models.loyalty.tables import PaidWith
from models.people import members
from models.people.kinship import is_own
from models.people.tables import Customer
from prompts import Money


class S(StrEnum):
    """What is asked, in this order."""

    CUSTOMER = "customer"
    ADD = "add"
    AMOUNT = "amount"
    CATEGORY = "category"
    SURE = "sure"
    PIN = "pin"


class Asked(Slots):
    """`customer` is a phone number in E.164, `amount` in minor units; `unknown` and `unusual` ask again.

    `category` is one of the business's, or OTHER; `receipt` and `paid_with` are said in a line and never asked for.
    `one_line` is a purchase in one line, and `garbled` one that could not be read.
    """

    customer: str | None = None
    add: bool | None = None
    amount: int | None = None
    category: str | None = None
    receipt: str | None = None
    paid_with: PaidWith = PaidWith.MONEY
    one_line: bool = False
    sure: bool | None = None
    garbled: bool = False
    unknown: bool = False
    unusual: bool = False


class Purchase(StaffFlow):
    """Points by the business's rules; the customer gets a receipt, staff can take it back for a minute."""

    name = "purchase"
    version = 2
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.CUSTOMER, (senses.phone,), then="find_customer"),
        Ask(S.ADD, (senses.yes_or_no,), offers="of_doubt", needs=(S.CUSTOMER,), then="add", when="is_unknown"),
        Ask(S.AMOUNT, (senses.till_money,), offers="of_customer", then="check_amount"),
        Ask(S.CATEGORY, (senses.choice,), offers="categories", then="check_category", when="has_category"),
        Ask(S.SURE, (senses.yes_or_no,), offers="of_doubt", needs=(S.AMOUNT,), then="sure", when="is_unusual"),
        Ask(S.PIN, (senses.pin,), offers="of_purchase", then="log", secret=True),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("garbled", START, "garbled"),
        ("own", S.CUSTOMER, "own"),
        ("no", S.ADD, S.CUSTOMER),
        ("nonsense", S.AMOUNT, S.AMOUNT),
        ("unknown", S.CATEGORY, S.CATEGORY),
        ("no", S.SURE, S.AMOUNT),
        ("logged", S.PIN, "logged"),
        ("wrong", S.PIN, S.PIN),
        ("locked", S.PIN, "locked"),
        ("disabled", S.PIN, "disabled"),
        ("refused", S.PIN, "refused"),
    )

    async def admit(self) -> str:
        # words behind the amount where nothing has a category: they were meant to say something else
        unread = "category" in self.frame.early and not self.context.settings.categories
        return "garbled" if self.slots.garbled or unread else await super().admit()

    async def find_customer(self) -> str:
        if is_own(self.member_of_staff, self.slots.customer):
            return "own"
        self.slots.unknown = await self._customer() is None
        self.keep("unknown")
        return NEXT

    def is_unknown(self) -> bool:
        return bool(self.slots.unknown)

    async def add(self) -> str:
        return NEXT if self.slots.add else "no"

    async def check_amount(self) -> str:
        if self.slots.amount <= 0:
            return "nonsense"
        context = self.context
        usual = await purchases.usual_amount(context.tx, context.now)
        ceiling = context.settings.purchase_ceiling or self.slots.amount
        self.slots.unusual = purchases.is_unusual(self.slots.amount, usual, ceiling)
        self.keep("unusual")
        return NEXT

    def has_category(self) -> bool:
        """Asked for where there are some; who types a line with a queue before him says it there, or leaves it out."""
        told = "category" in self.frame.early or not self.slots.one_line
        return bool(self.context.settings.categories) and told

    async def categories(self) -> list[Choice]:
        await self.of_purchase()
        known = [Choice(category, category) for category in self.context.settings.categories]
        return [*known, Choice(OTHER, self.context.word("purchase-other"))]

    async def check_category(self) -> str:
        known = {_plain(category): category for category in self.context.settings.categories}
        if self.slots.category != OTHER:
            self.slots.category = known.get(_plain(self.slots.category))
        self.keep("category")
        return NEXT if self.slots.category else "unknown"

    def is_unusual(self) -> bool:
        return bool(self.slots.unusual)

    async def sure(self) -> str:
        return NEXT if self.slots.sure else "no"

    async def of_doubt(self) -> list[Choice]:
        """Whose and how much, and yes or no."""
        await self.of_purchase()
        return self.yes_or_no()

    async def of_purchase(self) -> list[Choice]:
        """Whose and how much, for the question's words."""
        customer = await self._customer()
        self.values["customer"] = await self._at_counter(customer) if customer else self.slots.customer
        self.values["amount"] = Money(self.slots.amount or 0, self.context.tenant.currency)
        return []

    async def of_customer(self) -> list[Choice]:
        """Whose, for the question's words."""
        return await self.of_purchase()

    async def log(self) -> str:
        verdict = self.check_pin(self.answer)
        if verdict is not None:
            return verdict
        context, staff = self.context, self.member_of_staff
        customer = await self._customer() or await members.add_customer(
            context.tx, self.slots.customer, None, by=staff, now=context.now
        )
        done = await purchases.log_purchase(
            context.tx,
            customer_id=customer.id,
            amount=self.slots.amount,
            currency=context.tenant.currency,
            by=staff,
            source=context.channel,
            logged_via="staff_pin",
            key=f"purchase:{context.event_id}",
            now=context.now,
            expire_days=context.settings.points_expire_after_days,
            receipt_number=self.slots.receipt,
            category=None if self.slots.category == OTHER else self.slots.category,
            paid_with=self.slots.paid_with,
            return_window_days=context.settings.return_window_days,
        )
        if not isinstance(done, Logged):
            self.values["reason"] = str(done)
            return "refused"
        self._tell(customer, done)
        tell_news(context, customer, done.led_to)
        self.values["customer"] = await self._at_counter(await self._customer() or customer)
        return "logged"

    def _tell(self, customer: Customer, done: Logged) -> None:
        """The reply to staff, the receipt to the customer, and the way back."""
        context = self.context
        told = self._told(done)
        self.values = {"customer": self.called(customer), **told}
        # somebody whom staff have just added has agreed to nothing yet: he is told how to stop this
        receipt = "purchase-receipt" if customer.joined_at else "purchase-first-receipt"
        self.notify(customer, receipt, business=context.tenant.business_name, **told)
        window = timedelta(seconds=context.settings.undo_seconds)
        self.can_undo(window, purchase=done.purchase_id, customer=customer.phone_number)

    def _told(self, done: Logged) -> dict[str, object]:
        """What both sides are told of it: points, those of a campaign, and from when they can be spent."""
        available_at = done.available_at
        return {
            "amount": Money(self.slots.amount, self.context.tenant.currency),
            "points": done.points,
            "balance": done.balance,
            "campaign": done.bonus.name if done.bonus else "none",
            "bonus": done.bonus.points if done.bonus else 0,
            "waits": "yes" if available_at else "no",
            "until": self.context.local(available_at).date() if available_at else "",
        }

    async def _at_counter(self, customer: Customer) -> str:
        """With the tier, where it takes something off the bill."""
        return await at_counter(self.context, customer, self.called(customer))

    async def undo(self, what: dict[str, str]) -> str:
        context = self.context
        done = await purchases.undo_purchase(
            context.tx, UUID(what["purchase"]), by=self.member_of_staff, now=context.now
        )
        customer = await members.find_customer(context.tx, what["customer"])
        if customer is None or done is not UndoOutcome.UNDONE:
            return "already"
        balance = (await ledger.balance(context.tx, customer.id, context.now)).points
        self.values = {"customer": self.called(customer), "balance": balance}
        self.notify(customer, "purchase-taken-back", business=context.tenant.business_name, balance=balance)
        return "undone"

    async def _customer(self) -> Customer | None:
        return await members.find_customer(self.context.tx, self.slots.customer)


OTHER = "other"
"""No category of the business's."""


def _plain(category: str) -> str:
    """As people type it: "Drink" is "drinks", "drycleaning" is "dry cleaning"."""
    return re.sub(r"[\W_]", "", category.casefold()).removesuffix("s")
