"""What every sense is, and what it is given besides the words: when, where and in which money it was said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from flows.reply import Choice

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Setting:
    """The circumstances of one message. `now` is aware; region is ISO 3166, currency ISO 4217."""

    now: datetime
    zone: ZoneInfo
    region: str
    currency: str
    day_first: bool = True
    choices: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Sense(Generic[T_co]):
    """One kind of answer, told from text. Both functions are pure, never raise, and may say None.

    `hear` takes the text as the answer to the open question and may be generous: "3" answers "what time?".
    `spot` looks for an answer given early inside a longer sentence and would rather miss one than invent one.
    """

    name: str
    hear: Callable[[str, Setting], T_co | None]
    spot: Callable[[str, Setting], T_co | None]
