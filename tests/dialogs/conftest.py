from collections.abc import AsyncIterator

import pytest

from tests.shop import Shop, open_shop


@pytest.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    async with open_shop(sqlite_url) as shop:
        yield shop
