"""GET /calendar/<token>.ics: one appointment for the customer's own calendar. The link is all that is asked for."""

from aiohttp import web
from icalendar import Calendar, Event

from models.booking import calendar_file
from models.booking.calendar_file import Entry
from models.booking.tables import BookingStatus
from models.db import Database
from models.vault import Vault

DB, VAULT = web.AppKey("calendar_db", Database), web.AppKey("calendar_vault", Vault)
_STATUS = {BookingStatus.PENDING: "TENTATIVE", BookingStatus.CANCELLED: "CANCELLED", BookingStatus.NO_SHOW: "CANCELLED"}
_HEADERS = {
    "Content-Type": "text/calendar; charset=utf-8; method=PUBLISH",
    "Content-Disposition": 'inline; filename="appointment.ics"',
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
}


async def appointment(request: web.Request) -> web.Response:
    """The appointment as it stands now. Raises HTTPNotFound for every link that we have not made."""
    named = calendar_file.named_by(request.app[VAULT], request.match_info["token"])
    if named is None:
        raise web.HTTPNotFound
    tenant_id, booking_id = named
    async with request.app[DB].tenant(tenant_id) as tx:
        found = await calendar_file.entry(tx, booking_id)
    if found is None:
        raise web.HTTPNotFound
    return web.Response(body=written(found), headers=_HEADERS)


def written(entry: Entry) -> bytes:
    """RFC 5545. The UID stays with the booking and SEQUENCE grows with its changes: calendars replace, not add."""
    event = Event()
    event.add("uid", str(entry.booking_id))
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    # instants: nobody's idea of our zone can put them an hour off
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", f"{entry.service}, {entry.business}")
    event.add("status", _STATUS.get(entry.status, "CONFIRMED"))
    if entry.place is not None:
        event.add("location", entry.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Regulars//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
