"""Tiers and achievements in a business file."""

from datetime import date, datetime, timedelta

import pytest

from models.db import Database
from models.loyalty.standing_tables import LoyaltyAchievement, LoyaltyTier
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import find
from models.tenancy.standing_parts import USUAL_TIERS
from models.vault import Vault
from tests.models.tenancy.rows import everything, of
from tests.models.tenancy.test_business_file import SOUND, mistakes
from tests.shops import afresh, variation

BASE = '[[loyalty.tiers]]\nname = "Guest"\npoints = 0\n'
FRIEND = '[[loyalty.tiers]]\nname = "Friend"\npoints = 500\ndiscount = 5\n'
GOAL = '[[loyalty.achievements]]\nname = "Regular"\n'


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("[loyalty]\ntiers = []\n", "loyalty.tiers: may not be empty: leave it out for the usual ones"),
        (FRIEND, "loyalty.tiers[0].points: must be 0: everybody begins in the first tier"),
        (BASE + "priority_booking = true\n", "loyalty.tiers[0].priority_booking: belongs to a higher tier"),
        (BASE + FRIEND.replace("500", "0"), 'loyalty.tiers[1].points: must be more than those of "Guest"'),
        (BASE + FRIEND.replace("Friend", "Guest"), 'loyalty.tiers[1].name: "Guest" is there already'),
        (BASE + FRIEND.replace("= 5\n", "= 101\n"), "loyalty.tiers[1].discount: must be at most 100"),
        ("[loyalty]\ntier_months = -1\n", "loyalty.tier_months: must be at least 0"),
        ("[loyalty]\nreferral_days = 0\n", "loyalty.referral_days: must be more than 0"),
        (GOAL + "points = 5\n", "loyalty.achievements[0]: asks for nothing: give it one of purchases, spent"),
        (GOAL + "purchases = 0\n", "loyalty.achievements[0].purchases: must be more than 0"),
        (GOAL + 'purchases = 3\nevery = "week"\n', "loyalty.achievements[0].every: must be 'year' or 'month'"),
        (2 * (GOAL + "purchases = 3\n"), 'loyalty.achievements[1].name: "Regular" is there already'),
    ],
)
def test_a_mistake_is_told_with_its_key(added: str, told: str) -> None:
    assert any(told in line for line in mistakes(SOUND + added)), mistakes(SOUND + added)


def test_who_says_nothing_has_the_usual_tiers() -> None:
    assert BusinessFile.parse(SOUND, "shop.toml").loyalty.tiers == USUAL_TIERS


def test_amounts_of_achievements_are_in_the_currency() -> None:
    file = BusinessFile.parse(SOUND + GOAL + 'spent = "5000"\n', "shop.toml")
    assert file.loyalty.achievements[0].criteria() == {"spent": 5_000_00}


async def test_other_tiers_are_another_version_from_that_day(database: Database, vault: Vault, now: datetime) -> None:
    """Who has reached a tier by the old ones keeps it: the old ones must stay."""
    file = afresh("cafe")
    stricter = [*USUAL_TIERS[:-1], USUAL_TIERS[-1].model_copy(update={"points": 6_000})]
    await apply(database, vault, file, now)
    changed = variation(file, {"loyalty.tiers": stricter})
    assert (await apply(database, vault, changed, now + timedelta(days=2))).changed == {"tiers": 4}
    assert (await apply(database, vault, changed, now + timedelta(days=3))).changed == {}
    business = await find(database, file.business.slug)
    assert business is not None
    rows = of(await everything(database, business.id), LoyaltyTier)
    versions = {(row["version"], row["since"], row["points_required"]) for row in rows if row["name"] == "platinum"}
    assert versions == {(1, date.min, 5_000), (2, date(2026, 11, 20), 6_000)}


async def test_an_achievement_that_left_retires(database: Database, vault: Vault, now: datetime) -> None:
    file = afresh("cafe")
    await apply(database, vault, file, now)
    fewer = variation(file, {"loyalty.achievements": file.loyalty.achievements[:1]})
    assert (await apply(database, vault, fewer, now)).changed == {"achievements": 2}
    business = await find(database, file.business.slug)
    assert business is not None
    rows = of(await everything(database, business.id), LoyaltyAchievement)
    assert sorted(row["is_active"] for row in rows) == [False, False, True]
