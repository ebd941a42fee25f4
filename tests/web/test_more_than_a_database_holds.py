from pathlib import Path

from scene import Scene
from site_of_scene import Site


def test_what_a_database_cannot_hold_is_refused_on_a_whole_page(migrated_url: str, tmp_path: Path) -> None:
    site = Site(Scene(migrated_url), tmp_path / "data")
    client = site.client(site.scene.agent)
    for address in ("/leaflets/2147483648", f"/campaigns/{'9' * 5000}/people", "/join/a%00b", "/library/a%00b/1.0"):
        answer = client.get(address)
        assert answer.status_code in (404, 422), address
        assert "Agnes" in answer.text, address
