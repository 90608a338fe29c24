"""A town for each test: its clock, its door, its shops."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer
from bot.app import web_app, wire
from bot.channels.sender import CollectingSender
from models.db import Database
from models.vault import Vault

from tests.bot.town import ACCOUNT, PUBLIC, TOKEN, Clock, Shop, Town
from tests.shops import open_cafe, open_carpet_cleaning, open_consultancy, open_laundry

Opening = Callable[[], Awaitable[Shop]]


@pytest.fixture
async def town(dsn: str, database: Database, vault: Vault, now: datetime) -> AsyncIterator[Town]:
    """Everything wired as in production, but for the way out and the clock."""
    sender, clock = CollectingSender(), Clock(now)
    services = wire(dsn, database, vault, sender, PUBLIC, clock)
    app = web_app(services, tokens=[TOKEN], public_base_url=PUBLIC, account=ACCOUNT)
    async with TestClient(TestServer(app)) as client:
        yield Town(services, client, sender, clock)


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
