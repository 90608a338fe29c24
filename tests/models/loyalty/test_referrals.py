"""Friends: recorded once, paid once after a first purchase that stands, never to who works here, within the cap."""

from asyncio import gather
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from models.loyalty import friend_codes
from models.loyalty.referral_payment import Doubt, Doubtful, Paid
from models.loyalty.referrals import Joined
from models.loyalty.standing_tables import ReferralStatus
from models.loyalty.tables import PointsTransaction, RuleType
from models.people.tables import Role
from tests.make import make_user
from tests.models.loyalty.climbing import (
    all_referrals,
    approve,
    bring,
    code,
    goal,
    named,
    pay_due,
    record,
    refuse,
    settle,
    stranger,
    terms,
)
from tests.models.loyalty.shop import NOW, Shop


@pytest.fixture
async def friendly(shop: Shop) -> Shop:
    """A shop that gives 100 points for a friend, and the friend 50."""
    await shop.rule(RuleType.REFERRAL, points=100, friend_points=50)
    return shop


async def paid_points(shop: Shop) -> list[int]:
    return sorted(entry.points for entry in await shop.rows(PointsTransaction) if entry.source == "referral")


async def first_purchase(shop: Shop, **facts: Any) -> Shop:
    """A friend buys; the moment from which it may be paid for."""
    friend = await bring(shop)
    await shop.bought(1_000_000, customer_id=friend, **facts)
    return shop.later(minutes=10)


async def test_both_are_paid_once_under_any_concurrency(friendly: Shop) -> None:
    """Invariant 36: at most once for each friend. Without the lock each of thirty would pay."""
    later = await first_purchase(friendly)
    (referral,) = await all_referrals(friendly)
    of = await terms(later)
    settled = await gather(*(settle(later, referral.id, of) for _ in range(30)))
    assert sum(isinstance(one, Paid) for one in settled) == 1
    assert await paid_points(friendly) == [50, 100]
    assert await pay_due(later.later(days=1)) == []


async def test_the_cap_holds_under_concurrency(friendly: Shop) -> None:
    """Invariant 36: no more than the cap in a month without the owner's word, though all are due at once."""
    owner = await make_user(friendly.database, friendly.tenant_id, "+2348030000008", role=Role.OWNER)
    for _ in range(6):
        await friendly.bought(1_000, customer_id=await bring(friendly), by=owner)
    later = friendly.later(minutes=10)
    of = await terms(later, referrals_per_month=3)
    due = [one.id for one in await all_referrals(friendly)]
    for _ in due:  # who finds the customer busy comes again
        await gather(*(settle(later, one, of) for one in due))
    states = [one.status for one in await all_referrals(friendly)]
    assert (states.count(ReferralStatus.CONVERTED), states.count(ReferralStatus.REVIEW)) == (3, 3)
    assert await paid_points(friendly) == [50] * 3 + [100] * 3


async def test_the_cap_is_of_a_month(friendly: Shop) -> None:
    """The month is the shop's: 30 November 23:30 UTC is December in Lagos."""
    later = await first_purchase(friendly)
    (paid,) = await pay_due(later, referrals_per_month=1)
    assert isinstance(paid, Paid)
    december = friendly.later(seconds=int((datetime.fromisoformat("2026-11-30T23:30Z") - NOW).total_seconds()))
    await december.bought(1_000, customer_id=await bring(december))
    (paid,) = await pay_due(december.later(minutes=10), referrals_per_month=1)
    assert isinstance(paid, Paid)


async def test_nothing_before_a_first_purchase_that_stands(friendly: Shop) -> None:
    """Invariant 36: only after a completed, paid first visit, when the return window is over."""
    friend = await bring(friendly)
    assert await pay_due(friendly.later(days=20)) == []
    await friendly.bought(1_000, customer_id=friend, paid_with="points")
    assert await pay_due(friendly.later(days=20)) == []
    bought = await friendly.bought(1_000, customer_id=friend)
    assert await pay_due(friendly.later(minutes=9)) == []
    await friendly.undo(bought.purchase_id)
    assert await pay_due(friendly.later(days=20)) == []
    assert await paid_points(friendly) == []


async def test_a_purchase_after_the_time_counts_no_more_when_the_first_is_taken_back(friendly: Shop) -> None:
    """The friend bought in time, and again a year later: that one does not become the first."""
    friend = await bring(friendly)
    first = await friendly.bought(1_000, customer_id=friend)
    year_after = friendly.later(days=365)
    await year_after.bought(1_000, customer_id=friend)
    await year_after.undo(first.purchase_id)
    assert await pay_due(year_after.later(days=1)) == []
    (referral,) = await all_referrals(friendly)
    assert (referral.status, referral.purchase_id) == (ReferralStatus.PENDING, None)


async def test_the_next_purchase_can_be_undone_as_long_as_any(friendly: Shop) -> None:
    friend = await bring(friendly)
    first = await friendly.bought(1_000, customer_id=friend)
    await friendly.bought(2_000, customer_id=friend)
    await friendly.undo(first.purchase_id)
    assert await pay_due(friendly.later(minutes=9)) == []
    assert len(await pay_due(friendly.later(minutes=10))) == 1


async def test_what_paid_nothing_uses_up_no_place_under_the_cap(shop: Shop) -> None:
    await shop.rule(RuleType.REFERRAL, points=100, minimum=2_000)
    owner = await make_user(shop.database, shop.tenant_id, "+2348030000008", role=Role.OWNER)
    for amount in (1_000, 1_000, 2_000):
        await shop.bought(amount, customer_id=await bring(shop), by=owner)
    settled = await pay_due(shop.later(minutes=10), referrals_per_month=1)
    assert [one.points for one in settled if isinstance(one, Paid)] == [0, 0, 100]


async def test_a_purchase_taken_back_after_the_payment_takes_it_back(friendly: Shop) -> None:
    """Invariant 36: what stands is paid for once, whatever was paid and taken back before."""
    await goal(friendly, points=10, referrals=1)
    friend = await bring(friendly)
    first = await friendly.bought(1_000, customer_id=friend)
    later = friendly.later(minutes=10)
    (paid,) = await pay_due(later)
    assert isinstance(paid, Paid)
    assert [one.points for one in paid.risen.achieved] == [10]
    assert (await later.balance()).points == 110
    await later.undo(first.purchase_id)
    assert (await later.balance()).points == 0
    assert (await later.balance(friend)).points == 0
    (referral,) = await all_referrals(friendly)
    assert (referral.status, referral.purchase_id, referral.points_awarded) == ("pending", None, None)
    await later.bought(1_000, customer_id=friend)
    still_later = later.later(minutes=10)
    (again,) = await pay_due(still_later)
    assert isinstance(again, Paid)
    assert (await still_later.balance()).points == 110


async def test_the_next_purchase_counts_when_the_first_is_taken_back(friendly: Shop) -> None:
    friend = await bring(friendly)
    first = await friendly.bought(1_000, customer_id=friend)
    await friendly.later(minutes=5).bought(2_000, customer_id=friend)
    await friendly.later(minutes=6).undo(first.purchase_id)
    (paid,) = await pay_due(friendly.later(minutes=16))
    assert isinstance(paid, Paid)
    assert paid.case.purchase.amount == 2_000


async def test_nobody_brings_himself_or_somebody_known(friendly: Shop) -> None:
    """Invariant 36: never to self or an existing customer."""
    own = await code(friendly)
    known = [
        await stranger(friendly, joined_at=friendly.now, referral_code=friend_codes.new_code()),
        await stranger(friendly, last_contact_at=friendly.now),
        await stranger(friendly, total_purchases=1),
        await stranger(friendly, total_bookings=1),
        await stranger(friendly, total_calls=1),
    ]
    assert {(await record(friendly, one, own)).outcome for one in known} == {Joined.NOT_NEW}
    member = known[0]
    assert (await record(friendly, member, await code(friendly, member.id))).outcome is Joined.NOT_NEW


async def test_a_friend_is_new_once(friendly: Shop) -> None:
    """Invariant 36: two codes in two messages at once are one referral."""
    other = await friendly.newcomer()
    codes = [await code(friendly), await code(friendly, other)]
    friend = await stranger(friendly)
    recorded = await gather(*(record(friendly, friend, one) for one in codes * 5))
    assert Counter(one.outcome for one in recorded) == {Joined.RECORDED: 1, Joined.NOT_NEW: 9}
    assert len(await all_referrals(friendly)) == 1


async def test_who_works_here_neither_brings_nor_is_brought(friendly: Shop) -> None:
    """Invariant 36: never to staff or a linked record; also when somebody begins to work here in between."""
    own = await code(friendly)
    linked = await stranger(friendly)
    await make_user(friendly.database, friendly.tenant_id, "+2348030000009", linked_phones=[linked.phone_number])
    assert (await record(friendly, linked, own)).outcome is Joined.STAFF
    later = await first_purchase(friendly)
    await make_user(friendly.database, friendly.tenant_id, friendly.customer.phone_number)
    assert await pay_due(later) == []
    assert [one.status for one in await all_referrals(friendly)] == [ReferralStatus.REFUSED]
    assert (await record(friendly, await stranger(friendly), own)).outcome is Joined.STAFF
    assert await paid_points(friendly) == []


async def test_blocked_customers_are_not_paid(friendly: Shop) -> None:
    later = await first_purchase(friendly)
    await friendly.block(friendly.customer.id)
    assert await pay_due(later) == []
    assert [one.reason for one in await all_referrals(friendly)] == ["blocked"]


async def test_a_code_that_nobody_has(friendly: Shop) -> None:
    assert (await record(friendly, await stranger(friendly), friend_codes.new_code())).outcome is Joined.UNKNOWN


async def test_everybody_keeps_his_code(friendly: Shop) -> None:
    other = await friendly.newcomer()
    assert await code(friendly) == await code(friendly)
    assert await code(friendly) != await code(friendly, other)


async def test_the_same_surname_on_one_day_is_for_the_owner(friendly: Shop) -> None:
    friend = await bring(friendly, last_name="Obi")
    await friendly.bought(1_000, customer_id=friend)
    (found,) = await pay_due(friendly.later(minutes=10))
    assert isinstance(found, Doubtful)
    assert found.doubt is Doubt.SAME_SURNAME
    assert await paid_points(friendly) == []


async def test_a_surname_alone_is_no_doubt(friendly: Shop) -> None:
    friend = await bring(friendly, last_name="Obi")
    await friendly.later(days=2).bought(1_000, customer_id=friend)
    (found,) = await pay_due(friendly.later(days=3))
    assert isinstance(found, Paid)


async def test_the_third_friend_served_by_one_colleague_is_for_the_owner(friendly: Shop) -> None:
    for number in range(3):
        await friendly.later(days=number).bought(1_000, customer_id=await bring(friendly))
    found = await pay_due(friendly.later(days=3))
    assert [one.doubt for one in found if isinstance(one, Doubtful)] == [Doubt.SAME_STAFF]
    assert [type(one) for one in found].count(Paid) == 2


async def test_an_owner_who_serves_everybody_is_no_doubt(friendly: Shop) -> None:
    owner = await make_user(friendly.database, friendly.tenant_id, "+2348030000008", role=Role.OWNER)
    for _ in range(3):
        await friendly.bought(1_000, customer_id=await bring(friendly), by=owner)
    assert [type(one) for one in await pay_due(friendly.later(minutes=10))] == [Paid] * 3


async def doubtful(friendly: Shop) -> Shop:
    friend = await bring(friendly, last_name="Obi")
    await friendly.bought(1_000, customer_id=friend)
    later = friendly.later(minutes=10)
    await pay_due(later)
    return later


async def test_two_owners_decide_once(friendly: Shop) -> None:
    """Whoever presses first; nobody is paid twice, nor paid and refused."""
    later = await doubtful(friendly)
    (referral,) = await all_referrals(friendly)
    decided = await gather(
        *(approve(later, referral.id, friendly.staff) for _ in range(5)),
        *(refuse(later, referral.id, friendly.staff) for _ in range(5)),
    )
    assert sum(one is not None for one in decided) == 1
    assert await paid_points(friendly) in ([50, 100], [])
    (referral,) = await all_referrals(friendly)
    assert referral.status in (ReferralStatus.CONVERTED, ReferralStatus.REFUSED)
    assert referral.reviewed_by_user_id == friendly.staff.id


async def test_what_was_refused_stays_so(friendly: Shop) -> None:
    later = await doubtful(friendly)
    (referral,) = await all_referrals(friendly)
    assert await refuse(later, referral.id, friendly.staff) is not None
    assert await approve(later, referral.id, friendly.staff) is None
    await later.undo(referral.purchase_id)  # type: ignore[arg-type]  # it has one
    assert [one.status for one in await all_referrals(friendly)] == [ReferralStatus.REFUSED]


async def test_a_rule_for_larger_purchases_pays_for_none_below(shop: Shop) -> None:
    await shop.rule(RuleType.REFERRAL, points=100, friend_points=50, minimum=2_000_000)
    later = await first_purchase(shop)
    (found,) = await pay_due(later)
    assert isinstance(found, Paid)
    assert (found.points, found.friend_points) == (0, 0)
    assert await paid_points(shop) == []


async def test_who_does_not_buy_in_time_is_paid_for_no_more(friendly: Shop) -> None:
    friend = await bring(friendly)
    late = friendly.later(days=91)
    await late.bought(1_000, customer_id=friend)
    assert await pay_due(late.later(days=1)) == []


async def test_a_name_may_be_given_later(friendly: Shop) -> None:
    """The surname counts as it is when the points are due."""
    later = await first_purchase(friendly)
    (referral,) = await all_referrals(friendly)
    await named(friendly, referral.referred_customer_id, "obi")
    (found,) = await pay_due(later)
    assert isinstance(found, Doubtful)


def test_a_code_is_no_word_and_no_pin() -> None:
    for _ in range(200):
        made = friend_codes.new_code()
        assert friend_codes.find(f"join LEKKI {made.lower()}, please") == made
        assert any(map(str.isdigit, made))
        assert any(map(str.isalpha, made))
    assert friend_codes.find("see you at 482915, cheers, coffee, 0803 123 4567") is None


@pytest.mark.parametrize("said", ["JOIN LEKKI", "ABC-DEFG", "K7M2QXX", ""])
def test_what_is_no_code(said: str) -> None:
    assert friend_codes.find(said) is None
