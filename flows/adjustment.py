"""Staff give or take points by hand: whose, how many, why, PIN. In steps, or in one line."""

from enum import StrEnum

from flows import senses
from flows.counter import CounterFlow
from flows.flow import Slots
from flows.reply import Choice, Reply
from flows.requests import asked_for, decision_choices, tell
from flows.tables import NEXT, START, Ask
from models.loyalty import adjustments
from models.loyalty.adjustments import Adjusted, AdjustReason, AdjustRefusal, Waits, Wish
from models.operations.tables import Approval
from models.people import staff
from models.people.kinship import is_own
from models.people.tables import Customer, Role

LARGEST = 1_000_000
"""More points than this at once are a slip of the finger."""


class S(StrEnum):
    """What is asked, in this order."""

    CUSTOMER = "customer"
    POINTS = "points"
    REASON = "reason"
    NOTE = "note"
    PIN = "pin"


class Asked(Slots):
    """`customer` is a phone number in E.164, `points` have their sign, `note` is in somebody's own words."""

    customer: str | None = None
    points: int | None = None
    reason: str | None = None
    note: str | None = None


class Adjustment(CounterFlow):
    """Done at once, or asked of the owners where it reaches the threshold; everybody concerned is told."""

    name = "adjustment"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.CUSTOMER, (senses.phone,), then="find_customer"),
        Ask(S.POINTS, (senses.signed_points,), offers="of_customer", then="check_points"),
        Ask(S.REASON, (senses.choice,), offers="reasons"),
        Ask(S.NOTE, (senses.text,), when="is_another_reason"),
        Ask(S.PIN, (senses.pin,), offers="of_adjustment", then="adjust", secret=True),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("own", S.CUSTOMER, "own"),
        ("unknown", S.CUSTOMER, S.CUSTOMER),
        ("nonsense", S.POINTS, S.POINTS),
        ("adjusted", S.PIN, "adjusted"),
        ("waits", S.PIN, "waits"),
        ("alone", S.PIN, "alone"),
        ("wrong", S.PIN, S.PIN),
        ("locked", S.PIN, "locked"),
        ("disabled", S.PIN, "disabled"),
        ("refused", S.PIN, "refused"),
    )

    async def check_points(self) -> str:
        return NEXT if 0 < abs(self.slots.points) <= LARGEST else "nonsense"

    async def of_customer(self) -> list[Choice]:
        """Whose, for the question's words."""
        await self.say_whose()
        return []

    async def reasons(self) -> list[Choice]:
        await self.of_adjustment()
        return [Choice(reason, self.context.word(f"adjustment-reason-{reason}")) for reason in AdjustReason]

    def is_another_reason(self) -> bool:
        return bool(self.slots.reason == AdjustReason.OTHER)

    async def of_adjustment(self) -> list[Choice]:
        """Whose and how many, for the question's words."""
        await self.say_whose()
        self.values["points"] = f"{self.slots.points or 0:+d}"
        return []

    async def adjust(self) -> str:
        verdict = self.check_pin(self.answer)
        if verdict is not None:
            return verdict
        context, customer = self.context, await self.customer()
        if customer is None:
            self.values["reason"] = AdjustRefusal.UNKNOWN
            return "refused"
        wish = Wish(customer.id, self.slots.points, AdjustReason(self.slots.reason), self.slots.note)
        key, by = f"adjust:{context.event_id}", self.member_of_staff
        done = await adjustments.adjust(context.tx, wish, by=by, key=key, now=context.now, settings=context.settings)
        await self.of_adjustment()
        if isinstance(done, Adjusted):
            return self._tell(customer, done)
        if isinstance(done, Waits):
            await self._ask_owners(customer, done.approval)
            return "waits"
        self.values["reason"] = str(done)
        return "refused"

    def _tell(self, customer: Customer, done: Adjusted) -> str:
        self.values["balance"] = done.balance
        business = self.context.tenant.business_name
        told = {"business": business, "points": f"{done.entry.points:+d}", "balance": done.balance}
        self.notify(customer, "adjustment-receipt", **told)
        return "alone" if done.is_alone else "adjusted"

    async def _ask_owners(self, customer: Customer, approval: Approval) -> None:
        """Every owner but the one who asks and the one whom it is about."""
        asked = {**asked_for(approval, customer), "staff": self.member_of_staff.full_name}
        reply = Reply("approval-asked-adjustment", asked, decision_choices(self.context, approval))
        for user in await staff.colleagues(self.context.tx):
            concerned = user.id == self.member_of_staff.id or is_own(user, customer.phone_number)
            if user.role == Role.OWNER and not concerned:
                await tell(self.context, user, reply, until=approval.expires_at)
