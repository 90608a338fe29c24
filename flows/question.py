"""A question to the business: answered in the business's own words, or passed on to a person."""

import re
from enum import StrEnum

from flows import senses
from flows.commands import Start
from flows.flow import Slots
from flows.reply import Choice
from flows.senses.wording import fold, one_of
from flows.tables import ELSEWHERE, LEFT, NONE_LEFT, START, Ask
from flows.team import TeamFlow
from models.loyalty import prices
from models.messaging import faqs
from models.messaging.tables import Faq
from prompts.words import words


class S(StrEnum):
    """The one question back: which of these did you mean?"""

    MEANT = "meant"


class Asked(Slots):
    """`candidates` are the ids of the questions that came close."""

    question: str = ""
    candidates: list[str] = []
    meant: str | None = None


class Question(TeamFlow):
    """Confident: the answer. Close: up to three to choose from. Else kept, and the owners are told."""

    name = "question"
    first = "search"
    is_brief = True
    is_optional = True
    Slots = Asked
    asks = (Ask(S.MEANT, (senses.choice,), offers="close_ones", then="answer_meant"),)
    moves = (
        ("answered", START, "answered"),
        ("reward", START, ELSEWHERE),
        ("close", START, S.MEANT),
        ("unknown", START, "unknown"),
        ("unknown_to_staff", START, "unknown_to_staff"),
        ("answered", S.MEANT, "answered"),
        ("none_of_these", S.MEANT, "unknown"),
        ("unknown_to_staff", S.MEANT, "unknown_to_staff"),
        (NONE_LEFT, S.MEANT, LEFT),
    )

    async def search(self) -> str:
        if await self._wants_a_reward():
            self.goes_on = Start("redemption")
            return "reward"
        found = await faqs.search(self.context.tx, self.slots.question)
        if found.best is not None:
            return await self._answer(found.best)
        if not found.candidates:
            return await self._unknown()
        self.slots.candidates = [str(faq.id) for faq in found.candidates]
        self.keep("candidates")
        return "close"

    async def _wants_a_reward(self) -> bool:
        """Whether a reward is wished for by its name: "can I have a free coffee?"."""
        context, said = self.context, fold(self.slots.question)
        if context.staff is not None or context.customer.joined_at is None or not _WISH.search(said):
            return False
        offered = await prices.offers(context.tx, context.customer, context.now)
        return any(re.search(rf"\b{re.escape(fold(one.name))}\b", said) for one in offered)

    async def close_ones(self) -> list[Choice]:
        known = await faqs.by_ids(self.context.tx, self.slots.candidates)
        choices = [Choice(str(faq.id), faq.question) for faq in known]
        return [*choices, Choice(NEITHER, self.context.word("question-neither"))] if choices else []

    async def answer_meant(self) -> str:
        if self.slots.meant == NEITHER:
            return "none_of_these" if await self._unknown() == "unknown" else "unknown_to_staff"
        (meant,) = await faqs.by_ids(self.context.tx, [self.slots.meant])
        return await self._answer(meant)

    async def _answer(self, faq: Faq) -> str:
        await faqs.count_use(self.context.tx, faq.id)
        self.values = {"answer": faq.answer}
        return "answered"

    async def _unknown(self) -> str:
        context = self.context
        if context.staff is not None:
            return "unknown_to_staff"
        await faqs.record_unanswered(context.tx, context.customer.id, self.slots.question, context.channel, context.now)
        await self.call_the_team("question", "question-passed-on", question=self.slots.question)
        self.values = {"business": context.tenant.business_name}
        return "unknown"


NEITHER = "neither"
_WISH = re.compile(rf"\b{one_of(words('en', 'hearing')['reward_wish']['words'])}\b")
