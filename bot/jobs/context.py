"""What a job is given for one business: its transaction, its settings, the time, and a way to tell people things."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from bot.records import notice_row
from flows.context import locale_of, notice
from flows.reply import Reply
from models.db import Tx
from models.messaging.tables import Message, MessageStatus
from models.people.tables import Customer, Purpose
from models.statements import ours
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import PhoneLine, Tenant
from models.vault import Vault
from prompts import say

_KEEP = text("SELECT keep_messages(NULL, :messages, :now)").bindparams(bindparam("messages", type_=JSONB))
_LAST_LINE = (
    select(col(Message.line))
    .where(ours(Message), col(Message.phone_number) == bindparam("phone"))
    .order_by(col(Message.seq).desc())
    .limit(1)
)
_OWN_LINE = select(col(PhoneLine.number)).where(ours(PhoneLine)).order_by(col(PhoneLine.number)).limit(1)


@dataclass
class JobContext:
    """One business's turn of one job. `tx` ends with it; `now` is the only clock."""

    tx: Tx
    tenant: Tenant
    settings: TenantSettings
    vault: Vault
    now: datetime
    outgoing: MessageStatus
    told: int = 0

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tenant.zone)

    def local(self, instant: datetime) -> datetime:
        """An instant as the clock on the shop's wall shows it."""
        return instant.astimezone(self.zone)

    def word(self, customer: Customer, key: str, **values: object) -> str:
        """A label of a choice, in the customer's language."""
        return say(key, values, locale_of(customer.language, self.tenant))

    async def tell(
        self,
        customer: Customer,
        reply: Reply,
        *,
        purpose: Purpose = Purpose.SERVICE,
        until: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> UUID | None:
        """Queues a message, with choices that can be taken `until` then, and gives its id; None for who has opted out.

        It leaves with the commit, from the number the customer knows, and not after `expires_at`.
        """
        told = notice(customer, reply, self.now, purpose=purpose, until=until, expires_at=expires_at)
        if told is None:
            return None
        row = notice_row(told, self.tenant, await self._line(customer.phone_number), self.vault, self.outgoing)
        await self.tx.run(_KEEP, messages=[row], now=self.now)
        self.told += 1
        return UUID(row["id"])

    async def _line(self, phone: str) -> str:
        """The number that the customer wrote to last, else the business's own, else one that it shares."""
        whose = {"tenant_id": self.tx.tenant_id}
        known = await self.tx.value(_LAST_LINE, **whose, phone=phone) or await self.tx.value(_OWN_LINE, **whose)
        shared = next(iter(self.settings.shared_numbers), self.tenant.phone_number)
        return str(known or shared)
