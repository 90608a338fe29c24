"""What am I on the waiting list for?"""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Flow, Slots
from flows.reply import Choice
from flows.tables import NONE_LEFT, Ask
from flows.waitlist import when
from models.booking import waitlist


class S(StrEnum):
    """The one question."""

    WHICH = "which"


class Asked(Slots):
    """`which` is the place on the list."""

    which: str | None = None


class Waitlisted(Flow):
    """Soonest first; choosing one gives it up."""

    name = "waitlisted"
    is_optional = True
    Slots = Asked
    asks = (Ask(S.WHICH, (senses.choice,), offers="places", then="leave_place"),)
    moves = (
        (NONE_LEFT, S.WHICH, "none"),
        ("given_up", S.WHICH, "given_up"),
    )

    async def places(self) -> list[Choice]:
        context = self.context
        today = context.local(context.now).date()
        waiting = await waitlist.waiting_for(context.tx, context.customer.id, today)
        lines = [
            context.word(
                "waitlisted-line", service=one.service, when=when(context, one.from_day, one.until_day, one.part)
            )
            for one in waiting
        ]
        self.values = {"lines": "\n".join(lines), "count": len(waiting)}
        return [
            Choice(str(one.entry_id), context.word("waitlisted-leave", place=line))
            for one, line in zip(waiting, lines, strict=True)
        ]

    async def leave_place(self) -> str:
        context = self.context
        await waitlist.leave(context.tx, UUID(self.slots.which), customer_id=context.customer.id, now=context.now)
        return "given_up"
