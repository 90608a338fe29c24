"""The hours in which nobody is woken, by the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from models.messaging.quiet_hours import quiet_until
from tests.models.booking.zones import zoned_days
from tests.thoroughness import examples


@settings(max_examples=examples(200), deadline=None)
@given(zoned_days, st.integers(-24 * 60, 24 * 60))
def test_quiet_ends_at_eight_in_any_zone_on_any_day(where: tuple[ZoneInfo, date], minutes: int) -> None:
    """Invariant 40: on both sides of every change of the clocks, and never a morning too late."""
    zone, day = where
    now = datetime.combine(day, time(12), UTC) + timedelta(minutes=minutes)
    local, until = now.astimezone(zone), quiet_until(now, zone)
    assert (until is None) == (time(8) <= local.time() < time(21))
    if until is not None:
        assert f"{until.astimezone(zone):%H:%M}" == "08:00"
        assert timedelta(0) < until - now <= timedelta(hours=12)
        assert quiet_until(until, zone) is None
        assert quiet_until(until - timedelta(microseconds=1), zone) == until
