"""Who is told that points are about to expire: once for each day on which some do."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Executable, Uuid, any_, bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models.db import Tx
from models.loyalty.earning_tables import ExpiryNotice
from models.loyalty.tables import PointsLot
from models.people.tables import Consent, Customer, LoyaltyStatus, Purpose
from models.statements import add_unless_taken, business, ours, unless_taken, written


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points of one customer that can still be spent and go at `expires_at`."""

    customer_id: UUID
    expires_at: datetime
    points: int


_EXPIRING: Executable = (
    select_columns(
        col(PointsLot.customer_id), col(PointsLot.expires_at), func.sum(col(PointsLot.remaining)).label("points")
    )
    .where(
        ours(PointsLot),
        col(PointsLot.remaining) > written(0),
        col(PointsLot.available_at) <= bindparam("now"),
        col(PointsLot.expires_at) > bindparam("now"),
        col(PointsLot.expires_at) < bindparam("until"),
    )
    .group_by(col(PointsLot.customer_id), col(PointsLot.expires_at))
    .order_by(col(PointsLot.expires_at), col(PointsLot.customer_id))
)
_last_word = (
    select_columns(col(Consent.granted))
    .where(ours(Consent), col(Consent.customer_id) == col(Customer.id), col(Consent.purpose) == Purpose.MARKETING.value)
    .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
    .limit(1)
    .correlate(Customer)
    .scalar_subquery()
)
_WILLING = select(Customer).where(
    ours(Customer),
    col(Customer.id) == any_(bindparam("customers", type_=ARRAY(Uuid()))),
    col(Customer.opted_in),
    col(Customer.deleted_at).is_(None),
    col(Customer.loyalty_status) == LoyaltyStatus.ACTIVE,
    _last_word,
)
_NOTE = unless_taken(ExpiryNotice, "tenant_id", "customer_id", "expires_on")


async def expiring(tx: Tx, now: datetime, until: datetime) -> list[Expiring]:
    """All points that go between `now` and `until` if nobody spends them, soonest first."""
    rows = await tx.all(_EXPIRING, tenant_id=tx.tenant_id, now=now, until=until)
    return [Expiring(row.customer_id, row.expires_at, row.points) for row in rows]


async def due(tx: Tx, now: datetime, until: datetime) -> list[tuple[Customer, list[Expiring]]]:
    """The members who have agreed to hear of offers, with what goes before `until`, soonest first.

    A hint to come and spend is advertising in most laws, even if it also warns: so it takes that consent.
    """
    found: defaultdict[UUID, list[Expiring]] = defaultdict(list)
    for one in await expiring(tx, now, until):
        found[one.customer_id].append(one)
    willing = await tx.all(_WILLING, tenant_id=tx.tenant_id, customers=list(found)) if found else []
    return [(customer, found[customer.id]) for customer in willing]


async def note(tx: Tx, customer: Customer, going: list[Expiring], zone: ZoneInfo, now: datetime) -> bool:
    """Notes that the customer is told of every day on which some go. False if he was told of the first before.

    Two rounds at once note it once: the second waits for the first, and finds it.
    """
    by_day: defaultdict[date, int] = defaultdict(int)
    for one in going:
        by_day[one.expires_at.astimezone(zone).date()] += one.points
    rows = [
        ExpiryNotice(tenant_id=business(tx), customer_id=customer.id, expires_on=day, points=points, told_at=now)
        for day, points in sorted(by_day.items())
    ]
    if not await add_unless_taken(tx, _NOTE, rows[0]):
        return False
    for row in rows[1:]:
        await add_unless_taken(tx, _NOTE, row)
    return True
