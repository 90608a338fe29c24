"""A sum of money as staff key it in at the counter, where six bare figures are a PIN typed one question too early."""

import re
from typing import Final

from flows.senses import amounts
from flows.senses.base import Sense, Setting

_COULD_BE_A_PIN: Final = re.compile(r"\s*\d{6}\s*")


def hear(text: str, setting: Setting) -> int | None:
    """Minor units; six bare figures are asked for again, with a comma or a currency."""
    return None if _COULD_BE_A_PIN.fullmatch(text) else amounts.hear(text, setting)


till_money: Final = Sense("till_money", hear, amounts.spot)
