"""What every table of a business file is, and the mistakes that tables have in common."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from models.tenancy.file_mistakes import Mistake, repeats


class Part(BaseModel):
    """A table of the file: nothing it does not know, nothing of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def repeated(parts: Sequence[Part], key: str) -> list[Mistake]:
    """The mistake of every part that shares its `key` with an earlier one."""
    return repeats(((i, key), getattr(part, key)) for i, part in enumerate(parts))


def never(begin: datetime | None, end: datetime | None, key: str) -> Iterator[Mistake]:
    """The mistake of a stretch of time whose `end` comes before its `begin`."""
    if begin and end and end <= begin:
        yield (key,), "comes before the beginning"
