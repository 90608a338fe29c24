"""When a customer needs a person: somebody is really told, sees who waits, and takes him off the list."""

from tests.bot.town import Shop

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"


async def test_the_owner_is_told_who_wants_a_person(cafe: Shop) -> None:
    chioma, amaka = cafe.phone(CHIOMA), cafe.phone(AMAKA)
    await chioma.says("hi")
    assert "I've told the team" in await chioma.says("can I talk to a person?")
    (told,) = amaka.received()
    assert "Chioma" in told.body
    assert CHIOMA in told.body
    assert "knows that you're waiting" in await chioma.says("person")
    assert len(amaka.received()) == 1


async def test_the_owner_is_told_what_nobody_could_answer(cafe: Shop) -> None:
    await cafe.phone(CHIOMA).says("hi", "do you repair bicycle gearboxes in Norway?")
    (told,) = cafe.phone(AMAKA).received()
    assert "Norway" in told.body


async def test_staff_see_who_waits_and_take_him_off_the_list(cafe: Shop) -> None:
    chioma, tunde = cafe.phone(CHIOMA), cafe.phone(TUNDE)
    await chioma.says("hi", "do you repair bicycle gearboxes in Norway?")
    waiting = await tunde.says("waiting")
    assert "Norway" in waiting
    assert CHIOMA in waiting
    assert "off the list" in await tunde.says("1")
    assert "Nobody is waiting" in await tunde.says("waiting")
    (handoff,) = await cafe.rows("SELECT given_back_at, taken_by_user_id FROM handoffs")
    assert handoff.given_back_at is not None
    assert handoff.taken_by_user_id is not None
    assert await cafe.rows("SELECT status FROM unanswered_questions") == [("answered",)]


async def test_after_that_the_owner_is_told_again(cafe: Shop) -> None:
    chioma, amaka = cafe.phone(CHIOMA), cafe.phone(AMAKA)
    await chioma.says("hi", "person")
    await amaka.says("waiting", "1")
    before = len(amaka.received())
    await chioma.says("person")
    assert len(amaka.received()) == before + 1


async def test_customers_do_not_see_who_waits(cafe: Shop) -> None:
    chioma = cafe.phone(CHIOMA)
    await chioma.says("hi", "person")
    assert CHIOMA not in await chioma.says("waiting")


async def test_an_appointment_is_cancelled_while_it_is_being_moved(consultancy: Shop) -> None:
    """Going back to moving what is cancelled would fail, and take the cancellation back with it."""
    sam = consultancy.phone("+14155550177")
    await sam.says("book an introductory discovery call friday at 10:30", "yes")
    await sam.says("move my appointment", "monday", "cancel my appointment")
    answer = await sam.says("yes")
    assert "Cancelled" in answer
    assert "What time" not in answer
    assert await consultancy.rows("SELECT status FROM bookings") == [("cancelled",)]
    assert "What would you like" in await sam.says("menu")


async def test_a_picture_is_kept_and_answered_honestly(carpet_cleaning: Shop) -> None:
    """Where it cannot be a receipt."""
    cafe, chioma = carpet_cleaning, carpet_cleaning.phone(CHIOMA)
    await chioma.says("hi")
    url = "https://api.twilio.example/Media/ME1"
    answer = await chioma.says("", NumMedia="1", MediaUrl0=url, MediaContentType0="image/jpeg")
    assert "only read words" in answer
    (row,) = await cafe.rows("SELECT message_type, media_url FROM messages WHERE media_url IS NOT NULL")
    assert (row.message_type, row.media_url) == ("image", url)


async def test_somebody_staff_have_added_is_told_how_to_stop(cafe: Shop) -> None:
    ada = cafe.phone("+2348035550001")
    await cafe.phone(TUNDE).says(f"log {ada.number} 5000", "yes", "730264")
    (receipt,) = ada.received()
    assert "Lekki Coffee House" in receipt.body
    assert "STOP" in receipt.body
