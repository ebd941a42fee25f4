from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from clockwork import Clockwork
from scene import Scene
from site_of_scene import LIBRARY, Site, config_for
from werkzeug.test import TestResponse

from leaflets.app import create_app
from leaflets.catalogue import load_library
from leaflets.domain.press.schedule import Lane
from leaflets.services.press import outcomes
from leaflets.services.studio import copies
from leaflets.storage.leaflet import Leaflet


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The tests' library with a second version of the card, which has a motto instead of its second headline."""
    library = Path(shutil.copytree(LIBRARY, tmp_path / "two-versions"))
    newer = Path(shutil.copytree(library / "card" / "1.0.0", library / "card" / "1.1.0"))
    for name in ("template.toml", "template.html", "sample.toml"):
        text = (newer / name).read_text()
        text = text.replace('"second"', '"motto"').replace("zones.second", "zones.motto")
        (newer / name).write_text(text.replace('\nsecond = "', '\nmotto = "').replace("Second headline", "Motto"))
    return library


@pytest.fixture
def moving(migrated_sqlite_url: str, tmp_path: Path, library: Path) -> Site:
    """A site with both versions, on which leaflets are started in the first."""
    site = Site(Scene(migrated_sqlite_url), tmp_path / "data", {"library_folder": library})
    site.scene.template = load_library(library).template("card@1.0.0")
    return site


def test_a_leaflet_is_duplicated_and_its_copy_opens(site: Site) -> None:
    agent, source = site.client(site.scene.agent), site.scene.leaflet().id
    site.save(agent, source, {"headline": "Better buses"})
    answer = site.post(agent, f"/leaflets/{source}/copies/duplicate", {"title": "Second thoughts"})
    opened = agent.get(answer.location).text
    assert "Second thoughts" in opened
    assert "Better buses" in opened


def test_whoever_is_in_many_campaigns_finds_the_one_for_a_copy_by_a_few_letters(site: Site) -> None:
    clock = Clockwork(site.scene)
    dales = [clock.start(f"Dale {number}") for number in range(9)]
    agent, source = site.client(site.scene.agent), site.scene.leaflet().id
    assert f'value="{site.scene.campaign.id}" checked' in agent.get(f"/leaflets/{source}/copies").text
    copying = {"title": "For the dales", "where": "dale"}

    def sent(**more: str) -> TestResponse:
        return site.post(agent, f"/leaflets/{source}/copies/duplicate", {**copying, **more})

    for answer, status in ((sent(find="1"), 200), (sent(), 422)):
        assert (answer.status_code, answer.text.count('name="place"')) == (status, 8)
        assert 'value="For the dales"' in answer.text
    made = [sent(where="dale 7"), sent(place=str(dales[7].id))]
    with site.scene.sessions() as session:
        copies_made = [session.get_one(Leaflet, int(each.location.rpartition("/")[2])) for each in made]
        assert [each.campaign_id for each in copies_made] == [dales[7].id] * 2


def test_a_pasted_list_of_villages_gives_each_its_leaflet_and_the_zones_can_be_chosen(site: Site) -> None:
    agent, main = site.client(site.scene.agent), site.scene.leaflet().id
    empty = site.post(agent, f"/leaflets/{main}/copies/places", {"places": " \n"})
    assert empty.status_code == 422
    assert "No place is named." in empty.text
    site.post(agent, f"/leaflets/{main}/copies/places", {"places": "Ashby; Bexley\r\n• Corby\n"})
    page = agent.get(f"/leaflets/{main}/copies").text
    assert "One leaflet for 4 places" in page
    with site.scene.sessions() as session:
        kin = copies.family(session, session.get_one(Leaflet, main))
        ashby = kin.variants[0].id
    state = agent.get(f"/leaflets/{ashby}/state").get_json()
    assert [each["place"] for each in state["places"]] == ["", "Ashby", "Bexley", "Corby"]
    assert set(state["local"]) == {"second", "points", "answer"}
    site.save(agent, ashby, {"headline": "Everywhere", "second": "Ashby first"})
    words = agent.get(f"/leaflets/{main}/state").get_json()["words"]
    assert (words["headline"]["value"], words["second"]["value"]) == ("Everywhere", "A surgery you can reach")
    site.post(agent, f"/leaflets/{main}/copies/zones", {"local": "headline"})
    assert agent.get(f"/leaflets/{ashby}/state").get_json()["local"] == ["headline"]
    site.post(agent, f"/leaflets/{main}/copies/place", {"place": "Dunby"})
    assert "Dunby" in agent.get(f"/leaflets/{ashby}").text
    clash = site.post(agent, f"/leaflets/{main}/copies/place", {"place": "ashby"})
    assert clash.status_code == 422


def test_a_place_that_nobody_has_opened_looks_like_its_main_leaflet_and_not_like_the_sample(site: Site) -> None:
    agent, main = site.client(site.scene.agent), site.scene.leaflet().id
    proof = site.scene.proof(main)
    page = {"hash": "0" * 64, "width_px": 10, "height_px": 10, "pixels": ""}
    site.end(Lane.PROOF, outcomes.ProofDone([page], [], ()))
    site.post(agent, f"/leaflets/{main}/copies/places", {"places": "Ashby\nCorby"})
    assert agent.get("/").text.count(f'src="/proofs/{proof.id}/1') == 3


def test_those_outside_may_neither_see_nor_copy(site: Site) -> None:
    stranger, leaflet = site.client(site.scene.stranger), site.scene.leaflet().id
    assert stranger.get(f"/leaflets/{leaflet}/copies").status_code == 404
    for what in ("duplicate", "places", "place", "zones", "version"):
        assert site.post(stranger, f"/leaflets/{leaflet}/copies/{what}", {"places": "Ashby"}).status_code == 404


def test_a_newer_version_is_offered_and_words_of_zones_that_are_gone_are_kept(moving: Site) -> None:
    agent, leaflet = moving.client(moving.scene.agent), moving.scene.leaflet().id
    moving.save(agent, leaflet, {"headline": "Better buses", "second": "Our surgery"})
    assert agent.get(f"/leaflets/{leaflet}/state").get_json()["newer"] == "1.1.0"
    answer = moving.post(agent, f"/leaflets/{leaflet}/copies/version", {"version": "1.1.0"})
    assert answer.location.endswith(f"/leaflets/{leaflet}")
    state = agent.get(f"/leaflets/{leaflet}/state").get_json()
    assert state["newer"] is None
    assert state["words"]["headline"]["value"] == "Better buses"
    assert state["words"]["motto"]["value"] == "A surgery you can reach"
    assert [(one["zone"], one["text"]) for one in state["leftover"]] == [("second", "Our surgery")]
    assert "Our surgery" in agent.get(f"/leaflets/{leaflet}/copies").text
    assert moving.post(agent, f"/leaflets/{leaflet}/copies/version", {"version": "9"}).status_code == 404


def test_a_leaflet_whose_template_is_gone_shows_its_words(moving: Site, library: Path) -> None:
    agent, leaflet = moving.client(moving.scene.agent), moving.scene.leaflet().id
    moving.save(agent, leaflet, {"story": "<p>Quay <strong>Street</strong></p>"})
    shutil.rmtree(library / "card" / "1.0.0")
    moving.app = create_app(config_for(moving.scene, moving.folder, library_folder=library))
    client = moving.client(moving.scene.agent)
    for path in (f"/leaflets/{leaflet}", f"/leaflets/{leaflet}/copies"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Quay Street" in page.text
        assert "Move to 1.1.0" in page.text
    for path in ("state", "news?tab=a-tab", "order", "plan"):
        assert client.get(f"/leaflets/{leaflet}/{path}").status_code < 500
    assert client.get("/").status_code == 200
    moving.post(client, f"/leaflets/{leaflet}/copies/version", {"version": "1.1.0"})
    assert "studio-state" in client.get(f"/leaflets/{leaflet}").text
