"""Tiers, achievements and referrals."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Makes the tables of a customer's standing."""
