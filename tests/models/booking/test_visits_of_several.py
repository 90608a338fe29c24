"""Several services in one visit: they follow each other, and come and go together."""

from asyncio import gather
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base import uuid7
from models.booking import visit_parts, visit_plan
from models.booking.bookings import CancelOutcome, Confirmed, Details, Moved, MoveRefusal, SlotRefusal
from models.booking.tables import Booking, Service
from models.booking.visit_parts import HeldVisit
from models.db import Database
from tests.make import make_user
from tests.models.booking.shop import THURSDAY, Shop, add_service, make_shop


async def make_salon(database: Database, *chairs: int, **changes: Any) -> tuple[Shop, list[Service]]:
    """A cut of an hour, and a colour of 45 minutes by the same people."""
    shop = await make_shop(database, *chairs)
    colour = await add_service(shop, **{"duration_minutes": 45, "step_minutes": 45, **changes})
    return shop, [shop.service, colour.service]


async def times(shop: Shop, services: list[Service], **asking: Any) -> list[tuple[str, ...]]:
    found = await shop.do(visit_plan.visit_times, services, THURSDAY, now=shop.now, zone=shop.zone, **asking)
    return [tuple(f"{start.astimezone(shop.zone):%H:%M}" for start in one.starts) for one in found]


async def held(shop: Shop, customer: UUID, services: list[Service], wall: str) -> HeldVisit:
    answer = await shop.hold_visit(customer, services, wall)
    assert isinstance(answer, HeldVisit), answer
    return answer


async def confirm(shop: Shop, visit_id: UUID) -> tuple[Confirmed, ...] | SlotRefusal:
    return await shop.do(visit_parts.confirm_visit, visit_id, now=shop.now, details=Details())


async def booked(shop: Shop, customer: UUID, services: list[Service], wall: str) -> UUID:
    visit = await held(shop, customer, services, wall)
    done = await confirm(shop, visit.visit_id)
    assert not isinstance(done, SlotRefusal), done
    return visit.visit_id


async def parts(shop: Shop, visit_id: UUID) -> list[Booking]:
    return sorted((row for row in await shop.rows() if row.visit_id == visit_id), key=lambda row: row.visit_place)


def walls(shop: Shop, rows: list[Booking]) -> list[str]:
    return [f"{row.during.lower.astimezone(shop.zone):%H:%M}" for row in rows]


async def test_one_follows_the_other(database: Database) -> None:
    shop, services = await make_salon(database)
    assert await times(shop, services) == [("09:00", "10:00"), ("10:00", "11:00"), ("11:00", "12:00")]
    assert await times(shop, services[::-1]) == [
        ("09:00", "09:45"),
        ("09:45", "10:30"),
        ("10:30", "11:15"),
        ("11:15", "12:00"),
    ]


async def test_buffers_between_them_are_kept(database: Database) -> None:
    """The same chair is cleaned first; another chair need not wait for that."""
    one, services = await make_salon(database)
    cleaned = [replace_with(services[0], buffer_after_minutes=15), services[1]]
    assert (await times(one, cleaned))[0] == ("09:00", "10:15")
    two, others = await make_salon(database, 1, 1)
    cleaned = [replace_with(others[0], buffer_after_minutes=15), others[1]]
    assert (await times(two, cleaned))[0] == ("09:00", "10:00")


def replace_with(service: Service, **facts: Any) -> Service:
    return service.model_copy(update=facts)


async def test_who_is_needed_later_is_left_free_now(database: Database) -> None:
    """Only the first chair colours: the cut goes to the other one, though either could do it."""
    shop = await make_shop(database, 1, 1)
    colour = await add_service(replace(shop, resources=shop.resources[:1]), buffer_before_minutes=60)
    services = [shop.service, colour.service]
    assert (await times(shop, services))[0] == ("09:00", "10:00")
    visit = await held(shop, await shop.customer(), services, "09:00")
    assert [part.resource for part in visit.parts] == ["Chair 2", "Chair 1"]


async def test_nobody_waits_longer_than_half_an_hour(database: Database) -> None:
    shop, services = await make_salon(database, 1)
    ada = await shop.customer()
    await shop.book(ada, "10:00")
    assert await times(shop, services) == [("11:00", "12:00")]


async def test_held_and_confirmed_together(database: Database) -> None:
    shop, services = await make_salon(database)
    ada = await shop.customer()
    visit = await held(shop, ada, services, "09:00")
    rows = await parts(shop, visit.visit_id)
    assert [(row.status, row.visit_place) for row in rows] == [("held", 0), ("held", 1)]
    assert len({row.reference for row in rows}) == 2
    assert await times(shop, services, for_customer=ada) == [("09:00", "10:00"), ("10:00", "11:00"), ("11:00", "12:00")]
    done = [await confirm(shop, visit.visit_id) for _ in range(2)]
    assert [len(one) for one in done if not isinstance(one, SlotRefusal)] == [2, 2]
    assert [row.status for row in await parts(shop, visit.visit_id)] == ["confirmed", "confirmed"]
    assert await shop.times() == ["11:00", "12:00"]


async def test_a_new_choice_takes_the_place_of_the_visit(database: Database) -> None:
    """Invariant 9: one hold each, or one visit."""
    shop, services = await make_salon(database)
    ada = await shop.customer()
    first = await held(shop, ada, services, "09:00")
    second = await held(shop, ada, services, "09:00")
    await shop.held(ada, "12:00")
    assert [row.status for row in await parts(shop, first.visit_id)] == ["expired", "expired"]
    assert [row.status for row in await parts(shop, second.visit_id)] == ["expired", "expired"]
    assert await shop.times(for_customer=None) == ["09:00", "10:00", "11:00"]


async def test_a_late_yes_wins_all_parts_again_or_none(database: Database) -> None:
    shop, services = await make_salon(database)
    ada, obi = await shop.customers(2)
    first, late = await held(shop, ada, services, "09:00"), shop.later(minutes=6)
    done = await confirm(late, first.visit_id)
    assert not isinstance(done, SlotRefusal)
    assert walls(shop, await parts(shop, first.visit_id)) == ["09:00", "10:00"]
    second = await held(shop, obi, services, "11:00")
    await late.book(ada, "12:00")
    assert await confirm(late, second.visit_id) is SlotRefusal.TAKEN
    assert {row.status for row in await parts(shop, second.visit_id)} <= {"held", "expired"}


async def test_moved_together(database: Database) -> None:
    """Invariant 7, for a visit."""
    shop, services = await make_salon(database)
    ada, obi = await shop.customers(2)
    visit_id = await booked(shop, ada, services, "09:00")
    before = await parts(shop, visit_id)

    async def move(wall: str, customer: UUID = ada) -> Any:
        return await shop.do(
            visit_parts.move_visit, visit_id, shop.at(wall), now=shop.now, zone=shop.zone, customer_id=customer
        )

    assert await move("11:00", obi) is MoveRefusal.UNKNOWN
    assert await move("12:00") is SlotRefusal.TAKEN, "the colour would last until after the shop has closed"
    assert [row.during for row in await parts(shop, visit_id)] == [row.during for row in before]
    moved = await move("10:00")
    assert [type(one) for one in moved] == [Moved, Moved]
    after = await parts(shop, visit_id)
    assert walls(shop, after) == ["10:00", "11:00"], "into time that it has itself"
    assert [(row.reference, row.version) for row in after] == [(row.reference, 1) for row in before]


async def test_cancelled_together_or_one_by_one(database: Database) -> None:
    shop, services = await make_salon(database)
    ada, obi = await shop.customers(2)
    visit_id = await booked(shop, ada, services, "09:00")

    async def cancel_all(customer: UUID) -> CancelOutcome:
        return await shop.do(visit_parts.cancel_visit, visit_id, now=shop.now, customer_id=customer)

    assert await cancel_all(obi) is CancelOutcome.UNKNOWN
    second = (await parts(shop, visit_id))[1]
    assert await shop.cancel(second.id, customer_id=ada) is CancelOutcome.CANCELLED
    assert await cancel_all(ada) is CancelOutcome.CANCELLED
    assert await cancel_all(ada) is CancelOutcome.ALREADY
    assert await shop.times() == ["09:00", "10:00", "11:00", "12:00"]


async def test_all_or_none_when_a_part_is_past_its_cut_off(database: Database) -> None:
    shop, services = await make_salon(database, cutoff_minutes=23 * 60)
    ada = await shop.customer()
    owner = await make_user(database, shop.tenant_id)
    visit_id = await booked(shop, ada, services, "09:00")
    work = visit_parts.cancel_visit
    assert await shop.do(work, visit_id, now=shop.now, customer_id=ada) is CancelOutcome.CUT_OFF
    assert [row.status for row in await parts(shop, visit_id)] == ["confirmed", "confirmed"]
    assert await shop.do(work, visit_id, now=shop.now, by=owner) is CancelOutcome.CANCELLED


async def test_the_same_service_twice_counts_twice(database: Database) -> None:
    """For a mother and her son, one after the other, on a day that takes only two."""
    shop = await make_shop(database, max_daily_bookings=2)
    ada, obi = await shop.customers(2)
    twice = [shop.service, shop.service]
    assert (await times(shop, twice))[0] == ("09:00", "10:00")
    await shop.book(obi, "12:00")
    assert await times(shop, twice) == []
    assert await shop.hold_visit(ada, twice, "09:00") is SlotRefusal.TAKEN


async def test_there_is_no_visit_of_nothing(database: Database) -> None:
    shop = await make_shop(database)
    assert await times(shop, []) == []
    assert await confirm(shop, uuid7()) is SlotRefusal.EXPIRED
    with pytest.raises(ValueError, match="one service at least"):
        await shop.hold_visit(await shop.customer(), [], "09:00")


async def test_forty_want_visits_in_either_order(database: Database) -> None:
    """Invariant 2: whoever loses hears so, and nobody waits for somebody who waits for him."""
    shop, services = await make_salon(database, 1)
    people = await shop.customers(40)
    given = await gather(
        *(shop.hold_visit(person, services[:: 1 if i % 2 else -1], "09:00") for i, person in enumerate(people))
    )
    assert [type(one) for one in given].count(HeldVisit) == 1
    assert given.count(SlotRefusal.TAKEN) == 39
    alive = [row for row in await shop.rows() if row.status == "held"]
    assert len(alive) == 2


async def test_late_confirmations_of_many_visits(database: Database) -> None:
    shop, services = await make_salon(database, 1, 1, 1)
    people = await shop.customers(6)
    visits = [
        await shop.hold_visit(person, services[:: 1 if i % 2 else -1], "09:00") for i, person in enumerate(people)
    ]
    kept = [one for one in visits if isinstance(one, HeldVisit)]
    assert len(kept) == 3
    late = shop.later(minutes=10)
    done = await gather(*(confirm(late, one.visit_id) for one in kept))
    assert [len(one) for one in done if not isinstance(one, SlotRefusal)] == [2, 2, 2]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chairs=st.integers(1, 3),
    durations=st.lists(st.sampled_from([20, 30, 45, 60]), min_size=2, max_size=3),
    buffers=st.lists(st.sampled_from([0, 10, 30]), min_size=3, max_size=3),
    taken=st.lists(st.sampled_from(["09:00", "10:00", "11:00", "12:00"]), max_size=4),
)
async def test_every_visit_that_is_offered_can_be_held(
    database: Database, chairs: int, durations: list[int], buffers: list[int], taken: list[str]
) -> None:
    """Invariant 3, for a visit: and its parts follow each other within half an hour."""
    shop = await make_shop(database, *[1] * chairs)
    services = []
    for i, (minutes, buffer) in enumerate(zip(durations, buffers, strict=False)):
        facts = {"duration_minutes": minutes, "step_minutes": minutes, "buffer_after_minutes": buffer}
        services.append((await add_service(shop, slug=f"part-{i}", name=f"Part {i}", **facts)).service)
    for person, wall in zip(await shop.customers(4), taken, strict=False):
        await shop.hold(person, wall, minutes=60)
    customer = await shop.customer(77)
    offered = await shop.do(visit_plan.visit_times, services, THURSDAY, now=shop.now, zone=shop.zone)
    for one in offered:
        wall = f"{one.start.astimezone(shop.zone):%H:%M}"
        visit = await shop.hold_visit(customer, services, wall)
        assert isinstance(visit, HeldVisit), (wall, visit)
        assert tuple(part.start for part in visit.parts) == one.starts
        for part, following in zip(visit.parts, visit.parts[1:], strict=False):
            assert timedelta(0) <= following.start - part.end <= visit_plan.MOST_WAIT
        assert one.start.tzinfo is UTC
