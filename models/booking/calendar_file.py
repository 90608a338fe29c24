"""A booking as others' calendars take it in: found by a link that nobody can guess, telling nothing of a person."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import and_, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.booking.tables import TAKES_TIME, Booking, BookingStatus, Service
from models.db import Row, Tx
from models.statements import ours, written
from models.tenancy.tables import Tenant
from models.vault import Vault

_KEY = 16
_ENTRY = (
    select_columns(
        col(Booking.id),
        col(Booking.during),
        col(Booking.version),
        col(Booking.status),
        col(Booking.updated_at),
        col(Service.name).label("service"),
        col(Service.details_asked),
        col(Booking.meeting_platform),
        col(Booking.meeting_url),
        col(Tenant.business_name),
        col(Tenant.address),
    )
    .join(Service, and_(col(Service.tenant_id) == Booking.tenant_id, col(Service.id) == Booking.service_id))
    .join(Tenant, col(Tenant.id) == col(Booking.tenant_id))
    .where(
        ours(Booking),
        col(Booking.id) == bindparam("booking_id"),
        col(Booking.status).not_in([written(BookingStatus.HELD), written(BookingStatus.EXPIRED)]),
    )
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar shows. Times in UTC; `version` counts the changes; `place` is None where the shop comes.

    What happens online is where its link leads, told once the booking stands.
    """

    booking_id: UUID
    service: str
    business: str
    place: str | None
    start: datetime
    end: datetime
    status: BookingStatus
    version: int
    changed_at: datetime


def token(vault: Vault, tenant_id: UUID, booking_id: UUID) -> str:
    """What stands in the link of a booking: whose and which it is, and our seal on both."""
    named = tenant_id.bytes + booking_id.bytes
    return urlsafe_b64encode(named + vault.sealed_link(named)).decode().rstrip("=")


def named_by(vault: Vault, link: str) -> tuple[UUID, UUID] | None:
    """The business and the booking that a token names, or None for one that we have not made."""
    try:
        raw = urlsafe_b64decode(link + "=" * (-len(link) % 4))
    except (NotBase64, ValueError):
        return None
    named, seal = raw[: 2 * _KEY], raw[2 * _KEY :]
    if len(named) < 2 * _KEY or not compare_digest(seal, vault.sealed_link(named)):
        return None
    return UUID(bytes=named[:_KEY]), UUID(bytes=named[_KEY:])


async def entry(tx: Tx, booking_id: UUID) -> Entry | None:
    """The booking for a calendar; None for what has never been booked."""
    row = await tx.one(_ENTRY, tenant_id=tx.tenant_id, booking_id=booking_id)
    if row is None:
        return None
    return Entry(
        booking_id=row.id,
        service=row.service,
        business=row.business_name,
        place=_place(row),
        start=row.during.lower,
        end=row.during.upper,
        status=BookingStatus(row.status),
        version=row.version,
        changed_at=row.updated_at,
    )


def _place(row: Row) -> str | None:
    if row.meeting_platform is not None:
        stands = row.status in TAKES_TIME and row.status != BookingStatus.PENDING
        return str(row.meeting_url or row.meeting_platform) if stands else str(row.meeting_platform)
    return None if "address" in row.details_asked else row.address
