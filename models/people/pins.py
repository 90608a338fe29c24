"""The PIN with which staff sign what they do: hashed with a pepper, and guesses cost time.

An attempt is counted and committed before it is looked at. Otherwise a rolled-back turn would give it back,
and many guesses at once would all be looked at before the first is counted.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, update
from sqlmodel import col, select

from models.db import Database
from models.people.tables import User
from models.vault import Vault

PATIENCE = 5
"""Wrong PINs until a back-off, and from one back-off to the next."""
FIRST_BACK_OFF, BACK_OFF = timedelta(minutes=1), timedelta(minutes=15)

# argon2id as OWASP recommends it: 19 MiB, two passes, one lane
_HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
# a hash takes as much CPU as a hundred turns: two at a time, away from the event loop
_HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pin")

_OF_USER = (col(User.tenant_id) == bindparam("tenant"), col(User.id) == bindparam("user"))
_USER = select(User).where(*_OF_USER).with_for_update(key_share=True)
_COUNT = update(User).where(*_OF_USER).values(pin_failures=bindparam("failures"), pin_locked_until=bindparam("until"))


class PinOutcome(StrEnum):
    """`disabled`: nobody there, or somebody without a PIN."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class PinVerdict:
    """What came of an attempt: `left` more until a back-off when wrong, `until` when locked."""

    outcome: PinOutcome
    left: int = 0
    until: datetime | None = None


def hash_pin(vault: Vault, pin: str) -> str:
    """The PIN as it may be stored. Takes some 50 ms."""
    return _HASHER.hash(vault.peppered(pin))


async def verifies(vault: Vault, pin_hash: str, pin: str) -> bool:
    """Whether `pin` is the one that was hashed, in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _verifies, vault, pin_hash, pin)


def _verifies(vault: Vault, pin_hash: str, pin: str) -> bool:
    try:
        return _HASHER.verify(pin_hash, vault.peppered(pin))
    except (VerificationError, InvalidHashError):  # a hash that cannot be read fits no PIN
        return False


async def check_pin(db: Database, vault: Vault, tenant_id: UUID, user_id: UUID, pin: str, now: datetime) -> PinVerdict:
    """One attempt. Opens transactions of its own: call it outside of any, or the pool may run dry.

    While a back-off lasts attempts are neither looked at nor counted. The attempt that uses up the patience
    is still looked at. A right PIN takes every count back.
    """
    counted = await _count(db, tenant_id, user_id, now)
    if counted.pin_hash is None:
        if counted.verdict.outcome is PinOutcome.DISABLED:
            # as long as a real check: the time does not tell who has a PIN
            await asyncio.get_running_loop().run_in_executor(_HASHING, hash_pin, vault, pin)
        return counted.verdict
    if not await verifies(vault, counted.pin_hash, pin):
        return counted.verdict
    async with db.tenant(tenant_id) as tx:
        await tx.run(_COUNT, tenant=tenant_id, user=user_id, failures=0, until=None)
    return PinVerdict(PinOutcome.RIGHT)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The verdict if the PIN is wrong, and the hash to hold it against; without one the verdict stands."""

    verdict: PinVerdict
    pin_hash: str | None = None


async def _count(db: Database, tenant_id: UUID, user_id: UUID, now: datetime) -> _Counted:
    """Counts an attempt as a failure and commits, unless it may not be made."""
    async with db.tenant(tenant_id) as tx:
        user = await tx.one(_USER, tenant=tenant_id, user=user_id)
        if user is None or not (user.is_active and user.pin_enabled and user.pin_hash):
            return _Counted(PinVerdict(PinOutcome.DISABLED))
        if user.pin_locked_until is not None and now < user.pin_locked_until:
            return _Counted(PinVerdict(PinOutcome.LOCKED, until=user.pin_locked_until))
        failures = user.pin_failures + 1
        until = _locked_until(failures, now)
        await tx.run(_COUNT, tenant=tenant_id, user=user_id, failures=failures, until=until)
    if until is not None:
        return _Counted(PinVerdict(PinOutcome.LOCKED, until=until), user.pin_hash)
    return _Counted(PinVerdict(PinOutcome.WRONG, left=PATIENCE - failures % PATIENCE), user.pin_hash)


def _locked_until(failures: int, now: datetime) -> datetime | None:
    if failures % PATIENCE:
        return None
    return now + (FIRST_BACK_OFF if failures == PATIENCE else BACK_OFF)
