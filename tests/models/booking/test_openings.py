"""Openings are sound and complete, keep the rules in real time, and know no zone but the shop's."""

import os
import time as clock
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.booking.openings import (
    Busy,
    Hours,
    Opening,
    Rules,
    Window,
    fits,
    open_days,
    openings,
)
from models.booking.wall_time import to_utc
from tests.models.booking.questions import DAY, MINUTE, Question, questions
from tests.models.booking.slow_openings import but_for_one_rule, minutes_around, slow_openings, starts, taken
from tests.models.booking.zones import CAIRO, LAGOS, LORD_HOWE, NEW_YORK, ZONES, zoned_days

HOUR = timedelta(hours=1)
ALL_DAY = Window(time(0), time(0))
RULES = Rules(duration=HOUR, step=HOUR, notice=timedelta(0), horizon=timedelta(days=365))
MONDAY = date(2027, 6, 7)
SPRING, AUTUMN = date(2027, 3, 14), date(2027, 11, 7)  # when New York's clocks change


def window(start: str, end: str) -> Window:
    return Window(time.fromisoformat(start), time.fromisoformat(end))


def daily(*windows: Window, breaks: tuple[Window, ...] = ()) -> Hours:
    week = range(7)
    return Hours(dict.fromkeys(week, windows), {}, dict.fromkeys(week, breaks))


def at(day: date, wall: str, zone: ZoneInfo = LAGOS) -> datetime:
    instant = to_utc(datetime.combine(day, time.fromisoformat(wall)), zone)
    assert instant is not None
    return instant


def between(start: str, end: str, seats: int = 1) -> Busy:
    return Busy(at(MONDAY, start), at(MONDAY, end), seats)


def shown(found: Sequence[Opening], zone: ZoneInfo = LAGOS) -> list[str]:
    return [f"{opening.start.astimezone(zone):%H:%M}" for opening in found]


def on_monday(hours: Hours, rules: Rules, *busy: Busy) -> list[Opening]:
    return openings(MONDAY, hours, busy, rules, at(MONDAY, "00:00"), LAGOS)


# -- any hours, any day, any zone ----------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(questions())
def test_exactly_the_bookable_starts_are_offered(asked: Question) -> None:
    """Invariants 3 and 4: every start that hours, breaks, bookings, notice and horizon leave, and no other."""
    assert asked.openings() == slow_openings(asked)


@settings(max_examples=60, deadline=None)
@given(questions(), st.data())
def test_a_start_fits_if_and_only_if_it_is_offered(asked: Question, data: st.DataObject) -> None:
    """Invariant 3: what is offered is what can be booked, to the minute."""
    offered = {opening.start for opening in asked.openings()}
    forbidden = {start for other in but_for_one_rule(asked) for start in sorted(starts(other))[::7]}
    off_the_grid = {start + late for start in offered for late in (-MINUTE, MINUTE)}
    anywhen = data.draw(st.sets(st.sampled_from(minutes_around(asked.day)), max_size=10))
    tried = offered | forbidden | off_the_grid | anywhen
    on_the_day = {start for start in tried if start.astimezone(asked.zone).date() == asked.day}
    assert offered <= on_the_day
    assert {start for start in on_the_day if asked.fits(start)} == offered


@settings(max_examples=60, deadline=None)
@given(questions(), st.randoms(use_true_random=False))
def test_booking_all_that_is_offered_never_exceeds_the_capacity(asked: Question, random: Random) -> None:
    """Invariant 1."""
    booked: list[Busy] = []
    asked = replace(asked, busy=[])
    while found := asked.openings(*booked):
        booked.append(asked.booked(random.choice(found)))
    assert max(taken(minutes_around(asked.day), booked)) <= asked.rules.capacity


@settings(max_examples=100, deadline=None)
@given(questions())
def test_slots_are_real_time_and_exist_on_the_wall(asked: Question) -> None:
    """Invariants 4 and 5."""
    found = asked.openings()
    assert len({opening.start for opening in found}) == len(found)
    for opening in found:
        wall = opening.start.astimezone(asked.zone)
        assert opening.start.tzinfo is opening.end.tzinfo is UTC
        assert opening.end - opening.start == asked.rules.duration
        assert to_utc(wall.replace(tzinfo=None), asked.zone) is not None
        assert asked.now + asked.rules.notice <= opening.start <= asked.now + asked.rules.horizon


@settings(max_examples=100, deadline=None)
@given(zoned_days, st.integers(0, 23))
def test_the_door_opens_at_the_same_wall_time_on_both_sides_of_a_change(
    where: tuple[ZoneInfo, date], hour: int
) -> None:
    """Invariant 5."""
    zone, day = where
    hours, rules = daily(Window(time(hour), time(0))), replace(RULES, duration=MINUTE)
    now = datetime.combine(day - 3 * DAY, time(0), UTC)
    for near in (day - DAY, day, day + DAY):
        wall = datetime.combine(near, time(hour))
        door = openings(near, hours, [], rules, now, zone)[0].start
        jumped = to_utc(wall, zone) is None
        assert jumped or door.astimezone(zone).replace(tzinfo=None) == wall


@settings(max_examples=40, deadline=None)
@given(questions(), st.sampled_from(ZONES))
def test_the_zone_of_the_viewer_changes_nothing(asked: Question, viewer: ZoneInfo) -> None:
    """Invariant 6."""
    found = asked.openings()
    assert replace(asked, now=asked.now.astimezone(viewer)).openings() == found
    assert all(asked.fits(opening.start.astimezone(viewer)) for opening in found)


@settings(max_examples=40, deadline=None)
@given(questions())
def test_the_open_days_are_the_days_with_openings(asked: Question) -> None:
    first = asked.day - 3 * DAY
    rest = (asked.hours, asked.busy, asked.rules, asked.now, asked.zone)
    expected = [day for day in (first + back * DAY for back in range(7)) if openings(day, *rest)]
    assert open_days(first, 7, *rest) == expected


# -- the days on which the clocks change ---------------------------------------------------------------------


def around_the_clock(day: date, zone: ZoneInfo, rules: Rules = RULES) -> list[Opening]:
    return openings(day, daily(ALL_DAY), [], rules, datetime.combine(day - 2 * DAY, time(0), UTC), zone)


def test_a_day_of_23_hours() -> None:
    found = around_the_clock(SPRING, NEW_YORK)
    assert len(found) == 23
    assert shown(found, NEW_YORK)[:4] == ["00:00", "01:00", "03:00", "04:00"]


def test_a_day_of_25_hours_offers_each_of_the_repeated_instants_once() -> None:
    found = around_the_clock(AUTUMN, NEW_YORK)
    assert len({opening.start for opening in found}) == len(found) == 25
    assert shown(found, NEW_YORK)[:4] == ["00:00", "01:00", "01:00", "02:00"]


def test_half_an_hour_of_summer_time() -> None:
    halves = replace(RULES, duration=HOUR / 2, step=HOUR / 2)
    assert len(around_the_clock(date(2027, 10, 3), LORD_HOWE, halves)) == 47
    assert len(around_the_clock(date(2027, 4, 4), LORD_HOWE, halves)) == 49


def test_the_evening_before_a_day_without_midnight_is_whole() -> None:
    assert len(around_the_clock(date(2024, 4, 25), CAIRO)) == 24
    assert shown(around_the_clock(date(2024, 4, 26), CAIRO), CAIRO)[0] == "01:00"


def test_three_hours_on_the_wall_may_be_two() -> None:
    """Subtracting local times would sell three hours between 01:00 and 04:00 where only two pass."""
    hours, long = daily(window("01:00", "04:00")), replace(RULES, duration=3 * HOUR)
    now = datetime.combine(SPRING - 8 * DAY, time(0), UTC)
    assert shown(openings(SPRING - DAY, hours, [], long, now, NEW_YORK), NEW_YORK) == ["01:00"]
    assert openings(SPRING, hours, [], long, now, NEW_YORK) == []
    assert len(openings(SPRING, hours, [], RULES, now, NEW_YORK)) == 2


def test_a_door_that_would_open_in_the_gap_opens_after_it() -> None:
    now = datetime.combine(SPRING - DAY, time(0), UTC)
    assert shown(openings(SPRING, daily(window("02:30", "05:00")), [], RULES, now, NEW_YORK), NEW_YORK) == [
        "03:00",
        "04:00",
    ]
    assert openings(SPRING, daily(window("02:00", "02:45")), [], RULES, now, NEW_YORK) == []


def test_a_break_in_the_gap_interrupts_nobody() -> None:
    """A break that the clocks jump over has no length; kept, it would part the slot that spans the jump."""
    hours = daily(window("01:30", "05:00"), breaks=(window("02:10", "02:40"),))
    found = openings(SPRING, hours, [], RULES, datetime.combine(SPRING, time(0), UTC), NEW_YORK)
    assert shown(found, NEW_YORK) == ["01:30", "03:30"]


def test_notice_across_a_change_is_real_time() -> None:
    """Added on the wall clock, 24 hours of notice would open the day of the change an hour early."""
    now = at(SPRING - DAY, "09:00", NEW_YORK).astimezone(NEW_YORK)
    found = openings(SPRING, daily(window("09:00", "12:00")), [], replace(RULES, notice=DAY), now, NEW_YORK)
    assert shown(found, NEW_YORK) == ["10:00", "11:00"]


# -- one Monday in Lagos -------------------------------------------------------------------------------------


def test_lunch_is_cut_out_and_the_grid_stays() -> None:
    hours = daily(window("09:00", "15:00"), breaks=(window("12:00", "12:30"),))
    assert shown(on_monday(hours, RULES)) == ["09:00", "10:00", "11:00", "13:00", "14:00"]


def test_the_grid_begins_anew_at_each_window() -> None:
    hours = daily(window("09:00", "11:30"), window("14:15", "16:15"))
    assert shown(on_monday(hours, RULES)) == ["09:00", "10:00", "14:15", "15:15"]


def test_windows_that_overlap_offer_a_start_once() -> None:
    hours = daily(window("09:00", "12:00"), window("10:00", "13:00"))
    assert shown(on_monday(hours, RULES)) == ["09:00", "10:00", "11:00", "12:00"]


def test_an_override_replaces_the_day_but_not_the_break() -> None:
    usual = daily(window("09:00", "17:00"), breaks=(window("12:00", "13:00"),))
    assert on_monday(replace(usual, overrides={MONDAY: ()}), RULES) == []
    longer = replace(usual, overrides={MONDAY: (window("11:00", "15:00"),)})
    assert shown(on_monday(longer, RULES)) == ["11:00", "13:00", "14:00"]
    assert shown(on_monday(replace(usual, overrides={MONDAY + DAY: ()}), RULES))[0] == "09:00"


def test_a_weekday_without_windows_is_closed() -> None:
    assert on_monday(Hours({1: (ALL_DAY,)}, {}, {}), RULES) == []


def test_half_an_hour_to_travel_on_both_sides() -> None:
    """The way there may fall before the door opens, but never into another visit or its own way."""
    travel = replace(RULES, step=HOUR / 2, buffer_before=HOUR / 2, buffer_after=HOUR / 2)
    hours = daily(window("09:00", "14:00"))
    visit = between("10:30", "12:30")  # from 11:00 to 12:00, with its own ways
    assert shown(on_monday(hours, travel, visit)) == ["09:00", "13:00"]
    assert shown(on_monday(hours, travel))[0] == "09:00"
    assert shown(on_monday(hours, travel))[-1] == "13:00"


def test_visits_may_touch_at_their_ends() -> None:
    assert shown(on_monday(daily(window("09:00", "12:00")), RULES, between("10:00", "11:00"))) == [
        "09:00",
        "11:00",
    ]


def test_three_chairs_count_the_peak_and_not_the_bookings() -> None:
    """Four bookings meet the slot, but never more than two at once: one of three chairs is free."""
    chairs = replace(RULES, duration=2 * HOUR, capacity=3)
    staggered = [
        between("09:00", "10:00"),
        between("10:00", "11:00"),
        between("09:30", "10:15"),
        between("10:15", "11:00"),
    ]
    found = on_monday(daily(window("09:00", "11:00")), chairs, *staggered)
    assert [opening.seats_left for opening in found] == [1]
    assert on_monday(daily(window("09:00", "11:00")), chairs, *staggered, between("10:30", "10:31")) == []


def test_a_class_of_six_seats() -> None:
    lesson, hours = replace(RULES, capacity=6, seats=2), daily(window("18:00", "19:00"))
    four, five = between("18:00", "19:00", seats=4), between("18:00", "19:00", seats=5)
    assert [opening.seats_left for opening in on_monday(hours, lesson)] == [6]
    assert [opening.seats_left for opening in on_monday(hours, lesson, four)] == [2]
    assert on_monday(hours, lesson, five) == []
    assert len(on_monday(hours, replace(lesson, seats=1), five)) == 1
    assert on_monday(hours, replace(lesson, seats=7)) == []


def test_a_start_that_was_offered_and_taken_fits_no_more() -> None:
    """The question of the booking transaction: without it the second of two customers gets the same chair."""
    hours, now, start = daily(window("09:00", "12:00")), at(MONDAY, "00:00"), at(MONDAY, "10:00")
    assert fits(start, hours, [], RULES, now, LAGOS)
    assert not fits(start, hours, [between("10:00", "11:00")], RULES, now, LAGOS)
    assert not fits(start + MINUTE, hours, [], RULES, now, LAGOS)
    assert not fits(start, hours, [], RULES, start + MINUTE, LAGOS)


def test_notice_and_horizon_include_their_ends() -> None:
    hours, soon = daily(window("09:00", "17:00")), replace(RULES, notice=10 * HOUR, horizon=12 * HOUR)
    assert shown(on_monday(hours, soon)) == ["10:00", "11:00", "12:00"]
    late = at(MONDAY, "00:00") + timedelta(microseconds=1)
    assert shown(openings(MONDAY, hours, [], soon, late, LAGOS)) == ["11:00", "12:00"]


def test_a_month_of_two_thousand_bookings_with_one_gap() -> None:
    hours, now = daily(window("08:00", "18:00")), at(MONDAY, "00:00")
    tenths = [at(MONDAY, "08:00") + day * DAY + slot * timedelta(minutes=9) for day in range(30) for slot in range(67)]
    gap = at(MONDAY + 17 * DAY, "10:00")
    busy = [Busy(start, start + timedelta(minutes=9)) for start in tenths if not gap <= start < gap + HOUR]
    rules = replace(RULES, duration=timedelta(minutes=40), step=timedelta(minutes=5))
    assert open_days(MONDAY, 30, hours, busy, rules, now, LAGOS) == [MONDAY + 17 * DAY]
    assert open_days(MONDAY, 17, hours, busy, rules, now, LAGOS) == []


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Auckland"])
def _server_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    clock.tzset()


@pytest.mark.skipif(not hasattr(clock, "tzset"), reason="the zone of this system cannot be set")
@pytest.mark.usefixtures("_server_zone")
def test_the_zone_of_the_server_changes_nothing() -> None:
    """Invariant 6."""
    found = on_monday(daily(window("09:00", "11:00")), RULES)
    assert [opening.start.isoformat() for opening in found] == [
        "2027-06-07T08:00:00+00:00",
        "2027-06-07T09:00:00+00:00",
    ]


# -- what cannot be asked ------------------------------------------------------------------------------------


def test_a_moment_without_a_zone_is_refused() -> None:
    """Read as local time it would mean something else on every server."""
    hours, now = daily(ALL_DAY), at(MONDAY, "00:00")
    with pytest.raises(ValueError, match="zone"):
        openings(MONDAY, hours, [], RULES, now.replace(tzinfo=None), LAGOS)
    with pytest.raises(ValueError, match="zone"):
        fits(now.replace(tzinfo=None), hours, [], RULES, now, LAGOS)


@pytest.mark.parametrize("ends", [("09:00", "09:00"), ("20:00", "02:00")])
def test_a_window_ends_after_its_start(ends: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot end"):
        window(*ends)


def test_busy_time_is_never_empty_or_backwards() -> None:
    """Backwards, it would free seats that are taken."""
    for start, end, seats in (("10:00", "10:00", 1), ("11:00", "10:00", 1), ("10:00", "11:00", -1)):
        with pytest.raises(ValueError, match="take"):
            between(start, end, seats)


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": timedelta(0)},
        {"step": timedelta(0)},
        {"seats": 0},
        {"buffer_before": -MINUTE},
        {"buffer_after": -MINUTE},
    ],
    ids=str,
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"positive|negative"):
        replace(RULES, **wrong)
