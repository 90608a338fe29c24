"""Reminders are planned in the transaction that confirms or moves a booking: what is not booked is not reminded of.

A reminder belongs to one version of its booking, so nobody hears of a time that has changed since.
"""

import re
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, DateTime, Integer, String, Uuid, and_, bindparam, func
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update

from models.base import uuid7
from models.booking.ahead_tables import BookingReminder, ReminderState
from models.booking.tables import Booking, BookingStatus
from models.booking.wall_time import first_reached
from models.db import Tx
from models.messaging.quiet_hours import EVENING, quiet_until
from models.messaging.tables import Message, MessageStatus
from models.statements import ours, written
from models.tenancy.settings import TenantSettings
from models.tenancy.tables import Tenant

NEAR = timedelta(hours=12)
"""What begins so soon may be told of in quiet hours too."""
_BEFORE_QUIET = time(EVENING.hour - 1)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_KIND = re.compile(r"([1-9]\d{0,3})([mhd])")

_R, _B = BookingReminder, Booking
_IS_PLANNED = col(_R.state) == written(ReminderState.PLANNED)
_GIVEN_UP = and_(col(_R.state) == written(ReminderState.DROPPED), col(_R.reason) == written("not_wanted"))
_OF_VERSION = (
    select(_R.kind)
    .where(
        col(_R.tenant_id) == col(_B.tenant_id),
        col(_R.booking_id) == col(_B.id),
        col(_R.booking_version) == col(_B.version),
    )
    .correlate(_B)
)
_THERE, _STILL_PLANNED = _OF_VERSION.where(~_GIVEN_UP), _OF_VERSION.where(_IS_PLANNED)
_FACTS = (
    select_columns(
        col(_B.id),
        col(_B.version),
        col(_B.during),
        col(_B.zone),
        col(Tenant.settings).label("settings"),
        func.array(_THERE.scalar_subquery(), type_=ARRAY(String)).label("there"),
        func.array(_STILL_PLANNED.scalar_subquery(), type_=ARRAY(String)).label("planned"),
    )
    .join(Tenant, col(Tenant.id) == col(_B.tenant_id))
    .where(ours(_B), col(_B.status) == written(BookingStatus.CONFIRMED))
)
_BOOKING = _FACTS.where(col(_B.id) == bindparam("booking_id"))
_AHEAD = _FACTS.where(col(_B.starts_at) > bindparam("now"))
# first the booking, then its reminders, as whoever moves or cancels it; who does so just now is not waited for
_HELD_STILL = _BOOKING.with_for_update(of=_B, key_share=True, skip_locked=True)
_KEY = ("tenant_id", "booking_id", "kind", "booking_version")
_ROWS = insert(_R).from_select(
    [*_KEY, "id", "due_at", "state"],
    select_columns(
        bindparam("tenant_id", type_=Uuid),
        bindparam("booking_id", type_=Uuid),
        func.unnest(bindparam("kinds", type_=ARRAY(String))),
        bindparam("version"),
        func.unnest(bindparam("ids", type_=ARRAY(Uuid))),
        func.unnest(bindparam("due", type_=ARRAY(DateTime(timezone=True)))),
        written(ReminderState.PLANNED),
    ),
)
# what was given up with the settings comes back with them; what was sent, or missed, does not
_PLAN = _ROWS.on_conflict_do_update(
    index_elements=_KEY,
    set_={"state": ReminderState.PLANNED.value, "reason": None, "settled_at": None, "due_at": _ROWS.excluded.due_at},
    where=_GIVEN_UP,
)
_OF_BOOKING = (
    ours(_R),
    col(_R.booking_id) == bindparam("booking_id"),
    col(_R.booking_version).is_distinct_from(bindparam("kept", type_=Integer)),
)
_DROP = (
    update(_R)
    .where(*_OF_BOOKING, _IS_PLANNED)
    .values(state=ReminderState.DROPPED.value, reason=bindparam("reason"), settled_at=bindparam("now"))
)
# written, but not yet on its way: the sender has not claimed it
_WITHDRAW = (
    update(Message)
    .where(
        ours(Message),
        col(Message.status) == written(MessageStatus.QUEUED),
        col(Message.id).in_(select(_R.message_id).where(*_OF_BOOKING, col(_R.message_id).is_not(None))),
    )
    .values(
        status=MessageStatus.WITHHELD.value,
        error_message=bindparam("reason"),
        next_attempt_at=None,
        sealed_body=None,
    )
)
_UNWANTED = (
    update(_R)
    .where(*_OF_BOOKING, _IS_PLANNED, col(_R.kind) == func.any(bindparam("kinds", type_=ARRAY(String))))
    .values(state=ReminderState.DROPPED.value, reason="not_wanted", settled_at=bindparam("now"))
)


def is_kind(kind: str) -> bool:
    """Whether it says how long before: "45m", "24h" or "2d", for ten minutes to a month."""
    return _KIND.fullmatch(kind) is not None and timedelta(minutes=10) <= lead(kind) <= timedelta(days=31)


def lead(kind: str) -> timedelta:
    """How long before the booking a reminder of this kind is meant. Raises ValueError for what is no kind."""
    found = _KIND.fullmatch(kind)
    if found is None:
        raise ValueError(f"{kind!r} does not say how long before.")
    number, unit = found.groups()
    return int(number) * _UNITS[unit]


def due_at(start: datetime, kind: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When to send it; None when that is past already: whoever books so late has just been told.

    What is not about the next twelve hours respects the quiet hours: the evening's goes out an hour before they
    begin, or when they are over if that is past; the early morning's when they are over.
    """
    wanted = start - lead(kind)
    if wanted <= now:
        return None
    morning = quiet_until(wanted, zone)
    if morning is None or lead(kind) <= NEAR:
        return wanted
    evening = first_reached(datetime.combine(wanted.astimezone(zone).date(), _BEFORE_QUIET), zone)
    return evening if now < evening < wanted else morning


async def plan(tx: Tx, booking_id: UUID, now: datetime) -> None:
    """Plans for a booking as it stands: those of an earlier time are dropped. Unless it is confirmed, none is left.

    Twice is once. To be called by whatever confirms, moves or otherwise changes a booking, after it.
    """
    booking = await tx.one(_BOOKING, tenant_id=tx.tenant_id, booking_id=booking_id)
    if booking is None:
        await drop(tx, booking_id, now, reason="not_confirmed")
        return
    if booking.version:
        await _drop(tx, booking_id, now, reason="moved", kept=booking.version)
    await _plan(tx, booking, now)


async def drop(tx: Tx, booking_id: UUID, now: datetime, *, reason: str = "cancelled") -> None:
    """No reminder of the booking leaves any more, unless it is with the provider already."""
    await _drop(tx, booking_id, now, reason=reason, kept=None)


async def plan_all(tx: Tx, now: datetime) -> int:
    """Brings the reminders of all bookings to come in line with the settings; says how many bookings got some.

    One that is changed at this moment is planned for by who changes it.
    """
    bookings = await tx.all(_AHEAD, tenant_id=tx.tenant_id, now=now)
    return sum([await _plan_anew(tx, one.id, now) for one in bookings if _unwanted(one) or _missing(one, now)])


async def _drop(tx: Tx, booking_id: UUID, now: datetime, *, reason: str, kept: int | None) -> None:
    """All but those of the version `kept`."""
    values = {"tenant_id": tx.tenant_id, "booking_id": booking_id, "reason": reason, "kept": kept}
    await tx.run(_WITHDRAW, **values)
    await tx.run(_DROP, now=now, **values)


async def _plan_anew(tx: Tx, booking_id: UUID, now: datetime) -> bool:
    booking = await tx.one(_HELD_STILL, tenant_id=tx.tenant_id, booking_id=booking_id)
    if booking is None:
        return False
    values = {"tenant_id": tx.tenant_id, "booking_id": booking_id, "kept": None}
    await tx.run(_UNWANTED, kinds=list(_unwanted(booking)), now=now, **values)
    return await _plan(tx, booking, now)


def _unwanted(booking: Any) -> set[str]:  # noqa: ANN401 - a row of _FACTS
    """The kinds that are planned, and that the business does not want any more."""
    return set(booking.planned) - set(TenantSettings.model_validate(booking.settings).reminders)


def _missing(booking: Any, now: datetime) -> dict[str, datetime]:  # noqa: ANN401 - see _unwanted
    """When the kinds are due that the business wants, and that are still to be planned."""
    wanted = set(TenantSettings.model_validate(booking.settings).reminders) - set(booking.there)
    moments = {kind: due_at(booking.during.lower, kind, now, ZoneInfo(booking.zone)) for kind in sorted(wanted)}
    return {kind: moment for kind, moment in moments.items() if moment is not None}


async def _plan(tx: Tx, booking: Any, now: datetime) -> bool:  # noqa: ANN401 - see _unwanted
    ahead = _missing(booking, now)
    if not ahead:
        return False
    values = {"tenant_id": tx.tenant_id, "booking_id": booking.id, "version": booking.version}
    ids = [uuid7() for _ in ahead]
    return await tx.run(_PLAN, kinds=[*ahead], due=[*ahead.values()], ids=ids, **values) > 0
