"""Achievements in the books: given once in a period when they are reached, taken back when what they need is.

Whoever writes has locked the customer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Select, String, bindparam, cast, func, literal_column, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models.db import Tx
from models.loyalty import deeds, entries, ledger, refunds
from models.loyalty.deeds import Bought, Deeds
from models.loyalty.standing_tables import CustomerAchievement, LoyaltyAchievement, Referral, ReferralStatus
from models.loyalty.tables import PaidWith, Purchase
from models.people.tables import User
from models.statements import add_unless_taken, business, ours, unless_taken, written

_ON_OFFER = (
    select(LoyaltyAchievement)
    .where(ours(LoyaltyAchievement), col(LoyaltyAchievement.is_active))
    .order_by(col(LoyaltyAchievement.name))
)
_ZONE = bindparam("zone", type_=String())
_BOUGHT_ON = cast(func.timezone(_ZONE, col(Purchase.purchased_at)), Date)
# gift cards and points were paid for once already
_PAID = (
    ours(Purchase),
    col(Purchase.customer_id) == bindparam("customer_id"),
    col(Purchase.reversed_at).is_(None),
    col(Purchase.paid_with) == PaidWith.MONEY,
)
_BOUGHT: Select[Any, Any, Any] = (
    select_columns(_BOUGHT_ON.label("day"), func.count().label("purchases"), literal_column("0").label("spent"))
    .where(*_PAID)
    .group_by(_BOUGHT_ON)
    .order_by(_BOUGHT_ON)
)
# looking for what has come back of each purchase is only worth it where amounts count
_SPENT = (
    select_columns(
        _BOUGHT_ON.label("day"),
        func.count().label("purchases"),
        func.sum(col(Purchase.amount) - refunds.AMOUNT_BACK).label("spent"),
    )
    .where(*_PAID)
    .group_by(_BOUGHT_ON)
    .order_by(_BOUGHT_ON)
)
_FRIENDS = select_columns(cast(func.timezone(_ZONE, col(Referral.converted_at)), Date).label("day")).where(
    ours(Referral),
    col(Referral.referrer_id) == bindparam("customer_id"),
    col(Referral.status) == written(ReferralStatus.CONVERTED),
)
_STANDING = (
    select_columns(
        CustomerAchievement.__table__.columns,  # type: ignore[attr-defined]
        col(LoyaltyAchievement.name),
        col(LoyaltyAchievement.icon),
    )
    .select_from(CustomerAchievement)
    .join(
        LoyaltyAchievement,
        (col(LoyaltyAchievement.tenant_id) == col(CustomerAchievement.tenant_id))
        & (col(LoyaltyAchievement.id) == col(CustomerAchievement.achievement_id)),
    )
    .where(ours(CustomerAchievement), col(CustomerAchievement.revoked_at).is_(None))
    .order_by(col(CustomerAchievement.earned_at), col(CustomerAchievement.id))
)
_OF_CUSTOMER = _STANDING.where(col(CustomerAchievement.customer_id) == bindparam("customer_id"))
_BY_PURCHASE = _STANDING.where(col(CustomerAchievement.purchase_id) == bindparam("purchase_id"))
_ADD = unless_taken(CustomerAchievement)
_REVOKE = (
    update(CustomerAchievement)
    .where(
        ours(CustomerAchievement),
        col(CustomerAchievement.id) == bindparam("row"),
        col(CustomerAchievement.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Achieved:
    """Something achieved, and the points that came with it."""

    name: str
    icon: str | None
    points: int
    period: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """Something that can be achieved: what each criterion asks for in this period, and how far the customer is."""

    name: str
    description: str | None
    icon: str | None
    points: int
    asked: dict[str, int]
    done: dict[str, int]


async def award(
    tx: Tx,
    customer_id: UUID,
    *,
    now: datetime,
    zone: ZoneInfo,
    expire_days: int | None,
    purchase_id: UUID | None = None,
) -> tuple[Achieved, ...]:
    """Gives what has been reached in the period of `now` and not been given in it.

    What is put up today is not paid for the months and years before. Points live as those of a purchase do.
    """
    on_offer = await tx.all(_ON_OFFER, tenant_id=tx.tenant_id)
    if not on_offer:
        return ()
    done = await _deeds_for(tx, customer_id, zone, [one.criteria for one in on_offer])
    has = {(row.achievement_id, row.period) for row in await _rows_of(tx, customer_id)}
    dated = [(one, _period(one, now, zone)) for one in on_offer]
    reached = [
        (one, period)
        for one, period in dated
        if (one.id, period) not in has and deeds.is_reached(one.criteria, done.within(period))
    ]
    given = [await _give(tx, customer_id, one, period, purchase_id, now, expire_days) for one, period in reached]
    return tuple(one for one in given if one)


def _period(achievement: LoyaltyAchievement, now: datetime, zone: ZoneInfo) -> str:
    """In which period it can be achieved at `now`."""
    today = str(now.astimezone(zone).date())
    return {"ever": "ever", "year": today[:4], "month": today[:7]}[achievement.repeats]


async def _give(
    tx: Tx,
    customer_id: UUID,
    achievement: LoyaltyAchievement,
    period: str,
    purchase_id: UUID | None,
    now: datetime,
    expire_days: int | None,
) -> Achieved | None:
    row = CustomerAchievement(
        tenant_id=business(tx),
        customer_id=customer_id,
        achievement_id=achievement.id,
        period=period,
        criteria=achievement.criteria,
        points=achievement.points_reward,
        purchase_id=purchase_id,
        earned_at=now,
    )
    if not await add_unless_taken(tx, _ADD, row):
        return None
    if row.points:
        why = {"achievement": achievement.name, "criteria": achievement.criteria, "period": period}
        expires_at = None if expire_days is None else now + timedelta(days=expire_days)
        key = _entry_key(row.id)
        facts: dict[str, Any] = {"source": "achievement", "details": why}
        await ledger.earn(tx, customer_id, row.points, key=key, now=now, expires_at=expires_at, **facts)
    return Achieved(achievement.name, achievement.icon, row.points, period, now)


async def revoke(tx: Tx, customer_id: UUID, *, now: datetime, zone: ZoneInfo, by: User | None) -> tuple[Achieved, ...]:
    """Takes back what is no longer reached by the criteria it was given for, points and all."""
    rows = await _rows_of(tx, customer_id)
    if not rows:
        return ()
    done = await _deeds_for(tx, customer_id, zone, [row.criteria for row in rows])
    lost = [row for row in rows if not deeds.is_reached(row.criteria, done.within(row.period))]
    for row in lost:
        await tx.run(_REVOKE, tenant_id=tx.tenant_id, row=row.id, now=now)
        if earning := await entries.entry_with_key(tx, _entry_key(row.id)):
            await ledger.reverse(tx, earning.id, key=f"revoke:{row.id}", now=now, by=by)
    return tuple(map(_achieved, lost))


async def of_customer(tx: Tx, customer_id: UUID) -> list[Achieved]:
    """What the customer has achieved, earliest first."""
    return [_achieved(row) for row in await _rows_of(tx, customer_id)]


async def by_purchase(tx: Tx, purchase_id: UUID) -> tuple[Achieved, ...]:
    """What was achieved with a purchase and stands."""
    rows = await tx.all(_BY_PURCHASE, tenant_id=tx.tenant_id, purchase_id=purchase_id)
    return tuple(map(_achieved, rows))


async def open_to(tx: Tx, customer_id: UUID, now: datetime, zone: ZoneInfo) -> list[Progress]:
    """What the customer can achieve now and has not, with how far it is."""
    on_offer = await tx.all(_ON_OFFER, tenant_id=tx.tenant_id)
    done = await _deeds_for(tx, customer_id, zone, [one.criteria for one in on_offer])
    has = {(row.achievement_id, row.period) for row in await _rows_of(tx, customer_id)}
    found: list[Progress] = []
    for one in on_offer:
        period = _period(one, now, zone)
        if (one.id, period) not in has:
            so_far = {name: deeds.measure(name, done.within(period)) for name in one.criteria}
            found.append(Progress(one.name, one.description, one.icon, one.points_reward, one.criteria, so_far))
    return found


async def _deeds_for(tx: Tx, customer_id: UUID, zone: ZoneInfo, criteria: Sequence[Mapping[str, int]]) -> Deeds:
    """What the customer has bought that was not taken back, and the friends paid for, as far as it is asked for."""
    asked = {name for one in criteria for name in one}
    whose: dict[str, Any] = {"tenant_id": tx.tenant_id, "customer_id": customer_id, "zone": zone.key}
    rows = await tx.all(_SPENT if "spent" in asked else _BOUGHT, **whose)
    friends = await tx.all(_FRIENDS, **whose) if "referrals" in asked else []
    bought = tuple(Bought(row.day, row.purchases, int(row.spent)) for row in rows)
    return Deeds(bought, tuple(row.day for row in friends))


async def _rows_of(tx: Tx, customer_id: UUID) -> Sequence[Any]:
    return await tx.all(_OF_CUSTOMER, tenant_id=tx.tenant_id, customer_id=customer_id)


def _achieved(row: Any) -> Achieved:  # noqa: ANN401 - a row of chosen columns
    return Achieved(row.name, row.icon, row.points, row.period, row.earned_at)


def _entry_key(row_id: UUID) -> str:
    return f"achievement:{row_id}"
