"""What an owner makes of his weekly report: it is fine, or he looks into it."""

from collections.abc import Callable
from uuid import UUID

from flows.flow import Slots
from flows.reply import Choice, starting
from flows.staff import StaffFlow
from flows.tables import NEXT, START
from models.operations import digests
from models.operations.tables import DigestAnswer


class Asked(Slots):
    """`digest` is the report's id, `answer` what was tapped."""

    digest: str = ""
    answer: str = ""


class Digest(StaffFlow):
    """Records the answer to his own report; somebody else's is none of his business."""

    name = "digest"
    first = "note"
    Slots = Asked
    moves = (
        ("not_staff", START, "not_staff"),
        ("ok", START, "ok"),
        ("look_into_it", START, "look_into_it"),
        ("unknown", START, "unknown"),
    )

    async def note(self) -> str:
        happened = await self.admit()
        if happened != NEXT:
            return happened
        try:
            digest, said = UUID(self.slots.digest), DigestAnswer(self.slots.answer)
        except ValueError:
            return "unknown"
        context = self.context
        noted = await digests.answer(context.tx, digest, said, by=self.member_of_staff, now=context.now)
        return str(said) if noted is not None else "unknown"


def digest_choices(digest_id: UUID, word: Callable[[str], str]) -> tuple[Choice, ...]:
    """The two answers under a report."""
    return tuple(
        Choice(starting(Digest.name, digest=digest_id, answer=said), word(f"digest-answer-{said}".replace("_", "-")))
        for said in DigestAnswer
    )
