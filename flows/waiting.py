"""Staff look who waits for a person, and say who has been seen to."""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.staff import StaffFlow
from flows.tables import NONE_LEFT, START, Ask
from models.messaging import handoffs
from models.messaging.handoffs import Waiting

MOST = 8


class S(StrEnum):
    """The one question."""

    WHO = "who"


class Asked(Slots):
    """`who` is the customer's id."""

    who: str | None = None


class WaitingRoom(StaffFlow):
    """Longest first, with what they asked; choosing one takes him off the list."""

    name = "waiting"
    first = "admit"
    is_optional = True
    Slots = Asked
    asks = (Ask(S.WHO, (senses.choice,), offers="those_waiting", then="give_back"),)
    moves = (
        ("not_staff", START, "not_staff"),
        (NONE_LEFT, S.WHO, "nobody"),
        ("seen_to", S.WHO, "seen_to"),
    )

    async def those_waiting(self) -> list[Choice]:
        waiting = await handoffs.waiting(self.context.tx, MOST)
        self.values = {"lines": "\n".join(self._line(one) for one in waiting)}
        return [Choice(str(one.customer_id), self._done(one), (one.phone,)) for one in waiting]

    def _line(self, one: Waiting) -> str:
        who = {"customer": one.name or one.phone, "phone": one.phone, "since": self.context.local(one.since)}
        if not one.questions:
            return self.context.word("waiting-line", **who)
        return self.context.word("waiting-line-asking", **who, question=one.questions[-1])

    def _done(self, one: Waiting) -> str:
        return self.context.word("waiting-done", customer=one.name or one.phone)

    async def give_back(self) -> str:
        context = self.context
        await handoffs.give_back(context.tx, UUID(self.slots.who), by=self.member_of_staff, now=context.now)
        return "seen_to"
