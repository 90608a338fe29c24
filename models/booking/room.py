"""Whether a booking that had given its time up can have it back, from the resources it had."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.booking.busy import Asking, Stretch, occupied
from models.booking.openings import peak_load
from models.booking.tables import Booking, Resource
from models.booking.taken_tables import BookingResource
from models.db import Tx
from models.statements import ours

_OF_BOOKING = (ours(BookingResource), col(BookingResource.booking_id) == bindparam("booking_id"))
_TAKEN = select(BookingResource).where(*_OF_BOOKING)
_HELD = (
    select(Resource)
    .where(ours(Resource), col(Resource.id).in_(select(BookingResource.resource_id).where(*_OF_BOOKING)))
    .order_by(col(Resource.id))
    .with_for_update(key_share=True)
)


async def has_room(tx: Tx, booking: Booking, now: datetime) -> bool:
    """Waits until nobody else takes time of its resources, and looks: hours and notice are staff's to judge."""
    capacities = {one.id: one for one in await tx.all(_HELD, tenant_id=tx.tenant_id, booking_id=booking.id)}
    since, until = booking.blocked.lower, booking.blocked.upper
    asking = Asking(now, ZoneInfo(booking.zone), booking.seats, moving=(booking.id,))
    booked = (await occupied(tx, capacities.values(), Stretch(since, until), asking)).booked
    return all(
        peak_load(booked.get(row.resource_id, ()), since, until) + row.seats <= capacities[row.resource_id].capacity
        for row in await tx.all(_TAKEN, tenant_id=tx.tenant_id, booking_id=booking.id)
    )
