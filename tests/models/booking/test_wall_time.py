from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.booking.wall_time import first_reached, to_utc
from tests.models.booking.zones import CAIRO, CHANGES, LORD_HOWE, NEW_YORK, zoned_days

MINUTE = timedelta(minutes=1)
clock_times = st.times() | st.builds(time, st.integers(0, 3), st.integers(0, 59))


def shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def instants_showing(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every instant at which clocks in `zone` show `wall`: all offsets of the days around it are tried."""
    around = [wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-36, 37)]
    offsets = {moment.astimezone(zone).utcoffset() or timedelta(0) for moment in around}
    tried = (wall.replace(tzinfo=UTC) - offset for offset in offsets)
    return sorted(instant for instant in tried if shown(instant, zone) == wall)


@settings(max_examples=300, deadline=None)
@given(zoned_days, clock_times)
def test_the_first_instant_that_shows_the_time_or_none(where: tuple[ZoneInfo, date], at: time) -> None:
    """Invariant 5."""
    zone, day = where
    wall = datetime.combine(day, at)
    assert to_utc(wall, zone) == next(iter(instants_showing(wall, zone)), None)


@settings(max_examples=200, deadline=None)
@given(zoned_days, clock_times)
def test_clocks_have_reached_the_time_then_and_not_before(where: tuple[ZoneInfo, date], at: time) -> None:
    zone, day = where
    wall = datetime.combine(day, at)
    reached = first_reached(wall, zone)
    assert shown(reached, zone) >= wall
    assert all(shown(reached - minutes * MINUTE, zone) < wall for minutes in range(1, 181))
    assert shown(reached - timedelta(microseconds=1), zone) < wall


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        (NEW_YORK, "2027-07-01 09:00", "2027-07-01 13:00Z"),
        (NEW_YORK, "2027-11-07 01:30", "2027-11-07 05:30Z"),
        (NEW_YORK, "2027-11-07 02:00", "2027-11-07 07:00Z"),
        (NEW_YORK, "2027-03-14 03:00", "2027-03-14 07:00Z"),
        (LORD_HOWE, "2027-10-03 02:30", "2027-10-02 15:30Z"),
        (CAIRO, "2024-04-26 01:00", "2024-04-25 22:00Z"),
    ],
)
@pytest.mark.parametrize("fold", [0, 1])
def test_an_instant_whatever_the_fold(zone: ZoneInfo, wall: str, instant: str, fold: int) -> None:
    found = to_utc(datetime.fromisoformat(wall).replace(fold=fold), zone)
    assert found == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("zone", "wall"),
    [(NEW_YORK, "2027-03-14 02:30"), (LORD_HOWE, "2027-10-03 02:15"), (CAIRO, "2024-04-26 00:00")],
)
def test_no_instant_where_the_clocks_jump(zone: ZoneInfo, wall: str) -> None:
    assert to_utc(datetime.fromisoformat(wall), zone) is None


def test_a_time_in_the_gap_is_reached_when_the_clocks_have_jumped() -> None:
    jump = datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
    for wall in (time(2, 0), time(2, 30), time(2, 59, 30), time(3, 0)):
        assert first_reached(datetime.combine(date(2027, 3, 14), wall), NEW_YORK) == jump


def test_a_day_without_midnight_begins_at_one() -> None:
    begins = first_reached(datetime.combine(date(2024, 4, 26), time(0)), CAIRO)
    assert shown(begins, CAIRO) == datetime.combine(date(2024, 4, 26), time(1))


def test_a_wall_time_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        to_utc(datetime(2027, 7, 1, 9, 0, tzinfo=UTC), NEW_YORK)


def test_the_zones_change_their_clocks() -> None:
    """Without changes of the clocks in the data the properties would prove nothing."""
    assert len(CHANGES[NEW_YORK]) == 64
    assert sum(bool(days) for days in CHANGES.values()) >= 6
