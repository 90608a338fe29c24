"""Campaigns: something extra for a while, for everybody or for a part of the customers.

A campaign runs when its time says so: `status_at` looks at the clock, and what is written down only follows. Of the
campaigns that fit a purchase or a reward only the best for the customer counts (docs/decisions/0008).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, not_, union_all, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.db import Tx
from models.loyalty.earning_tables import Campaign, CampaignStatus, CampaignType
from models.loyalty.rules import Earning
from models.loyalty.tables import EntryKind, PointsTransaction, RedemptionStatus, RewardRedemption, RuleType
from models.people.tables import Customer
from models.statements import ours, written

_MULTIPLIED = (RuleType.PER_AMOUNT_SPENT, RuleType.PER_PURCHASE)
"""What a multiplier counts: not the gifts that stand beside a purchase, a welcome or a fifth visit."""


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points that a campaign adds, and everything it looked at. `friend_points` are those of a referral's friend."""

    campaign_id: UUID
    name: str
    type: str
    points: int
    inputs: dict[str, Any]
    friend_points: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many customers a campaign gave something that stands, and how often."""

    participants: int = 0
    conversions: int = 0


_CAMPAIGNS = select(Campaign).where(ours(Campaign), col(Campaign.is_active)).order_by(col(Campaign.starts_at))
_HELD = (
    select(Campaign)
    .where(ours(Campaign), col(Campaign.id) == bindparam("campaign_id"), col(Campaign.is_active))
    .with_for_update(key_share=True)
)
_MOVE = (
    update(Campaign)
    .where(ours(Campaign), col(Campaign.id) == bindparam("campaign_id"), col(Campaign.status) == bindparam("before"))
    .values(status=bindparam("status"))
)

_Entry, _Reversal = PointsTransaction, aliased(PointsTransaction)
_stands = (
    ours(_Entry),
    col(_Entry.campaign_id).is_not(None),
    col(_Entry.transaction_type) == EntryKind.EARNED,
    not_(
        exists().where(ours(_Reversal), col(_Reversal.reverses_id) == col(_Entry.id), not_(col(_Reversal.is_partial)))
    ),
)
_USES = (
    select_columns(col(_Entry.campaign_id), func.count().label("uses"))
    .where(*_stands, col(_Entry.customer_id) == bindparam("customer_id"))
    .group_by(col(_Entry.campaign_id))
)
_given = union_all(
    select_columns(col(_Entry.campaign_id), col(_Entry.customer_id)).where(*_stands),
    select_columns(col(RewardRedemption.campaign_id), col(RewardRedemption.customer_id)).where(
        ours(RewardRedemption),
        col(RewardRedemption.campaign_id).is_not(None),
        col(RewardRedemption.status) == written(RedemptionStatus.FULFILLED),
    ),
).subquery("given")
_COUNTS = select_columns(
    _given.c.campaign_id,
    func.count(_given.c.customer_id.distinct()).label("participants"),
    func.count().label("conversions"),
).group_by(_given.c.campaign_id)


def status_at(campaign: Campaign, now: datetime) -> CampaignStatus:
    """Where the campaign stands at `now`, whatever was last written down.

    Drafts and cancelled ones wait for a person. Whose end is moved on after it was over runs again.
    """
    return _by_clock(CampaignStatus(campaign.status), campaign, now)


def _by_clock(kept: CampaignStatus, campaign: Campaign, now: datetime) -> CampaignStatus:
    if kept in (CampaignStatus.DRAFT, CampaignStatus.CANCELLED):
        return kept
    if campaign.ends_at <= now:
        return CampaignStatus.COMPLETED
    if kept is CampaignStatus.PAUSED:
        return kept
    return CampaignStatus.ACTIVE if campaign.starts_at <= now else CampaignStatus.SCHEDULED


def is_for(campaign: Campaign, customer: Customer, now: datetime) -> bool:
    """Whether the customer is one of those whom the campaign wants.

    Any of the tags will do; purchases are counted before the one at hand. Who never bought anything is not inactive.
    """
    wanted = campaign.target_segment
    if wanted.get("tags") and not set(wanted["tags"]) & set(customer.tags):
        return False
    if not wanted.get("min_purchases", 0) <= customer.total_purchases <= wanted.get("max_purchases", 2**31):
        return False
    days = wanted.get("inactive_days")
    since = customer.last_purchase_at
    return days is None or (since is not None and since + timedelta(days=days) <= now)


async def all_of(tx: Tx) -> list[Campaign]:
    """Every campaign that the business has, by its beginning."""
    return await tx.all(_CAMPAIGNS, tenant_id=tx.tenant_id)


async def running(tx: Tx, customer: Customer, now: datetime, *types: CampaignType) -> list[Campaign]:
    """The campaigns of these types that run at `now` and are for the customer."""
    return [
        campaign
        for campaign in await all_of(tx)
        if campaign.campaign_type in types
        and status_at(campaign, now) is CampaignStatus.ACTIVE
        and is_for(campaign, customer, now)
    ]


async def bonus_for(
    tx: Tx, customer: Customer, earnings: Sequence[Earning], *, amount: int, category: str | None, now: datetime
) -> Bonus | None:
    """What a purchase gets on top of what rules give it. The caller has locked the customer and his account.

    Without that lock two purchases at once would both be within `limit_per_customer`.
    """
    wanted = (CampaignType.BONUS_POINTS, CampaignType.DOUBLE_POINTS, CampaignType.REACTIVATION)
    candidates = await running(tx, customer, now, *wanted)
    if any("limit_per_customer" in campaign.config for campaign in candidates):
        rows = await tx.all(_USES, tenant_id=tx.tenant_id, customer_id=customer.id)
        uses = {row.campaign_id: row.uses for row in rows}
        candidates = [one for one in candidates if uses.get(one.id, 0) < one.config.get("limit_per_customer", 2**31)]
    return best_bonus(candidates, earnings, amount=amount, category=category)


def best_bonus(
    campaigns: Sequence[Campaign], earnings: Sequence[Earning], *, amount: int, category: str | None
) -> Bonus | None:
    """The one bonus that counts: the most points, then the earlier beginning, then the name."""
    bonuses = [
        (-points, campaign.starts_at, campaign.name, campaign)
        for campaign in campaigns
        if _fits(campaign.config, amount, category) and (points := _points(campaign, earnings)) > 0
    ]
    if not bonuses:
        return None
    points, _, _, campaign = min(bonuses, key=lambda bonus: bonus[:3])
    inputs = {"config": campaign.config, "segment": campaign.target_segment, "amount": amount, "category": category}
    return Bonus(campaign.id, campaign.name, campaign.campaign_type, -points, inputs)


def _fits(config: Mapping[str, Any], amount: int, category: str | None) -> bool:
    categories = config.get("categories")
    return amount >= config.get("minimum", 0) and (not categories or category in categories)


def _points(campaign: Campaign, earnings: Sequence[Earning]) -> int:
    config = campaign.config
    if campaign.campaign_type == CampaignType.DOUBLE_POINTS:
        earned = sum(earning.points for earning in earnings if earning.inputs["type"] in _MULTIPLIED)
        return earned * (int(config.get("multiplier", 2)) - 1)
    return int(config.get("points", 0))


async def bonus_for_referral(tx: Tx, customer: Customer, now: datetime) -> Bonus | None:
    """What bringing a friend is worth beyond the rule: the campaign that gives both together most."""
    found = await running(tx, customer, now, CampaignType.REFERRAL)
    best = min(found, key=lambda one: (-_for_both(one), one.starts_at, one.name), default=None)
    if best is None:
        return None
    points, friend = best.config.get("points", 0), best.config.get("friend_points", 0)
    return Bonus(best.id, best.name, best.campaign_type, points, {"config": best.config}, friend)


def _for_both(campaign: Campaign) -> int:
    return int(campaign.config.get("points", 0) + campaign.config.get("friend_points", 0))


# -- what people and the clock do to them ----------------------------------------------------------------------

_AFTER = {
    "launch": CampaignStatus.SCHEDULED,
    "pause": CampaignStatus.PAUSED,
    "resume": CampaignStatus.SCHEDULED,
    "call_off": CampaignStatus.CANCELLED,
}
_STEPS = {
    CampaignStatus.DRAFT: ("launch", "call_off"),
    CampaignStatus.SCHEDULED: ("pause", "call_off"),
    CampaignStatus.ACTIVE: ("pause", "call_off"),
    CampaignStatus.PAUSED: ("resume", "call_off"),
}


def steps(campaign: Campaign, now: datetime) -> tuple[str, ...]:
    """What can be done with the campaign at `now`: "launch", "pause", "resume", "call_off"."""
    return _STEPS.get(status_at(campaign, now), ())


async def take_step(tx: Tx, campaign_id: UUID, step: str, now: datetime) -> CampaignStatus | None:
    """Where the campaign stands after the step; None, and nothing changes, if it cannot be taken now.

    The row is locked: two who press at once take one step.
    """
    campaign = await tx.one(_HELD, tenant_id=tx.tenant_id, campaign_id=campaign_id)
    if campaign is None or step not in steps(campaign, now):
        return None
    after = _by_clock(_AFTER[step], campaign, now)
    await _write(tx, campaign, after)
    return after


async def settle(tx: Tx, now: datetime) -> int:
    """Writes down where each campaign stands. Answers how many had moved; nobody waits for it."""
    moved = [(one, status) for one in await all_of(tx) if (status := status_at(one, now)) != one.status]
    return sum([await _write(tx, campaign, status) for campaign, status in moved])


async def _write(tx: Tx, campaign: Campaign, status: CampaignStatus) -> int:
    whose = {"tenant_id": tx.tenant_id, "campaign_id": campaign.id}
    return await tx.run(_MOVE, **whose, before=campaign.status, status=status)


async def counts(tx: Tx) -> dict[UUID, Counts]:
    """Participants and conversions of each campaign that has any.

    They are counted from what was earned and fetched: what is taken back no longer counts, and no race can make a
    stored number wrong.
    """
    rows = await tx.all(_COUNTS, tenant_id=tx.tenant_id)
    return {row.campaign_id: Counts(row.participants, row.conversions) for row in rows}
