"""Whose points are whose own: nobody who works here gives himself anything, or those he has said are close to him."""

from models.people.tables import User


def is_own(user: User, phone: str) -> bool:
    """Whether the number (E.164) is that of this member of staff, or one that the business file links to them."""
    return phone in (user.phone_number, *user.linked_phones)
