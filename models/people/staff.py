"""People who work for the business: found by phone number, and reached like anybody else."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.db import Tx
from models.people.members import add_customer
from models.people.tables import Customer, Role, User
from models.statements import ours

_ACTIVE = (ours(User), col(User.is_active), col(User.deleted_at).is_(None))
_USER = select(User).where(*_ACTIVE, col(User.phone_number) == bindparam("phone"))
_OWNERS = select(User).where(*_ACTIVE, col(User.role) == Role.OWNER).order_by(col(User.id))


async def find_user(tx: Tx, phone: str) -> User | None:
    """Whoever works here under this number, or None."""
    user: User | None = await tx.one(_USER, tenant_id=tx.tenant_id, phone=phone)
    return user


async def owners(tx: Tx, now: datetime) -> list[Customer]:
    """The owners, as people who can be written to: their conversation hangs on a customer's row."""
    users: list[User] = await tx.all(_OWNERS, tenant_id=tx.tenant_id)
    return [await add_customer(tx, user.phone_number, user.full_name, by=user, now=now) for user in users]
