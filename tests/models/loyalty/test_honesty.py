"""Nobody for himself, and two people for what is large, in any order of events."""

import asyncio

import pytest

from models.db import Database
from models.loyalty.adjustments import AdjustRefusal
from models.loyalty.decisions import DecisionOutcome
from models.loyalty.purchases import Refused
from models.loyalty.redemptions import CodeRefusal
from models.loyalty.returns import ReturnRefusal
from tests.models.loyalty.honesty_machine import HonestyMachine
from tests.models.loyalty.office import hired, open_office
from tests.thoroughness import run_machine


@pytest.mark.timeout(120)
async def test_any_order_of_events(database: Database) -> None:
    """Invariants 15, 16, 20 and 32 after every step."""
    loop = asyncio.get_running_loop()

    await run_machine(lambda: HonestyMachine(database, loop), usual=15, steps=30, same_each_time=True)


@pytest.mark.parametrize("closeness", ["himself", "linked"])
async def test_every_door_is_shut_to_ones_own(database: Database, closeness: str) -> None:
    """Invariant 32: earn, redeem, adjust, take back and decide, for himself or a number that is linked to him."""
    office = await open_office(database)
    shop = office.shop
    await shop.rule()
    phone = shop.customer.phone_number
    facts = {"linked_phones": [phone]} if closeness == "linked" else {"phone_number": phone}
    kin = await hired(shop, **facts)
    bought = await shop.bought(2_000_000)
    code = (await shop.issued(await shop.reward(50))).code
    receipt, large = await office.submitted(), await office.waits(800)

    assert await shop.log(500_000, by=kin) == Refused.OWN_ACCOUNT
    assert await shop.fulfil(code, by=kin) == CodeRefusal.OWN
    assert await office.adjust(10, by=kin) == AdjustRefusal.OWN_ACCOUNT
    assert await office.take_back(bought.purchase_id, kin) == ReturnRefusal.OWN_ACCOUNT
    assert (await office.approve(receipt, kin)).outcome == DecisionOutcome.OWN
    assert (await office.approve(large, kin)).outcome == DecisionOutcome.NOT_ALLOWED
    owner = await hired(shop, role="owner", linked_phones=[phone])
    assert (await office.approve(large, owner)).outcome == DecisionOutcome.OWN
    assert (await shop.balance()).points == 150
