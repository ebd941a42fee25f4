import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

from leaflets.storage.migrations import migrate


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and nothing in it, to copy: migrating takes longer than a test."""
    file = tmp_path_factory.mktemp("migrated") / "leaflets.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Any) -> str:
    """The same on the server of this session, to use as a template."""
    with postgres.connect() as connection:
        connection.execute("CREATE DATABASE migrated TEMPLATE template0")
    migrate(postgres.url("migrated"))
    return "migrated"


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database with every table: on SQLite, and again on PostgreSQL."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "leaflets.db")
        yield f"sqlite:///{file}"
        return
    template, server = request.getfixturevalue("migrated_postgres"), request.getfixturevalue("postgres")
    name = f"scene_{time.monotonic_ns()}"
    with server.connect() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    with server.connect() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def scene(migrated_url: str) -> Scene:
    """A campaign in a new database."""
    return Scene(migrated_url)
