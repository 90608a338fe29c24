"""A reward that waits at the counter: its customer gets a new code for it, or gives it back."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Flow, Slots
from flows.reply import Choice
from flows.tables import NONE_LEFT, Ask
from models.loyalty import codes, ledger, redemptions
from models.loyalty.held import Held, held
from models.loyalty.redemptions import Issued
from prompts.words import words

AGAIN, BACK = "again", "back"
ALSO = {way: tuple(words("en", "hearing")["held_reward"][way]) for way in (AGAIN, BACK)}
"""What people write for it while the question is open."""


class S(StrEnum):
    """The one question."""

    WHAT = "what"


class Asked(Slots):
    """`what` is to be done, and with which redemption: `again:…` or `back:…`."""

    what: str | None = None


class HeldReward(Flow):
    """Of a code only a fingerprint is kept, so nobody can show it again: another one takes its place."""

    name = "held_reward"
    is_optional = True
    Slots = Asked
    asks = (Ask(S.WHAT, (senses.choice,), offers="ways", then="do_it"),)
    moves = (
        (NONE_LEFT, S.WHAT, "none"),
        ("issued", S.WHAT, "issued"),
        ("given_back", S.WHAT, "given_back"),
        ("too_late", S.WHAT, "too_late"),
    )

    async def ways(self) -> list[Choice]:
        """For each reward a new code, then for each to give it back."""
        waiting = await self._held()
        self.values["lines"] = "\n".join(map(self._line, waiting))
        # of several it would not say which
        also = ALSO if len(waiting) == 1 else {}
        return [
            Choice(
                f"{way}:{one.redemption_id}",
                self.context.word(f"held-reward-{way}", reward=one.reward),
                also.get(way, ()),
            )
            for way in (AGAIN, BACK)
            for one in waiting
        ]

    async def _held(self) -> list[Held]:
        return await held(self.context.tx, self.context.customer.id, self.context.now)

    def _line(self, one: Held) -> str:
        until = self.context.local(one.expires_at).time()
        return self.context.word("held-reward-line", reward=one.reward, points=one.points, until=until)

    async def do_it(self) -> str:
        way, _, redemption = self.slots.what.partition(":")
        chosen = next((one for one in await self._held() if str(one.redemption_id) == redemption), None)
        if chosen is None:
            return "too_late"
        return await (self._issue_again(chosen.reward_id) if way == AGAIN else self._give_back(chosen))

    async def _issue_again(self, reward_id: UUID) -> str:
        context = self.context
        issued = await redemptions.issue(
            context.tx,
            context.vault,
            customer_id=context.customer.id,
            reward_id=reward_id,
            now=context.now,
            ttl=timedelta(minutes=context.settings.redemption_minutes),
        )
        if not isinstance(issued, Issued):
            return "too_late"
        until = context.local(issued.expires_at).time()
        self.values = {"reward": issued.reward.name, "code": codes.printed(issued.code), "until": until}
        self.hidden = frozenset({"code"})
        return "issued"

    async def _give_back(self, chosen: Held) -> str:
        context = self.context
        if not await redemptions.cancel(context.tx, chosen.redemption_id, context.now):
            return "too_late"
        balance = await ledger.balance(context.tx, context.customer.id, context.now)
        self.values = {"reward": chosen.reward, "points": chosen.points, "balance": balance.points}
        return "given_back"
