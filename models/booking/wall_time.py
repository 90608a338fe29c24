"""From the clock on the wall to UTC: local time becomes an instant in `to_utc`, and nowhere else.

Postgres' AT TIME ZONE is not used: it takes the second of two repeated hours and moves times that never are.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


def to_utc(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant, in UTC, at which clocks in `zone` show `wall`.

    `wall` is naive. None if the clocks are put forward over it; the first of the two instants if it repeats.
    Raises ValueError for an aware `wall`: it says its instant already.
    """
    if wall.tzinfo is not None:
        raise ValueError("A wall time carries no zone of its own.")
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    return instant if shown == wall else None


def first_reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which clocks in `zone` have reached `wall`.

    As `to_utc`, except that a time the clocks jump over is reached at the end of the jump: a day without a
    midnight begins at 01:00. Raises ValueError for an aware `wall`.
    """
    while (instant := to_utc(wall, zone)) is None:
        wall = wall.replace(second=0, microsecond=0) + _MINUTE  # clocks jump to a whole minute
    return instant
