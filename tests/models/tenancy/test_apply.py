"""A file makes a business, changes what differs, and touches nothing else."""

import asyncio
from datetime import UTC, datetime, time
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import bindparam, text, update
from sqlmodel import col

from models.base import Channel
from models.booking.openings import Window
from models.booking.tables import AvailabilityTemplate, Resource, Service, ServiceResource
from models.db import Database
from models.errors import BusinessFileError
from models.loyalty import campaigns
from models.loyalty.earning_tables import Campaign
from models.loyalty.standing_tables import LoyaltyAchievement, LoyaltyTier
from models.loyalty.tables import PointsRule, Reward
from models.messaging.tables import Faq
from models.people.pins import PinOutcome, check_pin
from models.people.tables import User
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import find
from models.tenancy.campaign_parts import CampaignPlan
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import PhoneLine, Tenant
from models.vault import Vault
from tests.models.tenancy.rows import Rows, everything, of
from tests.shops import afresh, example, open_shop, variation

_SELL_ONE = (
    update(Reward)
    .where(col(Reward.tenant_id) == bindparam("tenant"), col(Reward.name) == bindparam("reward"))
    .values(stock_quantity=col(Reward.stock_quantity) - 1)
)
_CONFIGURE = update(Tenant).where(col(Tenant.id) == bindparam("tenant")).values(settings=bindparam("settings"))


async def rows_after(database: Database, vault: Vault, file: BusinessFile, now: datetime) -> Rows:
    await apply(database, vault, file, now)
    business = await find(database, file.business.slug)
    assert business is not None
    return await everything(database, business.id)


def named(rows: Rows, table: type, name: str) -> dict[str, Any]:
    (found,) = [row for row in of(rows, table) if row.get("name", row.get("question")) == name]
    return found


@pytest.mark.parametrize("name", ["cafe", "laundry", "carpet_cleaning", "consultancy"])
async def test_a_second_apply_changes_no_row(database: Database, vault: Vault, now: datetime, name: str) -> None:
    file = afresh(name)
    first = await apply(database, vault, file, now)
    business = await find(database, file.business.slug)
    assert business is not None
    before = await everything(database, business.id)
    second = await apply(database, vault, file, now)
    assert first.created
    assert first.changed["faqs"] == len(file.faqs)
    assert (second.created, second.changed) == (False, {})
    assert await everything(database, business.id) == before


async def test_the_cafe_has_its_rules_rewards_class_and_lines(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("cafe")
    rows = await rows_after(database, vault, file, now)
    (tenant,) = of(rows, Tenant)
    settings = TenantSettings.model_validate(tenant["settings"])
    assert (tenant["zone"], tenant["currency"], tenant["country"]) == ("Africa/Lagos", "NGN", "NG")
    assert (settings.points_expire_after_days, settings.purchase_ceiling) == (365, 100_000_00)
    assert settings.reference_prefix == file.business.code[:3]
    configs = {rule["rule_type"]: rule["config"] for rule in of(rows, PointsRule)}
    assert configs == {
        "per_amount_spent": {"points": 1, "per": 100_00, "minimum": 1_000_00},
        "first_purchase_bonus": {"points": 50},
        "referral": {"points": 100, "friend_points": 50},
        "birthday": {"points": 30},
    }
    tiers = {row["name"]: row["points_required"] for row in of(rows, LoyaltyTier)}
    assert tiers == {"bronze": 0, "silver": 1_000, "gold": 2_500, "platinum": 5_000}
    goals = {row["name"]: (row["criteria"], row["repeats"]) for row in of(rows, LoyaltyAchievement)}
    assert goals["Four in a row"] == ({"streak_weeks": 4}, "year")
    rewards = {reward["name"]: reward for reward in of(rows, Reward)}
    assert {name: reward["points_required"] for name, reward in rewards.items()} == {
        "Free coffee": 100,
        "Pastry box": 250,
        "Tasting for two": 600,
    }
    assert rewards["Tasting for two"]["stock_quantity"] == 5
    assert rewards["Free coffee"]["stock_quantity"] is None
    assert {(line["number"], line["channel"]) for line in of(rows, PhoneLine)} == {
        (file.lines.number, channel.value) for channel in Channel
    }
    tasting = named(rows, Service, "Tasting class")
    saturday = [row for row in of(rows, AvailabilityTemplate) if row["service_id"] == tasting["id"]]
    assert [(row["day_of_week"], row["start_time"], row["end_time"]) for row in saturday] == [
        (5, time(11), time(12, 30))
    ]
    assert named(rows, Resource, "Tasting table")["capacity"] == 6


async def test_consultants_are_resources_and_sessions_wait_for_payment(
    database: Database, vault: Vault, now: datetime
) -> None:
    rows = await rows_after(database, vault, afresh("consultancy"), now)
    dana, ravi = (next(user for user in of(rows, User) if user["full_name"] == name) for name in ("Dana", "Ravi"))
    assert (dana["role"], dana["roles"], ravi["role"]) == ("owner", ["consultant"], "consultant")
    assert named(rows, Resource, "Dana")["user_id"] == dana["id"]
    call, session = (
        named(rows, Service, name) for name in ("Introductory Discovery Call", "Technical Strategy Session")
    )
    assert (call["price"], call["duration_minutes"], call["step_minutes"], call["auto_confirm"]) == (
        0,
        15,
        15,
        True,
    )
    assert (session["price"], session["duration_minutes"], session["step_minutes"]) == (150_00, 60, 30)
    assert (session["requires_payment"], session["auto_confirm"]) == (True, False)
    assert {service["notice_minutes"] for service in (call, session)} == {240}
    assert len(of(rows, ServiceResource)) == 4
    breaks = [row for row in of(rows, AvailabilityTemplate) if row["kind"] == "break"]
    assert {(row["day_of_week"], row["start_time"]) for row in breaks} == {(day, time(12)) for day in range(5)}


async def test_a_changed_rule_becomes_a_new_version_and_the_old_one_stays(
    database: Database, vault: Vault, now: datetime
) -> None:
    file = afresh("cafe")
    await apply(database, vault, file, now)
    doubled = [file.loyalty.rules[0].model_copy(update={"points": 2}), *file.loyalty.rules[1:]]
    rows = await rows_after(database, vault, variation(file, {"loyalty.rules": doubled}), now)
    versions = {
        (rule["version"], rule["is_active"], rule["config"]["points"])
        for rule in of(rows, PointsRule)
        if rule["name"] == "A point per 100 naira"
    }
    assert versions == {(1, False, 1), (2, True, 2)}
    back = await rows_after(database, vault, file, now)
    active = [rule for rule in of(back, PointsRule) if rule["is_active"]]
    assert sorted((rule["name"], rule["version"]) for rule in active) == [
        ("A point per 100 naira", 3),
        ("Birthday", 1),
        ("Bring a friend", 1),
        ("Welcome bonus", 1),
    ]


async def test_a_rule_that_left_and_returns_as_it_was_is_the_same_version(
    database: Database, vault: Vault, now: datetime
) -> None:
    file = afresh("cafe")
    await apply(database, vault, file, now)
    without = await rows_after(database, vault, variation(file, {"loyalty.rules": []}), now)
    assert not [rule for rule in of(without, PointsRule) if rule["is_active"]]
    rows = await rows_after(database, vault, file, now)
    assert [(rule["version"], rule["is_active"]) for rule in of(rows, PointsRule)] == [(1, True)] * len(
        file.loyalty.rules
    )


async def test_what_left_the_file_retires_and_returns_as_the_same_row(
    database: Database, vault: Vault, now: datetime
) -> None:
    file = afresh("cafe")
    before = await rows_after(database, vault, file, now)
    fewer = variation(
        file,
        {
            "staff": file.staff[:1],
            "faqs": file.faqs[1:],
            "loyalty.rewards": file.loyalty.rewards[1:],
            "services": [],
            "resources": [],
        },
    )
    rows = await rows_after(database, vault, fewer, now)
    retired = {
        row.get("name") or row.get("question") or row["full_name"]
        for table in (User, Faq, Reward, Service, Resource)
        for row in of(rows, table)
        if not row["is_active"]
    }
    assert retired == {"Tunde", file.faqs[0].question, "Free coffee", "Tasting class", "Tasting table"}
    after = await rows_after(database, vault, file, now)
    assert {key for key in before if key[0] != "ServiceResource"} == {
        key for key in after if key[0] != "ServiceResource"
    }
    assert all(row.get("is_active", True) for row in after.values())


async def test_apply_leaves_a_stock_that_has_been_sold_from(database: Database, vault: Vault, now: datetime) -> None:
    """Applying an unchanged file would otherwise put rewards back that customers have taken."""
    file = afresh("cafe")
    tenant = await open_shop(database, vault, file, now)
    async with database.tenant(tenant.id) as tx:
        await tx.run(_SELL_ONE, tenant=tenant.id, reward="Tasting for two")
    *others, tasting = file.loyalty.rewards
    dearer = variation(file, {"loyalty.rewards": [*others, tasting.model_copy(update={"points": 700})]})
    rows = await rows_after(database, vault, dearer, now)
    assert named(rows, Reward, "Tasting for two")["points_required"] == 700
    assert named(rows, Reward, "Tasting for two")["stock_quantity"] == 4
    refilled = variation(file, {"loyalty.rewards": [*others, tasting.model_copy(update={"stock": 8})]})
    rows = await rows_after(database, vault, refilled, now)
    assert named(rows, Reward, "Tasting for two")["stock_quantity"] == 8


async def test_only_the_hours_that_differ_are_replaced(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("carpet_cleaning")
    before = await rows_after(database, vault, file, now)
    late = file.hours.model_copy(update={"monday": (Window(time(8), time(20)),)})
    after = await rows_after(database, vault, variation(file, {"hours": late}), now)
    kept = {key for key in before if key[0] == "AvailabilityTemplate"}
    now_there = {key for key in after if key[0] == "AvailabilityTemplate"}
    assert len(kept & now_there) == 5
    (new,) = [after[key] for key in now_there - kept]
    assert (new["day_of_week"], new["end_time"]) == (0, time(20))


async def test_settings_that_are_not_in_the_file_survive(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("cafe")
    tenant = await open_shop(database, vault, file, now)
    async with database.tenant(tenant.id) as tx:
        await tx.run(
            _CONFIGURE,
            tenant=tenant.id,
            settings={**tenant.settings, "undo_seconds": 90, "of_a_newer_version": 1},
        )
    moved = variation(file, {"business.address": "Somewhere else"})
    (row,) = of(await rows_after(database, vault, moved, now), Tenant)
    assert row["address"] == "Somewhere else"
    assert (row["settings"]["undo_seconds"], row["settings"]["of_a_newer_version"]) == (90, 1)


async def test_a_pin_stays_until_the_file_has_another_one(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("cafe")
    before = {user["id"]: user["pin_hash"] for user in of(await rows_after(database, vault, file, now), User)}
    amaka, tunde = file.staff
    silent = variation(file, {"staff": [amaka.model_copy(update={"pin": None}), tunde]})
    assert (await apply(database, vault, silent, now)).changed == {}
    changed = variation(file, {"staff": [amaka.model_copy(update={"pin": SecretStr("111222")}), tunde]})
    assert (await apply(database, vault, changed, now)).changed == {"pins": 1}
    users = {user["full_name"]: user for user in of(await rows_after(database, vault, changed, now), User)}
    assert users["Tunde"]["pin_hash"] == before[users["Tunde"]["id"]]
    verdict = await check_pin(database, vault, users["Amaka"]["tenant_id"], users["Amaka"]["id"], "111222", now)
    assert verdict.outcome is PinOutcome.RIGHT


async def test_a_new_pin_ends_the_back_off_of_the_old_one(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("laundry")
    tenant = await open_shop(database, vault, file, now)
    (rosa,) = of(await everything(database, tenant.id), User)
    for _ in range(5):
        await check_pin(database, vault, tenant.id, rosa["id"], "000000", now)
    fresh = file.staff[0].model_copy(update={"pin": SecretStr("111222")})
    await apply(database, vault, variation(file, {"staff": [fresh]}), now)
    verdict = await check_pin(database, vault, tenant.id, rosa["id"], "111222", now)
    assert verdict.outcome is PinOutcome.RIGHT


async def test_a_new_number_frees_the_old_one(database: Database, vault: Vault, now: datetime) -> None:
    file, other = afresh("cafe"), afresh("laundry")
    await apply(database, vault, file, now)
    moved = variation(file, {"lines.number": "+16289990001"})
    assert (await apply(database, vault, moved, now)).changed == {"business": 1, "lines": 6}
    heir = variation(other, {"lines.number": file.lines.number})
    assert (await apply(database, vault, heir, now)).created


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("business.code", r'business\.code: "SHOP\d+" is taken by another business'),
        ("lines.number", r'lines\.number: "\+1628\d+" is the number of another business'),
    ],
)
async def test_what_another_business_has_is_refused_and_nothing_stays(
    database: Database, vault: Vault, now: datetime, key: str, told: str
) -> None:
    theirs, ours = afresh("cafe"), afresh("laundry")
    await apply(database, vault, theirs, now)
    part, _, name = key.partition(".")
    with pytest.raises(BusinessFileError, match=told):
        await apply(database, vault, variation(ours, {key: getattr(getattr(theirs, part), name)}), now)
    assert await find(database, ours.business.slug) is None


async def test_a_slug_of_a_business_that_is_switched_off_is_refused(
    database: Database, vault: Vault, now: datetime
) -> None:
    file = afresh("cafe")
    tenant = await open_shop(database, vault, file, now)
    switch_off = update(Tenant).where(col(Tenant.id) == bindparam("tenant")).values(is_active=False)
    async with database.tenant(tenant.id) as tx:
        await tx.run(switch_off, tenant=tenant.id)
    with pytest.raises(BusinessFileError, match=r"business\.slug: .* is taken by another business"):
        await apply(database, vault, file, now)


async def test_a_shared_number_cannot_be_one_business_s_own(database: Database, vault: Vault, now: datetime) -> None:
    """Whoever owned a shared number would get the messages of all who share it."""
    file, other = afresh("cafe"), afresh("laundry")
    await apply(database, vault, file, now)
    greedy = variation(other, {"lines.number": file.lines.shared[0], "lines.shared": []})
    with pytest.raises(BusinessFileError, match=r'lines\.number: "\+14155550100" is shared'):
        await apply(database, vault, greedy, now)
    sharing = variation(other, {"lines.shared": [file.lines.number]})
    with pytest.raises(BusinessFileError, match=r"lines\.shared: .* is one business's own"):
        await apply(database, vault, sharing, now)


async def test_a_number_that_nobody_shares_any_more_can_be_owned(
    database: Database, vault: Vault, now: datetime
) -> None:
    """While one business is still on it nobody may take it, not even one that has left."""
    number = "+14155559300"
    first, second = (variation(afresh(name), {"lines.shared": [number]}) for name in ("cafe", "laundry"))
    for file in (first, second):
        await apply(database, vault, file, now)
    owning = variation(first, {"lines.number": number, "lines.shared": []})
    with pytest.raises(BusinessFileError, match=r'lines\.number: "\+14155559300" is shared'):
        await apply(database, vault, owning, now)
    left = await apply(database, vault, variation(second, {"lines.shared": []}), now)
    assert left.changed == {"business": 1, "lines": len(Channel)}
    rows = await rows_after(database, vault, owning, now)
    assert {line["number"] for line in of(rows, PhoneLine)} == {number}


async def test_nobody_is_put_on_a_number_without_a_business(database: Database) -> None:
    """The function takes no business: who is not in a transaction of one is nobody."""
    with pytest.raises(asyncpg.NotNullViolationError):
        await database.ask(text("SELECT share_line('+14155559301', 'sms')"))


async def test_two_applies_at_once_make_one_business(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("laundry")
    await apply(database, vault, file, now)
    renamed = variation(file, {"business.name": "FreshFold & Sons"})
    done = await asyncio.gather(*(apply(database, vault, renamed, now) for _ in range(4)))
    assert sorted(len(applied.changed) for applied in done) == [0, 0, 0, 1]


def test_variations_leave_the_example_alone() -> None:
    variation(example("cafe"), {"business.name": "Other"})
    assert example("cafe").business.name == "Lekki Coffee House"


async def test_a_campaign_keeps_what_people_did_to_it(database: Database, vault: Vault, now: datetime) -> None:
    """A file applied again must not start what an owner has paused; the days are those of the shop's calendar."""
    facts = {"name": "December", "type": "double_points", "starts": "2026-12-01", "ends": "2026-12-24"}
    plans = [CampaignPlan.model_validate({**facts, "draft": draft}) for draft in (True, False)]
    drafted, launched = (
        variation(file, {"loyalty.campaigns": [plan]}) for file, plan in zip([afresh("cafe")] * 2, plans, strict=True)
    )
    rows = await rows_after(database, vault, drafted, now)
    campaign = named(rows, Campaign, "December")
    assert (campaign["status"], campaign["starts_at"]) == ("draft", datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert campaign["ends_at"] == datetime(2026, 12, 24, 23, tzinfo=UTC)
    assert named(await rows_after(database, vault, launched, now), Campaign, "December")["status"] == "scheduled"
    async with database.tenant(campaign["tenant_id"]) as tx:
        await campaigns.take_step(tx, campaign["id"], "pause", now)
    for file in (launched, drafted):
        assert named(await rows_after(database, vault, file, now), Campaign, "December")["status"] == "paused"
    gone = await rows_after(database, vault, variation(drafted, {"loyalty.campaigns": []}), now)
    assert named(gone, Campaign, "December")["is_active"] is False
