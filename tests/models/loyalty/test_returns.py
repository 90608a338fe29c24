"""A purchase taken back, long after the minute for UNDO."""

from asyncio import gather
from collections import Counter

import pytest

from models.base import uuid7
from models.db import Database
from models.loyalty import returns
from models.loyalty.ledger import Balance
from models.loyalty.returns import Returned, ReturnRefusal
from tests.models.loyalty.office import Office, hired, open_office


@pytest.fixture
async def office(database: Database) -> Office:
    office = await open_office(database)
    await office.shop.rule()
    return office


async def test_what_is_spent_becomes_a_debt(office: Office) -> None:
    """Invariant 21, and the debt is said."""
    bought = await office.shop.bought(1_000_000)
    await office.shop.fulfil((await office.shop.issued(await office.shop.reward(70))).code)
    done = await office.later(days=3).take_back(bought.purchase_id)
    assert isinstance(done, Returned)
    assert (done.points, done.debt, done.balance) == (100, 70, 0)
    assert await office.shop.balance() == Balance(debt=70)
    (noted,) = await office.rows("SELECT * FROM audit_logs WHERE entity_type = 'purchases'")
    assert (noted.user_id, noted.new_values["reason"], noted.new_values["debt"]) == (office.staff.id, "refund", 70)


async def test_once_however_many_try(office: Office) -> None:
    """Invariant 24: one full reversal."""
    bought = await office.shop.bought(1_000_000)
    done = await gather(*(office.take_back(bought.purchase_id) for _ in range(30)))
    assert Counter(type(one).__name__ for one in done) == {"Returned": 1, "ReturnRefusal": 29}
    assert await office.shop.balance() == Balance()
    assert await office.take_back(bought.purchase_id) == ReturnRefusal.ALREADY


async def test_nobody_takes_back_his_own(office: Office) -> None:
    """Invariant 32."""
    kemi = await hired(office.shop, linked_phones=[office.shop.customer.phone_number])
    bought = await office.shop.bought(1_000_000)
    assert await office.take_back(bought.purchase_id, kemi) == ReturnRefusal.OWN_ACCOUNT
    assert await office.take_back(uuid7()) == ReturnRefusal.UNKNOWN


async def test_a_part_takes_its_share(office: Office) -> None:
    """Invariant 21: parts sum to the whole, whatever the split; once for each key, however often it is sent."""
    bought = await office.shop.bought(1_000_000)
    done = await gather(*(office.take_back(bought.purchase_id, part=330_000, key="part") for _ in range(20)))
    assert {(one.amount, one.points) for one in done if isinstance(one, Returned)} <= {(330_000, 33), (330_000, 0)}
    assert await office.shop.balance() == Balance(points=67)
    assert await office.take_back(bought.purchase_id, part=700_000) == ReturnRefusal.TOO_MUCH
    rest = await office.take_back(bought.purchase_id)
    assert isinstance(rest, Returned)
    assert (rest.amount, rest.points, rest.balance) == (670_000, 67, 0)


async def test_the_latest_stand_first(office: Office) -> None:
    for day in range(4):
        await office.later(days=day).shop.bought(100_000 * (day + 1))
    async with office.shop.database.tenant(office.shop.tenant_id) as tx:
        sales = await returns.recent(tx, office.shop.customer.id, 3)
    assert [(one.amount, one.points, one.logged_by) for one in sales] == [
        (400_000, 40, "Tunde"),
        (300_000, 30, "Tunde"),
        (200_000, 20, "Tunde"),
    ]
