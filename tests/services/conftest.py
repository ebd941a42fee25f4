import pytest
from scene import Scene


@pytest.fixture
def scene(database_url: str) -> Scene:
    """A campaign in a new database: on SQLite, and again on PostgreSQL."""
    return Scene(database_url)
