"""The five jobs, from a signed webhook to the row and the answer."""

import re

from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"


async def test_a_vendor_code_makes_a_member_with_consent(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    assert "Welcome to Lekki Coffee House" in await chioma.says(f"JOIN {cafe.code}")
    (customer,) = await cafe.rows("SELECT * FROM customers")
    assert customer.joined_at is not None
    consents = await cafe.rows("SELECT purpose, granted, wording FROM consents ORDER BY purpose")
    assert [(row.purpose, row.granted) for row in consents] == [("marketing", True), ("service", True)]
    assert "Reply STOP" in consents[0].wording
    assert "already a member" in await chioma.says(f"join {cafe.code}")


async def test_writing_to_the_shop_joins_and_is_answered_too(cafe: Shop) -> None:
    answer = await cafe.phone(CHIOMA).says("points")
    assert "Welcome to Lekki Coffee House" in answer
    assert "You have no points yet" in answer


async def test_a_purchase_step_by_step(cafe: Shop) -> None:
    chioma, tunde = cafe.phone(CHIOMA), cafe.phone(TUNDE)
    await chioma.says("hi")
    assert "phone number" in await tunde.says("log")
    assert "How much did Chioma spend" in await tunde.says("0803 123 4567")
    assert "₦5,000 for Chioma. Your PIN" in await tunde.says("5k")
    done = await tunde.says("730264")
    assert "100 points" in done
    assert "UNDO" in done
    assert "You spent ₦5,000 and earned 100 points" in chioma.received()[-1].body
    (purchase,) = await cafe.rows("SELECT amount, points_awarded, logged_via FROM purchases")
    assert (purchase.amount, purchase.points_awarded, purchase.logged_via) == (500_000, 100, "staff_pin")
    assert "You have 100 points" in await chioma.says("points")


async def test_a_purchase_in_one_line_and_undone(cafe: Shop) -> None:
    chioma, amaka = cafe.phone(CHIOMA), cafe.phone(AMAKA)
    await chioma.says("hi")
    assert "100 points" in await amaka.says("log 0803 123 4567 5000 482915")
    assert "back to 0 points" in await amaka.says("undo")
    assert "taken back" in chioma.received()[-1].body
    assert await cafe.rows("SELECT sum(points) AS points FROM points_transactions") == [(0,)]


async def test_redemption_is_fulfilled_once_and_both_are_told(cafe: Shop) -> None:
    chioma, tunde = cafe.phone(CHIOMA), cafe.phone(TUNDE)
    await chioma.says("hi")
    await tunde.says("log 08031234567 5000 730264")
    assert "Free coffee (100 points)" in await chioma.says("redeem")
    issued = await chioma.says("1")
    code = re.search(r"\b[2-9A-Z]{3}-[2-9A-Z]{4}\b", issued)
    assert code is not None, issued
    assert "Free coffee for Chioma" in await tunde.says(code.group().lower())
    assert "hand over Free coffee" in await tunde.says("730264")
    assert "Enjoy your Free coffee" in chioma.received()[-1].body
    assert "used already" in await tunde.says(code.group())
    (redemption,) = await cafe.rows("SELECT status FROM reward_redemptions")
    assert redemption.status == "fulfilled"


async def test_code_and_pin_may_come_in_one_message(cafe: Shop) -> None:
    chioma, tunde = cafe.phone(CHIOMA), cafe.phone(TUNDE)
    await chioma.says("hi")
    await tunde.says("log 08031234567 5000 730264")
    code = re.search(r"\b[2-9A-Z]{3}-[2-9A-Z]{4}\b", await chioma.says("redeem", "1"))
    assert code is not None
    assert "hand over Free coffee" in await tunde.says(f"{code.group()} 730264")
    kept = await cafe.rows(
        "SELECT body FROM messages WHERE body LIKE '%730264%' OR body LIKE :code", code=f"%{code.group()}%"
    )
    assert kept == []


async def test_a_consultation_is_booked_moved_and_cancelled(consultancy: Shop) -> None:
    sam = consultancy.phone("+14155550177", channel="sms")
    assert "Introductory Discovery Call" in await sam.says("book")
    assert "which day" in await sam.says("1")
    assert "What time" in await sam.says("friday")
    assert "Shall I book it" in await sam.says("10:30")
    booked = await sam.says("yes")
    assert "Booked!" in booked
    assert "Friday, November 20, 10:30" in booked.replace("\u202f", " ")
    assert "Introductory Discovery Call" in await sam.says("when is my appointment?")
    assert "Which day" in await sam.says("move my appointment")
    assert "What time" in await sam.says("monday")
    assert "Move Introductory Discovery Call" in await sam.says("2pm")
    assert "Moved!" in await sam.says("yes")
    assert "Cancel Introductory Discovery Call" in await sam.says("cancel my appointment")
    assert "Cancelled" in await sam.says("yes")
    (booking,) = await consultancy.rows("SELECT status, version FROM bookings")
    assert booking.status == "cancelled"


async def test_a_question_is_answered_in_the_shops_words(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi")
    (faq, *_) = await cafe.rows("SELECT question, answer FROM faqs ORDER BY display_order")
    assert faq.answer in await chioma.says(faq.question)
    assert "passed your question on" in await chioma.says("do you repair bicycle gearboxes in Norway?")
    (unanswered,) = await cafe.rows("SELECT question FROM unanswered_questions")
    assert "Norway" in unanswered.question


async def test_a_status_callback_set_up_by_hand_finds_its_message_by_the_providers_id(cafe: Shop) -> None:
    await cafe.phone(CHIOMA).says("hi")
    (sent,) = await cafe.rows("SELECT provider_id FROM messages WHERE direction = 'outbound'")
    form = {
        "MessageSid": sent.provider_id,
        "MessageStatus": "delivered",
        "From": f"whatsapp:{cafe.number}",
        "To": f"whatsapp:{CHIOMA}",
    }
    assert (await cafe.town.post("/webhooks/twilio/status", form)).status == 204
    assert await cafe.rows("SELECT status FROM messages WHERE direction = 'outbound'") == [("delivered",)]
    unknown = {**form, "MessageSid": "SM" + "0" * 32}
    assert (await cafe.town.post("/webhooks/twilio/status", unknown)).status == 404
