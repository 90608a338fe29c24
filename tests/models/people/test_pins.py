"""A PIN opens, wrong ones cost time, and nothing that happens elsewhere gives an attempt back."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import bindparam
from sqlmodel import col, select

from models.base import uuid7
from models.db import Database
from models.people.pins import BACK_OFF, FIRST_BACK_OFF, PinOutcome, PinVerdict, check_pin, hash_pin, verifies
from models.people.tables import User
from models.vault import Vault
from tests.make import make_tenant, make_user

PIN = "482915"
_USER = select(User).where(col(User.tenant_id) == bindparam("tenant"), col(User.id) == bindparam("user"))
MINUTE = timedelta(minutes=1)


class Staff:
    """Somebody with a PIN, and the attempts at it."""

    def __init__(self, database: Database, vault: Vault, user: User) -> None:
        self.database, self.vault, self.user = database, vault, user

    async def tries(self, pin: str, now: datetime) -> PinVerdict:
        return await check_pin(self.database, self.vault, self.user.tenant_id, self.user.id, pin, now)

    async def fails(self, times: int, now: datetime) -> PinVerdict:
        """The last of so many verdicts."""
        for _ in range(times - 1):
            await self.tries("000000", now)
        return await self.tries("000000", now)

    async def row(self) -> User:
        async with self.database.tenant(self.user.tenant_id) as tx:
            found = await tx.one(_USER, tenant=self.user.tenant_id, user=self.user.id)
        assert found is not None
        return found


@pytest.fixture
async def staff(database: Database, vault: Vault) -> Staff:
    tenant = await make_tenant(database)
    pin_hash = await asyncio.to_thread(hash_pin, vault, PIN)
    user = await make_user(database, tenant.id, pin_hash=pin_hash, pin_enabled=True)
    return Staff(database, vault, user)


def test_a_hash_is_argon2id_with_the_recommended_cost_and_a_salt(vault: Vault) -> None:
    first, second = hash_pin(vault, PIN), hash_pin(vault, PIN)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


async def test_a_hash_opens_with_the_pin_and_the_pepper_it_was_made_with(vault: Vault) -> None:
    pin_hash = hash_pin(vault, PIN)
    assert await verifies(vault, pin_hash, PIN)
    assert not await verifies(vault, pin_hash, "482916")
    assert not await verifies(Vault("another installation"), pin_hash, PIN)


async def test_wrong_pins_count_down_to_a_back_off(staff: Staff, now: datetime) -> None:
    verdicts = [await staff.tries("000000", now) for _ in range(5)]
    assert [verdict.left for verdict in verdicts[:4]] == [4, 3, 2, 1]
    assert {verdict.outcome for verdict in verdicts[:4]} == {PinOutcome.WRONG}
    assert verdicts[4] == PinVerdict(PinOutcome.LOCKED, until=now + FIRST_BACK_OFF)


async def test_the_right_pin_waits_for_the_back_off_too(staff: Staff, now: datetime) -> None:
    """Invariant 30."""
    await staff.fails(5, now)
    locked = PinVerdict(PinOutcome.LOCKED, until=now + FIRST_BACK_OFF)
    assert await staff.tries(PIN, now + MINUTE - timedelta(seconds=1)) == locked
    assert (await staff.tries(PIN, now + MINUTE)).outcome is PinOutcome.RIGHT


async def test_later_back_offs_are_longer(staff: Staff, now: datetime) -> None:
    for _ in range(3):
        verdict = await staff.fails(5, now)
        assert verdict.until is not None
        waited, now = verdict.until - now, verdict.until
    assert waited == BACK_OFF
    assert (await staff.row()).pin_failures == 15


async def test_the_right_pin_takes_the_count_back(staff: Staff, now: datetime) -> None:
    await staff.fails(4, now)
    assert (await staff.tries(PIN, now)).outcome is PinOutcome.RIGHT
    assert (await staff.row()).pin_failures == 0
    assert (await staff.tries("000000", now)).left == 4


async def test_the_last_attempt_before_the_back_off_may_be_right(staff: Staff, now: datetime) -> None:
    await staff.fails(4, now)
    assert (await staff.tries(PIN, now)).outcome is PinOutcome.RIGHT
    assert (await staff.row()).pin_locked_until is None


async def test_fifty_guesses_at_once_are_five_guesses(staff: Staff, now: datetime) -> None:
    """Invariant 30: if attempts were counted after they are looked at, all fifty would be looked at before one
    counts.
    """
    verdicts = await asyncio.gather(*(staff.tries(f"{guess:06}", now) for guess in range(50)))
    assert Counter(verdict.outcome for verdict in verdicts) == {PinOutcome.WRONG: 4, PinOutcome.LOCKED: 46}
    assert {verdict.until for verdict in verdicts if verdict.until} == {now + FIRST_BACK_OFF}
    assert (await staff.row()).pin_failures == 5


async def test_a_turn_that_is_rolled_back_gives_no_attempt_back(staff: Staff, now: datetime) -> None:
    """Invariant 30: a crash after the check would otherwise be a free guess."""

    async def crashing_turn() -> None:
        async with staff.database.tenant(staff.user.tenant_id):
            await staff.fails(3, now)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await crashing_turn()
    assert (await staff.row()).pin_failures == 3


async def test_an_attempt_does_not_wait_for_what_refers_to_the_user(staff: Staff, now: datetime) -> None:
    """A purchase holds a key share lock on who logged it; an attempt in between must not wait for its end."""
    holding = select(User).where(col(User.id) == bindparam("user")).with_for_update(read=True, key_share=True)
    async with staff.database.tenant(staff.user.tenant_id) as tx:
        await tx.one(holding, user=staff.user.id)
        assert (await staff.tries(PIN, now)).outcome is PinOutcome.RIGHT


@pytest.mark.parametrize(
    "changes",
    [{"pin_enabled": False}, {"pin_hash": None}, {"is_active": False}],
    ids=["switched off", "never set", "left the business"],
)
async def test_who_may_not_use_a_pin_is_told_so(
    database: Database, vault: Vault, now: datetime, changes: dict[str, object]
) -> None:
    tenant = await make_tenant(database)
    facts = {"pin_hash": hash_pin(vault, PIN), "pin_enabled": True, **changes}
    user = await make_user(database, tenant.id, "+2348030000002", **facts)
    assert await Staff(database, vault, user).tries(PIN, now) == PinVerdict(PinOutcome.DISABLED)


async def test_staff_of_another_business_are_nobody(staff: Staff, database: Database, now: datetime) -> None:
    other: UUID = (await make_tenant(database)).id
    for tenant_id, user_id in ((other, staff.user.id), (staff.user.tenant_id, uuid7())):
        verdict = await check_pin(database, staff.vault, tenant_id, user_id, PIN, now)
        assert verdict.outcome is PinOutcome.DISABLED
    assert (await staff.row()).pin_failures == 0


async def test_a_hash_that_cannot_be_read_fits_no_pin(vault: Vault) -> None:
    """It would fail the turn, and every later try at it, for ever."""
    assert not await verifies(vault, "not a hash", PIN)
