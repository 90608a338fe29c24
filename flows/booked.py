"""What is told of a booking that stands, to its customer: in a confirmation and in the list of his appointments."""

from flows.calendar_link import calendar_line
from flows.context import TurnContext
from models.booking.bookings import Appointment
from models.booking.confirmations import Confirmed
from models.booking.tables import Booking, BookingStatus, PaymentStatus
from prompts import Money

_STANDS = (BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS)
_SETTLED = (PaymentStatus.PAID, PaymentStatus.WAIVED)


def booked_values(context: TurnContext, done: Confirmed) -> dict[str, object]:
    """The values of the sentences that confirm a booking."""
    booking = done.booking
    return {
        "service": done.service,
        "when": context.local(booking.during.lower),
        "reference": booking.reference,
        "price": price(context, booking),
        "business": context.tenant.business_name,
        "meeting": meeting(context, booking),
        "calendar": calendar_line(context, booking.id),
    }


def price(context: TurnContext, booking: Booking | Appointment) -> Money:
    """What it costs altogether."""
    return Money(booking.payment_amount or 0, booking.payment_currency or context.tenant.currency)


def waits_for(booking: Booking | Appointment) -> str:
    """What a request still lacks: "approval", "payment" or "approval_and_payment"; "nothing" for what stands."""
    if booking.status != BookingStatus.PENDING:
        return "nothing"
    lacking = {
        "approval": booking.needs_approval and booking.approved_at is None,
        "payment": booking.needs_payment and booking.payment_status not in _SETTLED,
    }
    return "_and_".join(name for name, is_lacking in lacking.items() if is_lacking) or "approval"


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
