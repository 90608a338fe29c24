"""A picture of a receipt: the customer says what it comes to, staff look at it, and it earns once."""

import asyncio

import pytest

from tests.bot.town import Phone, Shop

AMAKA, TUNDE, CHIOMA, LINKED = "+2348030000001", "+2348030000002", "+2348031234567", "+2348035550007"
PICTURE = {"NumMedia": "1", "MediaUrl0": "https://media.example/r1", "MediaContentType0": "image/jpeg"}
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])


@pytest.fixture
async def chioma(cafe: Shop) -> Phone:
    """A member; both at the till have just been writing."""
    phone = cafe.phone(CHIOMA)
    await phone.says("hi")
    for staff in (AMAKA, TUNDE):
        await cafe.phone(staff).says("menu")
    cafe.town.clock.pass_by(hours=1)
    return phone


async def points(cafe: Shop) -> int:
    (row,) = await cafe.rows("SELECT coalesce(sum(points), 0) AS points FROM points_transactions")
    return int(row.points)


@CHANNELS
async def test_from_picture_to_points(cafe: Shop, channel: str) -> None:
    chioma, tunde = cafe.phone(CHIOMA, channel), cafe.phone(TUNDE, channel)
    await chioma.says("hi")
    await tunde.says("menu")
    cafe.town.clock.pass_by(hours=1)
    assert "what's the total" in await chioma.says("", **PICTURE)
    assert "number printed on it" in await chioma.says("4,500")
    assert "Somebody at Lekki Coffee House will look at it" in await chioma.says("R-0017")
    asked = tunde.received()[-1].body
    assert "sent a receipt over" in asked
    assert "4,500, number R-0017." in asked
    assert "https://media.example/r1" in asked
    assert await points(cafe) == 0
    assert await cafe.rows("SELECT FROM purchases") == []
    assert "Approved" in await tunde.says("1")
    assert "has been looked at, and you earned 95 points" in chioma.received()[-1].body
    (purchase,) = await cafe.rows("SELECT * FROM purchases")
    assert (purchase.amount, purchase.receipt_number, purchase.receipt_verified) == (450_000, "R-0017", True)
    assert (purchase.receipt_url, purchase.logged_via) == ("https://media.example/r1", "receipt")
    assert await points(cafe) == 95


async def test_the_amount_may_stand_under_the_picture(cafe: Shop, chioma: Phone) -> None:
    assert "number printed on it" in await chioma.says("my receipt, 4500 naira", **PICTURE)
    assert "will look at it" in await chioma.says("1")
    (approval,) = await cafe.rows("SELECT payload FROM approvals")
    assert (approval.payload["amount"], approval.payload["number"]) == (450_000, None)


async def test_the_very_first_message_may_be_a_picture(cafe: Shop) -> None:
    newcomer = cafe.phone("+2348039990001")
    answer = await newcomer.says("", **PICTURE)
    assert "You're now a member" in answer
    assert "what's the total" in answer
    assert "will look at it" in await newcomer.says("4500", "1")


async def test_a_picture_need_be_no_receipt(cafe: Shop, chioma: Phone) -> None:
    assert "1. It's something else" in await chioma.says("", **PICTURE)
    assert "I can only read words" in await chioma.says("1")
    assert await cafe.rows("SELECT FROM approvals") == []
    await chioma.says("", **PICTURE)
    assert "You have no points yet" in await chioma.says("points")


async def test_a_picture_in_the_middle_of_something_else(chioma: Phone) -> None:
    """The question that was open is put again."""
    await chioma.says("book")
    answer = await chioma.says("", **{**PICTURE, "Body": ""})
    assert "what's the total" in answer
    resumed = await chioma.says("4500", "1")
    assert "will look at it" in resumed
    assert "back to where we were" in resumed


async def test_a_shop_without_receipts_says_so_at_once(carpet_cleaning: Shop) -> None:
    customer = carpet_cleaning.phone("+14155550177")
    await customer.says("hi")
    assert "I can only read words" in await customer.says("", **PICTURE)


async def test_a_voice_note_is_no_receipt(chioma: Phone) -> None:
    note = {**PICTURE, "MediaContentType0": "audio/ogg"}
    assert "I can only read words" in await chioma.says("", **note)


async def test_staff_send_none(cafe: Shop, chioma: Phone) -> None:
    """Invariant 32: whoever works here would earn for himself."""
    assert chioma.number == CHIOMA
    assert "I can only read words" in await cafe.phone(TUNDE).says("", **PICTURE)
    assert await cafe.rows("SELECT FROM approvals") == []


async def test_a_refusal_is_told_kindly(cafe: Shop, chioma: Phone) -> None:
    await chioma.says("", **PICTURE)
    await chioma.says("4500", "1")
    tunde = cafe.phone(TUNDE)
    assert "1. I can't read it" in await tunde.says("2")
    assert "Refused" in await tunde.says("1")
    assert "couldn't read it. Please send a sharper picture" in chioma.received()[-1].body
    assert "Nothing waits" in await tunde.says("approvals")
    await chioma.says("", **PICTURE)
    await chioma.says("4500", "1")
    await tunde.says("approvals", "1", "refuse", "That one is from the place next door")
    assert "That one is from the place next door" in chioma.received()[-1].body
    assert await points(cafe) == 0


async def test_all_press_at_once(cafe: Shop, chioma: Phone) -> None:
    """One decision: who is late is told so."""
    await chioma.says("", **PICTURE)
    await chioma.says("4500", "R1")
    amaka, tunde = cafe.phone(AMAKA), cafe.phone(TUNDE)
    await asyncio.gather(amaka.posts("1"), tunde.posts("1"))
    await cafe.settle()
    told = [phone.received()[-1].body for phone in (amaka, tunde)]
    assert sorted("Approved" in body for body in told) == [False, True]
    assert sorted("decided that already" in body for body in told) == [False, True]
    assert await points(cafe) == 95
    assert sum("you earned" in sent.body for sent in chioma.received()) == 1


async def test_nobody_decides_on_somebody_close(cafe: Shop) -> None:
    """Invariant 32: Tunde is not even asked, and finds out why when he tries."""
    linked = cafe.phone(LINKED)
    await linked.says("hi")
    tunde = cafe.phone(TUNDE)
    await tunde.says("menu")
    await linked.says("", **PICTURE)
    await linked.says("4500", "1")
    assert "receipt" not in tunde.received()[-1].body
    assert "a colleague has to decide" in await tunde.says("approvals", "1")
    assert "Approved" in await cafe.phone(AMAKA).says("approvals", "1", "1")


async def test_a_number_counts_once(cafe: Shop, chioma: Phone) -> None:
    """Invariant 33."""
    await chioma.says("", **PICTURE)
    await chioma.says("4500", "R1")
    await cafe.phone(TUNDE).says("approve")
    await chioma.says("", **PICTURE)
    assert "counted already" in await chioma.says("4500", "r 1")
    assert await points(cafe) == 95


async def test_three_a_day(cafe: Shop, chioma: Phone) -> None:
    for _ in range(3):
        await chioma.says("", **PICTURE)
        assert "will look at it" in await chioma.says("4500", "1")
    await chioma.says("", **PICTURE)
    assert "I can take 3 receipts a day" in await chioma.says("4500", "1")
    cafe.town.clock.pass_by(hours=10)
    await chioma.says("", **PICTURE)
    assert "I can take 3 receipts" in await chioma.says("4500", "1")
    cafe.town.clock.pass_by(hours=1)
    await chioma.says("", **PICTURE)
    assert "will look at it" in await chioma.says("4500", "1")


async def test_what_nobody_looked_at_is_owned_up_to(cafe: Shop, chioma: Phone) -> None:
    await chioma.says("", **PICTURE)
    await chioma.says("4500", "1")
    cafe.town.clock.pass_by(days=7)
    assert await cafe.runs("expire_approvals") == 1
    assert "nobody got round to looking at your receipt" in chioma.received()[-1].body


async def test_the_bare_total_under_the_picture_is_no_question_twice(cafe: Shop, chioma: Phone) -> None:
    assert "number printed on it" in await chioma.says("4500", **PICTURE)
    await chioma.says("1")
    (approval,) = await cafe.rows("SELECT payload FROM approvals")
    assert approval.payload["amount"] == 450_000


@pytest.mark.parametrize("said", ["receipt", "I didn't get my points", "i forgot to give my number at the till"])
async def test_who_misses_points_is_told_of_the_picture(chioma: Phone, said: str) -> None:
    assert "Send me a picture of its receipt" in await chioma.says(said)


async def test_where_no_receipts_are_taken_the_counter_is_the_place(carpet_cleaning: Shop) -> None:
    customer = carpet_cleaning.phone("+14155550177")
    await customer.says("hi")
    assert "at the counter" in await customer.says("my points are missing")
