"""The hours in which nobody is written to who has not just written: 21:00 to 08:00 by the shop's clock.

The hours are those of the US telephone rules (47 CFR 64.1200), which are the strictest of the countries we write to.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.booking.wall_time import first_reached

EVENING, MORNING = time(21), time(8)


def quiet_until(now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet that reigns at `now` ends, in UTC; None outside quiet hours."""
    local = now.astimezone(zone)
    if MORNING <= local.time() < EVENING:
        return None
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return first_reached(datetime.combine(day, MORNING), zone)
