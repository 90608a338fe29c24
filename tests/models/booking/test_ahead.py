"""Looking over several days: nothing but what each of the days has, and nothing that a visit has no room for."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.booking import ahead
from models.booking.busy import Asking
from models.db import Database
from tests.models.booking.shop import THURSDAY, Shop, add_service, make_shop

_DAY = timedelta(days=1)
WALLS = ("09:00", "10:00", "11:00", "12:00")


def asking(shop: Shop, customer_id: UUID | None = None) -> Asking:
    return Asking(shop.now, shop.zone, 1, customer_id)


async def starts(shop: Shop, first: date, last: date) -> list[str]:
    found = await shop.do(ahead.free_slots, shop.service, first, last, asking(shop))
    return [f"{slot.start.astimezone(shop.zone):%d %H:%M}" for slot in found]


@given(taken=st.sets(st.tuples(st.integers(0, 3), st.sampled_from(WALLS)), max_size=10))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_several_days_have_what_each_of_them_has(database: Database, taken: set[tuple[int, str]]) -> None:
    """Invariant 3: what is offered over days is what is offered on each, and can be held."""
    shop = await make_shop(database)
    people = await shop.customers(len(taken) + 1)
    for person, (ahead_by, wall) in zip(people, sorted(taken), strict=False):
        await shop.book(person, wall, THURSDAY + ahead_by * _DAY)
    days = [THURSDAY + passed * _DAY for passed in range(4)]
    wanted = [f"{day:%d} {wall}" for day in days for wall in await shop.times(day)]
    assert await starts(shop, days[0], days[-1]) == wanted
    if wanted:
        free = await shop.do(ahead.free_slots, shop.service, days[0], days[-1], asking(shop))
        local = free[-1].start.astimezone(shop.zone)
        await shop.held(people[-1], f"{local:%H:%M}", local.date())


async def test_days_that_end_before_they_begin_have_nothing(database: Database) -> None:
    shop = await make_shop(database)
    assert await starts(shop, THURSDAY, THURSDAY - _DAY) == []
    assert await shop.do(ahead.free_days, shop.service, THURSDAY, THURSDAY - _DAY, asking(shop)) == []


async def test_a_visit_is_offered_only_where_all_its_parts_have_room(database: Database) -> None:
    """Invariant 3: each start that is offered for two hours of one chair can be held, and no other."""
    shop = await make_shop(database)
    colour = await add_service(shop)
    ada, obi = await shop.customers(2)
    await shop.book(ada, "11:00")
    both = [shop.service, colour.service]
    free = await shop.do(ahead.free_visits, both, THURSDAY, THURSDAY + _DAY, asking(shop))
    local = [f"{slot.start.astimezone(shop.zone):%d %H:%M}" for slot in free]
    assert local == ["19 09:00", "20 09:00", "20 10:00", "20 11:00"]
    assert not isinstance(await shop.hold_visit(obi, both, "09:00"), str)
    assert isinstance(await shop.hold_visit(obi, both, "10:00"), str)


async def test_no_more_days_are_looked_at_than_are_wanted(database: Database) -> None:
    shop = await make_shop(database)
    both = [shop.service, (await add_service(shop)).service]
    free = await shop.do(ahead.free_visits, both, THURSDAY, THURSDAY + 20 * _DAY, asking(shop), most_days=2)
    assert {slot.start.astimezone(shop.zone).date() for slot in free} == {THURSDAY, THURSDAY + _DAY}


async def test_the_last_appointment_is_the_latest_that_was_not_called_off(database: Database) -> None:
    shop = await make_shop(database)
    ada = await shop.customer()
    assert await shop.do(ahead.last_start, ada) is None
    kept = await shop.book(ada, "09:00")
    gone = await shop.book(ada, "10:00", THURSDAY + _DAY)
    await shop.cancel(gone.id, customer_id=ada)
    await shop.held(ada, "11:00", THURSDAY + _DAY)
    assert await shop.do(ahead.last_start, ada) == kept.during.lower
