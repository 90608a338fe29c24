"""Staff look a customer up: points, last purchases and visits, what is coming, notes. By number or by name."""

from collections.abc import AsyncIterator
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.staff import StaffFlow
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.booking import bookings
from models.loyalty import ledger, returns
from models.operations import audit
from models.operations.tables import AuditAction
from models.people import members, search
from models.people.tables import Customer, Role
from prompts import Money

MOST, LATEST = 6, 3
SHOWN_DIGITS = 4


class S(StrEnum):
    """What is asked, in this order."""

    WHO = "who"
    MEANT = "meant"


class Asked(Slots):
    """`who` is a number or a name as it was typed, `candidates` the ids of those it could be."""

    who: str | None = None
    candidates: list[str] = []
    meant: str | None = None


class LookUp(StaffFlow):
    """Short enough to read with the customer at the till. Staff see the end of a number, owners all of it.

    Who looked whom up is noted in the audit log.
    """

    name = "look_up"
    first = "admit"
    is_brief = True
    is_passing = True
    Slots = Asked
    asks = (
        Ask(S.WHO, (senses.phone, senses.text), then="find"),
        Ask(S.MEANT, (senses.choice,), offers="those_found", then="pick"),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("nobody", S.WHO, S.WHO),
        ("shown", S.WHO, "shown"),
        ("shown", S.MEANT, "shown"),
        (NONE_LEFT, S.MEANT, "gone"),
    )

    async def find(self) -> str:
        said = self.slots.who
        number = senses.phone.hear(said, self.context.setting())
        known = await members.find_customer(self.context.tx, number) if number else None
        found = [known] if known else await search.search(self.context.tx, said, MOST)
        if len(found) == 1:
            return await self._show(found[0])
        self.values["who"] = said
        self.slots.candidates = [str(one.id) for one in found]
        self.keep("candidates")
        return NEXT if found else "nobody"

    async def those_found(self) -> list[Choice]:
        """By name and the end of the number."""
        choices = []
        for candidate in self.slots.candidates:
            customer = await members.customer(self.context.tx, UUID(candidate))
            if customer is not None:
                label = self.context.word("look-up-choice", customer=self._name(customer), phone=self._phone(customer))
                choices.append(Choice(candidate, label))
        return choices

    async def pick(self) -> str:
        customer = await members.customer(self.context.tx, UUID(self.slots.meant))
        if customer is None:
            raise LookupError(f"customer {self.slots.meant} is gone")
        return await self._show(customer)

    async def _show(self, customer: Customer) -> str:
        context, by = self.context, self.member_of_staff
        await audit.record(
            context.tx, AuditAction.VIEW, "customers", customer.id, by=by, now=context.now, channel=context.channel
        )
        lines = [line async for line in self._lines(customer)]
        self.values = {"customer": self._name(customer), "phone": self._phone(customer), "lines": "\n".join(lines)}
        return "shown"

    async def _lines(self, customer: Customer) -> AsyncIterator[str]:
        context, word = self.context, self.context.word
        if customer.joined_at is None:
            yield word("look-up-not-joined")
        if customer.tier is not None:
            yield word("look-up-tier", tier=customer.tier)
        balance = await ledger.balance(context.tx, customer.id, context.now)
        told = {"points": balance.points, "pending": balance.pending, "held": balance.held, "debt": balance.debt}
        yield word("look-up-points", **told)
        for sale in await returns.recent(context.tx, customer.id, LATEST):
            amount, when = Money(sale.amount, sale.currency), context.local(sale.at)
            yield word("look-up-purchase", amount=amount, when=when, points=sale.points)
        for one in (await bookings.upcoming(context.tx, customer.id, context.now))[:1]:
            yield word("look-up-appointment", service=one.service, when=context.local(one.start))
        if customer.total_bookings or customer.total_calls:
            yield word("look-up-contacts", bookings=customer.total_bookings, calls=customer.total_calls)
        if customer.notes:
            yield word("look-up-notes", notes=customer.notes)

    def _name(self, customer: Customer) -> str:
        name = members.name_of(customer.first_name, customer.last_name, customer.whatsapp_name)
        return name or self.context.word("look-up-unnamed")

    def _phone(self, customer: Customer) -> str:
        is_owner = self.member_of_staff.role == Role.OWNER
        return customer.phone_number if is_owner else f"…{customer.phone_number[-SHOWN_DIGITS:]}"
