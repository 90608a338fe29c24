"""Friends brought along: a code to share, a friend who joins with it, and the first purchase that counts.

Who pays, and when the owner is asked, is models/loyalty/referral_payment.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlmodel import col, select

from models.db import Tx
from models.loyalty import friend_codes
from models.loyalty.standing_tables import Referral, ReferralStatus
from models.loyalty.tables import Purchase
from models.people.kinship import is_own
from models.people.staff import colleagues
from models.people.tables import Customer, LoyaltyStatus
from models.statements import add_unless_taken, business, ours, unless_taken, written

_TIME_TO_UNDO = timedelta(minutes=10)
"""So long a purchase stands at least before anybody is paid for it."""

_BY_CODE = select(Customer).where(
    ours(Customer), col(Customer.referral_code) == bindparam("code"), col(Customer.deleted_at).is_(None)
)
_TAKE_CODE = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"), col(Customer.referral_code).is_(None))
    .values(referral_code=bindparam("code"))
)
_ADD = unless_taken(Referral, "tenant_id", "referred_customer_id")
_QUALIFY = (
    update(Referral)
    .where(
        ours(Referral),
        col(Referral.referred_customer_id) == bindparam("customer_id"),
        col(Referral.status) == written(ReferralStatus.PENDING),
        col(Referral.joined_at) > bindparam("since"),
    )
    .values(status=ReferralStatus.QUALIFIED, purchase_id=bindparam("purchase_id"), due_at=bindparam("due_at"))
)
_EXPIRE = (
    update(Referral)
    .where(
        ours(Referral),
        col(Referral.status) == written(ReferralStatus.PENDING),
        col(Referral.joined_at) <= bindparam("since"),
    )
    .values(status=ReferralStatus.EXPIRED)
)
_OF_REFERRER = (
    select(func.count())
    .select_from(Referral)
    .where(
        ours(Referral),
        col(Referral.referrer_id) == bindparam("customer_id"),
        col(Referral.status) == written(ReferralStatus.CONVERTED),
    )
)


class Joined(StrEnum):
    """What became of a code that a newcomer joined with."""

    RECORDED = "recorded"
    UNKNOWN = "unknown"
    NOT_NEW = "not_new"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The outcome, and who shared the code."""

    outcome: Joined
    referrer: Customer | None = None


async def code_of(tx: Tx, customer: Customer) -> str:
    """The customer's own code to share; the same one for ever. The customer is locked, or this is his turn."""
    if customer.referral_code:
        return customer.referral_code
    while await tx.one(_BY_CODE, tenant_id=tx.tenant_id, code=(code := friend_codes.new_code())):
        pass
    await tx.run(_TAKE_CODE, tenant_id=tx.tenant_id, customer_id=customer.id, code=code)
    return code


async def record(tx: Tx, friend: Customer, code: str, *, name: str | None, now: datetime) -> Recorded:
    """Notes who brought the newcomer. `friend` is as he was before he joined: known in no way.

    Nothing is noted for a code of somebody who works here or is blocked, nor for a friend who does or is close to
    one: nobody who works here profits from it.
    """
    if not is_new(friend):
        return Recorded(Joined.NOT_NEW)
    referrer = await tx.one(_BY_CODE, tenant_id=tx.tenant_id, code=code)
    if referrer is None or referrer.loyalty_status == LoyaltyStatus.BLOCKED:
        return Recorded(Joined.UNKNOWN)
    if await is_of_staff(tx, referrer.phone_number, friend.phone_number):
        return Recorded(Joined.STAFF, referrer)
    row = Referral(
        tenant_id=business(tx),
        referrer_id=referrer.id,
        referred_customer_id=friend.id,
        referred_name=name,
        referral_code=code,
        joined_at=now,
    )
    return Recorded(Joined.RECORDED if await add_unless_taken(tx, _ADD, row) else Joined.NOT_NEW, referrer)


def is_new(customer: Customer) -> bool:
    """Whether nothing was known of him before this message: no membership, no purchase, visit, call or talk."""
    had = customer.total_purchases or customer.total_bookings or customer.total_calls
    return customer.joined_at is None and customer.last_contact_at is None and not had


async def is_of_staff(tx: Tx, *phones: str) -> bool:
    """Whether any of the numbers is of somebody who works here, or close to one."""
    return any(is_own(user, phone) for user in await colleagues(tx) for phone in phones)


async def qualify(tx: Tx, purchase: Purchase, *, wait: timedelta, valid: timedelta) -> bool:
    """A friend's first purchase makes his referral due after the return window `wait`, within `valid` of joining."""
    now = purchase.purchased_at
    facts: dict[str, Any] = {"purchase_id": purchase.id, "due_at": due_at(purchase, wait)}
    whose = {"tenant_id": tx.tenant_id, "customer_id": purchase.customer_id}
    return await tx.run(_QUALIFY, **whose, **facts, since=now - valid) > 0


def due_at(purchase: Purchase, wait: timedelta) -> datetime:
    """When a friend's purchase has stood long enough, of which the return window is `wait`."""
    return purchase.purchased_at + max(wait, _TIME_TO_UNDO)


async def expire(tx: Tx, now: datetime, *, valid: timedelta) -> int:
    """Gives up friends who have not bought anything within `valid` of joining. Answers how many."""
    return await tx.run(_EXPIRE, tenant_id=tx.tenant_id, since=now - valid)


async def paid_for(tx: Tx, customer_id: UUID) -> int:
    """How many friends the customer has been paid for."""
    count: int = await tx.value(_OF_REFERRER, tenant_id=tx.tenant_id, customer_id=customer_id)
    return count
