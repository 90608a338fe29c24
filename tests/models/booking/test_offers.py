"""From the tables to the hold: what is offered is what can be booked, whatever the hours and wherever the shop."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models.booking.bookings import Held
from models.db import Database
from tests.models.booking.questions import DAY, Question, questions
from tests.models.booking.slow_openings import but_for_one_rule, minutes_around, slow_openings, starts
from tests.models.booking.town import open_town
from tests.models.booking.zones import ZONES
from tests.thoroughness import examples


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(questions(), st.integers(1, 4), st.lists(st.integers(0, 10_000), max_size=3), st.sampled_from(ZONES), st.data())
async def test_what_is_offered_is_what_can_be_booked(
    database: Database, asked: Question, ahead: int, bookings: list[int], server: ZoneInfo, data: st.DataObject
) -> None:
    """Invariants 3–6: of hours, closures and bookings in any zone, with the database's clock in any other."""
    asked = replace(asked, busy=asked.busy[:2], rules=replace(asked.rules, horizon=ahead * DAY))
    assume(starts(asked))
    town = await open_town(database, asked)
    customer, *others = await town.shop.customers(1 + len(bookings))
    for other, pick in zip(others, bookings, strict=True):
        if free := slow_openings(town.asked):
            town = await town.book(other, free[pick % len(free)])
    found = await town.offered(server)
    assert [(slot.start, slot.end, slot.seats_left) for slot in found] == [
        (opening.start, opening.end, opening.seats_left) for opening in slow_openings(town.asked)
    ]
    offered = {slot.start for slot in found}
    forbidden = (starts(other) - offered for other in but_for_one_rule(town.asked))
    for some in (offered, set(minutes_around(asked.day)), *forbidden):
        for start in data.draw(st.lists(st.sampled_from(sorted(some)), min_size=1, max_size=2)) if some else ():
            answer = await town.would_hold(customer, start)
            assert isinstance(answer, Held) == (start in offered), (answer, start)
