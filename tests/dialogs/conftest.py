import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.migrate import upgrade
from tests.shop import Shop, open_shop


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("fresh") / "deskbell.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def shop_url(fresh_database: Path, tmp_path: Path) -> str:
    """An empty SQLite database that is up to date."""
    shutil.copy(fresh_database, tmp_path / "deskbell.db")
    return f"sqlite:///{tmp_path}/deskbell.db"


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[Shop]:
    async with open_shop(shop_url) as shop:
        yield shop
