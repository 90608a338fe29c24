"""What waits for a second person: the owner, or staff for receipts, say yes or no in their own chat."""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.requests import asked_for, tell_of_decision
from flows.staff import StaffFlow
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.loyalty import decisions
from models.loyalty.decisions import Decision, DecisionOutcome
from models.operations.tables import ApprovalKind
from models.people import members, staff

MOST = 8
APPROVE, REFUSE, OTHER = "approve", "refuse", "other"
WHY = {
    ApprovalKind.RECEIPT: ("unreadable", "amount", "not_ours", "counted"),
    ApprovalKind.ADJUSTMENT: ("talk_first", "not_justified"),
}


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    DECISION = "decision"
    WHY = "why"
    PIN = "pin"


class Asked(Slots):
    """`request` is the approval's id, told with the choice or picked from the list; `kind` is its kind."""

    request: str | None = None
    kind: str | None = None
    which: str | None = None
    decision: str | None = None
    why: str | None = None


_OVER = tuple(
    (outcome.value, question, outcome.value)
    for question in (S.WHICH, S.DECISION, S.WHY, S.PIN)
    for outcome in (
        DecisionOutcome.DECIDED,
        DecisionOutcome.EXPIRED,
        DecisionOutcome.NOT_ALLOWED,
        DecisionOutcome.OWN,
        DecisionOutcome.UNKNOWN,
    )
)


class Approval(StaffFlow):
    """One decision, whoever presses first. Points by hand are signed with the PIN, a receipt is not."""

    name = "approval"
    first = "look"
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="those_waiting", then="pick", when="is_open_choice"),
        Ask(S.DECISION, (senses.choice,), offers="ways", then="decide"),
        Ask(S.WHY, (senses.choice, senses.text), offers="reasons", then="refuse", when="is_refusal"),
        Ask(S.PIN, (senses.pin,), offers="of_asked", then="sign", secret=True),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("unknown", START, "unknown"),
        ("decided", START, "decided"),
        ("expired", START, "expired"),
        ("not_allowed", START, "not_allowed"),
        ("own", START, "own"),
        (NONE_LEFT, S.WHICH, "nothing"),
        ("approved", S.DECISION, "approved"),
        ("impossible", S.DECISION, "impossible"),
        ("refused", S.WHY, "refused"),
        ("approved", S.PIN, "approved"),
        ("impossible", S.PIN, "impossible"),
        ("wrong", S.PIN, S.PIN),
        ("locked", S.PIN, "locked"),
        ("disabled", S.PIN, "disabled"),
        *_OVER,
    )

    async def look(self) -> str:
        happened = await self.admit()
        return await self._standing() if happened == NEXT and self.slots.request else happened

    async def _standing(self) -> str:
        """Whether it still waits, and for this person."""
        try:
            request = UUID(self.slots.request)
        except ValueError:
            return "unknown"
        context = self.context
        found = await decisions.look(context.tx, request, self.member_of_staff, context.now)
        if found.outcome is not DecisionOutcome.APPROVED or found.approval is None:
            return str(found.outcome)
        self.slots.kind = found.approval.kind
        self.keep("kind")
        return NEXT

    def is_open_choice(self) -> bool:
        return self.slots.request is None

    def is_refusal(self) -> bool:
        return bool(self.slots.decision == REFUSE)

    async def those_waiting(self) -> list[Choice]:
        """Oldest first."""
        context, choices = self.context, []
        for one in await decisions.waiting(context.tx, self.member_of_staff, context.now, MOST):
            customer = await members.customer(context.tx, one.customer_id)
            if customer is not None:
                line = context.word(f"approval-line-{one.kind}", **asked_for(one, customer))
                choices.append(Choice(str(one.id), line))
        return choices

    async def pick(self) -> str:
        self.slots.request = self.slots.which
        self.keep("request")
        return await self._standing()

    async def of_asked(self) -> list[Choice]:
        """What is asked for, by whom and why, for the question's words."""
        context = self.context
        found = await decisions.look(context.tx, UUID(self.slots.request), self.member_of_staff, context.now)
        if found.approval is None or found.customer is None:
            self.values["line"] = ""
            return []
        told = {**asked_for(found.approval, found.customer), "when": context.local(found.approval.requested_at)}
        asker = found.approval.requested_by_user_id
        user = await staff.colleague(context.tx, asker) if asker else None
        self.values["line"] = context.word(
            f"approval-about-{found.approval.kind}", **told, staff=user.full_name if user else ""
        )
        return []

    async def ways(self) -> list[Choice]:
        await self.of_asked()
        word = self.context.word
        return [Choice(APPROVE, word("approval-approve")), Choice(REFUSE, word("approval-refuse"))]

    async def decide(self) -> str:
        if self.slots.decision == APPROVE and self.slots.kind == ApprovalKind.RECEIPT:
            return await self._approve()
        return NEXT

    async def reasons(self) -> list[Choice]:
        await self.of_asked()
        whys = WHY[ApprovalKind(self.slots.kind)]
        return [Choice(why, self.context.word(f"approval-why-{why}".replace("_", "-"))) for why in whys]

    async def sign(self) -> str:
        return self.check_pin(self.answer) or await self._approve()

    async def _approve(self) -> str:
        context, request = self.context, UUID(self.slots.request)
        done = await decisions.approve(
            context.tx, request, by=self.member_of_staff, now=context.now, settings=context.settings
        )
        return await self._told(done)

    async def refuse(self) -> str:
        context, said = self.context, self.slots.why
        why = said if said in WHY[ApprovalKind(self.slots.kind)] else OTHER
        done = await decisions.refuse(
            context.tx,
            UUID(self.slots.request),
            by=self.member_of_staff,
            now=context.now,
            why=why,
            remark=said if why == OTHER else None,
        )
        return await self._told(done)

    async def _told(self, done: Decision) -> str:
        """What happened, in the words of the table; everybody concerned is told."""
        if done.approval is not None and done.customer is not None:
            why = (self.slots.why if done.why == OTHER else done.why) or ""
            self.values = {**asked_for(done.approval, done.customer), "why": why}
            await tell_of_decision(self.context, done, self.member_of_staff, why)
        return str(done.outcome)
