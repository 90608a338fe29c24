"""Finding a booking by what it is called."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.booking.references import is_reference, normalised
from models.booking.tables import Booking
from models.db import Tx
from models.people.tables import Customer
from models.statements import ours

_BY_REFERENCE = select(Booking).where(
    ours(Booking),
    col(Booking.reference) == bindparam("reference"),
    col(Booking.status).not_in(["held", "expired"]),
    col(Booking.customer_id).in_(
        select(Customer.id).where(ours(Customer), col(Customer.phone_number) == bindparam("phone"))
    ),
)


async def find_by_reference(tx: Tx, text: str, phone: str) -> Booking | None:
    """The booking that `text` names, however it is typed, for the phone it was made from and for no other.

    What cannot be a reference is not looked for: ask `is_reference` to tell a slip from a stranger's booking.
    """
    if not is_reference(text):
        return None
    found: Booking | None = await tx.one(_BY_REFERENCE, tenant_id=tx.tenant_id, reference=normalised(text), phone=phone)
    return found
