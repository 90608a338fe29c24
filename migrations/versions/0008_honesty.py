"""Adjustments, approvals and receipts."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Makes the tables of what needs a second person."""
