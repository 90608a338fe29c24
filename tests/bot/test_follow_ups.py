"""What follows a visit: somebody gets back to the customer, in time or reminded, and a project may come of it."""

import pytest

from tests.bot.test_day import DANA, RAVI, SAM, THURSDAY, book_call
from tests.bot.town import Phone, Shop


async def consulted(shop: Shop, channel: str = "whatsapp") -> Phone:
    """A discovery call that has taken place; the phone of whoever is to follow it up."""
    await book_call(shop, SAM, "10:30")
    shop.town.clock.now = THURSDAY.replace(minute=50)
    (row,) = await shop.rows("SELECT u.phone_number AS phone FROM bookings b JOIN users u ON u.id = b.consultant_id")
    consultant = shop.phone(str(row.phone), channel)
    assert "Done" in await consultant.says("done")
    return consultant


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
async def test_a_visit_is_followed_up_and_ticked_off(consultancy: Shop, channel: str) -> None:
    consultant = await consulted(consultancy, channel)
    listed = await consultant.says("follow ups")
    assert f"Call {SAM} ({SAM}) after Introductory Discovery Call, by Saturday, November 21" in listed
    assert "It becomes a project" in await consultant.says("1")
    assert "What came of it" in await consultant.says("done")
    assert "is followed up" in await consultant.says("Wants a quote by Monday")
    (row,) = await consultancy.rows("SELECT status, outcome, completed_date FROM follow_ups")
    assert (row.status, row.outcome) == ("completed", "Wants a quote by Monday")
    assert "Nothing to follow up" in await consultant.says("follow ups")


async def test_what_is_overdue_is_told_once_and_by_day(consultancy: Shop) -> None:
    consultant = await consulted(consultancy)
    consultancy.town.clock.now = THURSDAY.replace(day=22, hour=3)
    assert await consultancy.runs("follow_ups") == 0
    assert "overdue since Saturday" in await consultant.says("follow ups")
    consultancy.town.clock.now = THURSDAY.replace(day=22)
    assert await consultancy.runs("follow_ups") == 1
    assert "A follow-up is overdue" in consultant.received()[-1].body
    assert await consultancy.runs("follow_ups") == 0
    assert "overdue since Saturday" in await consultant.says("1")


async def test_a_follow_up_is_put_off(consultancy: Shop) -> None:
    consultant = await consulted(consultancy)
    await consultant.says("follow ups", "1", "later")
    assert "bring up" in await consultant.says("next tuesday")
    consultancy.town.clock.now = THURSDAY.replace(day=23)
    assert await consultancy.runs("follow_ups") == 0
    consultancy.town.clock.now = THURSDAY.replace(day=26)
    assert await consultancy.runs("follow_ups") == 1


async def test_a_consultation_becomes_a_project_that_is_signed(consultancy: Shop) -> None:
    consultant = await consulted(consultancy, "sms")
    await consultant.says("follow ups", "1", "It becomes a project")
    assert "Opened" in await consultant.says("$15,000")
    other = consultancy.phone(DANA if consultant.number == RAVI else RAVI, "sms")
    assert "qualified, $15,000" in await other.says("projects")
    assert "is now" in await other.says("1")
    assert "is signed" in await other.says("signed")
    (project,) = await consultancy.rows("SELECT status, estimated_value, original_booking_id FROM projects")
    assert (project.status, project.estimated_value) == ("signed", 15_000_00)
    (customer,) = await consultancy.rows(
        "SELECT lead_quality, status FROM customers WHERE phone_number = :sam", sam=SAM
    )
    assert (customer.lead_quality, customer.status) == ("converted", "active")
    steps = await consultancy.rows("SELECT interaction_type FROM customer_interactions ORDER BY interaction_date, id")
    assert steps == [("booking_created",), ("consultation_completed",), ("contract_signed",)]
    await other.says("projects", "1", "completed")
    assert "is completed" in await other.says("as estimated")
    assert await consultancy.rows("SELECT status, actual_value FROM projects") == [("completed", 15_000_00)]


async def test_a_visit_undone_leaves_nothing_to_follow_up(consultancy: Shop) -> None:
    consultant = await consulted(consultancy)
    assert "confirmed again" in await consultant.says("undo")
    assert "Nothing to follow up" in await consultant.says("follow ups")


async def test_customers_see_no_follow_ups(consultancy: Shop) -> None:
    await consulted(consultancy)
    sam = consultancy.phone(SAM, "sms")
    assert "after Introductory" not in await sam.says("follow ups")
    assert "qualified" not in await sam.says("projects")
