from collections.abc import AsyncIterator

import pytest

from models.db import Database
from tests.models.loyalty import books
from tests.models.loyalty.shop import Shop, make_shop


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    """Whatever a test does with it, its books add up in the end."""
    shop = await make_shop(database)
    yield shop
    await books.check(shop)
