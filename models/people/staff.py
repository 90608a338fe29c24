"""People who work for the business: found by phone number, and reached like anybody else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.db import Tx
from models.people.members import add_customer, find_customer
from models.people.tables import Customer, Role, User
from models.statements import ours

_ACTIVE = (ours(User), col(User.is_active), col(User.deleted_at).is_(None))
_USER = select(User).where(*_ACTIVE, col(User.phone_number) == bindparam("phone"))
_OWNERS = select(User).where(*_ACTIVE, col(User.role) == Role.OWNER).order_by(col(User.id))
_ALL = select(User).where(*_ACTIVE).order_by(col(User.id))
_BY_ID = select(User).where(ours(User), col(User.id) == bindparam("user_id"))


async def find_user(tx: Tx, phone: str) -> User | None:
    """Whoever works here under this number, or None."""
    user: User | None = await tx.one(_USER, tenant_id=tx.tenant_id, phone=phone)
    return user


async def owners(tx: Tx, now: datetime) -> list[Customer]:
    """The owners, as people who can be written to: their conversation hangs on a customer's row."""
    users: list[User] = await tx.all(_OWNERS, tenant_id=tx.tenant_id)
    return [await person(tx, user, now) for user in users]


async def colleagues(tx: Tx) -> list[User]:
    """Everybody who works here."""
    return await tx.all(_ALL, tenant_id=tx.tenant_id)


async def colleague(tx: Tx, user_id: UUID) -> User | None:
    """Who has this id, whether or not they still work here."""
    user: User | None = await tx.one(_BY_ID, tenant_id=tx.tenant_id, user_id=user_id)
    return user


async def person(tx: Tx, user: User, now: datetime) -> Customer:
    """Somebody who works here, as a person who can be written to.

    The row is only read: two who tell each other something at once would otherwise wait for each other's turn.
    """
    known = await find_customer(tx, user.phone_number)
    return known or await add_customer(tx, user.phone_number, user.full_name, by=user, now=now)
