"""Staff see whom to get back to, and say what came of it: done, later, given up, or a project."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.roster import midnight
from flows.staff import StaffFlow
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.booking import follow_ups
from models.booking.follow_ups import ToDo
from models.people import projects
from prompts import Money

MOST = 10
LATER = (1, 3, 7)
"""Days from today that are offered for later."""
NOTHING = "nothing"


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    DEED = "deed"
    UNTIL = "until"
    OUTCOME = "outcome"
    VALUE = "value"


class Deed(StrEnum):
    """What can become of a follow-up."""

    DONE = "done"
    LATER = "later"
    PROJECT = "project"
    GIVEN_UP = "given_up"


class Asked(Slots):
    """`which` is the follow-up's id, `value` what the project may come to, in minor units."""

    which: str | None = None
    deed: Deed | None = None
    until: date | None = None
    outcome: str | None = None
    value: int | str | None = None


class FollowUps(StaffFlow):
    """The longest due first, overdue ones marked."""

    name = "follow_ups"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="to_do"),
        Ask(S.DEED, (senses.choice,), offers="deeds", needs=(S.WHICH,), then="decide"),
        Ask(S.UNTIL, (senses.choice, senses.day), offers="days", needs=(S.DEED,), then="put_off", when="is_later"),
        Ask(S.OUTCOME, (senses.choice, senses.text), offers="silence", needs=(S.DEED,), then="finish", when="is_done"),
        Ask(
            S.VALUE,
            (senses.choice, senses.till_money),
            offers="unknown",
            needs=(S.DEED,),
            then="open",
            when="is_project",
        ),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        (NONE_LEFT, S.WHICH, "nothing"),
        ("given_up", S.DEED, "given_up"),
        ("gone", S.DEED, "gone"),
        ("later", S.UNTIL, "later"),
        ("past", S.UNTIL, S.UNTIL),
        ("gone", S.UNTIL, "gone"),
        ("done", S.OUTCOME, "done"),
        ("gone", S.OUTCOME, "gone"),
        ("opened", S.VALUE, "opened"),
        ("gone", S.VALUE, "gone"),
    )

    async def to_do(self) -> list[Choice]:
        return [
            Choice(str(one.follow_up_id), self._line(one), (one.customer, one.phone))
            for one in await follow_ups.to_do(self.context.tx, self.context.now, most=MOST)
        ]

    async def deeds(self) -> list[Choice]:
        await self._say()
        return [Choice(deed.value, self.context.word(f"follow-ups-do-{deed.replace('_', '-')}")) for deed in Deed]

    def is_later(self) -> bool:
        return bool(self.slots.deed == Deed.LATER)

    def is_done(self) -> bool:
        return bool(self.slots.deed == Deed.DONE)

    def is_project(self) -> bool:
        return bool(self.slots.deed == Deed.PROJECT)

    async def decide(self) -> str:
        if self.slots.deed != Deed.GIVEN_UP:
            return NEXT
        await self._say()
        done = await self._done(failed=True)
        return "given_up" if done else "gone"

    async def days(self) -> list[Choice]:
        coming = [self._today() + timedelta(days=ahead) for ahead in LATER]
        return [Choice(day.isoformat(), self.context.word("house-day", day=day)) for day in coming]

    async def put_off(self) -> str:
        """Until the end of that day it is not overdue."""
        if self.slots.until < self._today():
            return "past"
        await self._say()
        due = midnight(self.context, self.slots.until + timedelta(days=1))
        return "later" if await follow_ups.later(self.context.tx, UUID(self.slots.which), due) else "gone"

    async def silence(self) -> list[Choice]:
        await self._say()
        return [Choice(NOTHING, self.context.word("follow-ups-nothing-to-add"))]

    async def finish(self) -> str:
        await self._say()
        return (
            "done"
            if await self._done(outcome=None if self.slots.outcome == NOTHING else self.slots.outcome)
            else "gone"
        )

    async def unknown(self) -> list[Choice]:
        await self._say()
        return [Choice(NOTHING, self.context.word("follow-ups-value-unknown"))]

    async def open(self) -> str:
        """The consultation has become a project; following it up is done."""
        todo = await self._say()
        if todo is None or not await self._done(outcome=Deed.PROJECT):
            return "gone"
        value = self.slots.value if isinstance(self.slots.value, int) else None
        name = self.context.word("follow-ups-project-name", service=todo.title, customer=todo.customer)
        opened = await projects.open_project(
            self.context.tx, todo.customer_id, name, booking_id=todo.booking_id, value=value
        )
        self.values["project"] = opened.project_name
        self.values["worth"] = Money(value or 0, self.context.tenant.currency)
        self.values["valued"] = "yes" if value else "no"
        return "opened"

    # -- helpers -----------------------------------------------------------------------------------------------

    async def _done(self, *, outcome: str | None = None, failed: bool = False) -> bool:
        by, now = self.member_of_staff.id, self.context.now
        return await follow_ups.done(
            self.context.tx, UUID(self.slots.which), by=by, now=now, outcome=outcome, failed=failed
        )

    async def _say(self) -> ToDo | None:
        """What is talked about, for the words; None once somebody else has done it."""
        todo = await follow_ups.follow_up(self.context.tx, UUID(self.slots.which), self.context.now)
        if todo is not None:
            self.values = {
                "customer": todo.customer,
                "phone": todo.phone,
                "service": todo.title,
                "kind": todo.kind.value,
            }
        return todo

    def _line(self, one: ToDo) -> str:
        state = "overdue" if one.is_overdue else "due"
        due: datetime = self.context.local(one.due)
        values = {"kind": one.kind.value, "customer": one.customer, "phone": one.phone, "service": one.title}
        return self.context.word("follow-ups-line", **values, state=state, day=due.date(), staff=one.assigned_to)

    def _today(self) -> date:
        return self.context.local(self.context.now).date()
