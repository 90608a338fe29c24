"""Another business' ids reach nothing: no entry, lot, code, purchase or customer of it."""

from typing import Any

import asyncpg
import pytest

from models.base import uuid7
from models.db import Database
from models.loyalty import codes, ledger, purchases, redemptions
from models.loyalty.ledger import Balance, ReversalOutcome
from models.loyalty.purchases import Logged, Refused, UndoOutcome
from models.loyalty.redemptions import CodeRefusal, Issued, IssueRefusal
from models.people import members
from models.people.tables import Customer
from tests.models.loyalty.shop import TABLES, VAULT, Shop, make_shop


class Victim:
    """A shop in which everything exists, and what it looks like."""

    def __init__(self, shop: Shop, logged: Logged, issued: Issued) -> None:
        self.shop, self.logged, self.issued = shop, logged, issued

    async def all_rows(self) -> dict[str, list[Any]]:
        return {table.__name__: [row.__dict__ for row in await self.shop.rows(table)] for table in (*TABLES, Customer)}


@pytest.fixture
async def victim(database: Database) -> Victim:
    shop = await make_shop(database)
    await shop.rule()
    logged = await shop.bought(1_000_000)
    return Victim(shop, logged, await shop.issued(await shop.reward(50)))


async def test_no_operation_reaches_another_business(shop: Shop, victim: Victim) -> None:
    """Invariant 26: every operation with a foreign business' ids answers as if they were made up, and changes nothing
    there.
    """
    before = await victim.all_rows()
    assert len(before["PointsTransaction"]) == len(before["RewardRedemption"]) == 1
    stranger, redemption = victim.shop.customer.id, victim.issued.redemption_id
    entry_id = before["PointsTransaction"][0]["id"]
    reward, now = victim.issued.reward, shop.now
    async with shop.database.tenant(shop.tenant_id) as tx:
        assert await ledger.balance(tx, stranger, now) == Balance()
        assert await ledger.history(tx, stranger) == []
        assert not await ledger.hold(tx, stranger, 1, redemption, now)
        assert await ledger.post(tx, redemption, key=str(uuid7()), now=now, by=shop.staff) is None
        assert await ledger.release(tx, redemption, now) == 0
        reversal = await ledger.reverse(tx, entry_id, key=str(uuid7()), now=now, by=shop.staff)
        assert reversal.outcome == ReversalOutcome.UNKNOWN
        undone = await purchases.undo_purchase(tx, victim.logged.purchase_id, by=shop.staff, now=now)
        assert undone == UndoOutcome.UNKNOWN
        asked: dict[str, Any] = {"customer_id": shop.customer.id, "reward_id": reward.id, "now": now}
        assert await redemptions.issue(tx, VAULT, **asked) == IssueRefusal.NOT_OFFERED
        asked["customer_id"] = stranger
        assert await redemptions.issue(tx, VAULT, **asked) == IssueRefusal.BLOCKED
        assert await redemptions.look_up(tx, VAULT, victim.issued.code, now) == CodeRefusal.UNKNOWN
        assert await redemptions.fulfil(tx, VAULT, victim.issued.code, by=shop.staff, now=now) == CodeRefusal.UNKNOWN
        assert not await redemptions.cancel(tx, redemption, now)
        assert not await redemptions.undo(tx, redemption, by=shop.staff, now=now)
        words: dict[str, Any] = {"channel": "sms", "source": "keyword", "wording": "JOIN", "now": now}
        assert not await members.join(tx, stranger, **words)
        assert not await members.opt_in(tx, stranger, **words)
        assert not await members.opt_out(tx, stranger, **words)
    assert await shop.log(1_000_000, customer_id=stranger) == Refused.UNKNOWN
    late = shop.later(days=3650)
    assert (await late.sweep(), await late.expire()) == (0, 0)
    assert await victim.all_rows() == before


async def test_points_for_another_business_customer_are_refused_by_the_database(shop: Shop, victim: Victim) -> None:
    """Invariant 26."""
    before = await victim.all_rows()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await shop.earn(10, customer_id=victim.shop.customer.id)
    assert await victim.all_rows() == before


async def test_keys_and_receipts_of_two_businesses_do_not_meet(shop: Shop, victim: Victim) -> None:
    """Invariant 26: both shops may number their receipts from one."""
    for here in (shop, victim.shop):
        await here.earn(10, key="1")
        assert isinstance(await here.log(10_000, key="1", receipt="1"), Logged)
    assert codes.is_well_formed(victim.issued.code)
