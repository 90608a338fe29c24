"""Redeeming: the customer picks a reward he can afford and gets a code for the counter."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Flow, Slots
from flows.reply import Choice
from flows.tables import NEXT, NONE_LEFT, START, Ask
from models.loyalty import codes, ledger, redemptions, rewards
from models.loyalty.redemptions import Issued


class S(StrEnum):
    """The one question."""

    REWARD = "reward"


class Asked(Slots):
    """`reward` is the reward's id."""

    reward: str | None = None


class Redemption(Flow):
    """Holds the points until staff have checked the code, or its time is over."""

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
        ("gone", S.REWARD, "gone"),
    )

    async def look(self) -> str:
        context = self.context
        self.values = {"business": context.tenant.business_name}
        if context.customer.joined_at is None:
            return "not_a_member"
        offered = await rewards.on_offer(context.tx, context.now)
        if not offered:
            return "nothing_offered"
        balance = await ledger.balance(context.tx, context.customer.id, context.now)
        coming = rewards.next_reward(offered, balance.points)
        if not rewards.affordable(offered, balance.points) and coming is not None:
            missing = coming.points_required - balance.points
            self.values |= {"points": balance.points, "next": coming.name, "missing": missing, "held": balance.held}
            return "not_yet"
        return NEXT

    async def affordable(self) -> list[Choice]:
        context = self.context
        balance = await ledger.balance(context.tx, context.customer.id, context.now)
        offered = rewards.affordable(await rewards.on_offer(context.tx, context.now), balance.points)
        self.values["points"] = balance.points
        return [
            Choice(
                str(one.id),
                context.word("redemption-choice", reward=one.name, points=one.points_required),
                (one.name,),
            )
            for one in offered
        ]

    async def issue(self) -> str:
        context = self.context
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
        return "issued"
