"""What is exported can be applied again, and then nothing changes."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, update
from sqlmodel import col

from models.booking.openings import Window
from models.db import Database
from models.errors import RegularsError
from models.loyalty.tables import Reward
from models.people.tables import Role
from models.tenancy.apply import apply
from models.tenancy.booking_parts import Meeting, OpeningHours, ServiceOffer, SpecialDate
from models.tenancy.business_file import BusinessFile
from models.tenancy.campaign_parts import CampaignPlan
from models.tenancy.export import export
from models.tenancy.file_parts import FaqEntry, StaffMember
from models.tenancy.loyalty_parts import RewardOffer, Rule
from models.tenancy.standing_parts import AchievementGoal, TierLevel
from models.tenancy.tables import Tenant
from models.vault import Vault
from tests.models.tenancy.rows import everything
from tests.shops import afresh, open_shop, variation

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
_SELL_TWO = (
    update(Reward)
    .where(col(Reward.tenant_id) == bindparam("tenant"), col(Reward.stock_quantity).is_not(None))
    .values(stock_quantity=col(Reward.stock_quantity) - 2)
)
EXAMPLES = ["cafe", "laundry", "carpet_cleaning", "consultancy"]


async def expect_unchanged(database: Database, vault: Vault, tenant: Tenant) -> str:
    before = await everything(database, tenant.id)
    text = await export(database, tenant.slug)
    applied = await apply(database, vault, BusinessFile.parse(text, "export.toml"), NOW)
    assert (applied.created, applied.changed) == (False, {})
    assert await everything(database, tenant.id) == before
    return text


@pytest.mark.parametrize("name", EXAMPLES)
async def test_an_export_applied_again_changes_nothing(database: Database, vault: Vault, name: str) -> None:
    file = afresh(name)
    tenant = await open_shop(database, vault, file, NOW)
    text = await expect_unchanged(database, vault, tenant)
    assert text.startswith("[business]\n")


@pytest.mark.parametrize("name", EXAMPLES)
async def test_an_export_holds_no_pin_and_no_hash(database: Database, vault: Vault, name: str) -> None:
    file = afresh(name)
    tenant = await open_shop(database, vault, file, NOW)
    text = await export(database, tenant.slug)
    assert "argon2" not in text
    assert "pin =" not in text
    assert not [member for member in file.staff if member.pin and member.pin.get_secret_value() in text]


async def test_an_export_reads_like_the_file_it_came_from(database: Database, vault: Vault) -> None:
    tenant = await open_shop(database, vault, afresh("cafe"), NOW)
    text = await export(database, tenant.slug)
    assert "stock = 5 # 5 left\n" in text
    assert 'price = "15000"\n' in text
    assert '[services.hours]\nsaturday = "11:00-12:30"\n' in text


async def test_a_stock_that_has_been_sold_from_is_what_the_file_said_with_what_is_left(
    database: Database, vault: Vault
) -> None:
    """Written as the figure, what is left would be a new figure: the settings would change each time."""
    tenant = await open_shop(database, vault, afresh("cafe"), NOW)
    async with database.tenant(tenant.id) as tx:
        await tx.run(_SELL_TWO, tenant=tenant.id)
    assert "stock = 5 # 3 left\n" in await expect_unchanged(database, vault, tenant)


async def test_midnight_ends_a_day_as_24_00(database: Database, vault: Vault) -> None:
    late = OpeningHours(monday=(Window(time(18), time(0)),))
    tenant = await open_shop(database, vault, variation(afresh("cafe"), {"hours": late}), NOW)
    assert '[hours]\nmonday = "18:00-24:00"\n' in await expect_unchanged(database, vault, tenant)


async def test_several_needs_meetings_and_special_dates(database: Database, vault: Vault) -> None:
    file = afresh("carpet_cleaning")
    cleaning, *others = file.services
    zoom = Meeting(platform="Zoom", url="https://zoom.example/1", id="1", password="open")
    service = cleaning.model_copy(
        update={"needs": [["Hank"], ["Van"]], "cutoff_hours": 24, "pending_hours": 6, "meeting": zoom}
    )
    dates = [
        SpecialDate(
            date=date(2026, 12, 24), hours=(Window(time(8), time(10)), Window(time(12), time(14))), max_bookings=2
        ),
        SpecialDate(date=date(2026, 12, 24), closed=True, resource="Van", reason="Inspection"),
        SpecialDate(date=date(2026, 12, 31), max_bookings=1, service=cleaning.slug),
    ]
    changed = variation(file, {"services": [service, *others], "dates": dates})
    tenant = await open_shop(database, vault, changed, NOW)
    text = await expect_unchanged(database, vault, tenant)
    assert 'needs = [["Hank"], ["Van"]]\n' in text
    assert "cutoff_hours = 24\n" in text
    assert 'platform = "Zoom"\n' in text
    read = BusinessFile.parse(text, "export.toml").dates
    assert sorted(map(repr, read)) == sorted(map(repr, dates))


async def test_a_service_of_which_only_what_must_be_is_said(database: Database, vault: Vault) -> None:
    bare = ServiceOffer(name="Cupping", slug="cupping", minutes=30, resources=["Tasting table"])
    tenant = await open_shop(database, vault, variation(afresh("cafe"), {"services": [bare]}), NOW)
    assert BusinessFile.parse(await expect_unchanged(database, vault, tenant), "export.toml").services == [bare]


async def test_an_unknown_business_is_answered_with_those_there_are(database: Database, vault: Vault) -> None:
    tenant = await open_shop(database, vault, afresh("cafe"), NOW)
    with pytest.raises(RegularsError, match=rf'There is no business "nobody"\. There are: .*{tenant.slug}'):
        await export(database, "nobody")


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30).filter(
    lambda text: text == text.strip() != ""
)
_TIMES = st.integers(0, 23 * 60 + 59).map(lambda minutes: time(minutes // 60, minutes % 60))


def _windows(ends: tuple[time, time]) -> tuple[Window, ...]:
    return (Window(*sorted(ends)),) if ends[0] != ends[1] else ()


_DAY = st.tuples(_TIMES, _TIMES).map(_windows) | st.just((Window(time(18), time(0)),))
_REWARDS = st.builds(
    RewardOffer,
    name=_WORDS,
    points=st.integers(1, 10_000),
    stock=st.none() | st.integers(0, 100),
    description=st.none() | _WORDS,
    limit_per_customer=st.none() | st.integers(1, 9),
)
_FAQS = st.builds(FaqEntry, question=_WORDS, answer=_WORDS, aliases=st.lists(_WORDS, max_size=4))
_DATE = st.dates(date(2020, 1, 1), date(2035, 12, 31)).map(str)
_WALL = st.tuples(_DATE, _TIMES).map(lambda when: f"{when[0]} {when[1]:%H:%M}")
_PER_PURCHASE = st.fixed_dictionaries(
    {
        "points": st.integers(1, 100),
        "minimum": st.none() | st.integers(0, 10**9),
        "priority": st.integers(0, 9),
        "categories": st.sampled_from([[], ["food"], ["food", "drinks"]]),
    },
    optional={"valid_from": _WALL | _DATE},
) | st.fixed_dictionaries({"points": st.integers(1, 100), "valid_until": _WALL | _DATE})

_POINTS = {"points": st.integers(1, 500), "starts": st.just("2020-01-01"), "ends": _DATE | _WALL}
_SEGMENTS = st.fixed_dictionaries(
    {"tags": st.lists(_WORDS, max_size=2, unique=True)},
    optional={"min_purchases": st.integers(0, 9), "max_purchases": st.integers(9, 99)},
)
_CAMPAIGNS = st.one_of(
    st.fixed_dictionaries(
        {
            **_POINTS,
            "type": st.just("bonus_points"),
            "customers": _SEGMENTS,
            "minimum": st.integers(0, 10**9),
            "draft": st.booleans(),
        },
        optional={"categories": st.just(["food"]), "limit_per_customer": st.integers(1, 9), "description": _WORDS},
    ),
    st.fixed_dictionaries({**_POINTS, "type": st.just("referral"), "friend_points": st.integers(1, 9)}),
    st.fixed_dictionaries(
        {**_POINTS, "type": st.just("reactivation"), "customers": st.just({"inactive_days": 30})},
    ),
    st.fixed_dictionaries(
        {
            "starts": _POINTS["starts"],
            "ends": _DATE,
            "type": st.just("reward_discount"),
            "percent": st.integers(1, 100),
        },
    ),
)


@st.composite
def campaigns(draw: st.DrawFn) -> list[CampaignPlan]:
    """Some with names that differ."""
    names = draw(st.lists(_WORDS, max_size=3, unique_by=str.casefold))
    return [CampaignPlan.model_validate({"name": name, **draw(_CAMPAIGNS)}, context={"digits": 0}) for name in names]


_TIERS = st.lists(st.tuples(_WORDS, st.integers(1, 10**6), st.integers(0, 100), st.booleans()), max_size=4)
_GOALS = st.builds(
    AchievementGoal,
    name=_WORDS,
    icon=st.none() | _WORDS,
    points=st.integers(0, 500),
    every=st.sampled_from([None, "year", "month"]),
    spent=st.none() | st.integers(1, 10**9),
    streak_weeks=st.integers(1, 52),
)


def _levels(rows: list[tuple[str, int, int, bool]]) -> list[TierLevel]:
    """From a lowest tier up, each name and each number of points once."""
    named = {
        name.casefold(): TierLevel(name=name, points=points, discount=discount, priority_booking=early)
        for name, points, discount, early in rows
        if name.casefold() != "member"
    }
    by_points = {level.points: level for level in named.values()}
    return [TierLevel(name="Member", points=0), *(by_points[points] for points in sorted(by_points))]


_STANDING = st.fixed_dictionaries(
    {
        "loyalty.tiers": _TIERS.map(_levels),
        "loyalty.tier_months": st.integers(0, 24),
        "loyalty.priority_days": st.integers(0, 30),
        "loyalty.referrals_per_month": st.integers(0, 9),
        "loyalty.referral_days": st.integers(1, 365),
        "loyalty.achievements": st.lists(_GOALS, max_size=3, unique_by=lambda goal: goal.name.casefold()),
    }
)


@st.composite
def variations(draw: st.DrawFn) -> BusinessFile:
    """The café with other rules, rewards, FAQs, hours and staff."""
    week = {day: draw(_DAY) for day in ("monday", "sunday")}
    rule = Rule.model_validate(
        {"name": draw(_WORDS), "type": "per_purchase", **draw(_PER_PURCHASE)}, context={"digits": 0}
    )
    return variation(
        afresh("cafe"),
        {
            "business.name": draw(_WORDS),
            "business.address": draw(st.none() | _WORDS),
            "loyalty.categories": ["food", "drinks"],
            "staff": [
                StaffMember(
                    name=draw(_WORDS),
                    phone="+2348030000001",
                    role=Role.OWNER,
                    linked=draw(st.sampled_from([[], ["+2348035550001", "+2348035550002"]])),
                )
            ],
            "loyalty.return_window_days": draw(st.integers(0, 30)),
            "loyalty.expiry_notice_days": draw(st.integers(0, 9)),
            "loyalty.campaigns": draw(campaigns()),
            "loyalty.rules": [rule],
            "loyalty.purchase_ceiling": draw(st.none() | st.integers(0, 10**9)),
            "loyalty.adjustment_threshold": draw(st.integers(1, 10**6)),
            "loyalty.receipts_per_day": draw(st.integers(0, 20)),
            **draw(_STANDING),
            "loyalty.rewards": draw(st.lists(_REWARDS, max_size=3, unique_by=lambda reward: reward.name.casefold())),
            "hours": OpeningHours.model_validate(week),
            "faqs": draw(st.lists(_FAQS, max_size=3, unique_by=lambda faq: faq.question.casefold())),
        },
    )


@settings(max_examples=20, deadline=None)
@given(file=variations())
async def test_whatever_the_file_says_comes_back(database: Database, vault: Vault, file: BusinessFile) -> None:
    tenant = await open_shop(database, vault, file, NOW)
    await expect_unchanged(database, vault, tenant)
