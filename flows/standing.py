"""My tier: what it is, why, what comes with it, and what is missing to the next."""

from datetime import date, timedelta

from flows.flow import Flow
from flows.rising import tier_name
from flows.tables import START
from models.loyalty import standings
from models.loyalty.tiers import Standing as Facts
from models.loyalty.tiers import Tier
from prompts import FarDay

_NEAR = timedelta(days=180)


class Standing(Flow):
    """Answers from what was earned, day by day."""

    name = "standing"
    first = "look"
    moves = (
        ("shown", START, "shown"),
        ("no_tiers", START, "no_tiers"),
        ("not_a_member", START, "not_a_member"),
    )

    async def look(self) -> str:
        context = self.context
        self.values = {"business": context.tenant.business_name}
        if context.customer.joined_at is None:
            return "not_a_member"
        found = await standings.standing_of(context.tx, context.customer.id, context.now, context.zone)
        if len(found.policy.tiers) == 1:
            return "no_tiers"
        self.values["lines"] = "\n".join(self._lines(found))
        return "shown"

    def _lines(self, found: Facts) -> list[str]:
        word, tier = self.context.word, tier_name(found.tier.name)
        months = found.policy.months
        lines = [word("standing-why", tier=tier, points=found.points, required=found.tier.points, months=months)]
        lines += self._benefits(found.tier)
        if found.above is not None:
            lines.append(word("standing-next", tier=tier_name(found.above.name), missing=found.to_next))
        if found.until is not None:
            lines.append(self._until(found))
        return lines

    def _benefits(self, tier: Tier) -> list[str]:
        word = self.context.word
        lines = [word("standing-discount", discount=tier.discount)] if tier.discount else []
        days = self.context.settings.priority_days
        return [*lines, word("standing-priority", days=days)] if tier.priority_booking and days else lines

    def _until(self, found: Facts) -> str:
        """Whose period is over keeps the tier until he has been warned in time."""
        tiers, key = found.policy.tiers, "standing-until" if found.to_keep else "standing-kept"
        if found.leaves is not None:
            key = "standing-leaving"
        elif found.until is not None and found.until < self._today:
            key = "standing-overdue"
        below = tier_name(tiers[tiers.index(found.tier) - 1].name)
        facts = {
            "tier": tier_name(found.tier.name),
            "below": below,
            "until": self._named(found.until),
            "missing": found.to_keep,
        }
        return self.context.word(key, leaves=found.leaves, **facts)

    @property
    def _today(self) -> date:
        return self.context.local(self.context.now).date()

    def _named(self, day: date | None) -> date | FarDay | None:
        """A period that began today ends on this very day, a year on."""
        return FarDay(day) if day is not None and day - self._today > _NEAR else day
