"""Where the sentences of these tests are said: on Wednesday 18 November 2026, at twenty past ten in the morning."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.senses import Setting

LAGOS = Setting(
    now=datetime(2026, 11, 18, 10, 20, tzinfo=ZoneInfo("Africa/Lagos")),
    zone=ZoneInfo("Africa/Lagos"),
    region="NG",
    currency="NGN",
)
NEW_YORK = Setting(
    now=datetime(2026, 11, 18, 10, 20, tzinfo=ZoneInfo("America/New_York")),
    zone=ZoneInfo("America/New_York"),
    region="US",
    currency="USD",
    day_first=False,
)
LONDON = replace(LAGOS, zone=ZoneInfo("Europe/London"), region="GB", currency="GBP")
