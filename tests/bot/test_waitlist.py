"""The waiting list at the door: joining, being asked, answering, and making way for the next."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.bot.town import Phone, Shop, Town

ADA, BEN, CLEO = "+14155550171", "+14155550172", "+14155550173"
HANK = "+14155550131"
CHANNELS = pytest.mark.parametrize("channel", ["whatsapp", "sms"])
# both consultants have one quarter of an hour a day
NARROW = text("UPDATE availability_templates SET start_time = '10:30', end_time = '10:45' WHERE kind = 'open'")
CLOSED = text("UPDATE availability_templates SET is_active = false WHERE kind = 'open'")
OPEN_AGAIN = text("UPDATE availability_templates SET is_active = true WHERE kind = 'open'")
WEDNESDAY_MORNING, WEDNESDAY_NIGHT = datetime(2026, 11, 18, 16, tzinfo=UTC), datetime(2026, 11, 19, 4, tzinfo=UTC)
"""10:00 and 22:00 in Houston."""
THURSDAY_MORNING = datetime(2026, 11, 19, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def morning(town: Town) -> None:
    """Everybody is awake."""
    town.clock.now = WEDNESDAY_MORNING


async def person(shop: Shop, number: str, channel: str = "sms") -> Phone:
    phone = shop.phone(number, channel)
    await phone.says("hi")
    return phone


async def books(phone: Phone, day: str, clock: str) -> None:
    """A carpet cleaned in Houston."""
    assert "Booked!" in await phone.says("book", "carpet cleaning", day, clock, "12 Elm Street, Houston", "yes")


async def full_friday(shop: Shop) -> Phone:
    """The van is booked all Friday; Ada has the first time."""
    ada = await person(shop, ADA)
    for clock in ("8:00", "10:30", "13:00", "15:30"):
        await books(ada, "friday", clock)
    return ada


async def cancels(ada: Phone, *which: str) -> None:
    assert "Cancelled" in await ada.says("cancel my appointment", *which, "yes")
    ada.town.clock.pass_by(seconds=20)


async def offers(shop: Shop) -> list[tuple[str, str | None]]:
    rows = await shop.rows("SELECT state, reason FROM waitlist_offers WHERE booking_id IS NOT NULL ORDER BY offered_at")
    return [(row.state, row.reason) for row in rows]


@CHANNELS
async def test_a_freed_time_is_offered_and_booked_with_what_the_service_asks(
    carpet_cleaning: Shop, channel: str
) -> None:
    ada, ben = await full_friday(carpet_cleaning), await person(carpet_cleaning, BEN, channel)
    joined = await ben.says("let me know if something opens on friday morning", "carpet cleaning")
    assert "waiting list for Carpet cleaning: Friday, November 20, in the morning" in joined
    await cancels(ada, "1")
    assert await carpet_cleaning.runs("offer_free_time") == 1
    asked = ben.received()[-1].body.replace("\u202f", " ")
    assert "Carpet cleaning has become free on Friday, November 20, 8:00 AM, $180" in asked
    assert "until 10:20 AM" in asked
    assert "address" in await ben.says("1")
    assert "Booked!" in await ben.says("7 Oak Lane, Houston", "yes")
    assert await offers(carpet_cleaning) == [("accepted", None)]
    (booking,) = await carpet_cleaning.rows(
        "SELECT pickup_address, status FROM bookings WHERE status = 'confirmed' AND pickup_address LIKE '7 Oak%'"
    )
    assert booking.status == "confirmed"
    assert await carpet_cleaning.runs("offer_free_time") == 0


@CHANNELS
async def test_one_answer_books_what_needs_no_more(consultancy: Shop, channel: str) -> None:
    ada, ben = await filled_consultancy(consultancy), await person(consultancy, BEN, channel)
    assert "waiting list" in await ben.says("waitlist", "introductory discovery call", "friday", "any time")
    await cancels(ada)
    assert await consultancy.runs("offer_free_time") == 1
    assert "I'm keeping it for you until" in ben.received()[-1].body
    done = await ben.says("1")
    assert "It's yours!" in done
    assert "/calendar/" in done
    assert await offers(consultancy) == [("accepted", None)]
    assert "You're on no waiting list" in await ben.says("my waitlist")


async def filled_consultancy(shop: Shop) -> Phone:
    """Two consultants, one quarter of an hour on Friday each, and Ada has the first."""
    ada, cleo = await person(shop, ADA), await person(shop, CLEO)
    async with shop.town.services.db.tenant(shop.tenant_id) as tx:
        await tx.run(NARROW)
    for phone in (ada, cleo):
        assert "Booked!" in await phone.says("book", "1", "friday", "10:30", "yes")
    return ada


@CHANNELS
async def test_silence_makes_way_for_the_next(carpet_cleaning: Shop, channel: str) -> None:
    """Invariant 14."""
    ada = await full_friday(carpet_cleaning)
    ben, cleo = await person(carpet_cleaning, BEN, channel), await person(carpet_cleaning, CLEO, channel)
    for phone in (ben, cleo):
        await phone.says("waitlist", "carpet cleaning", "friday", "morning")
        carpet_cleaning.town.clock.pass_by(seconds=5)
    await cancels(ada, "1")
    assert [await carpet_cleaning.runs("offer_free_time") for _ in range(2)] == [1, 0]
    assert "has become free" in ben.received()[-1].body
    assert "has become free" not in cleo.received()[-1].body
    carpet_cleaning.town.clock.pass_by(minutes=20)
    assert await carpet_cleaning.runs("tidy_waitlist") == 1
    assert await carpet_cleaning.runs("offer_free_time") == 1
    assert "has become free" in cleo.received()[-1].body
    assert await offers(carpet_cleaning) == [("expired", None), ("offered", None)]
    late = await ben.says("yes, i'll take it")
    assert "Booked!" not in late
    assert "isn't free" in late or "just taken" in late or "nothing free" in late.lower()


async def test_no_makes_way_at_once(carpet_cleaning: Shop) -> None:
    ada = await full_friday(carpet_cleaning)
    ben, cleo = await person(carpet_cleaning, BEN), await person(carpet_cleaning, CLEO)
    for phone in (ben, cleo):
        await phone.says("waitlist", "carpet cleaning", "friday", "morning")
        carpet_cleaning.town.clock.pass_by(seconds=5)
    await cancels(ada, "1")
    await carpet_cleaning.runs("offer_free_time")
    assert "You stay on the waiting list" in await ben.says("2")
    assert await carpet_cleaning.runs("offer_free_time") == 1
    assert "has become free" in cleo.received()[-1].body


async def test_the_owner_hears_what_was_refilled(carpet_cleaning: Shop) -> None:
    ada, ben = await full_friday(carpet_cleaning), await person(carpet_cleaning, BEN)
    await ben.says("waitlist", "carpet cleaning", "friday", "morning")
    await cancels(ada, "1")
    await carpet_cleaning.runs("offer_free_time")
    await ben.says("1", "7 Oak Lane, Houston", "yes")
    hank = carpet_cleaning.phone(HANK, "sms")
    carpet_cleaning.town.clock.now = WEDNESDAY_NIGHT
    assert await carpet_cleaning.runs("tell_refills") == 0
    carpet_cleaning.town.clock.now = THURSDAY_MORNING
    assert [await carpet_cleaning.runs("tell_refills") for _ in range(2)] == [1, 0]
    assert "A gap was refilled from the waiting list, $180" in hank.received()[-1].body
    assert "1 gap refilled from the waiting list, $180. Waiting now: 0" in await hank.says("refills")


async def test_customers_do_not_see_the_refills(carpet_cleaning: Shop) -> None:
    ben = await person(carpet_cleaning, BEN)
    assert "gap" not in await ben.says("refills")


async def test_what_is_free_already_is_offered_instead(carpet_cleaning: Shop) -> None:
    ben = await person(carpet_cleaning, BEN)
    free = await ben.says("waitlist", "carpet cleaning", "friday", "morning")
    assert "there is something free" in free
    assert "12 Elm" not in await ben.says("1")
    assert "Booked!" in await ben.says("7 Oak Lane, Houston", "yes")
    assert await carpet_cleaning.rows("SELECT FROM waitlist_entries") == []


async def test_who_waits_all_the_same_is_not_offered_what_he_has_seen(carpet_cleaning: Shop) -> None:
    ada, ben = await person(carpet_cleaning, ADA), await person(carpet_cleaning, BEN)
    await books(ada, "friday", "10:30")
    free = await ben.says("waitlist", "carpet cleaning", "friday", "morning")
    number = re.search(r"(\d)\. None of these: I'll wait", free)
    assert number is not None
    assert "You're on the waiting list" in await ben.says(number[1])
    assert await carpet_cleaning.runs("offer_free_time") == 0
    await cancels(ada)
    assert await carpet_cleaning.runs("offer_free_time") == 1
    assert "free on Friday, November 20, 8:30 AM" in ben.received()[-1].body  # 8:00 he had seen


@CHANNELS
async def test_the_list_is_offered_beside_times_that_do_not_suit(carpet_cleaning: Shop, channel: str) -> None:
    ben = await person(carpet_cleaning, BEN, channel)
    times = await ben.says("book", "carpet cleaning", "friday")
    assert "None of these: waiting list" in times
    assert "What time of day" in await ben.says("none of these: waiting list")
    assert "waiting list for Carpet cleaning: Friday, November 20, in the evening" in await ben.says("evening")


async def test_the_list_is_seen_and_left(carpet_cleaning: Shop) -> None:
    await full_friday(carpet_cleaning)
    ben = await person(carpet_cleaning, BEN)
    await ben.says("waitlist", "carpet cleaning", "friday", "any time")
    assert "already" in await ben.says("waitlist", "carpet cleaning", "friday", "any time")
    mine = await ben.says("my waitlist")
    assert "Carpet cleaning, Friday, November 20" in mine
    assert "no longer waiting" in await ben.says("1")
    assert "on no waiting list" in await ben.says("my waitlist")
    assert await carpet_cleaning.rows("SELECT state FROM waitlist_entries") == [("left",)]


async def test_an_offer_to_another_is_nobodys(carpet_cleaning: Shop) -> None:
    ada, ben = await full_friday(carpet_cleaning), await person(carpet_cleaning, BEN)
    await ben.says("waitlist", "carpet cleaning", "friday", "morning")
    await cancels(ada, "1")
    await carpet_cleaning.runs("offer_free_time")
    (offer,) = await carpet_cleaning.rows("SELECT id FROM waitlist_offers WHERE state = 'offered'")
    await ada.says("x", ButtonPayload=f"start:offer?offer={offer.id}&take=yes")
    assert await offers(carpet_cleaning) == [("offered", None)]


async def test_a_party_waits_for_as_many_places(cafe: Shop) -> None:
    """Invariant 1: five of six places are taken, and two wait."""
    ada, ben = await person(cafe, "+2348031230001"), await person(cafe, "+2348031230002")
    assert "Booked!" in await ada.says("book", "5", "saturday", "1", "skip", "yes")
    joined = await ben.says("waitlist", "2", "saturday", "any time")
    assert "You're on the waiting list for Tasting class" in joined
    assert await cafe.runs("offer_free_time") == 0
    await cancels(ada)
    assert await cafe.runs("offer_free_time") == 1
    assert "It's yours!" in await ben.says("1")
    assert await cafe.rows("SELECT seats FROM bookings WHERE status = 'confirmed'") == [(2,)]


async def test_what_needs_a_yes_of_the_team_is_asked_of_the_owner(consultancy: Shop) -> None:
    ben, dana = await person(consultancy, BEN), consultancy.phone("+14155550141", "sms")
    async with consultancy.town.services.db.tenant(consultancy.tenant_id) as tx:
        await tx.run(CLOSED)
    joined = await ben.says("waitlist", "technical strategy session", "friday", "any time")
    assert "You're on the waiting list" in joined
    async with consultancy.town.services.db.tenant(consultancy.tenant_id) as tx:
        await tx.run(OPEN_AGAIN)
    consultancy.town.clock.pass_by(seconds=20)
    assert await consultancy.runs("offer_free_time") == 1
    assert "is kept for you" in await ben.says("1")
    assert "Technical Strategy Session" in dana.received()[-1].body
    assert await offers(consultancy) == [("accepted", None)]
