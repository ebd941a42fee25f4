from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from house import House, running
from scene import photo


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, redis_of_the_house: Any) -> Iterator[House]:
    """The whole of Leaflets, started once; each journey begins with a leaflet of its own."""
    with running(tmp_path_factory.mktemp("house"), redis_of_the_house.url) as started:
        yield started


@pytest.fixture(scope="session")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait as a camera might give it, sharp enough for its zone."""
    file = tmp_path_factory.mktemp("photos") / "portrait.jpg"
    file.write_bytes(photo(1200, 1600).getvalue())
    return file
