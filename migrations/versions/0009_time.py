"""Bookings of several resources, seats and parts of a day."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Makes the tables of booked time."""
