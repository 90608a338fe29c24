"""What comes after a visit: scores, follow-ups, projects."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Makes the tables of what follows a visit."""
