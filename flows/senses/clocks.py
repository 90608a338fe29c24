"""A time of day: "3", "half 3", "3pm", "15:00", "quarter past 2", "4ish", "noon"."""

from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.when.moment import Reading, reading, when
from flows.senses.when.value import Bound, ClockTime


def hear(text: str, setting: Setting) -> ClockTime | None:
    """The time meant, of a span ("from 2 to 4", "after 2") its start. "Before 5" names none."""
    told = reading(text, setting)
    if not told.clocks:
        told = reading(text, setting, bare=True)
        # A number among words that mean nothing here counts something else: "3 loads".
        if len(told.clocks) != 1 or not told.is_nothing_else:
            return None
    found = when(told)
    return None if found.bound is Bound.UNTIL else found.clock


def spot(text: str, setting: Setting) -> ClockTime | None:
    """The one time that is named for sure; a span, a bound or two different times are none."""
    told = reading(text, setting)
    found = when(told)
    return found.clock if _single(told) and found.bound is None else None


def _single(told: Reading) -> bool:
    stretches = {stretch for stretch, _ in told.clocks}
    return len(stretches) == 1 and all(stretch.last is None for stretch in stretches) and not told.far


clock: Final = Sense("clock", hear, spot)
