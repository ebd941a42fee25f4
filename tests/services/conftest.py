import pytest
from clockwork import Clockwork
from mail_server import Letterbox
from scene import Scene


@pytest.fixture
def scene(migrated_url: str) -> Scene:
    """A campaign in a new database."""
    return Scene(migrated_url)


@pytest.fixture
def clock(scene: Scene) -> Clockwork:
    """The offices above that campaign, and its election."""
    return Clockwork(scene)


@pytest.fixture
def letters(box: Letterbox) -> Letterbox:
    """What a real mail server took during this test."""
    box.letters.clear()
    return box
