"""The numbers at which a business is reached."""

from sqlalchemy import bindparam, select
from sqlmodel import col

from models.base import Channel
from models.db import Tx
from models.statements import ours
from models.tenancy.tables import PhoneLine

_ON = (
    select(col(PhoneLine.number))
    .where(ours(PhoneLine), col(PhoneLine.channel) == bindparam("channel"))
    .order_by(col(PhoneLine.number))
    .limit(1)
)


async def written_line(tx: Tx) -> str | None:
    """The business's own number on WhatsApp, in E.164."""
    number: str | None = await tx.value(_ON, tenant_id=tx.tenant_id, channel=Channel.WHATSAPP)
    return number
