"""Tiers, badges, friends and birthdays, from a signed webhook to the row and the answer."""

import re

import pytest

from models.loyalty import friend_codes
from tests.bot.town import Phone, Shop

AMAKA, TUNDE, CHIOMA, BOLA = "+2348030000001", "+2348030000002", "+2348031234567", "+2348031234568"
CHANNELS = ["whatsapp", "sms"]


async def bought(shop: Shop, amount: str, phone: str = CHIOMA, by: str = TUNDE) -> str:
    """Staff log a purchase; a large one is asked about."""
    pin = "730264" if by == TUNDE else "482915"
    answer = await shop.phone(by).says(f"log {phone} {amount} {pin}")
    return await shop.phone(by).says("yes", pin) if "Is that right" in answer else answer


def later(shop: Shop, **stretch: float) -> None:
    shop.town.clock.pass_by(**stretch)


# -- tiers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_tier_is_reached_told_and_explained(cafe: Shop, channel: str) -> None:
    chioma = cafe.phone(CHIOMA, channel)
    await chioma.says("hi")
    assert "You're Bronze" in await chioma.says("my tier")
    answer = await bought(cafe, "95000")
    assert "(Silver, 5% off)" in answer
    assert "You're Silver now! That gives you 5% off." in chioma.received()[-1].body
    told = await chioma.says("why am I silver?")
    assert "you've earned 1,000 points in the last 12 months, and Silver takes 1,000" in told
    assert "1,500 points more and you're Gold" in told
    assert "until 18 November 2027 at least" in told, "without its year it would be today"
    (event,) = await cafe.rows("SELECT kind, before, after, cause, points FROM tier_events")
    assert tuple(event) == ("upgraded", "bronze", "silver", "earned", 1_000)
    assert await cafe.rows("SELECT tier FROM customers WHERE phone_number = :phone", phone=CHIOMA) == [("silver",)]


async def test_staff_see_the_discount_before_they_take_the_money(cafe: Shop) -> None:
    await cafe.phone(CHIOMA).says("hi")
    await bought(cafe, "95000")
    assert "How much did Chioma (Silver, 5% off) spend?" in await cafe.phone(TUNDE).says("log", CHIOMA)


async def test_undoing_what_raised_a_tier_lowers_it(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    await bought(cafe, "95000")
    assert "Undone" in await cafe.phone(TUNDE).says("undo")
    assert "You're Bronze" in await chioma.says("what level am I")
    events = await cafe.rows("SELECT kind, after, cause FROM tier_events ORDER BY occurred_at, id")
    assert [tuple(event) for event in events] == [
        ("upgraded", "silver", "earned"),
        ("downgraded", "bronze", "reversed"),
    ]


async def test_a_tier_is_lost_after_its_period_and_a_notice(cafe: Shop) -> None:
    """The period ends on 18 November 2027; nothing is lost without the notice, and nothing in the night."""
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    await bought(cafe, "95000")
    later(cafe, days=335)
    assert await cafe.runs("review_tiers") == 0
    later(cafe, days=1, hours=12)  # 20 October, midnight in Lagos: quiet
    assert await cafe.runs("review_tiers") == 0
    later(cafe, hours=12)
    assert await cafe.runs("review_tiers") == 1
    assert "1,000 more points by" in chioma.received()[-1].body
    assert "to stay Silver" in chioma.received()[-1].body
    assert await cafe.runs("review_tiers") == 0
    assert "To stay Silver, earn 1,000 more points before Friday, 19 November" in await chioma.says("my tier")
    later(cafe, days=28)
    assert await cafe.runs("review_tiers") == 0
    later(cafe, days=1)
    assert await cafe.runs("review_tiers") == 1
    assert "you're Bronze now, as your Silver period has ended" in chioma.received()[-1].body
    kinds = await cafe.rows("SELECT kind, cause FROM tier_events ORDER BY occurred_at, id")
    assert [row.kind for row in kinds] == ["upgraded", "warned", "downgraded"]


async def test_a_late_notice_puts_the_loss_off(cafe: Shop) -> None:
    """Nobody was warned in time: the tier stays until two weeks after somebody is."""
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    await bought(cafe, "95000")
    later(cafe, days=400)
    assert "you keep it for now" in await chioma.says("my tier")
    assert await cafe.runs("review_tiers") == 1
    assert "to stay Silver" in chioma.received()[-1].body
    assert "from then on you'd be Bronze" in await chioma.says("my tier")
    later(cafe, days=13)
    assert await cafe.runs("review_tiers") == 0
    later(cafe, days=1)
    assert await cafe.runs("review_tiers") == 1
    assert await cafe.rows("SELECT tier FROM customers WHERE phone_number = :phone", phone=CHIOMA) == [(None,)]


# -- achievements --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_badge_comes_with_the_tenth_purchase_and_goes_with_it(cafe: Shop, channel: str) -> None:
    chioma = cafe.phone(CHIOMA, channel)
    await chioma.says("hi")
    for _ in range(9):
        later(cafe, minutes=5)
        await bought(cafe, "1500")
    assert "Regular: 9 of 10 purchases, for 50 points" in await chioma.says("badges")
    assert await cafe.rows("SELECT FROM customer_achievements") == []
    later(cafe, minutes=5)
    await bought(cafe, "1500")
    assert "Regular: you've achieved it! 50 points for you." in chioma.received()[-1].body
    assert "Regular, since" in await chioma.says("my badges")
    assert "back to 185 points" in await cafe.phone(TUNDE).says("undo")
    (row,) = await cafe.rows("SELECT revoked_at IS NOT NULL AS revoked FROM customer_achievements")
    assert row.revoked
    later(cafe, minutes=5)
    await bought(cafe, "1500")
    assert "You have 250 points" in await chioma.says("points")


# -- friends -------------------------------------------------------------------------------------------------


async def code_of(phone: Phone) -> str:
    answer = await phone.says("refer a friend")
    found = re.search(r"Your code is ([2-9A-Z]{6})\.", answer)
    assert found is not None, answer
    return found[1]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_both_are_paid_after_the_friends_first_purchase(cafe: Shop, channel: str) -> None:
    chioma, bola = cafe.phone(CHIOMA, channel), cafe.phone(BOLA, channel)
    await chioma.says("hi")
    code = await code_of(chioma)
    shown = await chioma.says("my code")
    assert code in shown
    assert f"https://wa.me/{cafe.number.lstrip('+')}?text=JOIN%20{cafe.code}%20{code}" in shown
    assert "Welcome to Lekki Coffee House" in await bola.says(f"JOIN {cafe.code} {code}", ProfileName="Bola Ade")
    (referral,) = await cafe.rows("SELECT status, referral_code FROM referrals")
    assert tuple(referral) == ("pending", code)
    assert await cafe.runs("pay_referrals") == 0
    await bought(cafe, "5000", BOLA)
    assert await cafe.runs("pay_referrals") == 0  # it could still be undone
    later(cafe, minutes=10)
    assert await cafe.runs("pay_referrals") == 1
    assert "100 points are yours" in chioma.received()[-1].body
    assert "50 points are yours" in bola.received()[-1].body
    assert await cafe.runs("pay_referrals") == 0
    assert "You have 100 points" in await chioma.says("points")
    assert "You have 150 points" in await bola.says("points")
    assert "You've brought 1 friend so far" in await chioma.says("invite a friend")
    later(cafe, minutes=1)
    await bought(cafe, "5000", BOLA)
    later(cafe, minutes=11)
    assert await cafe.runs("pay_referrals") == 0


async def test_the_link_works_on_a_number_that_shops_share(cafe: Shop, carpet_cleaning: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    code = await code_of(chioma)
    shared = cafe.phone(BOLA, line="+14155550100")
    assert "Welcome to Lekki Coffee House" in await shared.says(f"JOIN {cafe.code} {code}")
    assert await cafe.rows("SELECT referral_code FROM referrals") == [(code,)]
    assert await carpet_cleaning.rows("SELECT FROM referrals") == []


async def test_a_code_alone_is_enough_for_somebody_new(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    code = await code_of(chioma)
    assert "brought by" in await cafe.phone(BOLA).says(code.lower())


async def test_a_code_is_for_people_who_are_new(cafe: Shop) -> None:
    """Neither for oneself, nor for a member, nor for somebody staff have added, nor for staff."""
    chioma, bola = cafe.phone(CHIOMA), cafe.phone(BOLA)
    await chioma.says("hi")
    code = await code_of(chioma)
    assert "for people who are new" in await chioma.says(f"join {code}")
    await bola.says("hello")
    assert "for people who are new" in await bola.says(f"join {cafe.code} {code}")
    await cafe.phone(TUNDE).says("log +2348031234569 5000 730264", "yes", "730264")
    assert "Welcome" in await cafe.phone("+2348031234569").says(f"join {cafe.code} {code}")
    await cafe.phone(AMAKA).says(f"join {cafe.code} {code}")
    assert await cafe.rows("SELECT FROM referrals") == []


async def test_an_unknown_code_still_makes_a_member(cafe: Shop) -> None:
    answer = await cafe.phone(BOLA).says(f"JOIN {cafe.code} {friend_codes.new_code()}")
    assert "You're now a member" in answer
    assert "don't know your friend's code" in answer


async def test_a_purchase_taken_back_pays_for_nobody(cafe: Shop) -> None:
    chioma, bola = cafe.phone(CHIOMA), cafe.phone(BOLA)
    await chioma.says("hi")
    await bola.says(f"join {cafe.code} {await code_of(chioma)}")
    await bought(cafe, "5000", BOLA)
    await cafe.phone(TUNDE).says("undo")
    later(cafe, minutes=11)
    assert await cafe.runs("pay_referrals") == 0
    assert await cafe.rows("SELECT status, purchase_id FROM referrals") == [("pending", None)]


async def doubtful(cafe: Shop) -> None:
    """Chioma Obi brings somebody of the same name, who buys at once."""
    chioma, bola = cafe.phone(CHIOMA), cafe.phone(BOLA)
    await chioma.says("hi")
    await bola.says(f"join {cafe.code} {await code_of(chioma)}")
    await cafe.rows(
        "UPDATE customers SET last_name = 'Obi' WHERE phone_number IN (:a, :b) RETURNING id", a=CHIOMA, b=BOLA
    )
    await bought(cafe, "5000", BOLA)
    later(cafe, minutes=11)
    assert await cafe.runs("pay_referrals") == 1


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_owner_approves_a_doubtful_friend(cafe: Shop, channel: str) -> None:
    await cafe.phone(AMAKA, channel).says("menu")
    await doubtful(cafe)
    amaka = cafe.phone(AMAKA, channel)
    assert "same surname" in amaka.received()[-1].body
    assert await cafe.rows("SELECT status, reason FROM referrals") == [("review", "same_surname")]
    assert "Your PIN" in await amaka.says("1")
    done = await amaka.says("482915")
    assert "Done" in done
    assert "100 points are yours" in cafe.phone(CHIOMA).received()[-1].body
    (row,) = await cafe.rows("SELECT status, points_awarded, friend_points, reviewed_by_user_id FROM referrals")
    assert tuple(row)[:3] == ("converted", 100, 50)
    assert row.reviewed_by_user_id is not None
    assert "No friends are waiting" in await amaka.says("referrals to check")


async def test_the_owner_refuses_from_the_list(cafe: Shop) -> None:
    await doubtful(cafe)
    amaka, tunde = cafe.phone(AMAKA), cafe.phone(TUNDE)
    assert "Only the owner" in await tunde.says("referrals to check")
    assert "same surname" in await amaka.says("referrals to check")
    assert "Pay for this friend?" in await amaka.says("1")
    assert "nobody is paid" in await amaka.says("2")
    assert await cafe.rows("SELECT status, points_awarded FROM referrals") == [("refused", None)]
    assert "100 points" not in await cafe.phone(CHIOMA).says("points")


async def test_a_customer_cannot_approve(cafe: Shop) -> None:
    await doubtful(cafe)
    (row,) = await cafe.rows("SELECT id FROM referrals")
    pressed = f"start:referral_review?referral={row.id}&decision=approve"
    await cafe.phone(CHIOMA).says("yes", ButtonPayload=pressed)
    await cafe.phone(TUNDE).says("yes", ButtonPayload=pressed)
    assert await cafe.rows("SELECT status FROM referrals") == [("review",)]


# -- birthdays -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_birthday_is_told_and_celebrated_once_a_year(cafe: Shop, channel: str) -> None:
    chioma = cafe.phone(CHIOMA, channel)
    await chioma.says("hi")
    assert "Noted: 3 March. Look forward to 30 points" in await chioma.says("my birthday is 3 March 1990")
    (row,) = await cafe.rows("SELECT birthday, birth_year FROM customers WHERE phone_number = :phone", phone=CHIOMA)
    assert tuple(row) == ("03-03", 1990)
    assert await cafe.runs("celebrate_birthdays") == 0
    later(cafe, days=104, hours=12)  # 3 March, midnight in Lagos
    assert await cafe.runs("celebrate_birthdays") == 0
    later(cafe, hours=10)
    assert await cafe.runs("celebrate_birthdays") == 1
    assert "happy birthday" in chioma.received()[-1].body
    assert "30 points are our present" in chioma.received()[-1].body
    (purpose,) = await cafe.rows("SELECT purpose FROM messages ORDER BY seq DESC LIMIT 1")
    assert purpose.purpose == "marketing"
    assert await cafe.runs("celebrate_birthdays") == 0
    assert "can't move it" in await chioma.says("my birthday is 5 march")
    later(cafe, days=366)
    assert await cafe.runs("celebrate_birthdays") == 1
    assert await cafe.rows("SELECT sum(points) AS points FROM points_transactions") == [(60,)]


async def test_who_has_opted_out_gets_the_points_and_no_greeting(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi", "my birthday is tomorrow", "stop")
    before = len(chioma.received())
    later(cafe, days=1)
    assert await cafe.runs("celebrate_birthdays") == 1
    assert len(chioma.received()) == before
    assert await cafe.rows("SELECT points FROM points_transactions") == [(30,)]


async def test_the_birthday_is_asked_for_once(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    assert "When's your birthday?" in await chioma.says("points")
    assert "When's your birthday?" not in await chioma.says("points")
    assert "Day and month will do" in await chioma.says("birthday")
    assert "Noted: 24 December" in await chioma.says("24 December")
