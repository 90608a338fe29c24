"""Writes a business back as its file. PINs are not in it, nor their hashes.

Applying what is written changes nothing: a stock is the figure the file spoke of last, and what is left of it
a comment.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Uuid, bindparam
from sqlmodel import col, select

from models.db import Database, Tx
from models.errors import RegularsError
from models.loyalty import campaigns
from models.loyalty.earning_tables import Campaign, CampaignStatus
from models.loyalty.tables import PointsRule, Reward
from models.messaging.tables import Faq
from models.people.tables import Role, User
from models.tenancy import export_booking, export_standing
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import all_businesses, load_tenant
from models.tenancy.file_writing import written
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import PhoneLine, Tenant

_TENANT = bindparam("tenant", type_=Uuid)
_LINES = select(PhoneLine).where(col(PhoneLine.tenant_id) == _TENANT).order_by(col(PhoneLine.number))
_STAFF = (
    select(User)
    .where(col(User.tenant_id) == _TENANT, col(User.is_active))
    .order_by(col(User.role) != Role.OWNER.value, col(User.full_name), col(User.phone_number))
)
_RULES = (
    select(PointsRule)
    .where(col(PointsRule.tenant_id) == _TENANT, col(PointsRule.is_active))
    .order_by(col(PointsRule.name))
)
_REWARDS = (
    select(Reward)
    .where(col(Reward.tenant_id) == _TENANT, col(Reward.is_active))
    .order_by(col(Reward.points_required), col(Reward.name))
)
_FAQS = select(Faq).where(col(Faq.tenant_id) == _TENANT, col(Faq.is_active)).order_by(col(Faq.display_order))


async def export(db: Database, slug: str) -> str:
    """The TOML of the business. Raises RegularsError if there is none of that slug."""
    businesses = await all_businesses(db)
    found = next((business for business in businesses if business.slug == slug), None)
    if found is None:
        known = ", ".join(business.slug for business in businesses) or "none"
        raise RegularsError(f'There is no business "{slug}". There are: {known}.')
    async with db.tenant(found.id) as tx:
        tenant = await load_tenant(tx)
        rewards = await tx.all(_REWARDS, tenant=found.id)
        parts = {
            "business": _business(tenant),
            "lines": await _lines(tx, tenant),
            "staff": [_staff_member(user) for user in await tx.all(_STAFF, tenant=found.id)],
            "loyalty": await _loyalty(tx, tenant, rewards),
            "booking": _booking_rules(tenant),
            "leads": _leads(tenant),
            **await export_booking.parts(tx, found.id),
            "faqs": [_faq(faq) for faq in await tx.all(_FAQS, tenant=found.id)],
        }
    return written(_as_file(parts), {reward.name: reward.stock_quantity for reward in rewards})


def _as_file(parts: dict[str, Any]) -> BusinessFile:
    lines, business = parts["lines"], parts["business"]
    if business["phone"] == lines["number"]:
        business["phone"] = None
    # amounts are in minor units already
    return BusinessFile.model_validate(parts, context={"digits": 0})


def _business(tenant: Tenant) -> dict[str, Any]:
    return {
        "name": tenant.business_name,
        "slug": tenant.slug,
        "code": tenant.vendor_code,
        "country": tenant.country,
        "zone": tenant.zone,
        "currency": tenant.currency,
        "locale": tenant.locale,
        "address": tenant.address,
        "email": tenant.email,
        "phone": tenant.phone_number,
    }


async def _lines(tx: Tx, tenant: Tenant) -> dict[str, Any]:
    own = await tx.all(_LINES, tenant=tenant.id)
    return {"number": own[0].number, "shared": TenantSettings.of(tenant).shared_numbers}


def _staff_member(user: User) -> dict[str, Any]:
    return {
        "name": user.full_name,
        "phone": user.phone_number,
        "role": user.role,
        "roles": user.roles,
        "linked": user.linked_phones,
        "bio": user.bio,
        "picture": user.avatar_url,
    }


async def _loyalty(tx: Tx, tenant: Tenant, rewards: list[Reward]) -> dict[str, Any]:
    settings = TenantSettings.of(tenant)
    zone = ZoneInfo(tenant.zone)
    rules = await tx.all(_RULES, tenant=tenant.id)
    return {
        "points_expire_after_days": settings.points_expire_after_days,
        "purchase_ceiling": settings.purchase_ceiling,
        "categories": settings.categories,
        "return_window_days": settings.return_window_days,
        "expiry_notice_days": settings.expiry_notice_days,
        "campaigns": [_campaign(campaign, zone) for campaign in await campaigns.all_of(tx)],
        "rules": [_rule(rule, zone) for rule in rules],
        "adjustment_threshold": settings.adjustment_threshold,
        "receipts_per_day": settings.receipts_per_day,
        **await export_standing.parts(tx, tenant),
        "rewards": [
            {
                "name": reward.name,
                "points": reward.points_required,
                "stock": settings.reward_figures.get(reward.name, reward.stock_quantity),
                "description": reward.description,
                "limit_per_customer": reward.max_redemptions_per_customer,
                "category": reward.category,
            }
            for reward in rewards
        ],
    }


def _rule(rule: PointsRule, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": rule.name,
        "type": rule.rule_type,
        **rule.config,
        **rule.conditions,
        "priority": rule.priority,
        "valid_from": _wall(rule.valid_from, zone),
        "valid_until": _wall(rule.valid_until, zone),
    }


def _campaign(campaign: Campaign, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "type": campaign.campaign_type,
        "starts": _wall(campaign.starts_at, zone),
        "ends": _wall(campaign.ends_at, zone),
        "description": campaign.description,
        "draft": campaign.status == CampaignStatus.DRAFT,
        **campaign.config,
        "customers": campaign.target_segment,
    }


def _wall(instant: datetime | None, zone: ZoneInfo) -> str | None:
    """What the clock of the shop shows then: to the minute, so that it is not taken for a whole day."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant else None


def _booking_rules(tenant: Tenant) -> dict[str, Any]:
    settings = TenantSettings.of(tenant)
    return {"reminders": settings.reminders, "waitlist_minutes": settings.waitlist_minutes}


def _leads(tenant: Tenant) -> dict[str, Any]:
    settings = TenantSettings.of(tenant)
    return {"hot_revenue": settings.lead_hot_revenue, "converted_revenue": settings.lead_converted_revenue}


def _faq(faq: Faq) -> dict[str, Any]:
    return {"question": faq.question, "answer": faq.answer, "aliases": faq.aliases, "category": faq.category}
