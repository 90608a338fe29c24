"""What happens by the clock."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables of the job runner."""
