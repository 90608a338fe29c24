"""What is told of a booking that stands, to its customer: in a confirmation and in the list of his appointments."""

from collections.abc import Iterable, Sequence

from flows.calendar_link import calendar_line
from flows.context import TurnContext
from models.booking.bookings import Appointment
from models.booking.confirmations import Confirmed
from models.booking.tables import Booking, BookingStatus, PaymentStatus
from prompts import Money

_STANDS = (BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS)
_SETTLED = (PaymentStatus.PAID, PaymentStatus.WAIVED)


def booked_values(context: TurnContext, done: Sequence[Confirmed]) -> dict[str, object]:
    """The values of the sentences that confirm a booking, or the parts of a visit."""
    rows = [one.booking for one in done]
    amount = sum(row.payment_amount or 0 for row in rows)
    return {
        "service": together(one.service for one in done),
        "when": context.local(rows[0].during.lower),
        "reference": ", ".join(row.reference for row in rows),
        "price": Money(amount, rows[0].payment_currency or context.tenant.currency),
        "business": context.tenant.business_name,
        "meeting": "".join(dict.fromkeys(meeting(context, row) for row in rows)),
        "calendar": "".join(calendar_line(context, row.id) for row in rows),
    }


def together(names: Iterable[str]) -> str:
    """Several services as one: "Carpet cleaning + Upholstery"."""
    return " + ".join(names)


def waiting(done: Sequence[Confirmed]) -> str:
    """What these bookings still lack; nothing for those that stand."""
    lacking = {name for one in done for name in _lacking(one.booking)}
    return "_and_".join(name for name in ("approval", "payment") if name in lacking)


def price(context: TurnContext, booking: Booking | Appointment) -> Money:
    """What it costs altogether."""
    return Money(booking.payment_amount or 0, booking.payment_currency or context.tenant.currency)


def waits_for(booking: Booking | Appointment) -> str:
    """What a request still lacks: "approval", "payment" or "approval_and_payment"; "nothing" for what stands."""
    return "_and_".join(_lacking(booking)) or "nothing"


def _lacking(booking: Booking | Appointment) -> list[str]:
    if booking.status != BookingStatus.PENDING:
        return []
    approval = booking.needs_approval and booking.approved_at is None
    payment = booking.needs_payment and booking.payment_status not in _SETTLED
    return ["approval"] * approval + ["payment"] * payment


def told(
    context: TurnContext,
    *,
    booked_for: str | None,
    seats: int | None,
    address: str | None,
    loads: int | None,
    notes: str | None,
) -> str:
    """What the customer told about it, each with what leads up to it."""
    facts = {"for": booked_for, "seats": seats, "at": address, "loads": loads, "notes": notes}
    return "".join(context.word(f"booking-told-{name}", told=fact) for name, fact in facts.items() if fact)


def meeting(context: TurnContext, booking: Booking | Appointment) -> str:
    """Where an online appointment takes place; nothing until it is confirmed, for a link opens the door."""
    if booking.status not in _STANDS or not booking.meeting_platform:
        return ""
    code = {"id": booking.meeting_id, "password": booking.meeting_password}
    where = [context.word("booking-meeting", platform=booking.meeting_platform, url=booking.meeting_url or "")]
    return "\n" + ", ".join(
        [*where, *(context.word(f"booking-meeting-{name}", code=one) for name, one in code.items() if one)]
    )
