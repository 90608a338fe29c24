"""What staff type about the calendar without being asked: a day, a stretch to block, a number to book for."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.senses import DayStretch, Setting, day_stretch
from flows.senses.block_line import read_block_line
from flows.senses.day_line import read_day_line
from flows.senses.walk_in_line import read_walk_in_line

NEW_YORK = ZoneInfo("America/New_York")
AT_TEN = Setting(
    now=datetime(2026, 11, 18, 10, 0, tzinfo=NEW_YORK),
    zone=NEW_YORK,
    region="US",
    currency="USD",
    day_first=False,
)
TODAY, TOMORROW, FRIDAY = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("friday", FRIDAY),
        ("Today", TODAY),
        ("schedule for december 3", date(2026, 12, 3)),
        ("show me tomorrow", TOMORROW),
        ("who's coming on friday?", FRIDAY),
        ("friday at 3", None),
        ("book friday", None),
        ("monday morning", None),
        ("5", None),
        ("show me", None),
    ],
)
def test_a_day_alone_is_a_look_at_it(said: str, meant: date | None) -> None:
    assert read_day_line(said, AT_TEN) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("block 2-3pm", DayStretch(TODAY, time(14), time(15))),
        ("block 2 to 4", DayStretch(TODAY, time(14), time(16))),
        ("block 10 to 12", DayStretch(TODAY, time(10), time(12))),
        ("Block tomorrow 10 to 12 Van", DayStretch(TOMORROW, time(10), time(12))),
        ("block 10:00-12:30 the blue van", DayStretch(TODAY, time(10), time(12, 30))),
        ("block 22:00 to midnight", DayStretch(TODAY, time(22), time(0))),
        ("block 2pm for 2 hours", DayStretch(TODAY, time(14), time(16))),
        ("close friday 9 to 5", DayStretch(FRIDAY, time(9), time(17))),
        ("block", None),
        ("block friday", None),
        ("is 2-3pm free?", None),
    ],
)
def test_two_times_are_a_stretch_to_block(said: str, meant: DayStretch | None) -> None:
    assert read_block_line(said, AT_TEN) == meant


@given(st.text(max_size=60))
def test_a_stretch_ends_after_it_starts(said: str) -> None:
    for found in (day_stretch.hear(said, AT_TEN), day_stretch.spot(said, AT_TEN)):
        assert found is None or found.since < found.until or found.until == time(0)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("walk in 415 555 0177", "+14155550177"),
        ("Book for +1 415 555 0177", "+14155550177"),
        ("walk in", None),
        ("call 415 555 0177", None),
    ],
)
def test_a_number_is_whom_to_book_for(said: str, meant: str | None) -> None:
    assert read_walk_in_line(said, AT_TEN) == meant
