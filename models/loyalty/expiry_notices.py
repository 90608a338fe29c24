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

    def day(self, zone: ZoneInfo) -> date:
        """The day of the shop's calendar on which they go."""
        return self.expires_at.astimezone(zone).date()


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
_TOLD = select(ExpiryNotice).where(
    ours(ExpiryNotice),
    col(ExpiryNotice.customer_id) == any_(bindparam("customers", type_=ARRAY(Uuid()))),
    col(ExpiryNotice.expires_on) >= bindparam("today"),
)
_NOTE = unless_taken(ExpiryNotice, "tenant_id", "customer_id", "expires_on")


async def expiring(tx: Tx, now: datetime, until: datetime) -> list[Expiring]:
    """All points that go between `now` and `until` if nobody spends them, soonest first."""
    rows = await tx.all(_EXPIRING, tenant_id=tx.tenant_id, now=now, until=until)
    return [Expiring(row.customer_id, row.expires_at, row.points) for row in rows]


async def due(
    tx: Tx, now: datetime, until: datetime, beyond: datetime, zone: ZoneInfo
) -> list[tuple[Customer, list[Expiring]]]:
    """The members who have agreed to hear of offers and were not told yet of something that goes before `until`.

    With it comes what goes before `beyond`, soonest first: who buys every day is not written to every day, and
    everything is told as long before.
    A hint to come and spend is advertising in most laws, even if it also warns: so it takes that consent.
    """
    found: defaultdict[UUID, list[Expiring]] = defaultdict(list)
    ahead = await expiring(tx, now, beyond)
    told = await _told(tx, {one.customer_id for one in ahead if one.expires_at < until}, now.astimezone(zone).date())
    for one in ahead:
        if (one.customer_id, one.day(zone)) not in told:
            found[one.customer_id].append(one)
    pressing = [customer_id for customer_id, going in found.items() if going[0].expires_at < until]
    willing = await tx.all(_WILLING, tenant_id=tx.tenant_id, customers=pressing) if pressing else []
    return [(customer, found[customer.id]) for customer in willing]


async def _told(tx: Tx, customers: set[UUID], today: date) -> set[tuple[UUID, date]]:
    """The days from `today` on of which each of them was told."""
    rows = await tx.all(_TOLD, tenant_id=tx.tenant_id, customers=list(customers), today=today) if customers else []
    return {(row.customer_id, row.expires_on) for row in rows}


async def note(tx: Tx, customer: Customer, going: list[Expiring], zone: ZoneInfo, now: datetime) -> bool:
    """Notes that the customer is told of every day on which some go. False if he was told of the first before.

    Two rounds at once note it once: the second waits for the first, and finds it.
    """
    by_day: defaultdict[date, int] = defaultdict(int)
    for one in going:
        by_day[one.day(zone)] += one.points
    rows = [
        ExpiryNotice(tenant_id=business(tx), customer_id=customer.id, expires_on=day, points=points, told_at=now)
        for day, points in sorted(by_day.items())
    ]
    if not await add_unless_taken(tx, _NOTE, rows[0]):
        return False
    for row in rows[1:]:
        await add_unless_taken(tx, _NOTE, row)
    return True
