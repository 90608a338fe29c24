"""Bringing a friend: the customer's own code, a link to pass on, and what both get for it."""

from urllib.parse import quote

from flows.flow import Flow
from flows.reply import Choice, starting
from flows.tables import START
from models.loyalty import campaigns, referrals, rules
from models.loyalty.held import held
from models.loyalty.tables import RuleType
from models.tenancy.lines import written_line


class Referral(Flow):
    """Shows the code; the friend does the rest."""

    name = "referral"
    first = "look"
    moves = (
        ("shown", START, "shown"),
        ("not_offered", START, "not_offered"),
        ("not_a_member", START, "not_a_member"),
        ("staff", START, "staff"),
    )

    async def look(self) -> str:
        context = self.context
        self.values = {"business": context.tenant.business_name}
        if context.staff is not None:
            return "staff"
        if context.customer.joined_at is None:
            return "not_a_member"
        in_force = await rules.in_force(context.tx, RuleType.REFERRAL, context.now)
        points, friends = (sum(rule.config.get(key, 0) for rule in in_force) for key in ("points", "friend_points"))
        if bonus := await campaigns.bonus_for_referral(context.tx, context.customer, context.now):
            points, friends = points + bonus.points, friends + bonus.friend_points
        if not points and not friends:
            return "not_offered"
        code = await referrals.code_of(context.tx, context.customer)
        self.values |= {"code": code, "points": points, "friend_points": friends, **await self._way(code)}
        if await held(context.tx, context.customer.id, context.now):
            self.choices = (Choice(starting("held_reward"), context.word("held-reward-label")),)
        self.values["brought"] = await referrals.paid_for(context.tx, context.customer.id)
        return "shown"

    async def _way(self, code: str) -> dict[str, object]:
        """What the friend sends, where to, and a link that writes it for him."""
        context = self.context
        text = f"JOIN {context.tenant.vendor_code} {code}"
        number = await written_line(context.tx) or context.line
        link = f"https://wa.me/{number.lstrip('+')}?text={quote(text)}"
        return {"text": text, "number": number, "link": link}
