"""Choices that stand: sent to people who had not asked, and forgotten when their time is over."""

from datetime import datetime

from sqlalchemy import Text, bindparam, cast, delete, func
from sqlmodel import col

from models.db import Tx
from models.messaging.tables import StandingOffer
from models.statements import ours

_FORGET = delete(StandingOffer).where(ours(StandingOffer), col(StandingOffer.expires_at) <= bindparam("now"))

_WITHDRAW = delete(StandingOffer).where(
    ours(StandingOffer), func.strpos(cast(col(StandingOffer.choices), Text), bindparam("start")) > 0
)


async def withdraw(tx: Tx, start: str) -> int:
    """Takes back those with a choice that begins with `start`, from everybody: somebody has answered."""
    return await tx.run(_WITHDRAW, tenant_id=tx.tenant_id, start=start)


async def forget(tx: Tx, now: datetime) -> int:
    """Forgets those that nobody can take any more, and says how many."""
    return await tx.run(_FORGET, tenant_id=tx.tenant_id, now=now)
