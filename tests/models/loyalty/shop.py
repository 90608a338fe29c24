"""A shop with a programme. Each call is a turn of its own: one transaction, on a connection of its own."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import SQLModel, col, select

from models.base import uuid7
from models.db import Database
from models.loyalty import campaigns, expiry, ledger, partial_returns, purchases, redemptions
from models.loyalty.campaigns import Counts
from models.loyalty.earning_tables import Campaign, CampaignType
from models.loyalty.ledger import Balance, Entry, Line, Reversal
from models.loyalty.partial_returns import PartRefusal, PartReturned
from models.loyalty.purchases import Logged, Refused, UndoOutcome
from models.loyalty.redemptions import CodeRefusal, Fulfilled, Issued, IssueRefusal, Pending
from models.loyalty.tables import (
    CustomerPointsBalance,
    PointsLot,
    PointsLotUse,
    PointsRule,
    PointsTransaction,
    Purchase,
    Reward,
    RewardRedemption,
    RuleType,
)
from models.people.tables import Customer, LoyaltyStatus, User
from models.vault import Vault
from tests.make import make_customer, make_tenant, make_user

NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
DAY = timedelta(days=1)
VAULT = Vault("a secret for tests only")
TABLES = (CustomerPointsBalance, PointsTransaction, PointsLot, PointsLotUse, Purchase, Reward, RewardRedemption)
_ALL = {table: select(table) for table in (*TABLES, Customer)}
_BLOCK = update(Customer).where(col(Customer.id) == bindparam("customer")).values(loyalty_status=LoyaltyStatus.BLOCKED)
_phones = count(1)


@dataclass(frozen=True)
class Shop:
    """A business, its first customer, somebody at the till, and the moment at which all is asked."""

    database: Database
    tenant_id: UUID
    customer: Customer
    staff: User
    now: datetime = NOW

    def later(self, **by: int) -> "Shop":
        return replace(self, now=self.now + timedelta(**by))

    async def newcomer(self, **facts: object) -> UUID:
        phone = f"+2348039{next(_phones):06}"
        return (await make_customer(self.database, self.tenant_id, phone, **facts)).id

    async def add(self, *rows: SQLModel) -> None:
        async with self.database.tenant(self.tenant_id) as tx:
            await tx.add(*rows)

    async def rule(self, rule_type: RuleType = RuleType.PER_AMOUNT_SPENT, **config: int) -> PointsRule:
        config = config or {"points": 1, "per": 10_000}
        rule = PointsRule(tenant_id=self.tenant_id, name=f"{rule_type} {config}", rule_type=rule_type, config=config)
        await self.add(rule)
        return rule

    async def reward(self, points: int = 50, **facts: Any) -> Reward:
        name = facts.pop("name", f"Reward {uuid7()}")
        reward = Reward(tenant_id=self.tenant_id, name=name, points_required=points, **facts)
        await self.add(reward)
        return reward

    async def campaign(self, campaign_type: CampaignType, *, days: tuple[int, int] = (-1, 1), **facts: Any) -> Campaign:
        """One that runs from a day before to a day after; `config` and `target_segment` as they are stored."""
        begin, end = (self.now + day * DAY for day in days)
        name = facts.pop("name", f"{campaign_type} {uuid7()}")
        kind: dict[str, Any] = {"campaign_type": campaign_type, "starts_at": begin, "ends_at": end}
        campaign = Campaign(tenant_id=self.tenant_id, name=name, **kind, **facts)
        await self.add(campaign)
        return campaign

    async def counts(self) -> dict[UUID, Counts]:
        async with self.database.tenant(self.tenant_id) as tx:
            return await campaigns.counts(tx)

    async def rows(self, table: type[Any]) -> list[Any]:
        async with self.database.tenant(self.tenant_id) as tx:
            return await tx.all(_ALL[table])

    async def block(self, customer_id: UUID) -> None:
        async with self.database.tenant(self.tenant_id) as tx:
            await tx.run(_BLOCK, customer=customer_id)

    # -- points ----------------------------------------------------------------------------------------------

    async def earn(
        self,
        points: int,
        *,
        customer_id: UUID | None = None,
        key: str | None = None,
        days: int | None = None,
        wait: int = 0,
    ) -> Entry:
        """Points for `days`, which can be spent in `wait` days."""
        expires_at = None if days is None else self.now + days * DAY
        async with self.database.tenant(self.tenant_id) as tx:
            return await ledger.earn(
                tx,
                customer_id or self.customer.id,
                points,
                key=key or str(uuid7()),
                now=self.now,
                available_at=self.now + wait * DAY,
                expires_at=expires_at,
            )

    async def reverse(self, entry_id: UUID, *, key: str | None = None, points: int | None = None) -> Reversal:
        how: dict[str, Any] = {"key": key or str(uuid7()), "points": points}
        async with self.database.tenant(self.tenant_id) as tx:
            return await ledger.reverse(tx, entry_id, now=self.now, by=self.staff, **how)

    async def hold(self, points: int, redemption_id: UUID) -> bool:
        async with self.database.tenant(self.tenant_id) as tx:
            return await ledger.hold(tx, self.customer.id, points, redemption_id, self.now)

    async def post(self, redemption_id: UUID, *, key: str) -> Entry | None:
        async with self.database.tenant(self.tenant_id) as tx:
            return await ledger.post(tx, redemption_id, key=key, now=self.now, by=self.staff)

    async def release(self, redemption_id: UUID) -> int:
        async with self.database.tenant(self.tenant_id) as tx:
            return await ledger.release(tx, redemption_id, self.now)

    async def balance(self, customer_id: UUID | None = None, *, soon: timedelta = 30 * DAY) -> Balance:
        async with self.database.tenant(self.tenant_id) as tx:
            return await ledger.balance(tx, customer_id or self.customer.id, self.now, soon=soon)

    async def history(self, limit: int = 5) -> list[Line]:
        async with self.database.tenant(self.tenant_id) as tx:
            return await ledger.history(tx, self.customer.id, limit)

    async def expire(self) -> int:
        async with self.database.tenant(self.tenant_id) as tx:
            return await expiry.expire(tx, self.now)

    # -- purchases -------------------------------------------------------------------------------------------

    async def log(
        self,
        amount: int,
        *,
        customer_id: UUID | None = None,
        by: User | None = None,
        key: str | None = None,
        receipt: str | None = None,
        expire_days: int | None = 365,
        **facts: Any,
    ) -> Logged | Refused:
        async with self.database.tenant(self.tenant_id) as tx:
            return await purchases.log_purchase(
                tx,
                customer_id=customer_id or self.customer.id,
                amount=amount,
                currency="NGN",
                by=by or self.staff,
                source="whatsapp",
                logged_via="chat",
                key=key or str(uuid7()),
                now=self.now,
                expire_days=expire_days,
                receipt_number=receipt,
                **facts,
            )

    async def bought(self, amount: int, **facts: Any) -> Logged:
        logged = await self.log(amount, **facts)
        assert isinstance(logged, Logged), logged
        return logged

    async def undo(self, purchase_id: UUID) -> UndoOutcome:
        async with self.database.tenant(self.tenant_id) as tx:
            return await purchases.undo_purchase(tx, purchase_id, by=self.staff, now=self.now)

    async def return_part(
        self, purchase_id: UUID, amount: int, *, key: str | None = None
    ) -> PartReturned | PartRefusal:
        how: dict[str, Any] = {"key": key or str(uuid7()), "by": self.staff, "now": self.now}
        async with self.database.tenant(self.tenant_id) as tx:
            return await partial_returns.return_part(tx, purchase_id, amount, **how)

    async def usual_amount(self) -> int | None:
        async with self.database.tenant(self.tenant_id) as tx:
            return await purchases.usual_amount(tx, self.now)

    # -- rewards ---------------------------------------------------------------------------------------------

    async def issue(self, reward: Reward, *, customer_id: UUID | None = None) -> Issued | IssueRefusal:
        whose = customer_id or self.customer.id
        async with self.database.tenant(self.tenant_id) as tx:
            return await redemptions.issue(tx, VAULT, customer_id=whose, reward_id=reward.id, now=self.now)

    async def issued(self, reward: Reward, *, customer_id: UUID | None = None) -> Issued:
        issued = await self.issue(reward, customer_id=customer_id)
        assert isinstance(issued, Issued), issued
        return issued

    async def look_up(self, code: str) -> Pending | CodeRefusal:
        async with self.database.tenant(self.tenant_id) as tx:
            return await redemptions.look_up(tx, VAULT, code, self.now)

    async def fulfil(self, code: str, *, by: User | None = None) -> Fulfilled | CodeRefusal:
        async with self.database.tenant(self.tenant_id) as tx:
            return await redemptions.fulfil(tx, VAULT, code, by=by or self.staff, now=self.now)

    async def cancel(self, redemption_id: UUID) -> bool:
        async with self.database.tenant(self.tenant_id) as tx:
            return await redemptions.cancel(tx, redemption_id, self.now)

    async def take_back(self, redemption_id: UUID) -> bool:
        async with self.database.tenant(self.tenant_id) as tx:
            return await redemptions.undo(tx, redemption_id, by=self.staff, now=self.now)

    async def sweep(self) -> int:
        async with self.database.tenant(self.tenant_id) as tx:
            return await redemptions.void_expired(tx, self.now)


async def make_shop(database: Database) -> Shop:
    tenant = await make_tenant(database)
    customer = await make_customer(database, tenant.id, first_name="Ada", last_name="Obi")
    return Shop(database, tenant.id, customer, await make_user(database, tenant.id))
