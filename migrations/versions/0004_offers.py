"""Choices that were sent to somebody who had not asked, and how long a message may wait."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the table and lets a turn read it."""
