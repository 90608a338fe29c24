"""A town for each test: its clock, its door, its shops."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest

from bot.channels.sender import CollectingSender
from models.db import Database
from models.vault import Vault
from tests.bot.town import Shop, Town, open_town
from tests.shops import open_cafe, open_carpet_cleaning, open_consultancy, open_laundry

Opening = Callable[[], Awaitable[Shop]]


@pytest.fixture
async def town(dsn: str, database: Database, vault: Vault, now: datetime) -> AsyncIterator[Town]:
    """A town whose provider takes every message."""
    async with open_town(dsn, database, vault, now, CollectingSender()) as town:
        yield town


@pytest.fixture
async def cafe(town: Town, database: Database, vault: Vault, now: datetime) -> Shop:
    return _shop(town, await open_cafe(database, vault, now))


@pytest.fixture
async def consultancy(town: Town, database: Database, vault: Vault, now: datetime) -> Shop:
    return _shop(town, await open_consultancy(database, vault, now))


@pytest.fixture
async def laundry(town: Town, database: Database, vault: Vault, now: datetime) -> Shop:
    return _shop(town, await open_laundry(database, vault, now))


@pytest.fixture
async def carpet_cleaning(town: Town, database: Database, vault: Vault, now: datetime) -> Shop:
    return _shop(town, await open_carpet_cleaning(database, vault, now))


def _shop(town: Town, tenant: object) -> Shop:
    return Shop(town, tenant.id, tenant.phone_number, tenant.vendor_code)  # type: ignore[attr-defined]
