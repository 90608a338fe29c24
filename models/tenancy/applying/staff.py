"""The staff of a business file, and their PINs."""

import asyncio
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import col

from models.db import Tx
from models.people.pins import hash_pin, verifies
from models.people.tables import User
from models.tenancy.applying.listed import Brought, Listed
from models.tenancy.file_parts import StaffMember
from models.vault import Vault

_STAFF = Listed(User, "phone_number", ("full_name", "role", "roles", "linked_phones", "bio", "avatar_url"))
_SET_PIN = (
    update(User)
    .where(col(User.tenant_id) == bindparam("tenant"), col(User.id) == bindparam("row"))
    .values(pin_hash=bindparam("hash"), pin_enabled=True, pin_failures=0, pin_locked_until=None)
)


async def bring(tx: Tx, tenant_id: UUID, staff: list[StaffMember]) -> Brought[User]:
    """The people, without their PINs."""
    wanted = [
        User(
            tenant_id=tenant_id,
            phone_number=member.phone,
            full_name=member.name,
            role=member.role.value,
            roles=[role.value for role in member.roles],
            linked_phones=member.linked,
            bio=member.bio,
            avatar_url=member.picture,
        )
        for member in staff
    ]
    return await _STAFF.bring(tx, wanted)


async def bring_pins(tx: Tx, vault: Vault, staff: list[StaffMember], users: Brought[User]) -> int:
    """Sets the PINs that are given and not in force yet; says how many."""
    changed = 0
    for member in staff:
        user = users.rows[member.phone]
        if member.pin is None:
            continue
        pin = member.pin.get_secret_value()
        if not (user.pin_enabled and user.pin_hash and await verifies(vault, user.pin_hash, pin)):
            pin_hash = await asyncio.to_thread(hash_pin, vault, pin)
            changed += await tx.run(_SET_PIN, tenant=user.tenant_id, row=user.id, hash=pin_hash)
    return changed
