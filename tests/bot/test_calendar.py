"""The calendar file at the door: one link per appointment, right over the change of the clocks, and of nobody else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from models.base import uuid7
from models.booking import calendar_file
from models.vault import Vault
from tests.bot.town import Shop, path_of

SAM = "+14155550177"


async def link_to(shop: Shop, *said: str) -> str:
    """The link that somebody gets who books."""
    sam = shop.phone(SAM, "sms")
    await sam.says("hi")
    found = re.search(r"https://\S+\.ics", await sam.says(*said))
    assert found is not None
    return found.group()


async def opened(shop: Shop, link: str) -> Event:
    response = await shop.town.client.get(path_of(link))
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    calendar = Calendar.from_ical(await response.text())
    assert calendar["METHOD"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return event


CALL = ("book", "1", "friday", "10:30", "yes")


async def test_uid_stays_and_sequence_grows(consultancy: Shop) -> None:
    """Invariant 7."""
    link = await link_to(consultancy, *CALL)
    assert link.startswith("https://regulars.example/calendar/")
    before = await opened(consultancy, link)
    assert (before["STATUS"], before["SEQUENCE"]) == ("CONFIRMED", 0)
    moved = await consultancy.phone(SAM, "sms").says("move my appointment", "monday", "2pm", "yes")
    assert link in moved
    after = await opened(consultancy, link)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert after.start == datetime(2026, 11, 23, 19, tzinfo=UTC)
    await consultancy.phone(SAM, "sms").says("cancel my appointment", "yes")
    gone = await opened(consultancy, link)
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (before["UID"], 2, "CANCELLED")


async def test_it_names_the_shop_and_nobody_else(consultancy: Shop) -> None:
    event = await opened(consultancy, await link_to(consultancy, *CALL))
    assert event["SUMMARY"] == "Introductory Discovery Call, Northlight Software"
    assert event["LOCATION"] == "https://meet.jit.si/northlight-discovery"
    assert set(event) <= {
        "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS", "LOCATION"
    }  # fmt: skip


async def test_it_says_where_to_come_to(cafe: Shop) -> None:
    event = await opened(cafe, await link_to(cafe, "book", "2", "saturday", "11:00", "skip", "yes"))
    assert event["LOCATION"] == "14 Admiralty Way, Lekki Phase 1, Lagos"


async def test_a_customers_address_is_not_in_it(carpet_cleaning: Shop) -> None:
    said = ("book", "carpet cleaning", "friday", "9:00", "12 Elm Street, Houston", "yes")
    event = await opened(carpet_cleaning, await link_to(carpet_cleaning, *said))
    assert "LOCATION" not in event
    assert "Elm" not in event.to_ical().decode()


async def test_a_request_is_tentative(consultancy: Shop) -> None:
    said = ("book", "technical strategy session", "friday", "10:30", "yes")
    sam = consultancy.phone(SAM, "sms")
    await sam.says("hi")
    await sam.says(*said)
    (booking,) = await consultancy.rows("SELECT id, tenant_id, status FROM bookings")
    assert booking.status == "pending"
    vault = consultancy.town.services.vault
    link = f"/calendar/{calendar_file.token(vault, booking.tenant_id, booking.id)}.ics"
    assert (await opened(consultancy, link))["STATUS"] == "TENTATIVE"


@pytest.mark.parametrize(("day", "hour"), [("12 march", 15), ("15 march", 14)])
async def test_the_wall_clock_is_right_on_both_sides_of_the_change(consultancy: Shop, day: str, hour: int) -> None:
    """10:30 in Portland, before and after 14 March 2027."""
    consultancy.town.clock.now = datetime(2027, 3, 1, 15, tzinfo=UTC)
    event = await opened(consultancy, await link_to(consultancy, "book", "1", day, "10:30", "yes"))
    starts = event.decoded("dtstart")
    assert (starts.hour, starts.minute, starts.utcoffset()) == (hour, 30, timedelta(0))
    assert event.end - event.start == timedelta(minutes=15)


async def test_whoever_has_no_link_finds_nothing(consultancy: Shop, cafe: Shop) -> None:
    link = await link_to(consultancy, *CALL)
    (booking,) = await consultancy.rows("SELECT id FROM bookings")
    vault = consultancy.town.services.vault
    token = link.rpartition("/")[2].removesuffix(".ics")
    wrong = [
        token[:50] + ("A" if token[50] != "A" else "B") + token[51:],
        "B" + token[1:],
        token[:20],
        "nothing",
        "%00",
        "é" * 20,
        calendar_file.token(vault, cafe.tenant_id, booking.id),
        calendar_file.token(vault, uuid7(), booking.id),
        calendar_file.token(vault, consultancy.tenant_id, uuid7()),
        calendar_file.token(Vault("another secret of no use at all"), consultancy.tenant_id, booking.id),
    ]
    client = consultancy.town.client
    assert [(await client.get(f"/calendar/{one}.ics")).status for one in wrong] == [404] * len(wrong)
    assert (await client.post(path_of(link))).status == 405
    assert (await client.get(path_of(link).removesuffix(".ics"))).status == 404


async def test_what_is_only_held_is_in_no_calendar(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM, "sms")
    await sam.says("hi")
    await sam.says("book", "1", "friday", "10:30")
    (booking,) = await consultancy.rows("SELECT id FROM bookings WHERE status = 'held'")
    token = calendar_file.token(consultancy.town.services.vault, consultancy.tenant_id, booking.id)
    assert (await consultancy.town.client.get(f"/calendar/{token}.ics")).status == 404
