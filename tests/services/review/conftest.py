import pytest
from reviewing import Desk


@pytest.fixture
def desk(migrated_url: str) -> Desk:
    """A campaign whose words go to an office, and who sits there."""
    return Desk(migrated_url)
