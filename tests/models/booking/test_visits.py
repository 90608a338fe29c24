"""A visit starts, takes place or not, and is reopened: the graph of its states, and what each leads to."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from models.base import uuid7
from models.booking import bookings, visits
from models.booking.tables import Booking
from models.booking.visits import VisitOutcome
from models.db import Database
from models.people.members import hold_customer
from tests.make import make_user
from tests.models.booking.shop import Shop, make_shop
from tests.models.booking.visits_machine import VisitMachine
from tests.thoroughness import run_machine


async def test_any_order_of_marks(database: Database) -> None:
    """Invariant 10: nothing leads back to confirmed but a reopening, and a no-show only after the start."""
    VisitMachine.database, VisitMachine.loop = database, asyncio.get_running_loop()
    await run_machine(VisitMachine, usual=25, steps=20)


async def complete(shop: Shop, booking: Booking) -> VisitOutcome:
    user = await make_user(shop.database, shop.tenant_id, f"+234803{uuid7().int % 10_000_000:07}")
    async with shop.database.tenant(shop.tenant_id) as tx:
        return await visits.complete(tx, booking.id, by=user, now=shop.now)


async def test_a_visit_of_another_business_is_unknown(database: Database) -> None:
    """Invariant 26."""
    ours, theirs = await make_shop(database), await make_shop(database)
    booking = await theirs.book(await theirs.customer(), "10:00")
    stranger = await make_user(database, ours.tenant_id)
    async with database.tenant(ours.tenant_id) as tx:
        assert await visits.start(tx, booking.id, by=stranger, now=theirs.at("10:00")) is VisitOutcome.UNKNOWN
        assert (
            await visits.reopen(tx, booking.id, by=stranger, reason="test", now=theirs.at("10:00"))
            is VisitOutcome.UNKNOWN
        )


async def test_a_place_among_several_is_given_back_only_while_one_is_left(database: Database) -> None:
    shop = await make_shop(database, 2)
    ada, obi, ngozi = await shop.customers(3)
    tunde = await make_user(database, shop.tenant_id)
    gone = await shop.book(ada, "10:00")
    await shop.cancel(gone.id, customer_id=ada)
    await shop.book(obi, "10:00")
    async with database.tenant(shop.tenant_id) as tx:
        assert await visits.reopen(tx, gone.id, by=tunde, reason="test", now=shop.now) is VisitOutcome.REOPENED
    await shop.cancel(gone.id, customer_id=ada)
    await shop.book(ngozi, "10:00")
    async with database.tenant(shop.tenant_id) as tx:
        assert await visits.reopen(tx, gone.id, by=tunde, reason="test", now=shop.now) is VisitOutcome.TAKEN


async def test_leads_rise_with_what_they_book_and_bring(database: Database) -> None:
    """Any booking qualifies; two and more than 150 are hot, three and more than 300 converted."""
    shop = await make_shop(database, price=150_00, auto_confirm=True)
    ada = await shop.customer()
    qualities = []
    for wall in ("09:00", "10:00", "11:00"):
        booking = await shop.book(ada, wall)
        later = shop.later(60 * 24)
        assert await complete(later, booking) is VisitOutcome.COMPLETED
        async with database.tenant(shop.tenant_id) as tx:
            row = await tx.one(text("SELECT lead_quality, status, total_revenue FROM customers WHERE id = :id"), id=ada)
        qualities.append((row.lead_quality, row.status, row.total_revenue))
    assert qualities == [
        ("qualified", "active", 150_00),
        ("hot", "active", 300_00),
        ("converted", "active", 450_00),
    ]


async def test_what_a_visit_leads_to_is_written_once(database: Database) -> None:
    shop = await make_shop(database, price=150_00, follow_up_days=3, follow_up_type="proposal_send")
    booking = await shop.book(await shop.customer(), "10:00")
    later = shop.later(60 * 24)
    assert await complete(later, booking) is VisitOutcome.COMPLETED
    assert await complete(later, booking) is VisitOutcome.ALREADY
    async with database.tenant(shop.tenant_id) as tx:
        journey = await tx.all(
            text("SELECT interaction_type, value_score, conversion_potential FROM customer_interactions ORDER BY id")
        )
        (follow_up,) = await tx.all(text("SELECT * FROM follow_ups"))
    assert journey == [("booking_created", 70, "high"), ("consultation_completed", 70, "high")]
    assert (follow_up.follow_up_type, follow_up.priority, follow_up.status) == ("proposal_send", "high", "pending")
    assert follow_up.due_date == later.now + timedelta(days=3)


async def test_the_views_show_the_business_that_asks(database: Database) -> None:
    """Invariant 26: read with the reader's rights, they hold nothing of another business."""
    shop, other = await make_shop(database, price=150_00), await make_shop(database)
    ada, obi = await shop.customers(2)
    done = await shop.book(ada, "10:00")
    await shop.held(obi, "11:00")
    assert await complete(shop.later(60 * 24), done) is VisitOutcome.COMPLETED
    async with database.tenant(shop.tenant_id) as tx:
        (month,) = await tx.all(text("SELECT * FROM monthly_booking_stats"))
        (service,) = await tx.all(text("SELECT * FROM service_performance"))
        funnel = {row.lead_quality: row for row in await tx.all(text("SELECT * FROM customer_conversion_funnel"))}
    assert (month.total_bookings, month.completed_bookings, month.total_revenue) == (1, 1, 150_00)
    assert (service.total_bookings, service.completed_bookings, service.total_revenue) == (1, 1, 150_00)
    assert round(service.avg_lead_score) == 70
    assert (funnel["qualified"].customers, round(funnel["qualified"].avg_revenue)) == (1, 150_00)
    assert funnel["unqualified"].customers == 1
    async with database.tenant(other.tenant_id) as tx:
        assert await tx.all(text("SELECT * FROM monthly_booking_stats")) == []
        assert await tx.all(text("SELECT * FROM customer_conversion_funnel")) == []
        assert [row.total_bookings for row in await tx.all(text("SELECT * FROM service_performance"))] == [0]


async def test_a_customers_turn_and_staff_never_wait_for_each_other(database: Database) -> None:
    """Invariants 1 and 10: both lock the customer first, so whoever is second is told how it stands."""
    shop = await make_shop(database, *[1] * 10, duration_minutes=240, step_minutes=240)
    tunde = await make_user(database, shop.tenant_id)
    people = await shop.customers(10)
    booked = [await shop.book(one, "09:00") for one in people]
    soon = shop.later(60 * 20)  # an hour before

    async def his_turn(booking: Booking) -> object:
        async with database.tenant(shop.tenant_id) as tx:
            await hold_customer(tx, booking.customer_id)
            await asyncio.sleep(0)
            return await bookings.cancel(tx, booking.id, customer_id=booking.customer_id, now=soon.now)

    async def at_the_desk(booking: Booking) -> object:
        async with database.tenant(shop.tenant_id) as tx:
            started = await visits.start(tx, booking.id, by=tunde, now=soon.now)
        async with database.tenant(shop.tenant_id) as tx:
            await visits.complete(tx, booking.id, by=tunde, now=soon.now)
        async with database.tenant(shop.tenant_id) as tx:
            await visits.reopen(tx, booking.id, by=tunde, reason="test", now=soon.now)
        return started

    turns = [turn(booking) for booking in booked for turn in (his_turn, at_the_desk)]
    await asyncio.gather(*turns)
    rows = await shop.rows()
    assert {row.status for row in rows} <= {"confirmed", "cancelled"}
    async with database.tenant(shop.tenant_id) as tx:
        assert await tx.all(text("SELECT FROM customers WHERE total_revenue <> 0 OR total_bookings <> 1")) == []
        assert await tx.all(text("SELECT FROM follow_ups WHERE status = 'pending'")) == []
