"""A business file as text again, in the order in which people read it."""

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, Item, Table

from models.tenancy.business_file import BusinessFile
from models.tenancy.file_values import digits_of

_LONG_LINE = 90


def written(file: BusinessFile, left: Mapping[str, int | None]) -> str:
    """The TOML of `file` less what is as by default. What is `left` of a reward's stock becomes a comment."""
    document = tomlkit.document()
    context = {"digits": digits_of(file.business.currency)}
    for name, part in file.model_dump(mode="json", exclude_defaults=True, context=context).items():
        document.add(name, _item(part))
    for reward in document.get("loyalty", {}).get("rewards", ()):
        if "stock" in reward:
            reward["stock"].comment(f"{left[reward['name']]} left")
    return tomlkit.dumps(document)


def _item(value: Any) -> Item:  # noqa: ANN401 - whatever a model dumps
    if isinstance(value, dict):
        return _table(value)
    if isinstance(value, list):
        return _tables(value) if isinstance(value[0], dict) else _array(value)
    item: Item = tomlkit.item(value)
    return item


def _table(values: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, _item(value))
    return table


def _tables(parts: list[dict[str, Any]]) -> AoT:
    tables = tomlkit.aot()
    for part in parts:
        tables.append(_table(part))
    return tables


def _array(words: list[str]) -> Array:
    array = tomlkit.array()
    array.extend(words)
    array.multiline(sum(map(len, words)) > _LONG_LINE)
    return array
