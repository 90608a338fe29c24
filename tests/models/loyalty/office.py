"""A shop with people to ask: each call is a turn of its own, on a connection of its own."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, Self
from uuid import UUID

from sqlalchemy import text

from models.base import uuid7
from models.db import Database
from models.loyalty import adjustments, decisions, receipts, returns
from models.loyalty.adjustments import Adjusted, AdjustReason, AdjustRefusal, Waits, Wish
from models.loyalty.decisions import Decision
from models.loyalty.receipts import Receipt, ReceiptRefusal
from models.loyalty.returns import Returned, ReturnReason, ReturnRefusal
from models.operations import approvals
from models.operations.tables import Approval
from models.people.tables import Role, User
from models.tenancy.settings import TenantSettings
from tests.make import make_user
from tests.models.loyalty.shop import Shop, make_shop

SETTINGS = TenantSettings(adjustment_threshold=500, points_expire_after_days=365)
_phones = count(1)


@dataclass(frozen=True)
class Office:
    """A shop, two people at the till (`staff`, `other`), and its owners."""

    shop: Shop
    other: User
    owners: tuple[User, ...]

    @property
    def staff(self) -> User:
        return self.shop.staff

    @property
    def owner(self) -> User:
        return self.owners[0]

    def later(self, **by: int) -> Self:
        return type(self)(self.shop.later(**by), self.other, self.owners)

    async def adjust(
        self,
        points: int,
        *,
        by: User | None = None,
        key: str | None = None,
        customer_id: UUID | None = None,
        reason: AdjustReason = AdjustReason.GOODWILL,
    ) -> Adjusted | Waits | AdjustRefusal:
        wish = Wish(customer_id or self.shop.customer.id, points, reason)
        facts = {"by": by or self.staff, "key": key or str(uuid7()), "now": self.shop.now, "settings": SETTINGS}
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            return await adjustments.adjust(tx, wish, **facts)  # type: ignore[arg-type]

    async def waits(self, points: int, **facts: Any) -> Approval:
        answer = await self.adjust(points, **facts)
        assert isinstance(answer, Waits), answer
        return answer.approval

    async def approve(self, approval: Approval, by: User | None = None) -> Decision:
        facts = {"by": by or self.owner, "now": self.shop.now, "settings": SETTINGS}
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            return await decisions.approve(tx, approval.id, **facts)  # type: ignore[arg-type]

    async def refuse(self, approval: Approval, by: User | None = None) -> Decision:
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            who = by or self.owner
            return await decisions.refuse(tx, approval.id, by=who, now=self.shop.now, why="other", remark=None)

    async def submit(
        self,
        amount: int = 500_000,
        *,
        number: str | None = None,
        key: str | None = None,
        customer_id: UUID | None = None,
    ) -> Approval | ReceiptRefusal:
        whose = customer_id or self.shop.customer.id
        receipt = Receipt(whose, amount, "NGN", "whatsapp", "https://media.example/1", number)
        today = self.shop.now - timedelta(hours=12)
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            return await receipts.submit(tx, receipt, key=key or str(uuid7()), now=self.shop.now, today=today, most=3)

    async def submitted(self, amount: int = 500_000, **facts: Any) -> Approval:
        answer = await self.submit(amount, **facts)
        assert isinstance(answer, Approval), answer
        return answer

    async def take_back(
        self, purchase_id: UUID, by: User | None = None, *, part: int | None = None, key: str | None = None
    ) -> Returned | ReturnRefusal:
        facts = {"reason": ReturnReason.REFUND, "note": None, "now": self.shop.now, "key": key or str(uuid7())}
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            return await returns.take_back(tx, purchase_id, by=by or self.staff, part=part, **facts)  # type: ignore[arg-type]

    async def expire_requests(self) -> list[Approval]:
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            return await approvals.expire(tx, self.shop.now)

    async def rows(self, query: str, **values: Any) -> list[Any]:
        async with self.shop.database.tenant(self.shop.tenant_id) as tx:
            return await tx.all(text(query), **values)


async def hired(shop: Shop, **facts: Any) -> User:
    """Somebody new who works here."""
    phone = facts.pop("phone_number", f"+2348037{next(_phones):06}")
    return await make_user(shop.database, shop.tenant_id, phone, **facts)


async def open_office(database: Database, owners: int = 2) -> Office:
    shop = await make_shop(database)
    bosses = [await hired(shop, full_name=f"Owner {n}", role=Role.OWNER) for n in range(owners)]
    return Office(shop, await hired(shop, full_name="Bola"), tuple(bosses))
