"""The word lists by which people are understood: prompts/<locale>/<name>.toml, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(locale: str, name: str) -> Mapping[str, Any]:
    """The lists of one file, as TOML holds them. Raises FileNotFoundError for a locale that has none."""
    return tomllib.loads((files("prompts") / locale / f"{name}.toml").read_text(encoding="utf-8"))
