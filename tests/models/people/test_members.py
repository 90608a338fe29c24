"""Customers: found, added, joining, and what they agreed to."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.base import Channel, uuid7
from models.db import Database
from models.people.members import add_customer, find_customer, join, name_of, opt_in, opt_out
from models.people.tables import Consent, Customer, LoyaltyStatus, Purpose
from tests.make import make_customer, make_tenant, make_user

PHONE = "+2348035550101"
WORDS: dict[str, Any] = {"channel": Channel.WHATSAPP, "source": "keyword", "wording": "Reply JOIN to get our news."}
_CONSENTS = select(Consent)
_CUSTOMERS = select(Customer)


@pytest.fixture
async def tenant_id(database: Database) -> UUID:
    return (await make_tenant(database)).id


async def a_stranger(database: Database, tenant_id: UUID, **facts: object) -> UUID:
    facts = {"loyalty_status": LoyaltyStatus.INACTIVE, **facts}
    return (await make_customer(database, tenant_id, PHONE, **facts)).id


async def consents(database: Database, tenant_id: UUID) -> set[tuple[str, str, bool]]:
    async with database.tenant(tenant_id) as tx:
        rows = await tx.all(_CONSENTS)
    assert {row.wording for row in rows} <= {WORDS["wording"]}
    return {(row.channel, row.purpose, row.granted) for row in rows}


async def the_customer(database: Database, tenant_id: UUID) -> Customer:
    async with database.tenant(tenant_id) as tx:
        (customer,) = await tx.all(_CUSTOMERS)
    return customer


async def test_joining_makes_a_member_once(database: Database, tenant_id: UUID, now: Any) -> None:
    """Member, since when, by which words: kept with the first yes and not again."""
    stranger = await a_stranger(database, tenant_id)
    async with database.tenant(tenant_id) as tx:
        joined = [await join(tx, stranger, **WORDS, name="  Ada  Obi Eze", now=now) for _ in range(2)]
    assert joined == [True, False]
    member = await the_customer(database, tenant_id)
    assert (member.loyalty_status, member.joined_at, member.opted_in_at) == (LoyaltyStatus.ACTIVE, now, now)
    assert (member.first_name, member.last_name) == ("Ada", "Obi Eze")
    assert await consents(database, tenant_id) == {("whatsapp", "service", True), ("whatsapp", "marketing", True)}


async def test_only_what_the_words_ask_for_is_agreed_to(database: Database, tenant_id: UUID, now: Any) -> None:
    stranger = await a_stranger(database, tenant_id, first_name="Ada")
    async with database.tenant(tenant_id) as tx:
        assert await join(tx, stranger, **WORDS, purposes=[Purpose.SERVICE], now=now)
    assert await consents(database, tenant_id) == {("whatsapp", "service", True)}
    assert (await the_customer(database, tenant_id)).first_name == "Ada"


async def test_joining_does_not_unblock(database: Database, tenant_id: UUID, now: Any) -> None:
    blocked = await a_stranger(database, tenant_id, loyalty_status=LoyaltyStatus.BLOCKED)
    async with database.tenant(tenant_id) as tx:
        assert not await join(tx, blocked, **WORDS, now=now)
    assert (await the_customer(database, tenant_id)).loyalty_status == LoyaltyStatus.BLOCKED
    assert await consents(database, tenant_id) == set()


async def test_a_no_is_a_no_to_everything_until_the_next_yes(database: Database, tenant_id: UUID, now: Any) -> None:
    customer_id = await a_stranger(database, tenant_id)
    async with database.tenant(tenant_id) as tx:
        assert await opt_out(tx, customer_id, **WORDS, now=now)
    stopped = await the_customer(database, tenant_id)
    assert (stopped.opted_in, stopped.opted_out_at) == (False, now)
    noes = {("whatsapp", purpose.value, False) for purpose in Purpose}
    assert await consents(database, tenant_id) == noes
    async with database.tenant(tenant_id) as tx:
        assert await opt_in(tx, customer_id, **{**WORDS, "channel": Channel.SMS}, now=now)
    back = await the_customer(database, tenant_id)
    assert (back.opted_in, back.opted_in_at, back.opted_out_at) == (True, now, now)
    yeses = {("sms", "service", True), ("sms", "marketing", True)}
    assert await consents(database, tenant_id) == noes | yeses


async def test_nobody_agrees_for_somebody_unknown(database: Database, tenant_id: UUID, now: Any) -> None:
    async with database.tenant(tenant_id) as tx:
        assert not await opt_out(tx, uuid7(), **WORDS, now=now)
        assert not await opt_in(tx, uuid7(), **WORDS, now=now)
    assert await consents(database, tenant_id) == set()


async def test_a_customer_added_at_the_till(database: Database, tenant_id: UUID, now: Any) -> None:
    """Known from then on, but not joined: nobody can agree for somebody else."""
    staff = await make_user(database, tenant_id)
    async with database.tenant(tenant_id) as tx:
        assert await find_customer(tx, PHONE) is None
        added = await add_customer(tx, PHONE, "Ada Obi", by=staff, now=now)
        assert (await add_customer(tx, PHONE, "Somebody Else", by=staff, now=now)).id == added.id
        found = await find_customer(tx, PHONE)
    assert found is not None
    assert (found.id, found.first_name, found.last_name) == (added.id, "Ada", "Obi")
    assert (found.joined_at, found.loyalty_status) == (None, LoyaltyStatus.INACTIVE)
    assert str(staff.id) in found.tags[0]
    assert await consents(database, tenant_id) == set()


async def test_who_was_deleted_is_found_again_only_when_added_again(
    database: Database, tenant_id: UUID, now: Any
) -> None:
    staff = await make_user(database, tenant_id)
    deleted = await a_stranger(database, tenant_id, deleted_at=now)
    async with database.tenant(tenant_id) as tx:
        assert await find_customer(tx, PHONE) is None
        assert (await add_customer(tx, PHONE, None, by=staff, now=now)).id == deleted
        assert await find_customer(tx, PHONE) is not None


async def test_a_number_is_somebody_else_in_another_business(database: Database, tenant_id: UUID) -> None:
    await a_stranger(database, tenant_id)
    async with database.tenant((await make_tenant(database)).id) as tx:
        assert await find_customer(tx, PHONE) is None


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Ada", "Obi", "adda"), "Ada Obi"),
        (("Ada", None, "adda"), "Ada"),
        ((None, None, "adda"), "adda"),
        ((None, None, None), None),
    ],
)
def test_people_are_called_what_they_said(parts: tuple[str | None, ...], name: str | None) -> None:
    assert name_of(*parts) == name
