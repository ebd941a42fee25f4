from pathlib import Path

import pytest
from scene import Scene
from site_of_scene import Site


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Site:
    """The site over a new campaign, with Redis away: what it shows then is what a bad night shows."""
    return Site(Scene(sqlite_url), tmp_path / "data")
