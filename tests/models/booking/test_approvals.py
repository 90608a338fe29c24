"""What waits for a yes or a payment keeps its time, and stands as soon as nothing else is missing."""

from asyncio import gather
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from models.base import uuid7
from models.booking import approvals
from models.booking.approvals import Answered, Outcome
from models.booking.bookings import (
    CancelOutcome,
    Confirmed,
    Details,
    Held,
    Moved,
    SlotRefusal,
    cancel,
    confirm,
    hold,
    move,
)
from models.booking.tables import Booking
from models.db import Database
from models.people.tables import User
from tests.make import make_user
from tests.models.booking.shop import Shop, make_shop


async def make_asked(database: Database, **changes: Any) -> tuple[Shop, User, Booking]:
    """A request at ten."""
    shop = await make_shop(database, **{"auto_confirm": False, **changes})
    return shop, await make_user(database, shop.tenant_id), await shop.book(await shop.customer(), "10:00")


async def test_a_request_keeps_its_time_and_says_what_it_waits_for(database: Database) -> None:
    shop, _, booking = await make_asked(database)
    assert (booking.status, booking.needs_approval, booking.needs_payment) == ("pending", True, False)
    assert booking.pending_until == shop.at("10:00"), "whoever would begin tomorrow has his answer by then"
    assert await shop.times() == ["09:00", "11:00", "12:00"]
    assert [one.id for one in await shop.do(approvals.waiting, shop.now)] == [booking.id]


async def test_a_yes_makes_it_stand_once(database: Database) -> None:
    shop, owner, booking = await make_asked(database)
    answers = await gather(*(shop.do(approvals.approve, booking.id, by=owner, now=shop.now) for _ in range(5)))
    assert Counter(answer.outcome for answer in answers) == {Outcome.CONFIRMED: 1, Outcome.ALREADY: 4}
    (row,) = await shop.rows()
    assert (row.status, row.confirmed_at, row.approved_by, row.version) == ("confirmed", shop.now, owner.id, 0)
    assert await shop.do(approvals.waiting, shop.now) == []


async def test_a_no_gives_the_time_back(database: Database) -> None:
    shop, owner, booking = await make_asked(database)
    done = await shop.do(approvals.decline, booking.id, by=owner, now=shop.now, reason="No dryer that day")
    again = await shop.do(approvals.decline, booking.id, by=owner, now=shop.now)
    late = await shop.do(approvals.approve, booking.id, by=owner, now=shop.now)
    assert (done.outcome, again.outcome, late.outcome) == (Outcome.DECLINED, Outcome.GONE, Outcome.GONE)
    (row,) = await shop.rows()
    assert (row.status, row.cancelled_by, row.cancellation_reason) == ("cancelled", owner.id, "No dryer that day")
    assert "10:00" in await shop.times()


async def test_yes_and_no_in_one_moment(database: Database) -> None:
    shop, owner, booking = await make_asked(database)
    asked = [shop.do(work, booking.id, by=owner, now=shop.now) for work in (approvals.approve, approvals.decline) * 5]
    outcomes = Counter(answer.outcome for answer in await gather(*asked))
    assert outcomes[Outcome.CONFIRMED] + outcomes[Outcome.DECLINED] == 1


@pytest.mark.parametrize("paid_first", [True, False])
async def test_it_stands_when_both_are_there(database: Database, paid_first: bool) -> None:
    shop, owner, booking = await make_asked(database, price=5000, requires_payment=True)

    async def yes() -> Answered:
        return await shop.do(approvals.approve, booking.id, by=owner, now=shop.now)

    async def paid() -> Answered:
        return await shop.do(approvals.mark_paid, booking.id, now=shop.now, method="card", receipt="pi_1")

    first, second = (paid, yes) if paid_first else (yes, paid)
    half = await first()
    assert half.outcome is (Outcome.WAITS_FOR_APPROVAL if paid_first else Outcome.WAITS_FOR_PAYMENT)
    assert half.booking is not None
    assert half.booking.status == "pending"
    assert (await second()).outcome is Outcome.CONFIRMED
    assert (await second()).outcome is Outcome.ALREADY
    (row,) = await shop.rows()
    assert (row.status, row.payment_status, row.payment_method, row.payment_reference) == (
        "confirmed",
        "paid",
        "card",
        "pi_1",
    )


async def test_a_yes_to_what_waits_only_for_money(database: Database) -> None:
    shop, owner, booking = await make_asked(database, auto_confirm=True, price=5000, requires_payment=True)
    answer = await shop.do(approvals.approve, booking.id, by=owner, now=shop.now)
    assert answer.outcome is Outcome.WAITS_FOR_PAYMENT
    assert (await shop.do(approvals.mark_paid, booking.id, now=shop.now, method="cash")).outcome is Outcome.CONFIRMED


async def test_what_is_free_needs_no_payment(database: Database) -> None:
    shop = await make_shop(database)
    booking = await shop.book(await shop.customer(), "10:00")
    assert (booking.status, booking.payment_status, booking.payment_amount) == ("confirmed", "waived", None)
    paid = await shop.do(approvals.mark_paid, booking.id, now=shop.now, method="cash")
    assert paid.outcome is Outcome.ALREADY


async def test_a_party_pays_for_each_seat(database: Database) -> None:
    shop = await make_shop(database, 4, price=5000)
    booking = await shop.book(await shop.customer(), "10:00", seats=3)
    assert (booking.payment_status, booking.payment_amount, booking.payment_currency) == ("pending", 15000, "NGN")


async def test_what_waits_too_long_lapses(database: Database) -> None:
    shop, owner, booking = await make_asked(database, pending_minutes=60)
    assert booking.pending_until == shop.now + timedelta(hours=1)
    early, late = shop.later(minutes=59), shop.later(minutes=60)
    assert await shop.do(approvals.lapse_pending, early.now) == []
    answer = await shop.do(approvals.approve, booking.id, by=owner, now=late.now)
    assert answer.outcome is Outcome.GONE, "though nothing has swept"
    (lapsed,) = await shop.do(approvals.lapse_pending, late.now)
    assert (lapsed.id, lapsed.status, lapsed.cancellation_reason) == (booking.id, "cancelled", "lapsed")
    assert await shop.do(approvals.lapse_pending, late.now) == []
    assert "10:00" in await late.times()


async def test_a_request_that_moves_earlier_has_its_answer_by_then(database: Database) -> None:
    shop, _, booking = await make_asked(database)
    for wall, limit in (("09:00", "09:00"), ("12:00", "09:00")):
        await shop.move(booking.id, wall, customer_id=booking.customer_id)
        (row,) = await shop.rows()
        assert row.pending_until == shop.at(limit)


async def test_there_is_nothing_to_answer(database: Database) -> None:
    shop, owner, booking = await make_asked(database)
    held = await shop.held(await shop.customer(2), "12:00")
    for unknown in (uuid7(), held.booking_id):
        for work in (approvals.approve, approvals.decline):
            answer = await shop.do(work, unknown, by=owner, now=shop.now)
            assert answer.outcome is Outcome.UNKNOWN
    await shop.cancel(booking.id, customer_id=booking.customer_id)
    assert (await shop.do(approvals.approve, booking.id, by=owner, now=shop.now)).outcome is Outcome.GONE


async def test_another_business_answers_nothing(database: Database) -> None:
    """Invariant 26."""
    shop, _, booking = await make_asked(database)
    other = await make_shop(database)
    stranger = await make_user(database, other.tenant_id)
    answer = await other.do(approvals.approve, booking.id, by=stranger, now=other.now)
    assert answer.outcome is Outcome.UNKNOWN
    assert [row.status for row in await shop.rows()] == ["pending"]


# -- what staff may besides ----------------------------------------------------------------------------------


async def test_customers_keep_to_the_cut_off_and_staff_do_not(database: Database) -> None:
    """Invariant 8."""
    shop = await make_shop(database, cutoff_minutes=180)
    owner = await make_user(database, shop.tenant_id)
    ada = await shop.customer()
    booking = await shop.book(ada, "12:00")
    at_nine = shop.later(minutes=21 * 60)
    just_late = at_nine.later(minutes=1)
    assert await just_late.cancel(booking.id, customer_id=ada) is CancelOutcome.CUT_OFF
    assert await just_late.move(booking.id, "11:00", customer_id=ada) == "cut_off"
    moved = await just_late.do(move, booking.id, shop.at("11:15"), now=just_late.now, zone=shop.zone, by=owner)
    assert isinstance(moved, Moved)
    done = await just_late.do(cancel, booking.id, now=just_late.now, by=owner, reason="Ill")
    assert done is CancelOutcome.CANCELLED
    (row,) = await shop.rows()
    assert (row.cancelled_by, row.cancellation_reason) == (owner.id, "Ill")


async def test_until_the_cut_off_itself_customers_may(database: Database) -> None:
    shop = await make_shop(database, cutoff_minutes=180)
    ada = await shop.customer()
    booking = await shop.book(ada, "12:00")
    at_nine = shop.later(minutes=21 * 60)
    assert await at_nine.cancel(booking.id, customer_id=ada) is CancelOutcome.CANCELLED


async def test_a_request_can_be_taken_back_after_the_cut_off(database: Database) -> None:
    shop, _, booking = await make_asked(database, cutoff_minutes=24 * 60)
    assert await shop.cancel(booking.id, customer_id=booking.customer_id) is CancelOutcome.CANCELLED


async def test_somebody_must_want_it(database: Database) -> None:
    shop, _, booking = await make_asked(database)
    with pytest.raises(ValueError, match="Somebody cancels"):
        await shop.do(cancel, booking.id, now=shop.now)
    with pytest.raises(ValueError, match="Somebody moves"):
        await shop.do(move, booking.id, shop.at("11:00"), now=shop.now, zone=shop.zone)


async def test_who_walks_in_needs_no_notice_no_grid_and_no_approval(database: Database) -> None:
    shop = await make_shop(database, notice_minutes=24 * 60, auto_confirm=False, price=900, requires_payment=True)
    owner = await make_user(database, shop.tenant_id)
    ada = await shop.customer()
    at_ten = shop.later(minutes=22 * 60 + 7)
    whose: dict[str, Any] = {"customer_id": ada, "zone": shop.zone, "source": "whatsapp", "prefix": "LEK"}
    refused = await at_ten.do(hold, shop.service, at_ten.now, now=at_ten.now, **whose)
    assert refused is SlotRefusal.TOO_LATE
    held = await at_ten.do(hold, shop.service, shop.at("10:05"), now=at_ten.now, by=owner, **whose)
    assert isinstance(held, Held)
    done = await at_ten.do(confirm, held.booking_id, now=at_ten.now, details=Details(), by=owner)
    assert isinstance(done, Confirmed)
    assert (done.booking.status, done.booking.payment_status) == ("confirmed", "pending")
    assert await at_ten.do(hold, shop.service, shop.at("10:30"), now=at_ten.now, by=owner, **whose) is SlotRefusal.TAKEN
