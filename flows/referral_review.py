"""Friends whom the owner looks at before anybody is paid for them."""

from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.referral_news import tell_both
from flows.reply import Choice
from flows.staff import StaffFlow
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.loyalty import referral_payment
from models.loyalty.referral_payment import Case
from models.loyalty.rising import Terms
from models.people.members import name_of
from models.people.tables import Customer, Role

APPROVE, REFUSE = "approve", "refuse"


class S(StrEnum):
    """What is asked, in this order."""

    REFERRAL = "referral"
    DECISION = "decision"
    PIN = "pin"


class Asked(Slots):
    """`referral` is its id."""

    referral: str | None = None
    decision: str | None = None


class ReferralReview(StaffFlow):
    """One decision, whichever owner presses first. A yes pays points, so it is signed with the PIN."""

    name = "referral_review"
    first = "admit"
    Slots = Asked
    asks = (
        Ask(S.REFERRAL, (senses.choice,), offers="waiting", then="find"),
        Ask(S.DECISION, (senses.choice,), offers="ways", needs=(S.REFERRAL,), then="decide"),
        Ask(S.PIN, (senses.pin,), offers="of_case", then="approve", secret=True),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        ("not_owner", START, "not_owner"),
        (NONE_LEFT, S.REFERRAL, "nothing"),
        ("gone", S.REFERRAL, "gone"),
        ("refused", S.DECISION, "refused"),
        ("gone", S.DECISION, "gone"),
        ("approved", S.PIN, "approved"),
        ("gone", S.PIN, "gone"),
        ("wrong", S.PIN, S.PIN),
        ("locked", S.PIN, "locked"),
        ("disabled", S.PIN, "disabled"),
    )

    async def admit(self) -> str:
        happened = await super().admit()
        if happened == NEXT and self.member_of_staff.role != Role.OWNER:
            return "not_owner"
        return happened

    async def waiting(self) -> list[Choice]:
        """Longest first; one that was chosen with the notice need not wait any more to be asked about."""
        cases = await referral_payment.to_review(self.context.tx)
        return [Choice(str(one.referral.id), self._line(one)) for one in cases]

    async def find(self) -> str:
        return NEXT if await self._case() is not None else "gone"

    async def ways(self) -> list[Choice]:
        await self.of_case()
        word = self.context.word
        return [
            Choice(APPROVE, word("referral-review-approve")),
            Choice(REFUSE, word("referral-review-refuse")),
        ]

    async def of_case(self) -> list[Choice]:
        """Who brought whom, and what is doubtful, for the question's words."""
        case = await self._case()
        self.values["line"] = self._line(case) if case else ""
        return []

    async def decide(self) -> str:
        if self.slots.decision == APPROVE:
            return NEXT
        context = self.context
        done = await referral_payment.refuse(
            context.tx, UUID(self.slots.referral), context.now, by=self.member_of_staff
        )
        return "refused" if self._told(done) else "gone"

    async def approve(self) -> str:
        verdict = self.check_pin(self.answer)
        if verdict is not None:
            return verdict
        context = self.context
        paid = await referral_payment.approve(
            context.tx,
            UUID(self.slots.referral),
            Terms.of(context.tenant),
            context.now,
            by=self.member_of_staff,
        )
        if paid is None:
            return "gone"
        self._told(paid.case)
        self.values |= {"points": paid.points, "friend_points": paid.friend_points}
        tell_both(context, paid)
        return "approved"

    def _told(self, case: Case | None) -> bool:
        if case is not None:
            self.values |= {"referrer": called(case.referrer), "friend": called(case.friend)}
        return case is not None

    async def _case(self) -> Case | None:
        try:
            return await referral_payment.case_of(self.context.tx, UUID(self.slots.referral))
        except ValueError:
            return None

    def _line(self, case: Case) -> str:
        facts = {"referrer": called(case.referrer), "friend": called(case.friend), "doubt": case.referral.reason or ""}
        return self.context.word("referral-review-line", **facts)


def called(customer: Customer) -> str:
    """By full name, as this is about who is who; else by number."""
    return name_of(customer.first_name, customer.last_name, customer.whatsapp_name) or customer.phone_number
