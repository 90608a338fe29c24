"""The balance, the next reward, and what expires soon."""

from datetime import datetime, time, timedelta

from flows.flow import Flow
from flows.reply import Choice, starting
from flows.tables import START
from models.base import Channel
from models.booking.wall_time import first_reached
from models.loyalty import birthdays, ledger, prices, rewards


class Points(Flow):
    """Looks the customer's points up."""

    name = "points"
    first = "look"
    moves = (
        ("shown", START, "shown"),
        ("not_a_member", START, "not_a_member"),
    )

    async def look(self) -> str:
        context = self.context
        if context.customer.joined_at is None:
            self.values = {"business": context.tenant.business_name}
            return "not_a_member"
        soon = timedelta(days=context.settings.expiring_soon_days)
        balance = await ledger.balance(context.tx, context.customer.id, context.now, soon=soon)
        offered = await prices.offers(context.tx, context.customer, context.now)
        coming = rewards.next_reward(offered, balance.points)
        can_buy = rewards.affordable(offered, balance.points)
        lines = [context.word("points-balance", points=balance.points)]
        if balance.pending and balance.pending_until is not None:
            until = context.local(balance.pending_until).date()
            lines.append(context.word("points-pending", pending=balance.pending, until=until))
        if balance.debt:
            lines.append(context.word("points-debt", debt=balance.debt))
        if balance.held:
            lines.append(context.word("points-held", held=balance.held))
        if balance.expiring and balance.expires_at is not None:
            lines.append(await self._expiring(balance.expires_at, balance.expiring))
        if can_buy:
            lines.append(context.word("points-enough"))
            self.choices = (Choice(starting("redemption"), context.word("redemption-label")),)
        if coming is not None:
            missing = coming.points_required - balance.points
            lines.append(context.word("points-next", next=coming.name, missing=missing))
        if context.channel is not Channel.VOICE and await birthdays.ask_once(context.tx, context.customer, context.now):
            lines.append(context.word("birthday-ask", points=await birthdays.worth(context.tx, context.now)))
        self.values = {"lines": "\n".join(lines)}
        return "shown"

    async def _expiring(self, first: datetime, soon: int) -> str:
        """What goes on the first day, and how much more of it goes soon."""
        context = self.context
        expires = context.local(first).date()
        day_over = first_reached(datetime.combine(expires + timedelta(days=1), time(0)), context.zone)
        on_it = await ledger.balance(context.tx, context.customer.id, context.now, soon=day_over - context.now)
        going = min(on_it.expiring, soon)
        return context.word("points-expiring", expiring=going, more=soon - going, expires=expires)
