"""Birthdays: a day of the year that a customer has told, and points for it once a year."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, any_, bindparam, update
from sqlalchemy import select as select_columns
from sqlmodel import col, or_, select

from models.db import Tx
from models.loyalty import entries, ledger, rising, rules
from models.loyalty.referrals import is_of_staff
from models.loyalty.rising import Consequences, Terms
from models.loyalty.tables import RuleType
from models.people.tables import Customer, LoyaltyStatus
from models.statements import ours

_DAY = timedelta(days=1)
_LATE = 2
"""So many days a birthday is made up for when the clock's work was not done."""
_PER_RUN = 200
_CELEBRATING = (
    select_columns(col(Customer.id))
    .where(
        ours(Customer),
        col(Customer.birthday) == any_(bindparam("days", type_=ARRAY(String()))),
        col(Customer.loyalty_status) == LoyaltyStatus.ACTIVE,
        col(Customer.joined_at).is_not(None),
        col(Customer.deleted_at).is_(None),
        or_(col(Customer.birthday_paid_in).is_(None), col(Customer.birthday_paid_in) < bindparam("year")),
    )
    .order_by(col(Customer.id))
    .limit(_PER_RUN)
)
# whoever is in the middle of something has his turn later
_FREE = (
    select(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .with_for_update(key_share=True, skip_locked=True)
)
_PAID = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(birthday_paid_in=bindparam("year"))
)
_TELL = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(birthday=bindparam("birthday"), birth_year=bindparam("year"))
)
_ASK = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"), col(Customer.birthday_asked_at).is_(None))
    .values(birthday_asked_at=bindparam("now"))
)


class Told(StrEnum):
    """What became of a birthday that was told."""

    KEPT = "kept"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Celebrated:
    """Whose birthday was paid for, which one it was, and how he has risen by it."""

    customer: Customer
    day: date
    points: int
    risen: Consequences


async def tell(tx: Tx, customer: Customer, day: date, *, year: int | None) -> Told:
    """Keeps month and day, and the year of birth where it was told. The customer is locked, or this is his turn.

    A birthday that was paid for is not moved to another day: that is for the shop to do.
    """
    birthday = f"{day:%m-%d}"
    if customer.birthday_paid_in is not None and customer.birthday != birthday:
        return Told.FIXED
    kept = year or (customer.birth_year if customer.birthday == birthday else None)
    await tx.run(_TELL, tenant_id=tx.tenant_id, customer_id=customer.id, birthday=birthday, year=kept)
    return Told.KEPT


async def ask_once(tx: Tx, customer: Customer, now: datetime) -> bool:
    """Whether to ask for the birthday now: it is unknown, it is worth something, and nobody has asked before."""
    if customer.birthday or customer.birthday_asked_at or not await worth(tx, now):
        return False
    return await tx.run(_ASK, tenant_id=tx.tenant_id, customer_id=customer.id, now=now) > 0


async def worth(tx: Tx, now: datetime) -> int:
    """The points of a birthday."""
    return sum(rule.config["points"] for rule in await rules.in_force(tx, RuleType.BIRTHDAY, now))


def days_of(today: date) -> dict[str, date]:
    """The birthdays that are paid today, as they are kept: today's, and those of the last days that were missed.

    Who was born on a 29th of February celebrates on the 28th in other years.
    """
    days = [today - late * _DAY for late in range(_LATE + 1)]
    found = {f"{day:%m-%d}": day for day in days}
    last = next((day for day in days if (day.month, day.day) == (2, 28) and not isleap(day.year)), None)
    return found | ({"02-29": last} if last else {})


async def celebrating(tx: Tx, today: date) -> list[UUID]:
    """Who is to be paid for a birthday and has not been this year."""
    rows = await tx.all(_CELEBRATING, tenant_id=tx.tenant_id, days=list(days_of(today)), year=today.year)
    return [row.id for row in rows]


async def celebrate(tx: Tx, customer_id: UUID, of: Terms, now: datetime) -> Celebrated | None:
    """Pays the rules in force, once a year. None for who works here, is busy at this moment, or was paid."""
    customer = await tx.one(_FREE, tenant_id=tx.tenant_id, customer_id=customer_id)
    day = days_of(now.astimezone(of.zone).date()).get(customer.birthday or "") if customer else None
    if customer is None or day is None or (customer.birthday_paid_in or 0) >= day.year:
        return None
    in_force = await rules.in_force(tx, RuleType.BIRTHDAY, now)
    points = sum(rule.config["points"] for rule in in_force)
    key = f"birthday:{customer.id}:{day.year}"
    if not points or await is_of_staff(tx, customer.phone_number) or await entries.entry_with_key(tx, key):
        return None
    reasons = [reason for rule in in_force for reason in rules.because(rule, rule.config["points"])["earnings"]]
    why: dict[str, Any] = {"source": "birthday", "details": {"earnings": reasons, "birthday": str(day)}}
    await ledger.earn(tx, customer.id, points, key=key, now=now, expires_at=of.expiry(now), **why)
    await tx.run(_PAID, tenant_id=tx.tenant_id, customer_id=customer.id, year=day.year)
    return Celebrated(customer, day, points, await rising.rise(tx, customer.id, of, now))
