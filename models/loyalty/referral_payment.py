"""Paying for a friend: to both, once, after the friend's first purchase has stood; doubtful ones wait for the owner.

The figures are those of the rules in force when the friend bought. Locks: the friend, then who brought him, who is
always the older customer, so that nobody waits in a circle; then the referral.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models.booking.wall_time import first_reached
from models.db import Tx
from models.loyalty import campaigns, entries, ledger, rising, rules
from models.loyalty.referrals import due_at, is_of_staff
from models.loyalty.rising import Consequences, Terms
from models.loyalty.standing_tables import Referral, ReferralStatus
from models.loyalty.tables import PaidWith, PointsRule, Purchase, RuleType
from models.people.tables import Customer, LoyaltyStatus, Role, User
from models.statements import ours, written

_PER_RUN = 50
_LATELY = timedelta(days=30)
_OFTEN = 2
"""How many friends before this one the same colleague has served lately to be remarkable."""


class Doubt(StrEnum):
    """Why the owner is asked."""

    CAP = "cap"
    SAME_STAFF = "same_staff"
    SAME_SURNAME = "same_surname"


class Unpaid(StrEnum):
    """Why nobody is ever paid."""

    STAFF = "staff"
    BLOCKED = "blocked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Case:
    """A referral with the two people of it and the friend's first purchase."""

    referral: Referral
    referrer: Customer
    friend: Customer
    purchase: Purchase


@dataclass(frozen=True, slots=True)
class Paid:
    """What both got for it, and how each has risen by it."""

    case: Case
    points: int
    friend_points: int
    risen: Consequences
    friend_risen: Consequences


@dataclass(frozen=True, slots=True)
class Doubtful:
    """What the owner has to decide."""

    case: Case
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class _Share:
    """Points for one of them, under their key and for their reason."""

    customer: Customer
    key: str
    points: int
    details: Mapping[str, Any]
    campaign_id: UUID | None = None


_DUE = (
    select_columns(col(Referral.id))
    .where(
        ours(Referral),
        col(Referral.status) == written(ReferralStatus.QUALIFIED),
        col(Referral.due_at) <= bindparam("now"),
    )
    .order_by(col(Referral.due_at), col(Referral.id))
    .limit(_PER_RUN)
)
_TO_REVIEW = (
    select(Referral)
    .where(ours(Referral), col(Referral.status) == written(ReferralStatus.REVIEW))
    .order_by(col(Referral.joined_at), col(Referral.id))
)
_BY_ID = select(Referral).where(ours(Referral), col(Referral.id) == bindparam("referral_id"))
_HELD = _BY_ID.with_for_update(key_share=True)
_OF_PURCHASE = select(Referral).where(
    ours(Referral),
    col(Referral.referred_customer_id) == bindparam("customer_id"),
    col(Referral.purchase_id) == bindparam("purchase_id"),
)
_CUSTOMER = select(Customer).where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
_LOCKED = _CUSTOMER.with_for_update(key_share=True)
_FREE = _CUSTOMER.with_for_update(key_share=True, skip_locked=True)
_PURCHASE = select(Purchase).where(ours(Purchase), col(Purchase.id) == bindparam("purchase_id"))
_FIRST_LEFT = (
    select(Purchase)
    .where(
        ours(Purchase),
        col(Purchase.customer_id) == bindparam("customer_id"),
        col(Purchase.reversed_at).is_(None),
        col(Purchase.paid_with) == PaidWith.MONEY,
    )
    .order_by(col(Purchase.purchased_at), col(Purchase.id))
    .limit(1)
)
_PAID_SINCE = (
    select(func.count())
    .select_from(Referral)
    .where(
        ours(Referral),
        col(Referral.referrer_id) == bindparam("customer_id"),
        col(Referral.status) == written(ReferralStatus.CONVERTED),
        col(Referral.converted_at) >= bindparam("since"),
        col(Referral.points_awarded) + col(Referral.friend_points) > 0,
    )
)
_SERVED_SINCE = (
    select(func.count())
    .select_from(Referral)
    .join(
        Purchase,
        (col(Purchase.tenant_id) == col(Referral.tenant_id)) & (col(Purchase.id) == col(Referral.purchase_id)),
    )
    .where(
        ours(Referral),
        col(Referral.referrer_id) == bindparam("customer_id"),
        col(Referral.id) != bindparam("referral_id"),
        col(Purchase.logged_by_user_id) == bindparam("user_id"),
        col(Purchase.purchased_at) >= bindparam("since"),
        col(Purchase.purchased_at) < bindparam("before"),
    )
)
_ROLE = select(User.role).where(ours(User), col(User.id) == bindparam("user_id"))
_CHANGE = (
    update(Referral)
    .where(ours(Referral), col(Referral.id) == bindparam("referral_id"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "status",
                "reason",
                "purchase_id",
                "due_at",
                "converted_at",
                "points_awarded",
                "friend_points",
                "reviewed_by_user_id",
                "reviewed_at",
            )
        }
    )
)


async def due(tx: Tx, now: datetime) -> list[UUID]:
    """Those whose first purchase has stood long enough, longest first."""
    return [row.id for row in await tx.all(_DUE, tenant_id=tx.tenant_id, now=now)]


async def to_review(tx: Tx) -> list[Case]:
    """Those that wait for the owner, longest first."""
    return [await _case(tx, referral) for referral in await tx.all(_TO_REVIEW, tenant_id=tx.tenant_id)]


async def case_of(tx: Tx, referral_id: UUID) -> Case | None:
    """The referral if it waits for the owner."""
    referral = await tx.one(_BY_ID, tenant_id=tx.tenant_id, referral_id=referral_id)
    return await _case(tx, referral) if referral is not None and referral.status == ReferralStatus.REVIEW else None


async def settle(tx: Tx, referral_id: UUID, of: Terms, now: datetime) -> Paid | Doubtful | None:
    """Pays a referral that is due, or sets it before the owner. None if it is neither, or its people are busy."""
    case = await _held(tx, referral_id, ReferralStatus.QUALIFIED, statement=_FREE)
    if case is None or case.referral.due_at is None or case.referral.due_at > now:
        return None
    if unpaid := await _never(tx, case):
        await _change(tx, case.referral, status=ReferralStatus.REFUSED, reason=unpaid)
        return None
    if doubt := await _doubt(tx, case, of, now):
        await _change(tx, case.referral, status=ReferralStatus.REVIEW, reason=doubt)
        return Doubtful(case, doubt)
    return await _pay(tx, case, of, now)


async def approve(tx: Tx, referral_id: UUID, of: Terms, now: datetime, *, by: User) -> Paid | None:
    """The owner's yes: paid whatever the doubt, but never to somebody who works here. None if nothing waits."""
    case = await _held(tx, referral_id, ReferralStatus.REVIEW)
    if case is None:
        return None
    if unpaid := await _never(tx, case):
        await _change(tx, case.referral, status=ReferralStatus.REFUSED, reason=unpaid)
        return None
    return await _pay(tx, case, of, now, by=by)


async def refuse(tx: Tx, referral_id: UUID, now: datetime, *, by: User) -> Case | None:
    """The owner's no. None if nothing waits."""
    case = await _held(tx, referral_id, ReferralStatus.REVIEW)
    if case is None:
        return None
    decided = {"reviewed_by_user_id": by.id, "reviewed_at": now}
    await _change(tx, case.referral, status=ReferralStatus.REFUSED, reason=Unpaid.REFUSED, **decided)
    return case


async def take_back(tx: Tx, purchase: Purchase, of: Terms, now: datetime, *, by: User | None) -> None:
    """After a friend's purchase was taken back: what was paid for it goes, and the next one that stands counts."""
    whose = {"tenant_id": tx.tenant_id, "customer_id": purchase.customer_id}
    referral = await tx.one(_OF_PURCHASE, **whose, purchase_id=purchase.id)
    kept = await tx.one(_PURCHASE, tenant_id=tx.tenant_id, purchase_id=purchase.id)
    if referral is None or kept is None or kept.reversed_at is None:
        return
    await tx.one(_LOCKED, tenant_id=tx.tenant_id, customer_id=referral.referrer_id)
    referral = await tx.one(_HELD, tenant_id=tx.tenant_id, referral_id=referral.id)
    if referral is None or referral.status in (ReferralStatus.REFUSED, ReferralStatus.EXPIRED):
        return
    for key in _keys(referral):
        if paid := await entries.entry_with_key(tx, key):
            await ledger.reverse(tx, paid.id, key=f"undo:{key}", now=now, by=by)
    await _begin_again(tx, referral, await tx.one(_FIRST_LEFT, **whose), of)
    await rising.fall(tx, referral.referrer_id, of, now, by=by)


async def _begin_again(tx: Tx, referral: Referral, left: Purchase | None, of: Terms) -> None:
    """The friend's other purchase counts instead, if there is one that he made in time."""
    names = ("reason", "purchase_id", "due_at", "converted_at", "points_awarded", "friend_points")
    facts: dict[str, Any] = {**dict.fromkeys(names), "status": ReferralStatus.PENDING}
    if left is not None and referral.joined_at > left.purchased_at - of.referral_valid:
        qualified = {"purchase_id": left.id, "due_at": due_at(left, of.return_window)}
        facts |= {"status": ReferralStatus.QUALIFIED, **qualified}
    await _change(tx, referral, **facts)


async def _pay(tx: Tx, case: Case, of: Terms, now: datetime, *, by: User | None = None) -> Paid:
    """Gives both their points and writes down what they were."""
    points = dict.fromkeys((case.friend.id, case.referrer.id), 0)  # the friend's account first, as everywhere
    for share in sorted(await _shares(tx, case), key=lambda share: share.customer.id != case.friend.id):
        expires_at, details = of.expiry(now), {"referral": str(case.referral.id), **share.details}
        why: dict[str, Any] = {"source": "referral", "details": details, "campaign_id": share.campaign_id, "by": by}
        await ledger.earn(tx, share.customer.id, share.points, key=share.key, now=now, expires_at=expires_at, **why)
        points[share.customer.id] += share.points
    decided = {"reviewed_by_user_id": by.id, "reviewed_at": now} if by else {}
    own, friends = points[case.referrer.id], points[case.friend.id]
    figures = {"points_awarded": own, "friend_points": friends, "converted_at": now}
    await _change(tx, case.referral, status=ReferralStatus.CONVERTED, **figures, **decided)
    risen = [await rising.rise(tx, customer_id, of, now) for customer_id in points]
    return Paid(case, own, friends, risen[1], risen[0])


async def _shares(tx: Tx, case: Case) -> list[_Share]:
    """What the rules in force and the best campaign give each of them."""
    referrer_key, friend_key, *campaign_keys = _keys(case.referral)
    purchase = case.purchase
    in_force = await rules.in_force(tx, RuleType.REFERRAL, purchase.purchased_at)
    counting = [rule for rule in in_force if _counts(rule, purchase)]
    shares = [
        _by_rules(case.referrer, referrer_key, counting, "points"),
        _by_rules(case.friend, friend_key, counting, "friend_points"),
    ]
    if bonus := await campaigns.bonus_for_referral(tx, case.referrer, purchase.purchased_at):
        details = {"campaign": asdict(bonus)}
        given = zip((case.referrer, case.friend), campaign_keys, (bonus.points, bonus.friend_points), strict=True)
        shares += [_Share(customer, key, points, details, bonus.campaign_id) for customer, key, points in given]
    return [share for share in shares if share.points]


def _counts(rule: PointsRule, purchase: Purchase) -> bool:
    categories = rule.conditions.get("categories")
    big_enough: bool = purchase.amount >= rule.config.get("minimum", 0)
    return big_enough and (not categories or purchase.category in categories)


def _by_rules(customer: Customer, key: str, counting: Sequence[PointsRule], figure: str) -> _Share:
    given = [(rule, rule.config.get(figure, 0)) for rule in counting]
    reasons = [reason for rule, points in given for reason in rules.because(rule, points)["earnings"]]
    return _Share(customer, key, sum(points for _, points in given), {"earnings": reasons})


async def _never(tx: Tx, case: Case) -> Unpaid | None:
    if await is_of_staff(tx, case.referrer.phone_number, case.friend.phone_number):
        return Unpaid.STAFF
    blocked = LoyaltyStatus.BLOCKED in (case.referrer.loyalty_status, case.friend.loyalty_status)
    return Unpaid.BLOCKED if blocked or case.referrer.deleted_at or case.friend.deleted_at else None


async def _doubt(tx: Tx, case: Case, of: Terms, now: datetime) -> Doubt | None:
    """What a person should look at before anybody is paid."""
    whose = {"tenant_id": tx.tenant_id, "customer_id": case.referrer.id}
    month = now.astimezone(of.zone).date().replace(day=1)
    since = first_reached(datetime.combine(month, time(0)), of.zone)
    if await tx.value(_PAID_SINCE, **whose, since=since) >= of.referrals_per_month:
        return Doubt.CAP
    user_id = case.purchase.logged_by_user_id
    before = case.purchase.purchased_at
    facts = {"referral_id": case.referral.id, "user_id": user_id, "before": before, "since": before - _LATELY}
    role = await tx.value(_ROLE, tenant_id=tx.tenant_id, user_id=user_id)
    if role != Role.OWNER and await tx.value(_SERVED_SINCE, **whose, **facts) >= _OFTEN:
        return Doubt.SAME_STAFF
    return Doubt.SAME_SURNAME if _is_family(case) and _is_same_day(case, of) else None


def _is_family(case: Case) -> bool:
    """A weak sign, as families share more than a name: it counts only for somebody who joined and bought at once."""
    names = [(one.last_name or "").casefold() for one in (case.referrer, case.friend)]
    return names[0] == names[1] != ""


def _is_same_day(case: Case, of: Terms) -> bool:
    days: set[date] = {at.astimezone(of.zone).date() for at in (case.referral.joined_at, case.purchase.purchased_at)}
    return len(days) == 1


async def _held(
    tx: Tx,
    referral_id: UUID,
    status: ReferralStatus,
    *,
    statement: Any = _LOCKED,  # noqa: ANN401 - see _LOCKED, _FREE
) -> Case | None:
    """The case with all of it locked, if it has this status still."""
    referral = await tx.one(_BY_ID, tenant_id=tx.tenant_id, referral_id=referral_id)
    if referral is None or referral.status != status:
        return None
    for customer_id in (referral.referred_customer_id, referral.referrer_id):
        if await tx.one(statement, tenant_id=tx.tenant_id, customer_id=customer_id) is None:
            return None
    referral = await tx.one(_HELD, tenant_id=tx.tenant_id, referral_id=referral_id)
    return await _case(tx, referral) if referral is not None and referral.status == status else None


async def _case(tx: Tx, referral: Referral) -> Case:
    whose = {"tenant_id": tx.tenant_id}
    (referrer,) = await tx.all(_CUSTOMER, **whose, customer_id=referral.referrer_id)
    (friend,) = await tx.all(_CUSTOMER, **whose, customer_id=referral.referred_customer_id)
    (purchase,) = await tx.all(_PURCHASE, **whose, purchase_id=referral.purchase_id)
    return Case(referral, referrer, friend, purchase)


async def _change(tx: Tx, referral: Referral, **facts: Any) -> None:
    names = ("reason", "purchase_id", "due_at", "converted_at", "points_awarded", "friend_points")
    kept = {name: getattr(referral, name) for name in (*names, "reviewed_by_user_id", "reviewed_at")}
    await tx.run(_CHANGE, tenant_id=tx.tenant_id, referral_id=referral.id, **{**kept, **facts})


def _keys(referral: Referral) -> tuple[str, str, str, str]:
    """The keys of the payments, by rules and by a campaign, to each of them.

    Another purchase, after one that was taken back, is paid for anew.
    """
    about = f"referral:{referral.id}:{referral.purchase_id}"
    return f"{about}:referrer", f"{about}:friend", f"{about}:referrer:campaign", f"{about}:friend:campaign"
