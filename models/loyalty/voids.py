"""Codes given up: status, points and stock change together, once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, any_, bindparam, case, update
from sqlmodel import col, exists, select

from models.db import Tx
from models.loyalty import ledger
from models.loyalty.tables import CustomerPointsBalance as Account
from models.loyalty.tables import RedemptionStatus, Reward, RewardRedemption
from models.statements import ours, written

_PER_RUN = 200


class VoidReason(StrEnum):
    """Why a redemption was cancelled."""

    EXPIRED = "expired"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    UNDONE = "undone"


_PENDING = (ours(RewardRedemption), col(RewardRedemption.status) == written(RedemptionStatus.PENDING))
_OVERDUE = (*_PENDING, col(RewardRedemption.expires_at) <= bindparam("now"))
_VOID = (
    update(RewardRedemption)
    .where(*_PENDING, col(RewardRedemption.id) == any_(bindparam("redemptions", type_=ARRAY(Uuid()))))
    .values(
        status=RedemptionStatus.CANCELLED,
        cancelled_at=bindparam("now"),
        cancellation_reason=case(
            (col(RewardRedemption.expires_at) <= bindparam("now"), VoidReason.EXPIRED),
            else_=bindparam("reason", type_=String()),
        ),
    )
    .returning(col(RewardRedemption.id), col(RewardRedemption.reward_id))
)
_RESTOCK = (
    update(Reward)
    .where(ours(Reward), col(Reward.id) == bindparam("reward_id"))
    .values(stock_quantity=col(Reward.stock_quantity) + bindparam("pieces"))
)
# accounts in use are left to the next run: who waits for nobody cannot wait in a circle
_ACCOUNTS = (
    select(Account)
    .where(
        ours(Account),
        exists().where(*_OVERDUE, col(RewardRedemption.customer_id) == col(Account.customer_id)),
    )
    .limit(_PER_RUN)
    .with_for_update(key_share=True, skip_locked=True)
)
_OVERDUE_OF = select(RewardRedemption).where(
    *_OVERDUE, col(RewardRedemption.customer_id) == any_(bindparam("customers", type_=ARRAY(Uuid())))
)


async def void(tx: Tx, redemption_ids: Sequence[UUID], now: datetime, reason: VoidReason) -> int:
    """Cancels those still pending, of locked accounts: points and stock go back. Answers how many."""
    voided = await tx.all(_VOID, tenant_id=tx.tenant_id, redemptions=list(redemption_ids), now=now, reason=reason)
    for redemption in sorted(voided, key=lambda redemption: redemption.id):
        await ledger.release(tx, redemption.id, now)
    # in the order of their ids, as everybody locks rewards
    for reward_id, pieces in sorted(Counter(redemption.reward_id for redemption in voided).items()):
        await restock(tx, reward_id, pieces)
    return len(voided)


async def restock(tx: Tx, reward_id: UUID, pieces: int) -> None:
    """Puts pieces back. An unlimited stock stays unlimited."""
    await tx.run(_RESTOCK, tenant_id=tx.tenant_id, reward_id=reward_id, pieces=pieces)


async def void_expired(tx: Tx, now: datetime) -> int:
    """Gives up the codes that have timed out, of some hundred customers. Answers how many."""
    whose: dict[str, Any] = {"tenant_id": tx.tenant_id, "now": now}
    customers = [account.customer_id for account in await tx.all(_ACCOUNTS, **whose)]
    overdue = await tx.all(_OVERDUE_OF, customers=customers, **whose)
    return await void(tx, [redemption.id for redemption in overdue], now, VoidReason.EXPIRED)
