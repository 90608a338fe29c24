"""Phone calls: the same flows, spoken and heard, one request of the provider after the other."""

import asyncio
import re

from tests.bot.town import Call, Shop

AMAKA, TUNDE, CHIOMA = "+2348030000001", "+2348030000002", "+2348031234567"
PIN = "730264"


async def member(cafe: Shop, points: int = 0) -> None:
    """Chioma has joined by message, and has so many points."""
    await cafe.phone(CHIOMA).says("hi")
    if points:
        await cafe.phone(TUNDE).says(f"log 08031234567 {(points - 50) * 100} {PIN}")


async def transcript(shop: Shop) -> list[str]:
    (call,) = await shop.rows("SELECT transcript FROM calls")
    return [f"{line['who']}: {line['text']}" for line in call.transcript]


async def test_a_call_is_greeted_and_listened_to(cafe: Shop) -> None:
    await member(cafe)
    heard = await cafe.call(CHIOMA).dials()
    assert heard.words.startswith("Welcome to Lekki Coffee House")
    assert "For My points, press 1." in heard.words
    assert "For Redeem a reward, press 2." in heard.words
    assert heard.gather["input"] == "speech dtmf"
    assert heard.gather["method"] == "POST"
    assert heard.gather["actionOnEmptyResult"] == "true"
    assert heard.gather["language"] == "en-NG"
    assert heard.gather["action"].startswith("https://regulars.example/webhooks/twilio/voice/turn?")
    assert "My points" in heard.gather["hints"]


async def test_words_and_keys_both_work(cafe: Shop) -> None:
    await member(cafe, points=120)
    for words in ("points", "My points.", "1", "one", "The first one.", "How many points do I have?"):
        call = cafe.call(CHIOMA)
        await call.dials()
        assert "You have 120 points" in (await call.says(words)).words
    await call.says("menu")
    assert "You have 120 points" in (await call.keys("1")).words


async def test_a_stranger_who_calls_is_no_member_by_that(cafe: Shop) -> None:
    """Writing to the shop joins, and says so; a wrong number does not."""
    call = cafe.call(CHIOMA)
    await call.dials()
    assert "not a member" in (await call.says("points")).words
    assert "Welcome to Lekki Coffee House! You're now a member" in (await call.says("join")).words
    assert await cafe.rows("SELECT FROM consents WHERE channel = 'voice' AND granted")


async def test_a_booking_is_made_by_word_and_key(consultancy: Shop) -> None:
    call = consultancy.call("+14155550177")
    assert "press 1" in (await call.dials()).words
    services = await call.says("I'd like to book an appointment please")
    assert "Introductory Discovery Call, press 1" in services.words
    days = await call.keys("1")
    assert "which day" in days.words
    times = await call.says("Friday")
    assert re.search(r"For \d+:\d\d AM, press \d", times.words)
    summary = await call.says("ten thirty")
    assert "Shall I book it" in summary.words
    assert "For Yes, press 1" in summary.words
    booked = await call.keys("1")
    assert "Booked" in booked.words
    (booking,) = await consultancy.rows("SELECT status, source, reference, local_start FROM bookings")
    assert (booking.status, booking.source) == ("confirmed", "voice")
    assert booking.local_start.strftime("%a %H:%M") == "Fri 10:30"
    tail = booking.reference.rpartition("-")[2]
    assert " ".join(tail) in booked.words, "a reference is read out letter by letter"


async def test_a_purchase_is_logged_with_a_keyed_pin(cafe: Shop) -> None:
    await member(cafe)
    call = cafe.call(TUNDE)
    assert "Hello Tunde" in (await call.dials()).words
    assert "phone number" in (await call.keys("1")).words
    assert "How much" in (await call.keys("08031234567")).words
    assert "Your PIN" in (await call.keys("5000")).words
    assert "100 points" in (await call.keys(PIN)).words
    (purchase,) = await cafe.rows("SELECT amount, source FROM purchases")
    assert (purchase.amount, purchase.source) == (500_000, "voice")
    await cafe.settle()
    assert "You spent" in cafe.phone(CHIOMA).received()[-1].body
    assert f"caller: {PIN}" not in await transcript(cafe)
    assert "caller: ••••••" in await transcript(cafe)


async def test_a_purchase_is_logged_with_a_spoken_pin(cafe: Shop) -> None:
    await member(cafe)
    call = cafe.call(TUNDE)
    await call.dials()
    await call.says("Log a purchase.", "Oh eight oh three, one two three, four five six seven.", "Five thousand naira.")
    assert "100 points" in (await call.says("Seven three zero two six four.")).words
    assert "seven three zero" not in str(await transcript(cafe)).lower()


async def test_a_reward_is_collected_by_phone(cafe: Shop) -> None:
    await member(cafe, points=120)
    call = cafe.call(CHIOMA)
    await call.dials()
    assert "Free coffee" in (await call.says("redeem")).words
    issued = (await call.keys("1")).words
    spelled = re.search(r"\b(?:[2-9A-Z] ){2}[2-9A-Z], (?:[2-9A-Z] ){3}[2-9A-Z]\b", issued)
    assert spelled is not None, issued
    code = re.sub(r"\W", "", spelled.group())
    assert "Free coffee for Chioma" in await cafe.phone(AMAKA).says(code)
    assert code not in re.sub(r"\W", "", str(await transcript(cafe)))


async def test_who_stays_silent_is_asked_once_more_and_then_let_go(cafe: Shop) -> None:
    await member(cafe)
    call = cafe.call(CHIOMA)
    await call.dials()
    assert not (await call.is_silent()).has_hung_up
    await call.says("points")
    first, second = await call.is_silent(), await call.is_silent()
    assert not first.has_hung_up
    assert first.gather
    assert second.has_hung_up
    assert "hang up" in second.words


async def test_callers_who_hide_their_number_are_different_people(consultancy: Shop) -> None:
    """As one customer they would hear, move and cancel each other's appointments."""

    async def books(number: str, when: str) -> str:
        call = consultancy.call(number)
        await call.dials()
        return (await call.says("book", "1", "Friday", when, "yes")).words

    assert "Booked" in await books("anonymous", "ten thirty")
    assert "Booked" in await books("+266696687", "eleven thirty")
    call = consultancy.call("")
    await call.dials()
    assert "no appointment" in (await call.says("when is my appointment")).words
    people = await consultancy.rows("SELECT phone_number FROM customers")
    assert len({person.phone_number for person in people}) == 3
    assert not any(person.phone_number.startswith("+") for person in people)


async def test_nothing_is_sent_to_a_hidden_number(cafe: Shop) -> None:
    call = cafe.call("anonymous")
    await call.dials()
    await call.says("join", "points")
    await cafe.settle()
    assert cafe.town.sender.sent == []


async def test_a_repeated_request_is_answered_alike_and_counts_once(cafe: Shop) -> None:
    """The provider asks again when our answer was late: nothing may be done twice or told otherwise."""
    await member(cafe)
    call = cafe.call(TUNDE)
    dialled = await call.dials()
    assert await call.repeats() == dialled
    for said in ("log a purchase", "0803 123 4567", "5000", PIN):
        answer = await call.says(said)
        assert {heard.xml for heard in await asyncio.gather(*(call.repeats() for _ in range(4)))} == {answer.xml}
    assert "100 points" in answer.words
    assert len(await cafe.rows("SELECT FROM purchases")) == 1
    assert len(await transcript(cafe)) == 1 + 2 * 4


async def test_a_repeated_request_reads_the_code_out_again(cafe: Shop) -> None:
    """The caller whose line broke off for a moment has points held for a code he never heard."""
    await member(cafe, points=120)
    call = cafe.call(CHIOMA)
    await call.dials()
    issued = await call.says("redeem", "1")
    assert await call.repeats() == issued


async def test_the_same_words_later_in_the_call_are_a_turn_of_their_own(cafe: Shop) -> None:
    await member(cafe)
    call = cafe.call(TUNDE)
    await call.dials()
    for _ in range(2):
        assert "Done" in (await call.says("log a purchase", "0803 123 4567", "5000", PIN)).words
    assert len(await cafe.rows("SELECT FROM purchases")) == 2


async def test_a_call_leaves_one_row_with_its_end(cafe: Shop) -> None:
    await member(cafe)
    call = cafe.call(CHIOMA)
    await call.dials()
    await call.says("points")
    (row,) = await cafe.rows("SELECT call_sid, phone_number, line, status, ended_at FROM calls")
    assert tuple(row) == (call.sid, CHIOMA, cafe.number, "in-progress", None)
    greeting, *exchange = await transcript(cafe)
    assert greeting.startswith("bot: Welcome")
    assert exchange[0] == "caller: points"
    assert exchange[1].startswith("bot: You have no points yet.\nNext reward: Free coffee, 100 to go.")
    assert await call.ends("completed", seconds=42) == 204
    for late in ("in-progress", "failed", "completed"):
        assert await call.ends(late, seconds=7) == 204
    (row,) = await cafe.rows("SELECT status, duration, ended_at FROM calls")
    assert tuple(row) == ("completed", 42, cafe.town.clock.now)


async def test_each_call_counts_once_for_the_customer(cafe: Shop) -> None:
    await member(cafe)
    for _ in range(2):
        call = cafe.call(CHIOMA)
        await call.dials()
        await call.repeats()
        await call.says("points", "menu")
        await call.ends()
    (row,) = await cafe.rows("SELECT total_calls FROM customers WHERE phone_number = :phone", phone=CHIOMA)
    assert row.total_calls == 2


async def test_the_end_of_a_call_that_never_began_is_not_found(cafe: Shop) -> None:
    assert await cafe.call(CHIOMA).ends("busy") == 404
    assert await cafe.rows("SELECT FROM calls") == []


async def test_two_calls_at_once_do_not_mix(cafe: Shop) -> None:
    await member(cafe, points=120)
    ada, chioma = cafe.call("+2348035550001"), cafe.call(CHIOMA)
    await asyncio.gather(ada.dials(), chioma.dials())

    async def asks(call: Call) -> str:
        return (await call.says("points")).words

    hers, ours = await asyncio.gather(asks(ada), asks(chioma))
    assert "not a member" in hers
    assert "120 points" in ours


async def test_a_conversation_goes_on_by_phone(consultancy: Shop) -> None:
    """Whoever gives up typing and rings goes on where he was."""
    sam = consultancy.phone("+14155550177", channel="sms")
    await sam.says("book", "1", "friday")
    call = consultancy.call("+14155550177")
    await call.dials()
    assert "Shall I book it" in (await call.says("ten thirty")).words
    assert "Booked" in await sam.says("yes")
