"""People who work for the business, found by phone number."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.db import Tx
from models.people.tables import User

_USER = select(User).where(
    col(User.tenant_id) == bindparam("tenant"),
    col(User.phone_number) == bindparam("phone"),
    col(User.is_active),
    col(User.deleted_at).is_(None),
)


async def find_user(tx: Tx, phone: str) -> User | None:
    """Whoever works here under this number, or None."""
    user: User | None = await tx.one(_USER, tenant=tx.tenant_id, phone=phone)
    return user
