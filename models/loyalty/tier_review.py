"""Tiers looked at by the clock: periods that end, notices that are due, policies that have changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, exists, select

from models.db import Tx
from models.loyalty import standings
from models.loyalty.standings import Moved
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tiers import AHEAD, NOTICE, Standing
from models.people.tables import Customer
from models.statements import ours

_DAY = timedelta(days=1)
_PER_RUN = 500
_ENDING = (
    select_columns(col(Customer.id))
    .where(ours(Customer), col(Customer.deleted_at).is_(None), col(Customer.tier_until) < bindparam("soon"))
    .order_by(col(Customer.tier_until), col(Customer.id))
)
# those who were not looked at since the policy changed, as far as they have ever earned something
_BEHIND = (
    select_columns(col(Customer.id))
    .where(
        ours(Customer),
        col(Customer.deleted_at).is_(None),
        col(Customer.tier_policy).is_distinct_from(bindparam("policy")),
        exists().where(ours(Account), col(Account.customer_id) == col(Customer.id)),
    )
    .order_by(col(Customer.id))
    .limit(_PER_RUN)
)
_CUSTOMER = select(Customer).where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
# whoever is in the middle of something has his turn later
_FREE = _CUSTOMER.with_for_update(key_share=True, skip_locked=True)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Who came to another tier, or was warned that he is about to: `last_day` is the one he has it still."""

    customer: Customer
    standing: Standing
    moved: Moved | None
    last_day: date | None


async def candidates(tx: Tx, today: date) -> list[UUID]:
    """Customers whom there may be something to tell: the first to lose a tier first, then who knows another policy."""
    newest = (await standings.policies(tx))[-1].version
    ending = await tx.all(_ENDING, tenant_id=tx.tenant_id, soon=today + AHEAD)
    behind = await tx.all(_BEHIND, tenant_id=tx.tenant_id, policy=newest)
    return list(dict.fromkeys(row.id for row in (*ending, *behind)))


async def review(tx: Tx, customer_id: UUID, now: datetime, zone: ZoneInfo) -> Reviewed | None:
    """Computes the tier anew: what has moved, or the notice that is due now. None if there is nothing to tell.

    Only whom there is something to write about is locked: a round looks at all whose period is about to end, and
    would keep their messages waiting until it is over.
    """
    whose: dict[str, Any] = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    if not await _is_due(tx, customer_id, now, zone):
        return None
    customer = await tx.one(_FREE, **whose)
    if customer is None:
        return None
    moved = await standings.settle(tx, customer_id, now, zone)
    found = await standings.standing_of(tx, customer_id, now, zone)
    if moved is not None:
        return Reviewed(customer, found, moved, found.until)
    today = standings.today(now, zone)
    if not found.needs_warning(today) or not await standings.warn(tx, customer, found, now, zone):
        return None
    return Reviewed(customer, found, None, max(found.until or today, today + NOTICE - _DAY))


async def _is_due(tx: Tx, customer_id: UUID, now: datetime, zone: ZoneInfo) -> bool:
    """Whether something has moved, or a notice is due that was not given."""
    kept = await tx.one(_CUSTOMER, tenant_id=tx.tenant_id, customer_id=customer_id)
    found = await standings.standing_of(tx, customer_id, now, zone)
    is_unwarned = found.needs_warning(standings.today(now, zone)) and found.leaves is None
    return kept is not None and (is_unwarned or not standings.is_kept(kept, found))
