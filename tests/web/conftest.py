from pathlib import Path

import pytest
from clockwork import Clockwork
from scene import Scene
from site_of_scene import Site


@pytest.fixture
def site(migrated_sqlite_url: str, tmp_path: Path) -> Site:
    """The site over a new campaign, with Redis away: what it shows then is what a bad night shows."""
    return Site(Scene(migrated_sqlite_url), tmp_path / "data")


@pytest.fixture
def clock(site: Site) -> Clockwork:
    """The offices above that campaign, and its election."""
    return Clockwork(site.scene)
