"""Free text: a comment, a description, a reason."""

from typing import Final

from flows.senses.base import Sense, Setting

LONGEST: Final = 500


def hear(text: str, _: Setting) -> str | None:
    """The text itself, unless there is none of it or more than 500 characters."""
    said = text.strip()
    return said if 0 < len(said) <= LONGEST else None


def spot(_text: str, _: Setting) -> str | None:
    """None: any message is some text, so none is the answer to a question not yet asked."""
    return None


text: Final = Sense("text", hear, spot)
