"""Receipts by photograph: nothing is earned until somebody at the shop has looked, and then once."""

from asyncio import gather
from collections import Counter

import pytest

from models.db import Database
from models.errors import IdempotencyConflict
from models.loyalty.decisions import DecisionOutcome
from models.loyalty.ledger import Balance
from models.loyalty.purchases import Logged
from models.loyalty.receipts import ReceiptRefusal
from models.loyalty.tables import Purchase
from models.people.tables import LoyaltyStatus
from tests.models.loyalty.office import Office, hired, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    office = await open_office(database)
    await office.shop.rule()
    return office


async def test_a_receipt_earns_when_it_is_approved(office: Office) -> None:
    approval = await office.submitted(500_000, number="r 17")
    assert await office.shop.rows(Purchase) == []
    assert await office.shop.balance() == Balance()
    decided = await office.approve(approval, office.staff)
    assert isinstance(decided.done, Logged)
    (purchase,) = await office.shop.rows(Purchase)
    assert (purchase.receipt_number, purchase.receipt_verified, purchase.logged_via) == ("R17", True, "receipt")
    assert purchase.receipt_url == "https://media.example/1"
    assert await office.shop.balance() == Balance(points=50)


async def test_a_refused_one_earns_nothing(office: Office) -> None:
    approval = await office.submitted()
    assert (await office.refuse(approval, office.staff)).outcome == DecisionOutcome.REFUSED
    assert (await office.approve(approval, office.other)).outcome == DecisionOutcome.DECIDED
    assert await office.shop.rows(Purchase) == []


async def test_nobody_approves_his_own(office: Office) -> None:
    """Invariant 32: nor that of a number that is linked to him."""
    kemi = await hired(office.shop, linked_phones=[office.shop.customer.phone_number])
    approval = await office.submitted()
    assert (await office.approve(approval, kemi)).outcome == DecisionOutcome.OWN
    assert (await office.refuse(approval, kemi)).outcome == DecisionOutcome.OWN
    assert (await office.approve(approval, office.staff)).outcome == DecisionOutcome.APPROVED


async def test_a_number_earns_once(office: Office) -> None:
    """Invariant 33: whether it was logged at the till or sent twice, by one customer or by two."""
    first = await office.submitted(number="R17")
    friend = await office.shop.newcomer()
    second = await office.submitted(number="r17", customer_id=friend)
    assert (await office.approve(first)).outcome == DecisionOutcome.APPROVED
    late = await office.approve(second)
    assert (late.outcome, late.why) == (DecisionOutcome.IMPOSSIBLE, "receipt_used")
    assert await office.submit(number="R 17") == ReceiptRefusal.USED
    await office.shop.bought(100_000, receipt="T1")
    assert await office.submit(number="t1") == ReceiptRefusal.USED


async def test_three_a_day(office: Office) -> None:
    sent = await gather(*(office.submit(100_000 + n) for n in range(20)))
    assert Counter(type(one).__name__ for one in sent) == {"Approval": 3, "ReceiptRefusal": 17}
    assert await office.submit() == ReceiptRefusal.TOO_MANY
    assert not isinstance(await office.later(days=1).submit(), ReceiptRefusal)


async def test_one_message_is_one_receipt(office: Office) -> None:
    """Invariant 18: fifty at once."""
    sent = await gather(*(office.submitted(key="message") for _ in range(50)))
    assert len({one.id for one in sent}) == 1
    with pytest.raises(IdempotencyConflict):
        await office.submit(1, key="message")


async def test_a_blocked_customer_sends_none(office: Office) -> None:
    blocked = await office.shop.newcomer(loyalty_status=LoyaltyStatus.BLOCKED)
    assert await office.submit(customer_id=blocked) == ReceiptRefusal.BLOCKED


async def test_nothing_is_no_receipt(office: Office) -> None:
    with pytest.raises(ValueError, match="receipt"):
        await office.submit(0)


async def test_everybody_approves_at_once(office: Office) -> None:
    """One decision, one purchase, the points once."""
    approval = await office.submitted()
    everybody = [office.staff, office.other, *office.owners]
    outcomes = Counter(
        one.outcome for one in await gather(*(office.approve(approval, everybody[n % 4]) for n in range(50)))
    )
    assert outcomes == {DecisionOutcome.APPROVED: 1, DecisionOutcome.DECIDED: 49}
    assert await office.shop.balance() == Balance(points=50)
    assert len(await office.shop.rows(Purchase)) == 1
