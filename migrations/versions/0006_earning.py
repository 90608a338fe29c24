"""Rules, campaigns and what a purchase earned by them."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the tables of earning."""
