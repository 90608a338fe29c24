"""Staff check a customer's redemption code and hand the reward over."""

from base64 import b64decode, b64encode
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.staff import StaffFlow
from flows.tables import NEXT, START, Ask
from models.loyalty import ledger, redemptions
from models.loyalty.redemptions import Fulfilled, Pending
from models.people import members


class S(StrEnum):
    """What is asked, in this order."""

    CODE = "code"
    PIN = "pin"


class Asked(Slots):
    """The code is remembered sealed, until the PIN has come."""

    sealed: str | None = None


class Fulfilment(StaffFlow):
    """A code is fulfilled once; both sides are told, and staff can take it back for a minute."""

    name = "fulfilment"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.CODE, (senses.code,), then="look_up", when="has_no_code", secret=True),
        Ask(S.PIN, (senses.pin,), offers="of_redemption", then="fulfil", secret=True),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("mistyped", S.CODE, S.CODE),
        ("unknown", S.CODE, S.CODE),
        ("expired", S.CODE, "expired"),
        ("cancelled", S.CODE, "expired"),
        ("used", S.CODE, "used"),
        ("fulfilled", S.PIN, "fulfilled"),
        ("wrong", S.PIN, S.PIN),
        ("locked", S.PIN, "locked"),
        ("disabled", S.PIN, "disabled"),
        ("mistyped", S.PIN, "expired"),
        ("unknown", S.PIN, "expired"),
        ("expired", S.PIN, "expired"),
        ("cancelled", S.PIN, "expired"),
        ("used", S.PIN, "used"),
        ("own", S.PIN, "own"),
    )

    def has_no_code(self) -> bool:
        return self.slots.sealed is None

    async def look_up(self) -> str:
        context = self.context
        found = await redemptions.look_up(context.tx, context.vault, self.answer, context.now)
        if not isinstance(found, Pending):
            return str(found)
        sealed = context.vault.seal(self.answer.encode(), about=str(context.customer.id))
        self.slots.sealed = b64encode(sealed).decode()
        self.keep("sealed")
        return NEXT

    def _code(self) -> str:
        """The code, or nothing that is one when the key it was sealed with is gone."""
        plain = self.context.vault.unseal(b64decode(self.slots.sealed), about=str(self.context.customer.id))
        return plain.decode() if plain is not None else ""

    async def of_redemption(self) -> list[Choice]:
        """What is about to be handed over, for the question's words."""
        context = self.context
        found = await redemptions.look_up(context.tx, context.vault, self._code(), context.now)
        if isinstance(found, Pending):
            self.values |= {
                "reward": found.reward_name,
                "customer": found.customer_name or found.customer_phone,
            }
        return []

    async def fulfil(self) -> str:
        verdict = self.check_pin(self.answer)
        if verdict is not None:
            return verdict
        context = self.context
        done = await redemptions.fulfil(
            context.tx, context.vault, self._code(), by=self.member_of_staff, now=context.now
        )
        if not isinstance(done, Fulfilled):
            return str(done)
        self.values = {
            "reward": done.reward_name,
            "customer": done.customer_name or done.customer_phone,
            "points": done.points,
        }
        customer = await members.find_customer(context.tx, done.customer_phone)
        if customer is not None:
            self.notify(customer, "fulfilment-receipt", reward=done.reward_name, points=done.points, left=done.balance)
        told = {"reward": done.reward_name, "customer": done.customer_phone}
        self.can_undo(timedelta(seconds=context.settings.undo_seconds), redemption=done.redemption_id, **told)
        return "fulfilled"

    async def undo(self, what: dict[str, str]) -> str:
        """The wrong reward, or nothing left of it: points and piece go back, and the customer hears of it."""
        context = self.context
        if not await redemptions.undo(context.tx, UUID(what["redemption"]), by=self.member_of_staff, now=context.now):
            return "already"
        customer = await members.find_customer(context.tx, what["customer"])
        if customer is not None:
            balance = (await ledger.balance(context.tx, customer.id, context.now)).points
            self.notify(customer, "fulfilment-taken-back", reward=what["reward"], balance=balance)
        self.values = {"reward": what["reward"]}
        return "undone"
