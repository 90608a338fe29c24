"""Openings on each of the days on which the clocks of a zone change, not only on those that are drawn."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from models.booking.openings import Busy, Hours, Opening, Rules, Window
from models.booking.wall_time import to_utc
from tests.models.booking.questions import DAY, MINUTE, Question
from tests.models.booking.slow_openings import slow_openings
from tests.models.booking.zones import CHANGES, NEW_YORK, ZONES


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.key)
def test_every_change_of_the_clocks_from_2020_to_2035(zone: ZoneInfo) -> None:
    """Invariants 3, 4 and 5, on each of the days and not only on those that are drawn."""
    windows = Window(time(0), time(12)), Window(time(12, 30), time(0))
    week = range(7)
    hours = Hours(dict.fromkeys(week, windows), {}, dict.fromkeys(week, (Window(time(2, 15), time(2, 45)),)))
    rules = Rules(45 * MINUTE, 15 * MINUTE, notice=0 * MINUTE, horizon=365 * DAY, buffer_after=10 * MINUTE)
    for day in CHANGES[zone]:
        now = datetime.combine(day - 2 * DAY, time(0), UTC)
        busy = [Busy(now + 2 * DAY, now + 2 * DAY + 60 * MINUTE), Busy(now + 3 * DAY, now + 3 * DAY + 120 * MINUTE)]
        asked = Question(day, hours, busy, rules, now, zone)
        found = asked.openings()
        assert found == slow_openings(asked)
        assert all(asked.fits(opening.start) for opening in found)
        assert all(_is_on_the_wall(opening, zone) for opening in found)


def _is_on_the_wall(opening: Opening, zone: ZoneInfo) -> bool:
    wall = opening.start.astimezone(zone).replace(tzinfo=None)
    return opening.end - opening.start == 45 * MINUTE and to_utc(wall, zone) is not None


def test_there_are_changes_to_look_at() -> None:
    """Brazil gave up summer time in 2019; New York changes twice a year."""
    assert len(CHANGES[NEW_YORK]) == 2 * 2 * 16
    assert {zone.key for zone, days in CHANGES.items() if not days} == {
        "Africa/Lagos",
        "America/Sao_Paulo",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "UTC",
    }
