"""Redeeming: the customer picks a reward he can afford and gets a code for the counter."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Flow, Slots
from flows.reply import Choice
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.loyalty import codes, ledger, prices, redemptions, rewards
from models.loyalty.held import held
from models.loyalty.prices import Offer
from models.loyalty.redemptions import Issued


class S(StrEnum):
    """The one question."""

    REWARD = "reward"


class Asked(Slots):
    """`reward` is the reward's id."""

    reward: str | None = None


class Redemption(Flow):
    """Holds the points until staff have checked the code, or its time is over."""

    _looked_up: tuple[list[Offer], int] | None = None

    name = "redemption"
    first = "look"
    Slots = Asked
    asks = (Ask(S.REWARD, (senses.choice,), offers="affordable", then="issue"),)
    moves = (
        ("not_a_member", START, "not_a_member"),
        ("not_yet", START, "not_yet"),
        ("nothing_offered", START, "nothing_offered"),
        (NONE_LEFT, S.REWARD, "not_yet"),
        ("issued", S.REWARD, "issued"),
        ("replaced", S.REWARD, "issued"),
        ("gone", S.REWARD, "gone"),
    )

    async def look(self) -> str:
        context = self.context
        self.values = {"business": context.tenant.business_name}
        if context.customer.joined_at is None:
            return "not_a_member"
        offered, points = await self._means()
        if not offered:
            return "nothing_offered"
        coming = rewards.next_reward(offered, points)
        if not rewards.affordable(offered, points) and coming is not None:
            self.values |= {"next": coming.name, "missing": coming.points_required - points}
            return "not_yet"
        return NEXT

    async def _means(self) -> tuple[list[Offer], int]:
        """What is on offer and what the customer can spend, looked up once a turn."""
        if self._looked_up is None:
            context = self.context
            offered = await prices.offers(context.tx, context.customer, context.now)
            balance = await ledger.balance(context.tx, context.customer.id, context.now)
            self._looked_up = offered, balance.points
        self.values["points"] = self._looked_up[1]
        return self._looked_up

    async def affordable(self) -> list[Choice]:
        """What can be had; what cannot yet is told beside it."""
        offered, points = await self._means()
        coming = rewards.next_reward(offered, points)
        self.values["next"] = coming.name if coming else "none"
        self.values["missing"] = coming.points_required - points if coming else 0
        return [Choice(str(one.id), self._label(one), (one.name,)) for one in rewards.affordable(offered, points)]

    def _label(self, offer: Offer) -> str:
        usual = offer.reward.points_required
        key = "redemption-choice" if offer.points_required == usual else "redemption-choice-lowered"
        return self.context.word(key, reward=offer.name, points=offer.points_required, usual=usual)

    async def issue(self) -> str:
        context = self.context
        waiting = await held(context.tx, context.customer.id, context.now)
        issued = await redemptions.issue(
            context.tx,
            context.vault,
            customer_id=context.customer.id,
            reward_id=UUID(self.slots.reward),
            now=context.now,
            ttl=timedelta(minutes=context.settings.redemption_minutes),
        )
        if not isinstance(issued, Issued):
            return "gone"
        self.values |= {
            "reward": issued.reward.name,
            "code": codes.printed(issued.code),
            "until": context.local(issued.expires_at).time(),
        }
        self.hidden = frozenset({"code"})
        return "replaced" if any(one.reward_id == issued.reward.id for one in waiting) else "issued"
