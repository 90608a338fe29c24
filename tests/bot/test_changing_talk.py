"""Moving and cancelling as people ask for it: by reference, too late, of several, from another phone."""

import pytest

from models.db import Database
from models.vault import Vault
from tests.bot.town import Phone, Shop, Town
from tests.shops import afresh, open_shop, variation

SAM, LEA = "+14155550177", "+14155550178"


@pytest.fixture
async def strict(town: Town, database: Database, vault: Vault) -> Shop:
    """A consultancy whose calls cannot be changed within a day of their start."""
    file = afresh("consultancy")
    file = variation(file, {"services": [file.services[0].model_copy(update={"cutoff_hours": 24})]})
    tenant = await open_shop(database, vault, file, town.clock())
    return Shop(town, tenant.id, tenant.phone_number or "", tenant.vendor_code)


async def booked(shop: Shop, *days: str, channel: str = "sms") -> Phone:
    """A customer with an hour's worth of appointments: at ten on each of the days."""
    sam = shop.phone(SAM, channel)
    await sam.says("hi")
    for day in days:
        assert "Booked!" in await sam.says(f"book a discovery call {day} at 10", "yes")
    return sam


async def reference(shop: Shop) -> str:
    (row,) = await shop.rows("SELECT reference FROM bookings WHERE status = 'confirmed'")
    return str(row.reference)


class TestReference:
    @pytest.mark.parametrize("channel", ["sms", "whatsapp"])
    async def test_the_right_phone_goes_straight_to_the_confirmation(self, consultancy: Shop, channel: str) -> None:
        sam = await booked(consultancy, "friday", channel=channel)
        answer = await sam.says(f"cancel {await reference(consultancy)}")
        assert "Cancel Introductory Discovery Call on Friday, November 20, 10:00 AM?" in answer
        assert "Cancelled" in await sam.says("yes")

    async def test_it_tells_one_of_several_apart(self, consultancy: Shop) -> None:
        sam = await booked(consultancy, "friday", "monday")
        rows = await consultancy.rows("SELECT reference FROM bookings WHERE status = 'confirmed' ORDER BY starts_at")
        typed = rows[1].reference.lower().replace("-", " ")
        answer = await sam.says(f"please move {typed} to the week after at the same time")
        assert "from Monday, November 23, 10:00 AM to Monday, November 30, 10:00 AM?" in answer

    async def test_from_another_phone_it_does_nothing(self, consultancy: Shop) -> None:
        """Invariant 13: who knows only a reference changes nothing."""
        await booked(consultancy, "friday")
        lea = consultancy.phone(LEA)
        named = await reference(consultancy)
        for said in (f"cancel {named}", f"move {named}", named):
            assert f"I can't find {named} among your appointments" in await lea.says("hi", said)
        await lea.says("yes", "1")
        (row,) = await consultancy.rows("SELECT status, version FROM bookings")
        assert row.status == "confirmed"

    async def test_a_slip_does_not_touch_another_appointment(self, consultancy: Shop) -> None:
        sam = await booked(consultancy, "friday")
        named = await reference(consultancy)
        slip = named[:-2] + ("8" if named[-2] != "8" else "9") + named[-1]
        assert f"I can't find {slip}" in await sam.says(f"cancel {slip}")

    async def test_alone_it_shows_the_appointment(self, consultancy: Shop) -> None:
        sam = await booked(consultancy, "friday", "monday")
        rows = await consultancy.rows("SELECT reference FROM bookings WHERE status = 'confirmed' ORDER BY starts_at")
        answer = await sam.says(rows[0].reference)
        assert "Friday, November 20" in answer
        assert "Monday" not in answer
        assert "Cancel Introductory Discovery Call on Friday, November 20" in await sam.says("2")


class TestSeveral:
    async def test_one_is_chosen(self, consultancy: Shop) -> None:
        sam = await booked(consultancy, "friday", "monday")
        answer = await sam.says("cancel my appointment")
        assert "1. Introductory Discovery Call, Friday, November 20, 10:00 AM" in answer
        assert "Cancel Introductory Discovery Call on Monday, November 23" in await sam.says("the monday one")
        assert "Cancelled" in await sam.says("yes")
        rows = await consultancy.rows("SELECT status FROM bookings WHERE status <> 'expired' ORDER BY starts_at")
        assert [row.status for row in rows] == ["confirmed", "cancelled"]

    async def test_one_that_is_somebody_elses_cannot_be_chosen(self, consultancy: Shop) -> None:
        """The payload of a button can be made up: it is looked for among what was offered, and whose it is."""
        await booked(consultancy, "friday")
        (row,) = await consultancy.rows("SELECT id FROM bookings")
        lea = consultancy.phone(LEA)
        await lea.says("hi", "cancel my appointment")
        await lea.says("Cancel", ButtonPayload=f"start:cancellation?which={row.id}")
        await lea.says("yes")
        assert await consultancy.rows("SELECT status FROM bookings") == [("confirmed",)]


class TestCutOff:
    async def test_a_day_before_the_team_is_offered_instead(self, strict: Shop) -> None:
        sam = await booked(strict, "friday")
        strict.town.clock.pass_by(days=1, hours=6)
        for said in ("cancel my appointment", "move my appointment", f"cancel {await reference(strict)}"):
            answer = await sam.says(said)
            assert "is less than 24 hours away" in answer
            assert "1. Talk to a person" in answer
        assert "I've told the team" in await sam.says("yes")
        (row,) = await strict.rows("SELECT status FROM bookings")
        assert row.status == "confirmed"

    async def test_until_then_it_is_changed(self, strict: Shop) -> None:
        sam = await booked(strict, "friday")
        assert "Cancelled" in await sam.says("cancel my appointment", "yes")

    async def test_who_hesitates_over_it_is_told_too(self, strict: Shop) -> None:
        """Asked in time, answered too late: the rule is looked at again when it is done."""
        sam = await booked(strict, "friday")
        strict.town.clock.pass_by(hours=27, minutes=55)
        assert "Cancel Introductory Discovery Call" in await sam.says("cancel my appointment")
        strict.town.clock.pass_by(minutes=10)
        assert "is less than 24 hours away" in await sam.says("yes")
        (row,) = await strict.rows("SELECT status FROM bookings")
        assert row.status == "confirmed"

    async def test_a_request_can_be_taken_back_at_any_time(self, consultancy: Shop) -> None:
        sam = consultancy.phone(SAM)
        await sam.says("hi", "book a strategy session today at 3pm", "yes")
        consultancy.town.clock.pass_by(hours=8)
        assert "Cancelled" in await sam.says("cancel my appointment", "yes")


async def test_the_new_time_is_taken_while_he_decides(carpet_cleaning: Shop) -> None:
    """Invariant 7: a move that fails changes nothing."""
    sam, lea = carpet_cleaning.phone(SAM, "sms"), carpet_cleaning.phone(LEA)
    await sam.says("book upholstery friday at 9", "12 Allen Avenue, Houston", "yes")
    assert "to Saturday, November 21, 9:00 AM?" in await sam.says("move my appointment to saturday at 9")
    assert "Booked!" in await lea.says("book upholstery saturday at 9", "14 Main Street, Houston", "yes")
    answer = await sam.says("yes")
    assert "Somebody has just taken that time" in answer
    assert "Saturday, November 21" in answer
    assert "stays as it is" in await sam.says("never mind")
    (row,) = await carpet_cleaning.rows(
        "SELECT local_start FROM bookings b JOIN customers c ON c.id = b.customer_id WHERE c.phone_number = :sam",
        sam=SAM,
    )
    assert f"{row.local_start:%d %H:%M}" == "20 09:00"


async def test_an_online_appointment_is_told_where_once_it_stands(consultancy: Shop) -> None:
    sam = consultancy.phone(SAM)
    assert "Online: Jitsi https://meet.jit.si" in await sam.says("hi", "book a discovery call friday at 10", "yes")
    assert "Online: Jitsi https://meet.jit.si" in await sam.says("my appointment")
    lea = consultancy.phone(LEA)
    assert "meet.jit.si" not in await lea.says("hi", "book a strategy session friday at 2pm", "yes")
    assert "meet.jit.si" not in await lea.says("my appointment")
