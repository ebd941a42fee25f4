from __future__ import annotations

import re
from datetime import timedelta

import pytest
from scene import photo
from site_of_scene import Site

from leaflets.services.picture import shelf
from leaflets.storage.people import Person


def place(site: Site, leaflet_id: int, digest: str) -> None:
    value = {"picture": digest, "focus": [0.5, 0.5], "zoom": 1, "alt": "Me"}
    assert not site.scene.save(leaflet_id, site.scene.edit(value, 0, zone="portrait")).refused


def pages(site: Site) -> str:
    return f"/campaigns/{site.scene.campaign.id}/pictures"


def take_off(site: Site, digest: str, *, by: Person) -> None:
    with site.scene.sessions() as session:
        shelf.take_off(
            session,
            actor=by,
            now=site.scene.now - timedelta(hours=2),
            campaign_id=site.scene.campaign.id,
            original_hash=digest,
        )


def test_the_studio_reads_the_shelf_as_json(site: Site) -> None:
    picture, leaflet = site.picture(photo()), site.scene.leaflet()
    place(site, leaflet.id, picture.original_hash)
    take_off(site, picture.original_hash, by=site.scene.helper)
    read = site.client(site.scene.agent).get(f"{pages(site)}/shelf").json
    assert read is not None
    (found,) = read["pictures"]
    assert (found["picture"], found["state"], found["width_px"]) == (picture.original_hash, "ready", 400)
    assert found["taken_off"]["by"] == "Henry"
    assert found["used"] == [{"leaflet_id": leaflet.id, "title": leaflet.title, "zones": ["portrait"]}]
    assert read["person"]["id"] == site.scene.agent.id
    news = site.client(site.scene.agent).get(f"/leaflets/{leaflet.id}/news?tab=a-tab-of-a-test").json
    assert news is not None
    assert news["shelf"] == read["fingerprint"]


def test_the_shelf_says_where_a_picture_stands_and_what_nobody_has_said_of_it(site: Site) -> None:
    picture, leaflet = site.picture(photo(), "quay.jpg"), site.scene.leaflet()
    place(site, leaflet.id, picture.original_hash)
    client = site.client(site.scene.agent)
    page = client.get(pages(site)).text
    for words in ("quay.jpg", f"In {leaflet.title}", "Why may we print it?", "What does it show?"):
        assert words in page
    told = {"name": "The quay", "rights": "agency", "credit": "Harbour Press", "alt": "Boats at the quay"}
    address = f"{pages(site)}/{picture.original_hash}"
    assert site.post(client, address, told).status_code == 302
    page = client.get(pages(site)).text
    assert "Licensed from an agency: Harbour Press" in page
    assert 'alt="Boats at the quay"' in page
    assert "Why may we print it?" not in page


def test_what_was_typed_of_a_picture_comes_back_when_it_cannot_be_kept(site: Site) -> None:
    picture, client = site.picture(photo()), site.client(site.scene.agent)
    told = {"name": "A " * 200, "rights": "mine", "credit": "Jo Lens", "alt": "Boats"}
    answer = site.post(client, f"{pages(site)}/{picture.original_hash}", told)
    assert answer.status_code == 422
    assert "characters, and 255 are the most. Shorten it." in re.sub(r"\s+", " ", answer.text).replace(
        "</strong><p>", " "
    )
    assert 'value="Jo Lens"' in answer.text
    assert re.search(r'value="mine"[^>]* checked', answer.text)


def test_a_picture_is_taken_off_by_name_replaced_and_put_back(site: Site) -> None:
    old, new, leaflet = site.picture(photo()), site.picture(photo(500, 400), "new.jpg"), site.scene.leaflet()
    place(site, leaflet.id, old.original_hash)
    client = site.client(site.scene.agent)
    address = f"{pages(site)}/{old.original_hash}"
    site.post(client, f"{address}/off")
    page = client.get(address).text
    assert "This picture was taken off the shelf by Agnes" in page
    assert f"It still stands in {leaflet.title}" in page
    assert "Taken off the shelf" in client.get(pages(site)).text
    for by, status in (("", 422), (old.original_hash, 409), ("0" * 64, 404)):
        assert site.post(client, f"{address}/replace", {"by": by}).status_code == status
    site.post(client, f"{address}/replace", {"by": new.original_hash})
    assert "Replaced in 1 place of 1 leaflet." in client.get(address).text
    placed = site.scene.texts(leaflet.id)["portrait"]
    assert isinstance(placed, dict)
    assert placed["picture"] == new.original_hash
    site.post(client, f"{address}/back")
    assert "is back on the shelf." in client.get(address).text


def test_a_stranger_sees_no_picture_and_changes_none(site: Site) -> None:
    picture = site.picture(photo())
    stranger = site.client(site.scene.stranger)
    for path in (pages(site), f"{pages(site)}/shelf", f"{pages(site)}/{picture.original_hash}"):
        assert stranger.get(path).status_code == 404
    assert site.post(stranger, f"{pages(site)}/{picture.original_hash}/off").status_code == 404


@pytest.mark.parametrize("digest", ["0" * 64, "nothing", "../../etc"])
def test_a_picture_that_is_not_there_is_said_to_be_none(site: Site, digest: str) -> None:
    client = site.client(site.scene.agent)
    assert client.get(f"{pages(site)}/{digest}").status_code == 404
    assert site.post(client, f"{pages(site)}/{digest}", {"name": "x"}).status_code == 404
