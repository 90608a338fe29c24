"""The campaigns of a business file. What people did to them since, a launch or a pause, stays."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update
from sqlmodel import col

from models.booking.wall_time import first_reached
from models.db import Tx
from models.loyalty.earning_tables import Campaign, CampaignStatus
from models.tenancy.applying.listed import Listed
from models.tenancy.campaign_parts import FIGURES, CampaignPlan

_CAMPAIGNS = Listed(
    Campaign, "name", ("description", "campaign_type", "config", "target_segment", "starts_at", "ends_at")
)
_LAUNCH = (
    update(Campaign)
    .where(
        col(Campaign.tenant_id) == bindparam("tenant"),
        col(Campaign.id) == bindparam("row"),
        col(Campaign.status) == CampaignStatus.DRAFT,
    )
    .values(status=CampaignStatus.SCHEDULED)
)


async def bring(tx: Tx, tenant_id: UUID, plans: list[CampaignPlan], zone: ZoneInfo) -> int:
    """Puts the campaigns in the plan; says how many rows came or changed. `zone` is that of their days.

    A draft that the file no longer calls one is launched; one that was launched by message is not called back.
    """
    brought = await _CAMPAIGNS.bring(tx, [_row(tenant_id, plan, zone) for plan in plans])
    drafts = [brought.rows[plan.name] for plan in plans if not plan.draft]
    launched = [row for row in drafts if row.status == CampaignStatus.DRAFT]
    return brought.changed + sum([await tx.run(_LAUNCH, tenant=tenant_id, row=row.id) for row in launched])


def _row(tenant_id: UUID, plan: CampaignPlan, zone: ZoneInfo) -> Campaign:
    figures = {name: value for name in FIGURES if (value := getattr(plan, name))}
    segment: dict[str, Any] = plan.customers.model_dump(exclude_defaults=True)
    return Campaign(
        tenant_id=tenant_id,
        name=plan.name,
        description=plan.description,
        campaign_type=plan.type,
        config=figures,
        target_segment=segment,
        starts_at=first_reached(plan.starts, zone),
        ends_at=first_reached(plan.ends, zone),
        status=CampaignStatus.DRAFT if plan.draft else CampaignStatus.SCHEDULED,
    )
