"""docs/business-file.md names every key that an owner can write."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from models.tenancy.booking_parts import Week
from models.tenancy.business_file import BusinessFile
from models.tenancy.file_part import Part

PAGE = Path(__file__).resolve().parents[3] / "docs" / "business-file.md"


def parts_in(annotation: object) -> Iterator[type[Part]]:
    """The tables that a key can hold, through lists and alternatives."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        yield from parts_in(argument)


def keys_of(part: type[Part], seen: set[type[Part]]) -> set[str]:
    if part in seen or part is Week:
        return set()
    seen.add(part)
    keys = set(part.model_fields) - set(Week.model_fields)
    inner = [found for field in part.model_fields.values() for found in parts_in(field.annotation)]
    return keys.union(*(keys_of(one, seen) for one in inner)) if inner else keys


def named() -> set[str]:
    """Every word in code on the page, without the table it stands in."""
    code = re.findall(r"`([a-z_.\[\]]+)`", PAGE.read_text(encoding="utf-8"))
    return {re.split(r"[.\[\]]+", word.strip("[]"))[-1] for word in code}


def test_every_key_is_on_the_page() -> None:
    keys = keys_of(BusinessFile, set())
    assert len(keys) > 50, "the walk has lost its way"
    assert keys - named() == set()
