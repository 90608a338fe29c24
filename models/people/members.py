"""Customers: finding and adding them, joining the programme, and what they may be written to for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlmodel import col, select

from models.base import Channel
from models.db import Tx
from models.people.tables import Consent, Customer, LeadSource, LoyaltyStatus, Purpose, User
from models.statements import add_unless_taken, business, ours, unless_taken

WALK_IN = "walk-in"
"""Stands for the number of those who come through the door and leave none: they share one row, and get no messages."""

_JOINING = (Purpose.SERVICE, Purpose.MARKETING)

_BY_PHONE = select(Customer).where(ours(Customer), col(Customer.phone_number) == bindparam("phone"))
_BY_ID = select(Customer).where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
_HOLD = _BY_ID.with_for_update(key_share=True)
_ADD = unless_taken(Customer, "tenant_id", "phone_number")
_BRING_BACK = (
    update(Customer).where(ours(Customer), col(Customer.phone_number) == bindparam("phone")).values(deleted_at=None)
)
_JOIN = (
    update(Customer)
    .where(
        ours(Customer),
        col(Customer.id) == bindparam("customer_id"),
        col(Customer.joined_at).is_(None),
        col(Customer.loyalty_status) != LoyaltyStatus.BLOCKED,
    )
    .values(
        joined_at=bindparam("now"),
        loyalty_status=LoyaltyStatus.ACTIVE,
        opted_in=True,
        opted_in_at=bindparam("now"),
        first_name=func.coalesce(bindparam("first"), col(Customer.first_name)),
        last_name=func.coalesce(bindparam("last"), col(Customer.last_name)),
    )
)
_OPT_IN = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(opted_in=True, opted_in_at=bindparam("now"))
)
_OPT_OUT = (
    update(Customer)
    .where(ours(Customer), col(Customer.id) == bindparam("customer_id"))
    .values(opted_in=False, opted_out_at=bindparam("now"))
)


async def hold_customer(tx: Tx, customer_id: UUID) -> Customer | None:
    """Waits for the customer's own turn to end and keeps his next one waiting. None for nobody, or somebody deleted.

    For staff who change what is his: his turn locks his row before his bookings and points, so they do too.
    """
    found = await tx.one(_HOLD, tenant_id=tx.tenant_id, customer_id=customer_id)
    return found if found and found.deleted_at is None else None


async def find_customer(tx: Tx, phone: str) -> Customer | None:
    """Who has this number, in E.164."""
    customer = await tx.one(_BY_PHONE, tenant_id=tx.tenant_id, phone=phone)
    return customer if customer and customer.deleted_at is None else None


async def customer_of(tx: Tx, customer_id: UUID) -> Customer:
    """Whose row this is. Raises LookupError for nobody's."""
    customer = await tx.one(_BY_ID, tenant_id=tx.tenant_id, customer_id=customer_id)
    if customer is None:
        raise LookupError(f"no customer has the id {customer_id}")
    return customer


async def customer(tx: Tx, customer_id: UUID) -> Customer | None:
    """Who has this id, unless deleted."""
    found = await tx.one(_BY_ID, tenant_id=tx.tenant_id, customer_id=customer_id)
    return found if found and found.deleted_at is None else None


async def add_customer(
    tx: Tx, phone: str, name: str | None, *, by: User, now: datetime, source: LeadSource = LeadSource.MESSAGE
) -> Customer:
    """The customer with this number, added if there is none and brought back if deleted.

    They have not joined and agreed to nothing: that is theirs to do.
    """
    first, last = _split(name)
    added = Customer(
        tenant_id=business(tx),
        phone_number=phone,
        first_name=first,
        last_name=last,
        last_contact_at=now,
        lead_source=source.value,
        opted_in=phone != WALK_IN,
        tags=[f"added_by:{by.id}"],
    )
    if await add_unless_taken(tx, _ADD, added):
        return added
    await tx.run(_BRING_BACK, tenant_id=tx.tenant_id, phone=phone)
    (customer,) = await tx.all(_BY_PHONE, tenant_id=tx.tenant_id, phone=phone)
    return customer


async def join(
    tx: Tx,
    customer_id: UUID,
    *,
    channel: Channel,
    source: str,
    wording: str,
    name: str | None = None,
    purposes: Iterable[Purpose] = _JOINING,
    now: datetime,
) -> bool:
    """Makes the customer a member and records the consent that `wording` asked for. True when they are new.

    False, and nothing changes, for a member, and for somebody blocked: leaving and joining does not unblock.
    """
    first, last = _split(name)
    whose: dict[str, Any] = {"tenant_id": tx.tenant_id, "customer_id": customer_id, "now": now}
    if not await tx.run(_JOIN, **whose, first=first, last=last):
        return False
    await _record(tx, customer_id, purposes, granted=True, channel=channel, source=source, wording=wording, now=now)
    return True


async def opt_in(
    tx: Tx,
    customer_id: UUID,
    *,
    channel: Channel,
    source: str,
    wording: str,
    purposes: Iterable[Purpose] = _JOINING,
    now: datetime,
) -> bool:
    """Records a yes to being written to on this channel. False if there is no such customer."""
    if not await tx.run(_OPT_IN, tenant_id=tx.tenant_id, customer_id=customer_id, now=now):
        return False
    await _record(tx, customer_id, purposes, granted=True, channel=channel, source=source, wording=wording, now=now)
    return True


async def opt_out(tx: Tx, customer_id: UUID, *, channel: Channel, source: str, wording: str, now: datetime) -> bool:
    """Records a no to everything, on every channel through `opted_in`. False if there is no such customer."""
    if not await tx.run(_OPT_OUT, tenant_id=tx.tenant_id, customer_id=customer_id, now=now):
        return False
    await _record(tx, customer_id, Purpose, granted=False, channel=channel, source=source, wording=wording, now=now)
    return True


def name_of(first: str | None, last: str | None, whatsapp: str | None) -> str | None:
    """What to call somebody: the name they gave, else the one they have on WhatsApp."""
    return " ".join(filter(None, (first, last))) or whatsapp


async def _record(
    tx: Tx,
    customer_id: UUID,
    purposes: Iterable[Purpose],
    *,
    granted: bool,
    channel: Channel,
    source: str,
    wording: str,
    now: datetime,
) -> None:
    consents = [
        Consent(
            tenant_id=business(tx),
            customer_id=customer_id,
            channel=channel,
            purpose=purpose,
            granted=granted,
            source=source,
            wording=wording,
            given_at=now,
        )
        for purpose in purposes
    ]
    await tx.add(*consents)


def _split(name: str | None) -> tuple[str | None, str | None]:
    first, _, last = " ".join((name or "").split()).partition(" ")
    return first or None, last or None
