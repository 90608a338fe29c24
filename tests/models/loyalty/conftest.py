import pytest

from models.db import Database
from tests.models.loyalty.shop import Shop, make_shop


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await make_shop(database)
