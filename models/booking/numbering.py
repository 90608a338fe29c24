"""The numbers of references: counted for each business and local day, so that no two bookings share one."""

from datetime import date

from sqlalchemy import Executable, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from models.base import uuid7
from models.booking.references import numbered
from models.booking.taken_tables import BookingCounter
from models.db import Tx

_COUNT: Executable = (
    insert(BookingCounter)
    .values(tenant_id=bindparam("tenant_id"), id=bindparam("key"), day=bindparam("day"), last=1)
    .on_conflict_do_update(index_elements=["tenant_id", "day"], set_={"last": BookingCounter.last + 1})
    .returning(col(BookingCounter.last))
)


async def next_reference(tx: Tx, prefix: str, day: date) -> str:
    """A reference that no booking has. The next one waits until this transaction ends; numbers may be left out.

    Raises ValueError for a prefix that cannot be one.
    """
    while True:
        number = await tx.value(_COUNT, tenant_id=tx.tenant_id, key=uuid7(), day=day)
        if reference := numbered(prefix, day, number):
            return reference
