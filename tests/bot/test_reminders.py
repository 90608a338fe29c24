"""Reminders at the door: sent when they are due, to whom they still concern, and answered by a number."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from bot.jobs.registry import PERIODIC
from models.booking import bookings
from tests.bot.town import Phone, Shop

SAM = "+14155550177"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])
Booked = Callable[[], Awaitable[Phone]]


async def call_booked(shop: Shop, channel: str) -> Phone:
    """A discovery call on Friday at 10:30 in Portland."""
    sam = shop.phone(SAM, channel)
    await sam.says("hi")
    assert "Booked!" in await sam.says("book", "1", "friday", "10:30", "yes")
    return sam


async def cleaning_booked(shop: Shop, channel: str) -> Phone:
    """A carpet cleaned on Friday at 09:00 in Houston."""
    sam = shop.phone(SAM, channel)
    await sam.says("hi")
    said = ("book", "carpet cleaning", "friday", "9:00", "12 Elm Street, Houston", "yes")
    assert "Booked!" in await sam.says(*said)
    return sam


def goes_to(shop: Shop, day: int, hour: int, minute: int = 0) -> None:
    shop.town.clock.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def states(shop: Shop) -> list[tuple[str, str, str | None]]:
    return [
        tuple(row) for row in await shop.rows("SELECT kind, state, reason FROM booking_reminders ORDER BY due_at, kind")
    ]


@CHANNELS
async def test_a_day_and_an_hour_before_at_most_once(consultancy: Shop, channel: str) -> None:
    """Invariant 11: each (booking, kind, version) at most once."""
    sam = await call_booked(consultancy, channel)
    assert await states(consultancy) == [("24h", "planned", None), ("1h", "planned", None)]
    goes_to(consultancy, 19, 15, 29)
    assert await consultancy.runs("send_reminders") == 0
    goes_to(consultancy, 19, 15, 30)
    assert [await consultancy.runs("send_reminders") for _ in range(2)] == [1, 0]
    assert "Introductory Discovery Call on Friday, November 20, 10:30" in sam.received()[-1].body
    assert "1. I'll be there" in sam.received()[-1].body
    goes_to(consultancy, 20, 14, 31)
    assert [await consultancy.runs("send_reminders") for _ in range(2)] == [1, 0]
    assert len([sent for sent in sam.received() if "A reminder" in sent.body]) == 2
    assert await states(consultancy) == [("24h", "queued", None), ("1h", "queued", None)]


@CHANNELS
async def test_one_says_that_he_will_be_there(carpet_cleaning: Shop, channel: str) -> None:
    sam = await cleaning_booked(carpet_cleaning, channel)
    goes_to(carpet_cleaning, 19, 15)
    await carpet_cleaning.runs("send_reminders")
    assert "See you on Friday, November 20" in await sam.says("1")
    (booking,) = await carpet_cleaning.rows("SELECT customer_confirmed_at, status FROM bookings")
    assert booking == (carpet_cleaning.town.clock.now, "confirmed")


@CHANNELS
async def test_two_moves_it_and_the_old_reminder_is_never_sent(carpet_cleaning: Shop, channel: str) -> None:
    """Invariant 11: none for a booking that has moved."""
    sam = await cleaning_booked(carpet_cleaning, channel)
    goes_to(carpet_cleaning, 19, 15)
    await carpet_cleaning.runs("send_reminders")
    assert "Which day" in await sam.says("2")
    assert "Moved!" in await sam.says("monday", "9:00", "yes")
    goes_to(carpet_cleaning, 20, 13)
    assert await carpet_cleaning.runs("send_reminders") == 0
    assert await states(carpet_cleaning) == [
        ("24h", "queued", None),
        ("2h", "dropped", "moved"),
        ("24h", "planned", None),
        ("2h", "planned", None),
    ]
    goes_to(carpet_cleaning, 22, 15)
    assert await carpet_cleaning.runs("send_reminders") == 1
    assert "Monday, November 23" in sam.received()[-1].body


@CHANNELS
async def test_three_gives_it_up(consultancy: Shop, channel: str) -> None:
    """Invariant 11: none for a booking that is cancelled."""
    sam = await call_booked(consultancy, channel)
    goes_to(consultancy, 19, 15, 30)
    await consultancy.runs("send_reminders")
    assert "Cancel Introductory Discovery Call" in await sam.says("3")
    assert "Cancelled" in await sam.says("yes")
    goes_to(consultancy, 20, 14, 31)
    assert await consultancy.runs("send_reminders") == 0
    assert await states(consultancy) == [("24h", "queued", None), ("1h", "dropped", "cancelled")]


async def test_the_words_suggest_no_opt_out(consultancy: Shop) -> None:
    sam = await call_booked(consultancy, "sms")
    goes_to(consultancy, 19, 15, 30)
    await consultancy.runs("send_reminders")
    said = sam.received()[-1].body.lower()
    assert not any(word in said for word in ("cancel", "stop", "end ", "quit"))


async def test_yes_to_a_time_that_has_changed_is_no_promise(consultancy: Shop) -> None:
    sam = await call_booked(consultancy, "sms")
    goes_to(consultancy, 19, 15, 30)
    await consultancy.runs("send_reminders")
    await sam.says("move my appointment", "monday", "2pm", "yes")
    assert "is now on Monday, November 23" in await sam.says("I'll be there")
    assert await consultancy.rows("SELECT customer_confirmed_at FROM bookings") == [(None,)]


async def test_a_promise_is_of_one_time(consultancy: Shop) -> None:
    sam = await call_booked(consultancy, "sms")
    assert "See you on Friday" in await sam.says("I'll be there")
    await sam.says("move my appointment", "monday", "2pm", "yes")
    assert await consultancy.rows("SELECT customer_confirmed_at FROM bookings") == [(None,)]


async def test_nobody_confirms_what_is_another_persons(consultancy: Shop) -> None:
    await call_booked(consultancy, "sms")
    (booking,) = await consultancy.rows("SELECT id FROM bookings")
    ada = consultancy.phone("+14155550188", "sms")
    await ada.says("hi")
    answer = await ada.says("x", ButtonPayload=f"start:confirmation?booking={booking.id}")
    assert "See you" not in answer
    assert "isn't in the book" in await ada.says("I'll be there")
    assert await consultancy.rows("SELECT customer_confirmed_at FROM bookings") == [(None,)]


async def test_who_has_opted_out_is_not_reminded(consultancy: Shop) -> None:
    """Invariants 11 and 39."""
    sam = await call_booked(consultancy, "sms")
    await sam.says("stop")
    goes_to(consultancy, 19, 15, 30)
    before = len(sam.received())
    assert await consultancy.runs("send_reminders") == 0
    assert len(sam.received()) == before
    assert ("24h", "dropped", "opted_out") in await states(consultancy)


async def test_a_late_reminder_is_not_sent(consultancy: Shop) -> None:
    sam = await call_booked(consultancy, "sms")
    goes_to(consultancy, 19, 17, 30)
    before = len(sam.received())
    assert await consultancy.runs("send_reminders") == 0
    assert len(sam.received()) == before
    assert ("24h", "dropped", "late") in await states(consultancy)


async def test_a_queued_reminder_of_a_cancelled_booking_is_withdrawn(consultancy: Shop) -> None:
    """Invariant 11, between the commit of the job and the sender's next look."""
    sam = await call_booked(consultancy, "sms")
    goes_to(consultancy, 19, 15, 30)
    services, now = consultancy.town.services, consultancy.town.clock.now
    (job,) = [one for one in PERIODIC if one.name == "send_reminders"]
    assert await services.rounds.run(job, consultancy.tenant_id) == 1
    (booking,) = await consultancy.rows("SELECT id, customer_id FROM bookings")
    async with services.db.tenant(consultancy.tenant_id) as tx:
        await bookings.cancel(tx, booking.id, customer_id=booking.customer_id, now=now)
    await consultancy.settle()
    assert not [sent for sent in sam.received() if "A reminder" in sent.body]
    query = "SELECT status, error_message FROM messages WHERE triggered_by = 'confirmation-reminder'"
    assert await consultancy.rows(query) == [("withheld", "cancelled")]
