"""Tiers in the books: what was earned is read, the tier computed from it, and a change written down with its cause.

Whoever writes has locked the customer, so that no two changes are computed from the same past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Select, String, bindparam, case, cast, func, union_all, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.db import Tx
from models.loyalty import tiers
from models.loyalty.standing_tables import LoyaltyTier, TierCause, TierEvent, TierEventKind
from models.loyalty.tables import EntryKind, PointsTransaction
from models.loyalty.tiers import Policy, Standing, Tier, Warned
from models.people.tables import Customer
from models.statements import add_unless_taken, business, ours, unless_taken

_TIERS = (
    select(LoyaltyTier).where(ours(LoyaltyTier)).order_by(col(LoyaltyTier.version), col(LoyaltyTier.points_required))
)
_entry, _original = PointsTransaction, aliased(PointsTransaction)
_OF_CUSTOMER = (ours(_entry), col(_entry.customer_id) == bindparam("customer_id"))
_gained: Select[Any, Any] = select_columns(
    col(_entry.occurred_at).label("at"), col(_entry.points).label("points")
).where(*_OF_CUSTOMER, col(_entry.transaction_type) == EntryKind.EARNED)
# a reversal counts on the day of what it reverses: as if that had never been. Both are looked for among the entries
# of the customer: a search by id alone may be made through those of all
_taken_back: Select[Any, Any] = (
    select_columns(col(_original.occurred_at).label("at"), col(_entry.points).label("points"))
    .select_from(_entry)
    .join(_original, col(_original.id) == col(_entry.reverses_id))
    .where(
        *_OF_CUSTOMER,
        col(_entry.transaction_type) == EntryKind.REVERSED,
        col(_original.tenant_id) == bindparam("tenant_id"),
        col(_original.customer_id) == bindparam("customer_id"),
        col(_original.transaction_type) == EntryKind.EARNED,
    )
)
_counted = union_all(_gained, _taken_back).subquery("counted")
_DAY = cast(func.timezone(bindparam("zone", type_=String()), _counted.c.at), Date)
_EARNED = select_columns(_DAY.label("day"), func.sum(_counted.c.points).label("points")).group_by(_DAY)
_WARNED = select(TierEvent).where(
    ours(TierEvent),
    col(TierEvent.customer_id) == bindparam("customer_id"),
    col(TierEvent.kind) == TierEventKind.WARNED,
)
_KEPT = select_columns(col(Customer.tier), col(Customer.tier_until), col(Customer.tier_policy)).where(
    ours(Customer), col(Customer.id) == bindparam("customer_id")
)
_KEEP = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(tier=bindparam("tier"), tier_until=bindparam("until"), tier_policy=bindparam("policy"))
)
_WARN = unless_taken(TierEvent)
_OF_PURCHASE = (
    select(TierEvent)
    .where(ours(TierEvent), col(TierEvent.purchase_id) == bindparam("purchase_id"))
    .order_by(case((col(TierEvent.cause) == TierCause.EARNED, 0), else_=1), col(TierEvent.occurred_at))
)


@dataclass(frozen=True, slots=True)
class Moved:
    """From one tier to another."""

    before: str
    after: str
    is_up: bool
    cause: TierCause
    discount: int = 0


async def policies(tx: Tx) -> list[Policy]:
    """Every version of the tiers, the one in force last. A business that has decided nothing has the usual ones."""
    rows = await tx.all(_TIERS, tenant_id=tx.tenant_id)
    versions = (list(of_one) for _, of_one in groupby(rows, key=lambda row: row.version))
    return [_policy(of_one) for of_one in versions] or [tiers.DEFAULT]


def _policy(rows: Sequence[LoyaltyTier]) -> Policy:
    of_version = tuple(
        Tier(
            row.name,
            row.points_required,
            row.benefits.get("discount", 0),
            priority_booking=row.benefits.get("priority_booking", False),
        )
        for row in rows
    )
    first = rows[0]
    return Policy(first.version, first.since, of_version, first.period_months)


async def standing_of(tx: Tx, customer_id: UUID, now: datetime, zone: ZoneInfo) -> Standing:
    """Where the customer stands at `now`, computed from everything that was earned."""
    whose: dict[str, Any] = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    earned = {row.day: row.points for row in await tx.all(_EARNED, **whose, zone=zone.key)}
    warned = [Warned(row.before, row.until, row.day) for row in await tx.all(_WARNED, **whose) if row.until]
    return tiers.standing(earned, await policies(tx), warned, now.astimezone(zone).date())


async def settle(
    tx: Tx, customer_id: UUID, now: datetime, zone: ZoneInfo, *, purchase_id: UUID | None = None
) -> Moved | None:
    """Computes the tier of a locked customer anew and keeps it; what has moved, if it has."""
    whose: dict[str, Any] = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    kept = await tx.one(_KEPT, **whose)
    found = await standing_of(tx, customer_id, now, zone)
    if kept is None or is_kept(kept, found):
        return None
    await tx.run(_KEEP, **whose, tier=_name(found), until=found.until, policy=found.policy.version)
    before = kept.tier or found.policy.tiers[0].name
    if before == found.tier.name:
        return None
    moved = await _moved(tx, before, found)
    await tx.add(_event(tx, customer_id, found, moved, now, zone, purchase_id))
    return moved


def is_kept(kept: Any, found: Standing) -> bool:  # noqa: ANN401 - a customer, or a row of chosen columns
    """Whether what is written with the customer is what was found."""
    return (kept.tier, kept.tier_until, kept.tier_policy) == (_name(found), found.until, found.policy.version)


def _name(found: Standing) -> str | None:
    """The tier as it is written: none for the lowest."""
    return None if found.is_lowest else found.tier.name


async def _moved(tx: Tx, before: str, found: Standing) -> Moved:
    known = {tier.name: tier.points for policy in await policies(tx) for tier in policy.tiers}
    is_up = found.tier.points > known.get(before, 0)
    last = found.changes[-1] if found.changes else None
    came_so = last is not None and last.after == found.tier.name
    cause = last.cause if last is not None and came_so and (is_up or last.cause != TierCause.EARNED) else None
    return Moved(before, found.tier.name, is_up, cause or TierCause.REVERSED, found.tier.discount)


def _event(
    tx: Tx,
    customer_id: UUID,
    found: Standing,
    moved: Moved,
    now: datetime,
    zone: ZoneInfo,
    purchase_id: UUID | None = None,
) -> TierEvent:
    return TierEvent(
        tenant_id=business(tx),
        customer_id=customer_id,
        kind=TierEventKind.UPGRADED if moved.is_up else TierEventKind.DOWNGRADED,
        before=moved.before,
        after=moved.after,
        cause=moved.cause,
        points=found.points,
        policy_version=found.policy.version,
        purchase_id=purchase_id,
        day=now.astimezone(zone).date(),
        until=found.until,
        occurred_at=now,
    )


async def warn(tx: Tx, customer: Customer, found: Standing, now: datetime, zone: ZoneInfo) -> bool:
    """Writes down that the customer is told that the tier is about to be lost; False if that has been done."""
    place = found.policy.tiers.index(found.tier)
    below = found.policy.tiers[max(0, place - 1)].name
    notice = TierEvent(
        tenant_id=business(tx),
        customer_id=customer.id,
        kind=TierEventKind.WARNED,
        before=found.tier.name,
        after=below,
        cause=TierCause.PERIOD_END,
        points=found.points,
        policy_version=found.policy.version,
        day=now.astimezone(zone).date(),
        until=found.until,
        occurred_at=now,
    )
    return await add_unless_taken(tx, _WARN, notice)


async def moved_by(tx: Tx, purchase_id: UUID) -> Moved | None:
    """The change that a purchase led to when it was logged."""
    row = await tx.one(_OF_PURCHASE, tenant_id=tx.tenant_id, purchase_id=purchase_id)
    if row is None or row.kind != TierEventKind.UPGRADED:
        return None
    discounts = {tier.name: tier.discount for policy in await policies(tx) for tier in policy.tiers}
    return Moved(row.before, row.after, is_up=True, cause=TierCause(row.cause), discount=discounts.get(row.after, 0))


async def tier_of(tx: Tx, customer: Customer) -> Tier:
    """The tier as it was kept last, with what it gives now."""
    in_force = (await policies(tx))[-1].tiers
    return next((tier for tier in in_force if tier.name == customer.tier), in_force[0])


def today(now: datetime, zone: ZoneInfo) -> date:
    """The day on the shop's calendar."""
    return now.astimezone(zone).date()
