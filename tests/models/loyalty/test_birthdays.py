"""A birthday is paid once a year, to who is a customer and does not work here."""

from asyncio import gather
from datetime import date, datetime

import pytest

from models.loyalty.birthdays import Told, days_of
from models.loyalty.tables import PointsTransaction, RuleType
from tests.make import make_user
from tests.models.loyalty.climbing import JOINED, celebrate, customer, tell_birthday
from tests.models.loyalty.shop import NOW, Shop


@pytest.fixture
async def party(shop: Shop) -> Shop:
    """A shop that gives 30 points, and a member of it."""
    await shop.rule(RuleType.BIRTHDAY, points=30)
    async with shop.database.tenant(shop.tenant_id) as tx:
        await tx.run(JOINED, customer=shop.customer.id, now=shop.now)
    return shop


def on(shop: Shop, wall: str) -> Shop:
    return shop.later(seconds=int((datetime.fromisoformat(f"{wall}+01:00") - NOW).total_seconds()))


async def entries(shop: Shop) -> list[int]:
    return [entry.points for entry in await shop.rows(PointsTransaction)]


async def test_once_a_year_however_often_it_is_asked(party: Shop) -> None:
    await tell_birthday(party, date(2026, 12, 24))
    assert await celebrate(on(party, "2026-12-23T10:00")) == []
    eve = on(party, "2026-12-24T10:00")
    done = await gather(*(celebrate(eve) for _ in range(10)))
    assert sum(len(one) for one in done) == 1
    assert await celebrate(on(party, "2026-12-25T10:00")) == []
    assert len(await celebrate(on(party, "2027-12-24T10:00"))) == 1
    assert await entries(party) == [30, 30]


async def test_a_day_or_two_late_is_made_up_for(party: Shop) -> None:
    """Over the end of the year too: the birthday's own year is paid."""
    await tell_birthday(party, date(2026, 12, 31))
    (done,) = await celebrate(on(party, "2027-01-02T10:00"))
    assert done.day == date(2026, 12, 31)
    assert await celebrate(on(party, "2027-01-02T11:00")) == []
    assert len(await celebrate(on(party, "2027-12-31T10:00"))) == 1


async def test_three_days_late_is_too_late(party: Shop) -> None:
    await tell_birthday(party, date(2026, 12, 24))
    assert await celebrate(on(party, "2026-12-27T10:00")) == []


async def test_what_was_paid_for_is_not_moved(party: Shop) -> None:
    """Or somebody could have a birthday each week."""
    assert await tell_birthday(party, date(2026, 12, 24)) is Told.KEPT
    assert await tell_birthday(party, date(2026, 12, 25)) is Told.KEPT
    await celebrate(on(party, "2026-12-25T10:00"))
    assert await tell_birthday(party, date(2026, 12, 26)) is Told.FIXED
    assert await tell_birthday(party, date(2027, 12, 25)) is Told.KEPT
    assert (await customer(party)).birthday == "12-25"


async def test_who_works_here_gets_none(party: Shop) -> None:
    await tell_birthday(party, date(2026, 12, 24))
    await make_user(party.database, party.tenant_id, party.customer.phone_number)
    assert await celebrate(on(party, "2026-12-24T10:00")) == []


async def test_nothing_without_a_rule(shop: Shop) -> None:
    await tell_birthday(shop, date(2026, 12, 24))
    assert await celebrate(on(shop, "2026-12-24T10:00")) == []
    assert await entries(shop) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 2, 28), date(2027, 2, 28)),
        (date(2027, 3, 2), date(2027, 2, 28)),
        (date(2028, 2, 28), None),
        (date(2028, 2, 29), date(2028, 2, 29)),
        (date(2028, 3, 2), date(2028, 2, 29)),
    ],
)
def test_the_29th_of_february(today: date, expected: date | None) -> None:
    """In a year without one it is the 28th."""
    assert days_of(today).get("02-29") == expected
