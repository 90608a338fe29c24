"""Who waits for whom: a booking's customer comes first, then the resources, then the booking itself.

Several bookings that one statement changes are locked in the order of their keys. So nobody waits for somebody who
waits for him.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam
from sqlmodel import col, or_, select

from models.booking.tables import Booking
from models.db import Tx
from models.people.tables import Customer
from models.statements import ours

_NAMED = bindparam("booking_or_visit", type_=Uuid)
_WHOSE = (
    select(Booking.customer_id)
    .where(ours(Booking), or_(col(Booking.id) == _NAMED, col(Booking.visit_id) == _NAMED))
    .limit(1)
)
_CUSTOMER = (
    select(Customer.id)
    .where(ours(Customer), col(Customer.id) == _WHOSE.scalar_subquery())
    .with_for_update(key_share=True)
)


async def hold_customer_of(tx: Tx, booking_or_visit: UUID) -> None:
    """For staff who change what is somebody's: waits for his own turn to end, and keeps his next one waiting."""
    await tx.run(_CUSTOMER, tenant_id=tx.tenant_id, booking_or_visit=booking_or_visit)


def one_by_one(*which: ColumnElement[bool], unless_locked: bool = False) -> ColumnElement[bool]:
    """For an UPDATE: these bookings, each as it is once nobody else changes it.

    With `unless_locked` nothing is waited for: whoever is at work on one decides what becomes of it.
    """
    ids = select(Booking.id).where(*which).order_by(col(Booking.id)).with_for_update(skip_locked=unless_locked)
    return col(Booking.id).in_(ids)
