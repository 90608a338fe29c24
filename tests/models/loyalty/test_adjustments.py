"""Points by hand: a reason, a key, nobody for himself, and two people from the threshold on."""

from asyncio import gather
from collections import Counter

import asyncpg
import pytest
from sqlalchemy import text

from models.db import Database
from models.errors import IdempotencyConflict
from models.loyalty import decisions
from models.loyalty.adjustments import Adjusted, AdjustReason, AdjustRefusal, Waits
from models.loyalty.decisions import DecisionOutcome
from models.loyalty.ledger import Balance
from models.loyalty.tables import PointsLot, PointsTransaction
from models.people.tables import LoyaltyStatus
from tests.models.loyalty.office import Office, hired, open_office
from tests.models.loyalty.shop import DAY


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def test_a_plus_is_a_lot_like_any_other(office: Office) -> None:
    done = await office.adjust(200)
    assert isinstance(done, Adjusted)
    assert (done.entry.points, done.entry.kind, done.balance) == (200, "adjusted", 200)
    assert done.entry.details == {"reason": "goodwill", "note": None}
    (lot,) = await office.shop.rows(PointsLot)
    assert (lot.points, lot.remaining, lot.expires_at) == (200, 200, office.shop.now + 365 * DAY)


async def test_a_plus_repays_a_debt_first(office: Office) -> None:
    """Invariant 20: what is visible is spendable less the debt."""
    entry = await office.shop.earn(100)
    reward = await office.shop.reward(100)
    await office.shop.fulfil((await office.shop.issued(reward)).code)
    await office.shop.reverse(entry.id)
    assert await office.shop.balance() == Balance(debt=100)
    done = await office.adjust(150)
    assert isinstance(done, Adjusted)
    assert done.balance == 50
    assert await office.shop.balance() == Balance(points=50)


async def test_a_minus_takes_what_goes_first(office: Office) -> None:
    """Invariant 19: earliest expiry first."""
    late, early = await office.shop.earn(100, days=40), await office.shop.earn(100, days=20)
    done = await office.adjust(-130)
    assert isinstance(done, Adjusted)
    left = {lot.transaction_id: lot.remaining for lot in await office.shop.rows(PointsLot)}
    assert left == {early.id: 0, late.id: 70}


async def test_nobody_is_driven_into_debt_by_hand(office: Office) -> None:
    await office.shop.earn(100)
    assert await office.adjust(-101) == AdjustRefusal.NOT_ENOUGH
    assert await office.shop.balance() == Balance(points=100)


async def test_points_at_the_till_are_not_taken_away(office: Office) -> None:
    """Those held for a reward are promised."""
    await office.shop.earn(100)
    await office.shop.issued(await office.shop.reward(80))
    assert await office.adjust(-21) == AdjustRefusal.NOT_ENOUGH
    assert isinstance(await office.adjust(-20), Adjusted)
    assert await office.shop.balance() == Balance(points=0, held=80)


async def test_no_points_are_no_adjustment(office: Office) -> None:
    with pytest.raises(ValueError, match="none"):
        await office.adjust(0)


async def test_nobody_adjusts_his_own(office: Office) -> None:
    """Invariant 32: neither himself nor a number that the business file links to him."""
    own = await office.shop.newcomer()
    (row,) = await office.rows("SELECT phone_number FROM customers WHERE id = :id", id=own)
    linked = await hired(office.shop, full_name="Kemi", linked_phones=[row.phone_number])
    assert await office.adjust(10, by=linked, customer_id=own) == AdjustRefusal.OWN_ACCOUNT
    assert await office.adjust(900, by=linked, customer_id=own) == AdjustRefusal.OWN_ACCOUNT
    assert isinstance(await office.adjust(10, by=office.staff, customer_id=own), Adjusted)


async def test_a_blocked_customer_is_left_alone(office: Office) -> None:
    blocked = await office.shop.newcomer(loyalty_status=LoyaltyStatus.BLOCKED)
    assert await office.adjust(10, customer_id=blocked) == AdjustRefusal.BLOCKED


async def test_every_adjustment_is_in_the_audit_log(office: Office) -> None:
    """Invariant 32: actor and reason; and what is written there stays."""
    await office.adjust(40, reason=AdjustReason.MISSED)
    (noted,) = await office.rows("SELECT * FROM audit_logs")
    assert (noted.user_id, noted.user_type, noted.entity_type) == (office.staff.id, "staff", "points_transactions")
    assert (noted.new_values["points"], noted.new_values["reason"]) == (40, "missed")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with office.shop.database.tenant(office.shop.tenant_id) as tx:
            await tx.run(text("UPDATE audit_logs SET user_id = NULL"))


async def test_from_the_threshold_on_an_owner_is_asked(office: Office) -> None:
    assert isinstance(await office.adjust(499, customer_id=await office.shop.newcomer()), Adjusted)
    approval = await office.waits(500)
    assert await office.shop.balance() == Balance()
    decided = await office.approve(approval)
    assert decided.outcome == DecisionOutcome.APPROVED
    (entry,) = [row for row in await office.shop.rows(PointsTransaction) if row.points == 500]
    assert entry.created_by_user_id == office.staff.id
    assert entry.details["approved_by"] == str(office.owner.id)


async def test_a_sum_in_small_parts_is_still_the_sum(office: Office) -> None:
    """Five times a fifth in a day would otherwise pass by the owner."""
    for _ in range(4):
        assert isinstance(await office.adjust(100), Adjusted)
    assert isinstance(await office.adjust(100), Waits)
    assert isinstance(await office.adjust(-100), Waits)
    assert isinstance(await office.adjust(100, by=office.other), Adjusted)
    assert isinstance(await office.later(hours=24).adjust(100), Adjusted)


async def test_an_owner_asks_the_other_one(office: Office) -> None:
    """Invariant 32: who asks does not decide."""
    first, second = office.owners
    approval = await office.waits(800, by=first)
    assert (await office.approve(approval, first)).outcome == DecisionOutcome.NOT_ALLOWED
    assert (await office.approve(approval, office.staff)).outcome == DecisionOutcome.NOT_ALLOWED
    assert (await office.approve(approval, second)).outcome == DecisionOutcome.APPROVED


async def test_the_database_keeps_the_two_people_apart(office: Office) -> None:
    """Invariant 32, even if the program forgot it."""
    approval = await office.waits(800)
    with pytest.raises(asyncpg.CheckViolationError, match="two_people"):
        await office.rows(
            "UPDATE approvals SET decided_by_user_id = requested_by_user_id WHERE id = :id", id=approval.id
        )


async def test_an_only_owner_is_done_and_told_of(database: Database) -> None:
    office = await open_office(database, owners=1)
    done = await office.adjust(800, by=office.owner)
    assert isinstance(done, Adjusted)
    assert done.is_alone
    (approval,) = await office.rows("SELECT * FROM approvals")
    assert (approval.state, approval.is_alone) == ("approved", True)
    assert await office.shop.balance() == Balance(points=800)


async def test_a_refusal_changes_nothing(office: Office) -> None:
    approval = await office.waits(800)
    assert (await office.refuse(approval)).outcome == DecisionOutcome.REFUSED
    assert (await office.approve(approval)).outcome == DecisionOutcome.DECIDED
    assert await office.shop.balance() == Balance()


async def test_what_is_no_longer_possible_is_refused(office: Office) -> None:
    """The points that were to be taken are spent meanwhile."""
    await office.shop.earn(600)
    approval = await office.waits(-600)
    await office.shop.issued(await office.shop.reward(50))
    decided = await office.approve(approval)
    assert (decided.outcome, decided.why) == (DecisionOutcome.IMPOSSIBLE, "not_enough")
    (row,) = await office.rows("SELECT state, outcome FROM approvals")
    assert row == ("refused", "not_enough")


async def test_a_request_lapses_even_if_no_job_runs(office: Office) -> None:
    approval = await office.waits(800)
    late = office.later(days=7)
    assert (await late.approve(approval)).outcome == DecisionOutcome.EXPIRED
    assert [one.id for one in await late.expire_requests()] == [approval.id]
    assert await late.expire_requests() == []
    assert (await late.approve(approval)).outcome == DecisionOutcome.EXPIRED


async def test_one_key_is_one_adjustment(office: Office) -> None:
    """Invariant 18: fifty at once, one entry and one answer."""
    done = await gather(*(office.adjust(20, key="tap") for _ in range(50)))
    assert len({one.entry.id for one in done if isinstance(one, Adjusted)}) == 1
    assert await office.shop.balance() == Balance(points=20)
    with pytest.raises(IdempotencyConflict):
        await office.adjust(21, key="tap")


async def test_one_key_is_one_request(office: Office) -> None:
    """Invariant 18, and the answer after the decision is that it is done."""
    asked = await gather(*(office.adjust(700, key="tap") for _ in range(50)))
    assert len({one.approval.id for one in asked if isinstance(one, Waits)}) == 1
    with pytest.raises(IdempotencyConflict):
        await office.adjust(701, key="tap")
    approval = await office.waits(700, key="tap")
    await office.approve(approval)
    assert isinstance(await office.adjust(700, key="tap"), Adjusted)
    assert await office.shop.balance() == Balance(points=700)


async def test_fifty_at_once_do_not_slip_under_the_threshold(office: Office) -> None:
    """Each would find that nothing was adjusted yet."""
    done = Counter(type(one).__name__ for one in await gather(*(office.adjust(100) for _ in range(50))))
    assert done == {"Adjusted": 4, "Waits": 46}


async def test_fifty_take_what_is_there_once(office: Office) -> None:
    """Invariant 20: never below zero."""
    await office.shop.earn(100)
    staff = [await hired(office.shop) for _ in range(10)]
    done = await gather(*(office.adjust(-30, by=staff[n % 10]) for n in range(50)))
    assert Counter(type(one).__name__ for one in done) == {"Adjusted": 3, "AdjustRefusal": 47}
    assert await office.shop.balance() == Balance(points=10)


async def test_two_owners_press_at_once(office: Office) -> None:
    """One decision, one entry: thirty taps of each, some refusing."""
    approval = await office.waits(600)
    taps = [office.approve(approval, office.owners[n % 2]) for n in range(30)]
    taps += [office.refuse(approval, office.owners[n % 2]) for n in range(30)]
    outcomes = Counter(one.outcome for one in await gather(*taps))
    assert outcomes[DecisionOutcome.DECIDED] == 59
    assert outcomes[DecisionOutcome.APPROVED] + outcomes[DecisionOutcome.REFUSED] == 1
    assert (await office.shop.balance()).points == 600 * outcomes[DecisionOutcome.APPROVED]


async def test_ones_own_wishes_do_not_hide_what_waits_for_one(office: Office) -> None:
    """The list is short: an owner's own requests must not take the places of those that he may decide."""
    for _ in range(3):
        await office.waits(600, by=office.owner)
    asked = await office.waits(600)
    async with office.shop.database.tenant(office.shop.tenant_id) as tx:
        assert [one.id for one in await decisions.waiting(tx, office.owner, office.shop.now, 3)] == [asked.id]
