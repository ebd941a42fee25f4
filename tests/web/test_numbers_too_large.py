import pytest
from site_of_scene import Site

HUGE = 10**23


@pytest.mark.parametrize("path", [f"/leaflets/{HUGE}", f"/approvals/{HUGE}", f"/orders/{HUGE}", f"/nodes/{HUGE}/plan"])
def test_a_number_that_no_database_holds_names_nothing(site: Site, path: str) -> None:
    assert site.client(site.scene.agent).get(path).status_code == 404
