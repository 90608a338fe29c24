"""Points at the door: what a purchase was for, campaigns, "why?", and what is about to expire."""

from datetime import datetime

import pytest

from models.db import Database
from models.tenancy.campaign_parts import CampaignPlan
from models.tenancy.loyalty_parts import Rule
from models.vault import Vault
from tests.bot.town import Shop, Town
from tests.shops import afresh, open_shop, variation

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"
PIN, OWNERS_PIN = "730264", "482915"
BOTH = pytest.mark.parametrize("channel", ["whatsapp", "sms"])
DRINKS = {"name": "Happy drinks", "type": "per_purchase", "points": 7, "categories": ["drinks"]}
DOUBLE = {
    "name": "Double week",
    "type": "double_points",
    "starts": "2026-11-16",
    "ends": "2026-11-22",
    "customers": {"max_purchases": 5},
}
CHEAPER = {"name": "Half price", "type": "reward_discount", "starts": "2026-11-18", "ends": "2026-11-18", "percent": 50}


@pytest.fixture
async def cafe(town: Town, database: Database, vault: Vault, now: datetime) -> Shop:
    """The café with categories, a rule for one of them, and a week in which points count twice."""
    file = afresh("cafe")
    facts = {
        "loyalty.categories": ["drinks", "food"],
        "loyalty.rules": [*file.loyalty.rules, Rule.model_validate(DRINKS)],
        "loyalty.campaigns": [CampaignPlan.model_validate(plan) for plan in (DOUBLE, CHEAPER)],
    }
    tenant = await open_shop(database, vault, variation(file, facts), now)
    return Shop(town, tenant.id, tenant.phone_number, tenant.vendor_code)


async def joined(cafe: Shop, channel: str = "whatsapp") -> None:
    await cafe.phone(CHIOMA, channel).says("hi")


# -- what it was for -----------------------------------------------------------------------------------------


@BOTH
async def test_a_line_says_what_it_was_for_and_its_receipt(cafe: Shop, channel: str) -> None:
    await joined(cafe, channel)
    answer = await cafe.phone(TUNDE, channel).says(f"log 0803 123 4567 5000 Drink receipt A-17 {PIN}")
    assert "164 points (57 of them by Double week)" in answer
    (purchase,) = await cafe.rows("SELECT category, receipt_number, paid_with, points_awarded FROM purchases")
    assert tuple(purchase) == ("drinks", "A-17", "money", 50 + 50 + 7 + 57)
    receipt = cafe.phone(CHIOMA).received()[-1].body
    assert "earned 164 points (57 of them thanks to Double week)" in receipt


async def test_a_receipt_is_used_once_whoever_types_it(cafe: Shop) -> None:
    """Invariant 33."""
    await joined(cafe)
    assert "Done" in await cafe.phone(TUNDE).says(f"log 0803 123 4567 5000 receipt A-17 {PIN}")
    again = await cafe.phone(AMAKA, "sms").says("log 0803 999 0000 900 receipt a-17", "yes", OWNERS_PIN)
    assert "receipt has been used already" in again


@BOTH
async def test_step_by_step_it_is_asked_for(cafe: Shop, channel: str) -> None:
    await joined(cafe, channel)
    tunde = cafe.phone(TUNDE, channel)
    asked = await tunde.says("log", "0803 123 4567", "5000")
    assert "What was it for?" in asked
    assert "1. drinks" in asked
    assert "3. Something else" in asked
    assert "pick what" in await tunde.says("a thing")
    assert "Your PIN" in await tunde.says("food")
    await tunde.says(PIN)
    (purchase,) = await cafe.rows("SELECT category FROM purchases")
    assert purchase.category == "food"


async def test_a_word_that_is_no_category_is_asked_about(cafe: Shop) -> None:
    tunde = cafe.phone(TUNDE)
    await joined(cafe)
    assert "I don't know that category" in await tunde.says(f"log 0803 123 4567 5000 flowers {PIN}")
    assert "Done" in await tunde.says("3", PIN)
    (purchase,) = await cafe.rows("SELECT category FROM purchases")
    assert purchase.category is None


async def test_a_gift_card_earns_nothing(cafe: Shop) -> None:
    """Invariant 25, at the counter."""
    await joined(cafe)
    assert "no points" in await cafe.phone(TUNDE).says(f"log 0803 123 4567 5000 gift card {PIN}")
    assert await cafe.rows("SELECT 1 FROM points_transactions") == []


# -- why -----------------------------------------------------------------------------------------------------


@BOTH
async def test_why_is_answered_from_what_was_stored(cafe: Shop, channel: str) -> None:
    await joined(cafe, channel)
    chioma = cafe.phone(CHIOMA, channel)
    assert "No points have been earned yet" in await chioma.says("why did I get points?")
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 5050 {PIN}")
    # what rules say today does not change what they said then
    await cafe.rows('UPDATE points_rules SET config = \'{"points": 9, "per": 1}\'')
    why = await chioma.says("why did I get 150 points?")
    assert "150 points on" in why
    currency = "₦" if channel == "whatsapp" else "NGN "
    assert f"A point per 100 naira: 50 points - 1 for every {currency}100, rounded down" in why.replace("–", "-")
    assert "Welcome bonus: 50 points for the first purchase" in why
    assert "Double week: 50 more points" in why
    assert "what was bought counts 2 times" in why
    assert "no earning of 12 points. The latest was 150 points" in await chioma.says("why 12 points")


async def test_why_finds_the_earning_that_is_meant(cafe: Shop) -> None:
    await joined(cafe)
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 5000 {PIN}", f"log 0803 123 4567 2000 drinks {PIN}", "undo")
    chioma = cafe.phone(CHIOMA)
    latest = await chioma.says("WHY")
    assert "Happy drinks: 7 points for the purchase (drinks)" in latest
    assert "54 of them were taken back since" in latest
    assert "for ₦5,000" in await chioma.says("why 150 points")


@BOTH
async def test_staff_ask_about_a_customer(cafe: Shop, channel: str) -> None:
    await joined(cafe)
    tunde = cafe.phone(TUNDE, channel)
    await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    assert "Welcome bonus: 50 points" in await tunde.says("why 0803 123 4567")
    assert "Whose points?" in await tunde.says("why")
    assert "don't know anybody" in await tunde.says("0803 999 9999")
    assert "Double week" in await tunde.says("0803 123 4567")


async def test_a_question_to_the_business_is_still_one(cafe: Shop) -> None:
    await joined(cafe)
    assert "points on" not in await cafe.phone(CHIOMA).says("why does a coffee cost 100 points?")


# -- points that wait ----------------------------------------------------------------------------------------


@BOTH
async def test_points_wait_until_goods_cannot_come_back(
    town: Town, database: Database, vault: Vault, now: datetime, channel: str
) -> None:
    tenant = await open_shop(database, vault, variation(afresh("cafe"), {"loyalty.return_window_days": 14}), now)
    cafe = Shop(town, tenant.id, tenant.phone_number, tenant.vendor_code)
    await joined(cafe, channel)
    chioma = cafe.phone(CHIOMA, channel)
    answer = await cafe.phone(TUNDE).says(f"log 0803 123 4567 10000 {PIN}")
    assert "They can be spent from" in answer
    assert "balance: 0" in answer
    waiting = await chioma.says("points")
    assert "150 more are on their way" in waiting
    assert "REDEEM" not in waiting
    town.clock.pass_by(days=14)
    assert "You have 150 points" in await chioma.says("points")


async def test_a_debt_is_shown_as_one(cafe: Shop) -> None:
    await joined(cafe)
    tunde, chioma = cafe.phone(TUNDE), cafe.phone(CHIOMA)
    await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    code = (await chioma.says("redeem", "pastry box")).splitlines()[-1]
    await tunde.says(code, PIN)
    (purchase,) = await cafe.rows("SELECT id FROM purchases")
    await tunde.says("reverse the last one for 0803 123 4567", "1", "2", PIN)
    (account,) = await cafe.rows("SELECT debt FROM customer_points_balance")
    assert purchase
    assert account.debt == 125
    assert "125 points are owed" in await chioma.says("points")


# -- campaigns -----------------------------------------------------------------------------------------------


@BOTH
async def test_a_reward_costs_less_today(cafe: Shop, channel: str) -> None:
    await joined(cafe, channel)
    chioma = cafe.phone(CHIOMA, channel)
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 1000 {PIN}")
    assert "Free coffee (50 instead of 100 points)" in await chioma.says("redeem")
    code = (await chioma.says("1")).splitlines()[-1]
    assert "50 points were spent" in await cafe.phone(TUNDE).says(code, PIN)
    cafe.town.clock.pass_by(days=1)
    assert "Free coffee needs" in await chioma.says("redeem")


@BOTH
async def test_the_owner_pauses_a_campaign_and_lets_it_go_on(cafe: Shop, channel: str) -> None:
    await joined(cafe)
    amaka, tunde = cafe.phone(AMAKA, channel), cafe.phone(TUNDE)
    await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    shown = await amaka.says("campaigns")
    assert "Double week (running until" in shown
    assert "1 customer, once" in shown
    assert "Pause it" in await amaka.says("double week")
    assert "Pause Double week. Your PIN" in await amaka.says("1")
    assert "isn't right" in await amaka.says("111111")
    assert "is paused" in await amaka.says(OWNERS_PIN)
    assert "20 points. " in await tunde.says(f"log 0803 123 4567 2000 {PIN}")
    assert "paused" in await amaka.says("campaigns")
    assert "is running" in await amaka.says("double week", "let it go on", OWNERS_PIN)
    assert "40 points (20 of them" in await tunde.says(f"log 0803 123 4567 2000 {PIN}")


async def test_staff_look_and_customers_do_not(cafe: Shop) -> None:
    await joined(cafe)
    assert "Only the owner" in await cafe.phone(TUNDE).says("campaigns", "1")
    assert "Double week" not in await cafe.phone(CHIOMA).says("campaigns")


async def test_the_clock_moves_campaigns_on(cafe: Shop) -> None:
    assert await cafe.runs("settle_campaigns") == 2
    cafe.town.clock.pass_by(days=5)
    assert await cafe.runs("settle_campaigns") == 2
    assert await cafe.runs("settle_campaigns") == 0
    assert {row.status for row in await cafe.rows("SELECT status FROM campaigns")} == {"completed"}


@BOTH
async def test_the_best_customers_are_listed(cafe: Shop, channel: str) -> None:
    await joined(cafe)
    tunde = cafe.phone(TUNDE, channel)
    assert "Nobody has points yet" in await tunde.says("top customers")
    await tunde.says(f"log 0803 123 4567 5000 {PIN}", "log 0803 999 0000 2000", "yes", PIN)
    best = (await tunde.says("top customers")).splitlines()
    assert best[1].startswith("1. Chioma")
    assert best[1].endswith(": 150")
    assert best[2] == "2. +2348039990000: 90"


# -- what expires --------------------------------------------------------------------------------------------


@BOTH
async def test_what_expires_is_told_once_a_few_days_before(cafe: Shop, channel: str) -> None:
    await joined(cafe, channel)
    chioma = cafe.phone(CHIOMA, channel)
    await cafe.phone(TUNDE, channel).says(f"log 0803 123 4567 5000 {PIN}")
    clock = cafe.town.clock
    clock.pass_by(days=360, hours=22)  # ten in the morning of the fourth day before
    assert await cafe.runs("tell_what_expires") == 0
    await chioma.says("hi")  # so that WhatsApp lets through what comes within a day
    before = len(chioma.received())
    clock.pass_by(hours=14, minutes=30)  # half past midnight of the third, when nobody is written to
    assert await cafe.runs("tell_what_expires") == 0
    clock.pass_by(hours=8)
    assert await cafe.runs("tell_what_expires") == 1
    clock.pass_by(hours=1)
    assert await cafe.runs("tell_what_expires") == 0
    (notice,) = chioma.received()[before:]
    assert "150 of your points expire on" in notice.body
    assert "Which reward" in await chioma.says("1")


@pytest.mark.parametrize("said", ["stop", "never joined"])
async def test_who_has_not_agreed_is_not_told(cafe: Shop, said: str) -> None:
    """Invariant 39: nothing is advertised to who has opted out, or never said a word."""
    if said == "stop":
        await joined(cafe)
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 5000 {PIN}", "yes")
    if said == "stop":
        await cafe.phone(CHIOMA).says("stop")
    cafe.town.clock.pass_by(days=363)
    assert await cafe.runs("tell_what_expires") == 0
    assert await cafe.rows("SELECT 1 FROM expiry_notices") == []


async def test_spent_points_are_not_warned_about(cafe: Shop) -> None:
    await joined(cafe)
    await cafe.phone(TUNDE).says(f"log 0803 123 4567 1000 {PIN}")
    code = (await cafe.phone(CHIOMA).says("redeem", "1")).splitlines()[-1]
    await cafe.phone(TUNDE).says(code, PIN)
    left = int((await cafe.rows("SELECT sum(remaining) AS left FROM points_lots"))[0].left)
    cafe.town.clock.pass_by(days=363)
    assert await cafe.runs("tell_what_expires") == 1
    (notice,) = await cafe.rows("SELECT points FROM expiry_notices")
    assert notice.points == left == 20
