"""Makes a business what its file says: creates it, or changes what differs, in one transaction.

What left the file retires (`is_active`) and is not deleted; what nobody changed is not touched.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.base import uuid7
from models.booking import reminders
from models.db import Database, Tx
from models.errors import BusinessFileError
from models.tenancy.applying import booking, campaigns, dates, faqs, lines, loyalty, staff, standing
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import find
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import Tenant
from models.vault import Vault

_FACTS = (
    "business_name",
    "vendor_code",
    "phone_number",
    "email",
    "address",
    "zone",
    "currency",
    "country",
    "locale",
    "settings",
)
# two applies of one file go one after the other; rows that only refer to the business need not wait for them
_HELD = select(Tenant).where(col(Tenant.id) == bindparam("tenant")).with_for_update(key_share=True)
_CHANGE = update(Tenant).where(col(Tenant.id) == bindparam("tenant")).values({name: bindparam(name) for name in _FACTS})
_TAKEN = {
    "uq_tenants_slug": 'business.slug: "{file.business.slug}" is taken by another business',
    "uq_tenants_vendor_code": 'business.code: "{file.business.code}" is taken by another business',
    "ix_phone_lines_route": 'lines.number: "{file.lines.number}" is the number of another business',
}


@dataclass(frozen=True, slots=True)
class Applied:
    """Whether the business is new, and how many rows came, changed or went, by what they are."""

    created: bool
    changed: dict[str, int]


async def apply(db: Database, vault: Vault, file: BusinessFile, now: datetime) -> Applied:
    """Brings the business of `file.business.slug` in line with the file; a second time nothing changes.

    Raises BusinessFileError if its slug, code or number belongs to another business.
    """
    known = await find(db, file.business.slug)
    tenant_id = known.id if known else uuid7()
    try:
        async with db.tenant(tenant_id) as tx:
            changed = await _bring(tx, vault, tenant_id, file, now)
    except asyncpg.UniqueViolationError as error:
        if (taken := _TAKEN.get(error.constraint_name)) is None:
            raise
        raise BusinessFileError(f"{file.source}: {taken.format(file=file)}") from error
    return Applied(known is None, {what: rows for what, rows in changed.items() if rows})


async def _bring(tx: Tx, vault: Vault, tenant_id: UUID, file: BusinessFile, now: datetime) -> dict[str, int]:
    tenant = await tx.one(_HELD, tenant=tenant_id)
    before = TenantSettings.of(tenant) if tenant else TenantSettings()
    business = await _bring_tenant(tx, tenant, _tenant(tenant_id, file, before))
    if before.reminders != file.booking.reminders:
        await reminders.plan_all(tx, now)
    users = await staff.bring(tx, tenant_id, file.staff)
    resources = await booking.bring_resources(tx, tenant_id, file, users)
    services = await booking.bring_services(tx, tenant_id, file)
    today = now.astimezone(ZoneInfo(file.business.zone)).date()
    return {
        "business": business,
        "lines": await lines.bring(tx, tenant_id, file, now),
        "staff": users.changed,
        "pins": await staff.bring_pins(tx, vault, file.staff, users),
        "rules": await loyalty.bring_rules(tx, tenant_id, file.loyalty.rules, ZoneInfo(file.business.zone)),
        "rewards": await loyalty.bring_rewards(tx, tenant_id, file.loyalty.rewards, before),
        "campaigns": await campaigns.bring(tx, tenant_id, file.loyalty.campaigns, ZoneInfo(file.business.zone)),
        "tiers": await standing.bring_tiers(tx, tenant_id, file.loyalty.tiers, file.loyalty.tier_months, today),
        "achievements": await standing.bring_achievements(tx, tenant_id, file.loyalty.achievements),
        "resources": resources.changed,
        "services": services.changed + await booking.bring_links(tx, tenant_id, file, services, resources),
        "hours": await booking.bring_hours(tx, tenant_id, file, services),
        "dates": await dates.bring(tx, tenant_id, file, services, resources),
        "faqs": await faqs.bring(tx, tenant_id, file.faqs),
    }


def _tenant(tenant_id: UUID, file: BusinessFile, before: TenantSettings) -> Tenant:
    facts = file.business
    figures = {offer.name: offer.stock for offer in file.loyalty.rewards}
    settings = before.model_copy(
        update={
            "points_expire_after_days": file.loyalty.points_expire_after_days,
            "purchase_ceiling": file.loyalty.purchase_ceiling,
            "categories": file.loyalty.categories,
            "adjustment_threshold": file.loyalty.adjustment_threshold,
            "receipts_per_day": file.loyalty.receipts_per_day,
            "return_window_days": file.loyalty.return_window_days,
            "expiry_notice_days": file.loyalty.expiry_notice_days,
            "priority_days": file.loyalty.priority_days,
            "referrals_per_month": file.loyalty.referrals_per_month,
            "referral_days": file.loyalty.referral_days,
            "reference_prefix": facts.code[:3],
            "reminders": file.booking.reminders,
            "waitlist_minutes": file.booking.waitlist_minutes,
            "lead_hot_revenue": file.leads.hot_revenue,
            "lead_converted_revenue": file.leads.converted_revenue,
            "shared_numbers": file.lines.shared,
            "reward_figures": {**before.reward_figures, **figures},
        }
    )
    return Tenant(
        id=tenant_id,
        slug=facts.slug,
        business_name=facts.name,
        vendor_code=facts.code,
        phone_number=facts.phone or file.lines.number,
        email=facts.email,
        address=facts.address,
        zone=facts.zone,
        currency=facts.currency,
        country=facts.country,
        locale=facts.locale,
        settings=settings.model_dump(),
        subscription_status="active",
    )


async def _bring_tenant(tx: Tx, kept: Tenant | None, wanted: Tenant) -> int:
    if kept is None:
        await tx.add(wanted)
        return 1
    wanted.settings = {**kept.settings, **wanted.settings}
    facts = {name: getattr(wanted, name) for name in _FACTS}
    if all(getattr(kept, name) == value for name, value in facts.items()):
        return 0
    return await tx.run(_CHANGE, tenant=kept.id, **facts)
