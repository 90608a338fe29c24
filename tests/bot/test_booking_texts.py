"""How long a text about appointments is, and how it sounds: two parts of an SMS at most, four choices in a call."""

from math import ceil

from bot.channels.gsm import is_gsm
from tests.bot.town import Shop

SAM = "+14155550177"


def parts(text: str) -> int:
    """How many parts of an SMS a text takes (3GPP TS 23.038)."""
    alone, joined = (160, 153) if is_gsm(text) else (70, 67)
    return 1 if len(text) <= alone else ceil(len(text) / joined)


async def test_texts_stay_in_two_parts(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM, "sms")
    await sam.says("hi")
    for said in (
        *("book", "1", "next week", "monday", "anything later?", "3pm", "no", "friday", "other times", "2pm", "yes"),
        *("my appointment", "move my appointment", "next week", "thursday", "11am", "yes"),
        *("when is the next free slot?", "2", "next week", "never mind", "cancel my appointment", "yes"),
    ):
        answer = await sam.says(said)
        assert parts(answer) <= 2, (said, answer)


async def test_a_booking_by_text_and_number_alone(laundry: Shop) -> None:
    sam = laundry.phone(SAM, "sms")
    await sam.says("hi", "book", "2", "2", "12 Allen Avenue, Chicago")
    assert "Booked!" in await sam.says("2", "1")


async def test_a_caller_books_by_voice_and_keys(laundry: Shop) -> None:
    call = laundry.call(SAM)
    await call.dials()
    heard = await call.says("book")
    assert "you can say any other date" in heard.words
    assert "press 4" in heard.words
    assert "press 5" not in heard.words
    assert "What time on" in (await call.keys("2")).words
    assert "Please say the full address" in (await call.says("the first one")).words
    await call.says("12 Allen Avenue Chicago")
    assert "Shall I book it" in (await call.says("two")).words
    assert "Booked!" in (await call.says("yes please")).words
    assert len(await laundry.rows("SELECT 1 FROM bookings WHERE status = 'confirmed' AND source = 'voice'")) == 1


async def test_a_caller_asks_for_another_time(consultancy: Shop) -> None:
    call = consultancy.call(SAM)
    await call.dials()
    await call.says("book a discovery call on friday")
    assert "November 20" in (await call.says("in the afternoon")).words
    assert "There's nothing" not in (await call.says("anything later?")).words
    assert "I'm holding it" in (await call.keys("1")).words
