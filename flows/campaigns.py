"""Staff look at the campaigns; who runs the business can launch, pause, resume or call one off."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from flows import senses
from flows.flow import Slots
from flows.reply import Choice
from flows.staff import StaffFlow
from flows.tables import NONE_LEFT, START, Ask
from models.loyalty import campaigns
from models.loyalty.campaigns import Counts, status_at
from models.loyalty.earning_tables import Campaign
from models.people.tables import Role

MOST = 8
SHOWN = timedelta(days=30)
"""How long a campaign that is over stays on the list."""


class S(StrEnum):
    """What is asked, in this order."""

    WHICH = "which"
    STEP = "step"
    PIN = "pin"


class Asked(Slots):
    """`which` is the campaign's id, `step` what is to be done with it."""

    which: str | None = None
    step: str | None = None


class Campaigns(StaffFlow):
    """Each with where it stands, whom it reached and how often."""

    name = "campaigns"
    first = "admit"
    is_optional = True
    Slots = Asked
    asks = (
        Ask(S.WHICH, (senses.choice,), offers="those_there_are", then="choose"),
        Ask(S.STEP, (senses.choice,), offers="steps", needs=(S.WHICH,)),
        Ask(S.PIN, (senses.pin,), offers="of_campaign", needs=(S.STEP,), then="take_step", secret=True),
    )
    moves = (
        ("not_staff", START, "not_staff"),
        (NONE_LEFT, S.WHICH, "none"),
        ("not_yours", S.WHICH, "not_yours"),
        (NONE_LEFT, S.STEP, "over"),
        ("scheduled", S.PIN, "scheduled"),
        ("active", S.PIN, "active"),
        ("paused", S.PIN, "paused"),
        ("cancelled", S.PIN, "cancelled"),
        ("completed", S.PIN, "over"),
        ("too_late", S.PIN, "too_late"),
        ("wrong", S.PIN, S.PIN),
        ("locked", S.PIN, "locked"),
        ("disabled", S.PIN, "disabled"),
    )

    async def those_there_are(self) -> list[Choice]:
        """The latest first; what was over a month ago is left out."""
        tx, since = self.context.tx, self.context.now - SHOWN
        counts = await campaigns.counts(tx)
        latest = [one for one in reversed(await campaigns.all_of(tx)) if one.ends_at > since]
        return [
            Choice(str(one.id), self._line(one, counts.get(one.id, Counts())), (one.name,)) for one in latest[:MOST]
        ]

    def _line(self, campaign: Campaign, counts: Counts) -> str:
        local = self.context.local
        return self.context.word(
            "campaigns-line",
            campaign=campaign.name,
            status=status_at(campaign, self.context.now),
            starts=local(campaign.starts_at).date(),
            # the last day, not the midnight that ends it
            ends=local(campaign.ends_at - timedelta(seconds=1)).date(),
            customers=counts.participants,
            times=counts.conversions,
        )

    async def choose(self) -> str:
        role = self.member_of_staff.role
        return "next" if role in (Role.OWNER, Role.ADMIN) else "not_yours"

    async def steps(self) -> list[Choice]:
        campaign = await self._chosen()
        if campaign is None:
            return []
        self.values["campaign"] = campaign.name
        names = campaigns.steps(campaign, self.context.now)
        return [Choice(name, self.context.word(f"campaigns-{name}".replace("_", "-"))) for name in names]

    async def of_campaign(self) -> list[Choice]:
        """What is about to be done, for the question's words."""
        await self.steps()
        self.values["what"] = self.slots.step
        return []

    async def take_step(self) -> str:
        self.values["campaign"] = ""
        await self.steps()
        verdict = self.check_pin(self.answer)
        if verdict is not None:
            return verdict
        context = self.context
        status = await campaigns.take_step(context.tx, UUID(self.slots.which), self.slots.step, context.now)
        return str(status) if status is not None else "too_late"

    async def _chosen(self) -> Campaign | None:
        known = await campaigns.all_of(self.context.tx)
        return next((one for one in known if str(one.id) == self.slots.which), None)
