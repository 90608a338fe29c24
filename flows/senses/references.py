"""The reference of an appointment anywhere in a message, however it is typed."""

import re
from typing import Final

from flows.senses.base import Sense, Setting
from flows.senses.wording import tidy
from models.booking.references import is_reference, normalised

_NUMBERED: Final = re.compile(r"(?<![A-Z0-9])[A-Z0-9]{2,6}[ -]?20\d{6}[ -]?\d{3,5}[A-Z0-9](?![A-Z0-9])")
_DRAWN: Final = re.compile(r"(?<![A-Z0-9])[A-Z0-9]{2,6}-[A-Z0-9]{6}(?![A-Z0-9])")


def spot(text: str, _: Setting) -> str | None:
    """As it is written, whether or not there is such an appointment; a mistyped one too, if it is like nothing else."""
    said = tidy(text).upper()
    if numbered := _NUMBERED.search(said):
        return normalised(numbered[0])
    drawn = (found[0] for found in _DRAWN.finditer(said) if is_reference(found[0]))
    return next(map(normalised, drawn), None)


reference: Final = Sense("reference", spot, spot)
