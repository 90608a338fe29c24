"""Rewards asked for by code: points are held when it is issued, spent when staff check it, else given back.

Only a fingerprint of the code is stored. A code that has timed out is dead, even if no sweep has come.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Executable, Uuid, any_, bindparam, func, update
from sqlalchemy import select as select_columns
from sqlmodel import col, or_, select

from models.db import Tx
from models.loyalty import accounts, codes, entries, ledger, prices
from models.loyalty.rewards import is_offered
from models.loyalty.tables import RedemptionStatus, Reward, RewardRedemption
from models.loyalty.voids import VoidReason, restock, void, void_expired
from models.people.kinship import is_own
from models.people.members import name_of
from models.people.tables import Customer, LoyaltyStatus, User
from models.statements import add_unless_taken, business, ours, unless_taken, written
from models.vault import Vault

_TTL = timedelta(minutes=15)


class IssueRefusal(StrEnum):
    """Why no code was issued. Nothing has changed then: an earlier code still counts."""

    NOT_ENOUGH = "not_enough"
    OUT_OF_STOCK = "out_of_stock"
    NOT_OFFERED = "not_offered"
    LIMIT_REACHED = "limit_reached"
    BLOCKED = "blocked"


class CodeRefusal(StrEnum):
    """Why a code buys nothing."""

    MISTYPED = "mistyped"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    CANCELLED = "cancelled"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that counts until `expires_at`, without its hyphen (see `codes.printed`). It is not kept.

    `points` is what it costs, which a campaign may have lowered.
    """

    redemption_id: UUID
    code: str
    reward: Reward
    points: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """Who waits at the till, for what."""

    redemption_id: UUID
    customer_id: UUID
    customer_name: str | None
    customer_phone: str
    reward_name: str
    points: int


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """Who got what, and the points left to spend."""

    redemption_id: UUID
    customer_id: UUID
    customer_name: str | None
    customer_phone: str
    reward_name: str
    points: int
    balance: int


class _NothingChanges(Exception):  # noqa: N818 - rolls a savepoint back and never leaves this module
    def __init__(self, refusal: IssueRefusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


_CUSTOMER = select(Customer).where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
_IN_THE_WAY = select(RewardRedemption).where(
    ours(RewardRedemption),
    col(RewardRedemption.customer_id) == bindparam("customer_id"),
    col(RewardRedemption.status) == written(RedemptionStatus.PENDING),
    or_(
        col(RewardRedemption.reward_id) == bindparam("reward_id"),
        col(RewardRedemption.expires_at) <= bindparam("now"),
    ),
)
_REWARDS = (
    select(Reward)
    .where(ours(Reward), col(Reward.id) == any_(bindparam("rewards", type_=ARRAY(Uuid()))))
    .order_by(col(Reward.id))
    .with_for_update(key_share=True)
)
_FROM_STOCK = (
    update(Reward)
    .where(
        ours(Reward),
        col(Reward.id) == bindparam("reward_id"),
        or_(col(Reward.stock_quantity).is_(None), col(Reward.stock_quantity) > 0),
    )
    .values(stock_quantity=col(Reward.stock_quantity) - 1)
)
_TIMES = select_columns(func.count()).where(
    ours(RewardRedemption),
    col(RewardRedemption.customer_id) == bindparam("customer_id"),
    col(RewardRedemption.reward_id) == bindparam("reward_id"),
    col(RewardRedemption.status) != RedemptionStatus.CANCELLED,
)
_ADD = unless_taken(RewardRedemption, "tenant_id", "code_hash")
_BY_ID = select(RewardRedemption).where(ours(RewardRedemption), col(RewardRedemption.id) == bindparam("redemption_id"))
_BY_CODE: Executable = (
    select_columns(
        col(RewardRedemption.id),
        col(RewardRedemption.status),
        col(RewardRedemption.expires_at),
        col(RewardRedemption.cancellation_reason),
        col(RewardRedemption.points_deducted),
        col(RewardRedemption.reward_id),
        col(Reward.name).label("reward_name"),
        col(Customer.id).label("customer_id"),
        col(Customer.phone_number),
        col(Customer.first_name),
        col(Customer.last_name),
        col(Customer.whatsapp_name),
        col(Customer.loyalty_status),
    )
    .select_from(RewardRedemption)
    .join(Reward, ours(Reward) & (col(Reward.id) == col(RewardRedemption.reward_id)))
    .join(Customer, ours(Customer) & (col(Customer.id) == col(RewardRedemption.customer_id)))
    .where(ours(RewardRedemption), col(RewardRedemption.code_hash) == bindparam("code_hash"))
)
_FULFIL = (
    update(RewardRedemption)
    .where(
        ours(RewardRedemption),
        col(RewardRedemption.id) == bindparam("redemption_id"),
        col(RewardRedemption.status) == written(RedemptionStatus.PENDING),
        col(RewardRedemption.expires_at) > bindparam("now"),
    )
    .values(
        status=RedemptionStatus.FULFILLED,
        verified_by_user_id=bindparam("user_id"),
        verified_at=bindparam("now"),
        fulfilled_at=bindparam("now"),
    )
)
_UNDO = (
    update(RewardRedemption)
    .where(
        ours(RewardRedemption),
        col(RewardRedemption.id) == bindparam("redemption_id"),
        col(RewardRedemption.status) == RedemptionStatus.FULFILLED,
    )
    .values(
        status=RedemptionStatus.CANCELLED,
        cancelled_at=bindparam("now"),
        cancellation_reason=VoidReason.UNDONE,
    )
)
_COUNT = (
    update(Reward)
    .where(ours(Reward), col(Reward.id) == bindparam("reward_id"))
    .values(total_redemptions=col(Reward.total_redemptions) + bindparam("times"))
)


async def issue(
    tx: Tx, vault: Vault, *, customer_id: UUID, reward_id: UUID, now: datetime, ttl: timedelta = _TTL
) -> Issued | IssueRefusal:
    """Holds the points and one piece of the reward, and makes the code that buys it until `now + ttl`.

    A code for the same reward that still waits is replaced; holds that have timed out are given back first.
    """
    customer = await tx.one(_CUSTOMER, tenant_id=tx.tenant_id, customer_id=customer_id)
    if customer is None or customer.loyalty_status == LoyaltyStatus.BLOCKED:
        return IssueRefusal.BLOCKED
    try:
        # whether there is enough of everything shows only after the old holds are given back
        async with tx.savepoint():
            return await _issue(tx, vault, customer, reward_id, now, now + ttl)
    except _NothingChanges as outcome:
        return outcome.refusal


async def _issue(
    tx: Tx, vault: Vault, customer: Customer, reward_id: UUID, now: datetime, expires_at: datetime
) -> Issued:
    customer_id = customer.id
    await accounts.lock(tx, customer_id)
    reward = await _clear_the_way(tx, customer_id, reward_id, now)
    await _take_piece(tx, customer_id, reward)
    offer = await prices.price(tx, customer, reward, now)
    redemption = RewardRedemption(
        tenant_id=business(tx),
        customer_id=customer_id,
        reward_id=reward_id,
        campaign_id=offer.campaign.id if offer.campaign else None,
        points_deducted=offer.points_required,
        code_hash=b"",
        expires_at=expires_at,
    )
    code = await _add_with_code(tx, vault, redemption)
    if not await ledger.hold(tx, customer_id, offer.points_required, redemption.id, now):
        raise _NothingChanges(IssueRefusal.NOT_ENOUGH)
    return Issued(redemption.id, code, reward, offer.points_required, expires_at)


async def _clear_the_way(tx: Tx, customer_id: UUID, reward_id: UUID, now: datetime) -> Reward:
    """The reward, locked, once the customer's code for it and all that have timed out are given up."""
    whose = {"tenant_id": tx.tenant_id, "customer_id": customer_id}
    old = await tx.all(_IN_THE_WAY, **whose, reward_id=reward_id, now=now)
    involved = list({reward_id, *(redemption.reward_id for redemption in old)})
    rewards = {reward.id: reward for reward in await tx.all(_REWARDS, tenant_id=tx.tenant_id, rewards=involved)}
    if reward_id not in rewards or not is_offered(rewards[reward_id], now):
        raise _NothingChanges(IssueRefusal.NOT_OFFERED)
    await void(tx, [redemption.id for redemption in old], now, VoidReason.REPLACED)
    return rewards[reward_id]


async def _take_piece(tx: Tx, customer_id: UUID, reward: Reward) -> None:
    whose = {"tenant_id": tx.tenant_id, "reward_id": reward.id}
    if not await tx.run(_FROM_STOCK, **whose):
        raise _NothingChanges(IssueRefusal.OUT_OF_STOCK)
    limit = reward.max_redemptions_per_customer
    if limit is not None and await tx.value(_TIMES, **whose, customer_id=customer_id) >= limit:
        raise _NothingChanges(IssueRefusal.LIMIT_REACHED)


async def _add_with_code(tx: Tx, vault: Vault, redemption: RewardRedemption) -> str:
    """Adds the redemption under a code that the business has never used."""
    while True:
        code = codes.new_code()
        redemption.code_hash = vault.fingerprint(str(tx.tenant_id), code)
        if await add_unless_taken(tx, _ADD, redemption):
            return code


async def look_up(tx: Tx, vault: Vault, code: str, now: datetime) -> Pending | CodeRefusal:
    """What a code, as it was typed, would buy now."""
    found = await _find(tx, vault, code)
    if isinstance(found, CodeRefusal):
        return found
    return _refusal(found, now) or Pending(*_facts(found))


async def fulfil(tx: Tx, vault: Vault, code: str, *, by: User, now: datetime) -> Fulfilled | CodeRefusal:
    """Spends the points held for the code, once, whoever else tries at the same moment."""
    found = await _find(tx, vault, code)
    if isinstance(found, CodeRefusal):
        return found
    if refusal := _refusal(found, now):
        return refusal
    if is_own(by, found.phone_number):
        return CodeRefusal.OWN
    await accounts.lock(tx, found.customer_id)
    if not await tx.run(_FULFIL, tenant_id=tx.tenant_id, redemption_id=found.id, user_id=by.id, now=now):
        return await _lost_to(tx, vault, code, now)
    await ledger.post(tx, found.id, key=_entry_key(found.id), now=now, by=by)
    await tx.run(_COUNT, tenant_id=tx.tenant_id, reward_id=found.reward_id, times=1)
    left = await ledger.balance(tx, found.customer_id, now)
    return Fulfilled(*_facts(found), balance=left.points)


async def _lost_to(tx: Tx, vault: Vault, code: str, now: datetime) -> CodeRefusal:
    """What somebody else made of the code while we waited for the account."""
    found = await _find(tx, vault, code)
    if isinstance(found, CodeRefusal):
        return found
    return _refusal(found, now) or CodeRefusal.USED


async def cancel(tx: Tx, redemption_id: UUID, now: datetime) -> bool:
    """Gives up a code that still waits. False if there is none."""
    redemption = await tx.one(_BY_ID, tenant_id=tx.tenant_id, redemption_id=redemption_id)
    if redemption is None:
        return False
    await accounts.lock(tx, redemption.customer_id)
    return await void(tx, [redemption_id], now, VoidReason.CANCELLED) == 1


async def undo(tx: Tx, redemption_id: UUID, *, by: User, now: datetime) -> bool:
    """Takes a fulfilled redemption back, points and piece. False if there is none, or it is one's own."""
    redemption = await tx.one(_BY_ID, tenant_id=tx.tenant_id, redemption_id=redemption_id)
    if redemption is None:
        return False
    (customer,) = await tx.all(_CUSTOMER, tenant_id=tx.tenant_id, customer_id=redemption.customer_id)
    if is_own(by, customer.phone_number):
        return False
    await accounts.lock(tx, redemption.customer_id)
    spending = await entries.entry_with_key(tx, _entry_key(redemption_id))
    if not spending or not await tx.run(_UNDO, tenant_id=tx.tenant_id, redemption_id=redemption_id, now=now):
        return False
    await ledger.reverse(tx, spending.id, key=f"undo:{redemption_id}", now=now, by=by)
    await restock(tx, redemption.reward_id, 1)
    await tx.run(_COUNT, tenant_id=tx.tenant_id, reward_id=redemption.reward_id, times=-1)
    return True


async def _find(tx: Tx, vault: Vault, text: str) -> Any | CodeRefusal:  # noqa: ANN401 - a row of chosen columns
    code = codes.normalised(text)
    if code is None or not codes.is_well_formed(code):
        return CodeRefusal.MISTYPED
    fingerprint = vault.fingerprint(str(tx.tenant_id), code)
    return await tx.one(_BY_CODE, tenant_id=tx.tenant_id, code_hash=fingerprint) or CodeRefusal.UNKNOWN


def _refusal(found: Any, now: datetime) -> CodeRefusal | None:  # noqa: ANN401 - see _find
    if found.status == RedemptionStatus.FULFILLED:
        return CodeRefusal.USED
    if found.expires_at <= now or found.cancellation_reason == VoidReason.EXPIRED:
        return CodeRefusal.EXPIRED
    # a customer may be blocked between asking for a reward and coming for it
    given_up = found.status == RedemptionStatus.CANCELLED or found.loyalty_status == LoyaltyStatus.BLOCKED
    return CodeRefusal.CANCELLED if given_up else None


def _facts(found: Any) -> tuple[UUID, UUID, str | None, str, str, int]:  # noqa: ANN401 - see _find
    name = name_of(found.first_name, found.last_name, found.whatsapp_name)
    return found.id, found.customer_id, name, found.phone_number, found.reward_name, found.points_deducted


def _entry_key(redemption_id: UUID) -> str:
    return f"redeem:{redemption_id}"


__all__ = [
    "CodeRefusal",
    "Fulfilled",
    "IssueRefusal",
    "Issued",
    "Pending",
    "cancel",
    "fulfil",
    "issue",
    "look_up",
    "undo",
    "void_expired",
]
