"""The example businesses as tests open them: each time under a slug, a code and a number of their own."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from models.db import Database
from models.tenancy.apply import apply
from models.tenancy.business_file import BusinessFile
from models.tenancy.businesses import find, load_tenant
from models.tenancy.tables import Tenant
from models.vault import Vault

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
_opened = count(1)


@cache
def example(name: str) -> BusinessFile:
    """An example as it stands: "cafe", "laundry", "carpet_cleaning" or "consultancy"."""
    return BusinessFile.read(EXAMPLES / f"{name}.toml")


def variation(file: BusinessFile, changes: Mapping[str, Any]) -> BusinessFile:
    """A copy with other values: {"business.name": …, "staff": […]}."""
    for path, value in changes.items():
        part, _, key = path.partition(".")
        if key:
            value = getattr(file, part).model_copy(update={key: value})  # noqa: PLW2901 - the part with the new value
        file = file.model_copy(update={part: value})
    return file


def afresh(name: str) -> BusinessFile:
    """An example under a slug, a code and a number that no other test has."""
    number = next(_opened)
    return variation(
        example(name),
        {
            "business.slug": f"{name.replace('_', '-')}-{number}",
            "business.code": f"SHOP{number}",
            "lines.number": f"+1628{number:07d}",
        },
    )


async def open_shop(database: Database, vault: Vault, file: BusinessFile, now: datetime) -> Tenant:
    """The business after its file is applied; `phone_number` is the number it can be written to."""
    await apply(database, vault, file, now)
    business = await find(database, file.business.slug)
    assert business is not None
    async with database.tenant(business.id) as tx:
        return await load_tenant(tx)


async def open_cafe(database: Database, vault: Vault, now: datetime) -> Tenant:
    return await open_shop(database, vault, afresh("cafe"), now)


async def open_laundry(database: Database, vault: Vault, now: datetime) -> Tenant:
    return await open_shop(database, vault, afresh("laundry"), now)


async def open_carpet_cleaning(database: Database, vault: Vault, now: datetime) -> Tenant:
    return await open_shop(database, vault, afresh("carpet_cleaning"), now)


async def open_consultancy(database: Database, vault: Vault, now: datetime) -> Tenant:
    return await open_shop(database, vault, afresh("consultancy"), now)
