"""People who were in the middle of something when the flow was changed are answered, and come to its end."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from structlog.testing import capture_logs

from tests.bot.town import Phone, Shop

ADA, TUNDE, CHIOMA = "+14155550171", "+2348030000002", "+2348031234567"
HOUSTON = ZoneInfo("America/Chicago")
FRIDAY = date(2026, 11, 20)
STORE = text(
    "UPDATE customers SET conversation_state = conversation_state || :state WHERE phone_number = :phone"
).bindparams(bindparam("state", type_=JSONB))


@pytest.fixture(autouse=True)
def nothing_fails() -> Iterator[None]:
    """An apology would look like an answer."""
    with capture_logs() as logged:
        yield
    assert [line for line in logged if line["log_level"] not in ("info", "debug")] == []


async def was_asked(phone: Phone, flow: str, question: str, slots: Mapping[str, Any]) -> None:
    """What an older version has stored beside what was offered last: no operation makes it any more."""
    frame = {"flow": flow, "version": 1, "awaiting": question, "slots": slots}
    async with phone.town.services.db.tenant(phone.shop.tenant_id) as tx:
        await tx.run(STORE, state={"current": frame}, phone=phone.number)


async def booked(shop: Shop) -> tuple[Phone, UUID, UUID]:
    """Ada, her carpet cleaning on Friday at eight, and its service."""
    ada = shop.phone(ADA)
    await ada.says("hi")
    assert "Booked!" in await ada.says("book", "carpet cleaning", "friday", "8:00", "12 Elm Street, Houston", "yes")
    (row,) = await shop.rows("SELECT id, service_id FROM bookings")
    return ada, row.id, row.service_id


@pytest.mark.parametrize(
    ("question", "known", "said"),
    [
        ("service", (), ("carpet cleaning", "friday", "10:30", "7 Oak Lane, Houston", "yes")),
        ("day", ("service", "details"), ("friday", "10:30", "7 Oak Lane, Houston", "yes")),
        ("time", ("service", "details", "day"), ("10:30", "7 Oak Lane, Houston", "yes")),
    ],
)
async def test_a_booking_begun_with_the_older_questions_is_made(
    carpet_cleaning: Shop, question: str, known: tuple[str, ...], said: tuple[str, ...]
) -> None:
    ada, _, service = await booked(carpet_cleaning)
    await ada.says("book")
    slots = {"service": str(service), "details": ["address"], "day": FRIDAY.isoformat()}
    await was_asked(ada, "booking", question, {name: slots[name] for name in known})
    assert "Booked!" in await ada.says(*said)


@pytest.mark.parametrize(("question", "said"), [("address", ("7 Oak Lane, Houston", "yes")), ("confirm", ("yes",))])
async def test_a_time_held_by_the_older_version_is_booked(
    carpet_cleaning: Shop, question: str, said: tuple[str, ...]
) -> None:
    ada, _, service = await booked(carpet_cleaning)
    await ada.says("book", "carpet cleaning", "friday", "10:30")
    (held,) = await carpet_cleaning.rows("SELECT id, lower(during) AS start FROM bookings WHERE status = 'held'")
    slots = {
        "service": str(service),
        "details": ["address"],
        "day": FRIDAY.isoformat(),
        "time": held.start.isoformat(),
        "held": str(held.id),
    }
    address = {"address": "7 Oak Lane, Houston"} if question == "confirm" else {}
    await was_asked(ada, "booking", question, {**slots, **address})
    assert "Booked!" in await ada.says(*said)


@pytest.mark.parametrize(
    ("question", "said"), [("day", ("friday", "10:30", "yes")), ("time", ("10:30", "yes")), ("confirm", ("yes",))]
)
async def test_a_move_begun_with_one_appointment_is_made(
    carpet_cleaning: Shop, question: str, said: tuple[str, ...]
) -> None:
    ada, which, service = await booked(carpet_cleaning)
    start = datetime(2026, 11, 20, 10, 30, tzinfo=HOUSTON)
    known = {"day": FRIDAY.isoformat(), "time": start.isoformat()}
    told = {name: value for name, value in known.items() if question not in (name, "day")}
    await was_asked(ada, "reschedule", question, {"which": str(which), "service": str(service), **told})
    await ada.says(*said)
    (row,) = await carpet_cleaning.rows("SELECT lower(during) AS start FROM bookings WHERE id = :id", id=which)
    assert row.start == start


async def test_a_cancellation_is_carried_out(carpet_cleaning: Shop) -> None:
    ada, which, _ = await booked(carpet_cleaning)
    await was_asked(ada, "cancellation", "confirm", {"which": str(which)})
    assert "Cancelled" in await ada.says("yes")


@pytest.mark.parametrize(
    ("question", "known", "said"),
    [
        ("customer", (), ("0803 123 4567", "5000", "730264")),
        ("amount", ("customer",), ("5000", "730264")),
        ("sure", ("customer", "amount"), ("yes", "730264")),
        ("pin", ("customer", "amount"), ("730264",)),
    ],
)
async def test_a_purchase_without_a_category_is_logged(
    cafe: Shop, question: str, known: tuple[str, ...], said: tuple[str, ...]
) -> None:
    tunde = cafe.phone(TUNDE)
    await cafe.phone(CHIOMA).says("hi")
    await tunde.says("hi")
    slots = {"customer": CHIOMA, "amount": 500_000}
    await was_asked(tunde, "purchase", question, {name: slots[name] for name in known})
    assert "Done" in await tunde.says(*said)
