"""The one place where the time is read: everything else is given `now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)
