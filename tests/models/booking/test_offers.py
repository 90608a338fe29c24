"""From the tables to the hold: what is offered is what can be booked, whatever the hours and wherever the shop."""

from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.booking.bookings import Held
from models.db import Database
from tests.models.booking.questions import MINUTE, Question, questions
from tests.models.booking.slow_openings import minutes_around, slow_openings
from tests.models.booking.town import open_town
from tests.models.booking.zones import ZONES
from tests.thoroughness import examples

_some = st.integers(0, 10_000)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions(), st.lists(_some, max_size=3), st.sampled_from(ZONES), st.data())
async def test_what_is_offered_is_what_can_be_booked(
    database: Database, asked: Question, bookings: list[int], server: ZoneInfo, data: st.DataObject
) -> None:
    """Invariants 3–6: of hours, closures and bookings in any zone, with the database's clock in any other."""
    town = await open_town(database, asked)
    customer, *others = await town.shop.customers(1 + len(bookings))
    before = {opening.start for opening in slow_openings(town.asked)}
    for other, pick in zip(others, bookings, strict=True):
        if free := slow_openings(town.asked):
            town = await town.book(other, free[pick % len(free)])
    expected = slow_openings(town.asked)
    found = await town.offered(server)
    assert [(slot.start, slot.end, slot.seats_left) for slot in found] == [
        (opening.start, opening.end, opening.seats_left) for opening in expected
    ]
    offered = {slot.start for slot in found}
    beside = {start + late for start in offered for late in (-MINUTE, MINUTE)}
    for starts in (offered, before - offered, beside, set(minutes_around(asked.day))):
        tried = data.draw(st.lists(st.sampled_from(sorted(starts)), max_size=4)) if starts else []
        for start in tried:
            answer = await town.would_hold(customer, start)
            assert isinstance(answer, Held) == (start in offered), (answer, start)
