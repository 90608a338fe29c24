"""Whether a booking that had given its time up can have it back, from the resource it had."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.booking.busy import Asking, Stretch, busy_times
from models.booking.openings import peak_load
from models.booking.tables import Booking, Resource
from models.db import Tx
from models.statements import ours

_HELD = (
    select(Resource).where(ours(Resource), col(Resource.id) == bindparam("resource_id")).with_for_update(key_share=True)
)


async def has_room(tx: Tx, booking: Booking, now: datetime) -> bool:
    """Waits until nobody else takes time of the resource, and looks: hours and notice are staff's to judge."""
    resource = await tx.one(_HELD, tenant_id=tx.tenant_id, resource_id=booking.resource_id)
    if resource is None:
        return False
    since, until = booking.blocked.lower, booking.blocked.upper
    asking = Asking(now, ZoneInfo(booking.zone), booking.seats, moving=booking.id)
    busy = await busy_times(tx, [resource.id], Stretch(since, until), asking)
    return peak_load(busy[resource.id], since, until) + booking.seats <= resource.capacity
