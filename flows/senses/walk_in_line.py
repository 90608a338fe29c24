"""A booking for somebody else in one line: `walk in 0803 123 4567`, `book for +1 415 555 0177`."""

from functools import cache

from flows.senses.base import Setting
from flows.senses.phones import phone
from flows.senses.wording import fold
from prompts.words import words


def read_walk_in_line(text: str, setting: Setting) -> str | None:
    """The number in E.164; None for a message that does not begin as such a line or names no number."""
    return phone.spot(text, setting) if fold(text).startswith(_openings()) else None


@cache
def _openings() -> tuple[str, ...]:
    return tuple(words("en", "hearing")["walk_in_line"]["openings"])
