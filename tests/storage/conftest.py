from collections.abc import Iterator

import pytest

from storage.database import Database


@pytest.fixture
def kept(upgraded_url: str) -> Iterator[Database]:
    """A database with every table, of each kind."""
    with Database.open(upgraded_url) as database:
        yield database
