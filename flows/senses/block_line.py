"""Time that staff take out of the calendar in one line: `block 2-3pm`, `block tomorrow 10 to 12 Van`."""

from flows.senses.base import Setting
from flows.senses.stretches import DayStretch, hear
from prompts.words import words

_MOST_WORDS_OF_A_NAME = 4


def read_block_line(text: str, setting: Setting) -> DayStretch | None:
    """The stretch, or None for a message that does not begin as such a line or names no two times.

    What is blocked may stand behind it: its words are left out until the rest is a stretch.
    """
    first, *rest = text.split() or [""]
    if first.casefold() not in words("en", "hearing")["block_line"]["openings"]:
        return None
    ends = range(len(rest), max(len(rest) - _MOST_WORDS_OF_A_NAME, 0), -1)
    found = (hear(" ".join(rest[:end]), setting) for end in ends)
    return next((one for one in found if one is not None), None)
