"""The zones of the booking tests, and the days from 2020 to 2035 on which their clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour of summer time
CAIRO = ZoneInfo("Africa/Cairo")  # changes at midnight
LAGOS = ZoneInfo("Africa/Lagos")

ZONES = (
    NEW_YORK,
    LORD_HOWE,
    CAIRO,
    LAGOS,
    ZoneInfo("Europe/London"),
    ZoneInfo("Asia/Kolkata"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Africa/Casablanca"),
    ZoneInfo("Pacific/Auckland"),
    ZoneInfo("UTC"),
)

FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)


def _changes(zone: ZoneInfo) -> tuple[date, ...]:
    """The local days of FIRST to LAST on which the clocks of `zone` change, and the days before them."""
    days = [FIRST + timedelta(days=passed) for passed in range((LAST - FIRST).days + 1)]
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(zone) for day in days]
    changed = [noon.date() for before, noon in pairwise(noons) if before.utcoffset() != noon.utcoffset()]
    return tuple(day - timedelta(days=back) for day in changed for back in (1, 0))


CHANGES = {zone: _changes(zone) for zone in ZONES}


def days_in(zone: ZoneInfo) -> st.SearchStrategy[date]:
    """Any day, and every other time one beside a change of the clocks."""
    anywhen = st.dates(FIRST, LAST)
    return anywhen | st.sampled_from(CHANGES[zone]) if CHANGES[zone] else anywhen


zoned_days = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), days_in(zone)))
