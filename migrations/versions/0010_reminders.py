"""Waiting lists and reminders."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Makes the tables of what is told ahead."""
