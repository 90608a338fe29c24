"""The counter with a queue before it: words left out, lines at the wrong moment, words of the customers' own."""

import pytest

from tests.bot.town import Phone, Shop

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"
PIN, OWNERS_PIN = "730264", "482915"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])


@pytest.fixture
async def tunde(cafe: Shop) -> Phone:
    """At the till; Chioma is a member."""
    await cafe.phone(CHIOMA).says("hi")
    return cafe.phone(TUNDE)


async def amounts(cafe: Shop) -> list[int]:
    return [row.amount // 100 for row in await cafe.rows("SELECT amount FROM purchases ORDER BY amount")]


async def no_pin_rests(cafe: Shop) -> None:
    for pin in (PIN, OWNERS_PIN):
        for table in ("messages", "turns", "customers", "audit_logs", "points_transactions", "approvals"):
            assert await cafe.rows(f"SELECT FROM {table} t WHERE t::text LIKE :pin", pin=f"%{pin}%") == [], table


@CHANNELS
async def test_a_purchase_needs_no_word_before_it(cafe: Shop, tunde: Phone, channel: str) -> None:
    staff = cafe.phone(tunde.number, channel)
    assert "Done" in await staff.says(f"0803 123 4567 5000 {PIN}")
    assert "Your PIN" in await staff.says("08031234567 700")
    assert "Done" in await staff.says(PIN)
    assert await amounts(cafe) == [700, 5000]
    assert "Chioma Obi" in await staff.says("0803 123 4567"), "a number alone is still looked up"


@pytest.mark.parametrize("garbled", ["lgo 0803 123 4567 5000 730264", "5000 08031234567"])
async def test_a_line_gone_wrong_is_told_how_it_goes(cafe: Shop, tunde: Phone, garbled: str) -> None:
    assert "phone, amount and PIN in this order" in await tunde.says(garbled)
    assert await amounts(cafe) == []


@pytest.mark.parametrize("question", ["look up", "adjust 0803 123 4567 +20 other", "log", "reverse"])
async def test_a_whole_line_counts_at_any_question(cafe: Shop, tunde: Phone, question: str) -> None:
    await tunde.says(question)
    assert "Done" in await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    assert await amounts(cafe) == [5000]
    await no_pin_rests(cafe)


async def test_a_word_of_theirs_is_nobody_to_look_up(tunde: Phone) -> None:
    await tunde.says("look up")
    assert "Whose purchase" in await tunde.says("reverse")
    await tunde.says("never mind", "look up")
    assert "Chioma Obi" in await tunde.says("find chioma")


async def test_no_pin_rests_in_an_answer_in_any_words(cafe: Shop, tunde: Phone) -> None:
    """Invariant 31: a PIN typed too early stands in no note, no reason and no echo."""
    await tunde.says("look up")
    assert PIN not in await tunde.says(f"lgo 08031234567 5000 {PIN}")
    await tunde.says("adjust 0803 123 4567 +50", "another reason", f"spilled her coffee {PIN}")
    assert "New balance: 50" in await tunde.says(PIN)
    await tunde.says(f"adjust 0803 123 4567 +500 goodwill {PIN}")
    await cafe.phone(AMAKA).says("refuse", f"no {OWNERS_PIN} never")
    assert "Amaka refused" in tunde.received()[-1].body
    await no_pin_rests(cafe)


@pytest.mark.parametrize(
    "said",
    [
        "adjust 0803 123 4567 +50",
        "adjust points 0803 123 4567 plus 50",
        "give 0803 123 4567 50 points",
        "add 50 points to 0803 123 4567",
    ],
)
async def test_points_by_hand_in_a_sentence(tunde: Phone, said: str) -> None:
    assert "+50 points for Chioma. Why?" in await tunde.says(said)


async def test_points_are_taken_in_a_sentence_too(tunde: Phone) -> None:
    assert "-10 points for Chioma. Why?" in await tunde.says("take 10 points from 0803 123 4567")
    await tunde.says("never mind")
    assert "Whose points?" in await tunde.says("give chioma 50 points")
    assert "+50 points for Chioma. Why?" in await tunde.says("0803 123 4567")


async def test_a_purchase_is_taken_back_in_other_words(cafe: Shop, tunde: Phone) -> None:
    await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    for said in ("undo the last one for 0803 123 4567", "void the last sale of 0803 123 4567"):
        assert "Take back Chioma's ₦5,000" in await tunde.says(said)
        await tunde.says("never mind")
    assert "Whose purchase?" in await tunde.says("reverse chioma")
    await tunde.says("never mind")
    cafe.town.clock.pass_by(minutes=2)
    assert "Send REVERSE to take a purchase back" in await tunde.says("undo")


async def test_wrong_amount_undoes_it(cafe: Shop, tunde: Phone) -> None:
    await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    assert "Undone" in await tunde.says("wrong amount")
    assert await cafe.rows("SELECT FROM purchases WHERE reversed_at IS NULL") == []


@pytest.mark.parametrize("said", ["points for 0803 123 4567", "how many points has 0803 123 4567", "points of Chioma"])
async def test_staff_ask_for_points_as_customers_do(tunde: Phone, said: str) -> None:
    assert "0 points to spend" in await tunde.says(said)


async def test_staff_are_not_sent_to_join(tunde: Phone) -> None:
    for said in ("points", "balance", "how many points"):
        assert "Whom shall I look up?" in await tunde.says(said)
        await tunde.says("never mind")
    assert "The customer's code?" in await tunde.says("reward")


async def test_staff_who_are_not_understood_are_no_case_for_the_team(tunde: Phone) -> None:
    answer = await tunde.says("blah", "blub", "blubber")
    assert "Send MENU" in answer
    assert "person from the team" not in answer


async def test_the_owner_sees_what_he_refuses(cafe: Shop, tunde: Phone) -> None:
    amaka = cafe.phone(AMAKA)
    await tunde.says(f"adjust 0803 123 4567 +500 goodwill {PIN}")
    assert "+500 points for Chioma" in await amaka.says("refuse")
    assert "Refused: +500 points for Chioma" in await amaka.says("1")


@pytest.mark.parametrize("who", [CHIOMA, TUNDE, AMAKA])
async def test_the_menu_goes_on(cafe: Shop, tunde: Phone, who: str) -> None:
    """Ten at most in each list, as WhatsApp shows them, and everything in them begins."""
    phone = cafe.phone(who if who != TUNDE else tunde.number)
    for page in ("menu", "more"):
        await phone.says("menu")
        rows = (await phone.says(page)).splitlines()
        listed = [row for row in rows if row.split(".")[0].isdigit()]
        assert 0 < len(listed) <= 10
        for number in range(1, len(listed) + 1):
            await phone.says("menu", page)
            assert "went wrong" not in await phone.says(str(number))
            await phone.says("never mind")


async def test_a_line_is_no_answer_to_a_list(laundry: Shop) -> None:
    """The next customer's purchase must not be taken for what the last one's was for."""
    rosa, pin = laundry.phone("+14155550121", "sms"), "318642"
    await laundry.phone("+14155550161", "sms").says("hi")
    assert "I don't know that category" in await rosa.says(f"log 4155550161 42 flowers {pin}")
    done = await rosa.says(f"log 4155550161 42.50 dry cleaning gift card {pin}")
    assert "Done: $42.50" in done
    assert "What was" not in done
    assert "Done: $30" in await rosa.says(f"log 4155550161 30 drycleaning {pin}")
    rows = await laundry.rows("SELECT amount, category, paid_with FROM purchases ORDER BY amount DESC")
    assert [tuple(row) for row in rows] == [(4250, "dry cleaning", "gift_card"), (3000, "dry cleaning", "money")]


async def test_why_needs_no_word_for_points(cafe: Shop, tunde: Phone) -> None:
    await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    for said in ("why 100 08031234567", "why 100 points 0803 123 4567", "why 0803 123 4567"):
        assert "100 points on Wednesday, 18 November" in await tunde.says(said)
    assert "100 points on Wednesday, 18 November" in await cafe.phone(CHIOMA).says("why 100?")


async def test_nobody_comes_back_to_a_look_up(tunde: Phone) -> None:
    await tunde.says("look up")
    assert "back to where we were" not in await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    await tunde.says("why")
    assert "back to where we were" not in await tunde.says(f"log 0803 123 4567 5000 {PIN}")


async def test_a_reward_is_wished_for_by_its_name(cafe: Shop, tunde: Phone) -> None:
    chioma = cafe.phone(CHIOMA)
    assert "Free coffee needs 100 more" in await chioma.says("can I get a free coffee?")
    await tunde.says(f"log 0803 123 4567 5000 {PIN}")
    assert "1. Free coffee (100 points)" in await chioma.says("i want a free coffee")
    await chioma.says("never mind")
    assert "pastries fresh each morning" in await chioma.says("Do you have cakes or pastries?")


async def test_a_day_next_year_says_so(cafe: Shop, tunde: Phone) -> None:
    await tunde.says(f"log 0803 123 4567 99000 {PIN}")
    await tunde.says(f"log 0803 123 4567 1000 {PIN}")
    chioma = cafe.phone(CHIOMA)
    assert "until 18 November 2027 at least" in await chioma.says("how to get to gold")


async def test_what_expires_is_told_by_its_day(cafe: Shop, tunde: Phone) -> None:
    for _ in range(2):
        await tunde.says(f"log 0803 123 4567 5000 {PIN}")
        cafe.town.clock.pass_by(days=10)
    cafe.town.clock.pass_by(days=330)
    answer = await cafe.phone(CHIOMA).says("points")
    assert "100 points expire on Thursday, 18 November, and 50 more soon after." in answer
