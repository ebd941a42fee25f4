"""The first questions as a form and as a script sends them."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from clockwork import Clockwork
from scene import photo
from site_of_scene import Site, form_fields

from leaflets.services import audit
from leaflets.storage.leaflet import Leaflet, ProofRead
from leaflets.storage.press import Proof

JSON = {"Accept": "application/json"}


def asked(site: Site, **more: Any) -> dict[str, Any]:
    """What a browser sends: the form as it came, with these answers."""
    html = site.client(site.scene.helper).get("/first-leaflet?template=card@1.0.0").get_data(as_text=True)
    fields = form_fields(html)
    del fields["csrf_token"]  # of another browser
    return fields | {"promise_1": "mend the sea wall"} | more


def made(site: Site) -> list[Leaflet]:
    with site.scene.sessions() as session:
        return list(session.query(Leaflet).order_by(Leaflet.id))


def test_the_campaign_answers_first_and_a_helper_makes_the_leaflet_once(site: Site) -> None:
    client = site.client(site.scene.helper)
    form = asked(site)
    assert (form["candidate"], form["area"], form["area_short"]) == ("Ada Quay", "Harbour", "Harbour")
    first = site.post(client, "/first-leaflet", form)
    again = site.post(client, "/first-leaflet", form)
    (leaflet,) = made(site)
    assert {first.headers["Location"], again.headers["Location"]} == {f"/leaflets/{leaflet.id}"}
    with site.scene.sessions() as session:
        assert session.query(Proof).filter_by(leaflet_id=leaflet.id).count() == 1


def test_a_photo_comes_along_and_a_bad_one_costs_no_answer(site: Site) -> None:
    client = site.client(site.scene.helper)
    bad = site.post(client, "/first-leaflet", asked(site, photo=(BytesIO(b"%PDF-1.7 no photo"), "me.pdf")))
    page = bad.get_data(as_text=True)
    assert bad.status_code == 422
    assert "This is a PDF, not a photo" in page
    assert 'value="mend the sea wall"' in page
    assert made(site) == []
    good = site.post(client, "/first-leaflet", asked(site, photo=(photo(), "me.jpg")))
    assert good.status_code == 302


@pytest.mark.parametrize("field", ["candidate", "area", "promise_1"])
def test_what_is_missing_is_said_beside_its_field_and_to_a_script_by_its_name(site: Site, field: str) -> None:
    client, form = site.client(site.scene.helper), asked(site, **{field: " \u200b "})
    page = site.post(client, "/first-leaflet", form)
    assert page.status_code == 422
    assert re.search(rf'id="fault-{field}">\w', page.get_data(as_text=True))
    answer = client.post("/first-leaflet", data=form | {"csrf_token": site.token(client)}, headers=JSON)
    assert list(answer.get_json()["faults"]) == [field]
    assert made(site) == []


def test_answers_that_are_far_too_long_are_handed_back(site: Site) -> None:
    answer = site.post(site.client(site.scene.helper), "/first-leaflet", asked(site, candidate="x" * 201))
    assert answer.status_code == 422
    assert "x" * 201 in answer.get_data(as_text=True)


def test_whoever_is_in_many_campaigns_finds_theirs_by_a_few_letters(site: Site) -> None:
    clock = Clockwork(site.scene)
    for number in range(9):
        clock.start(f"Dale {number}")
    agent = site.client(site.scene.agent)
    for page in ("/first-leaflet?template=card@1.0.0", "/library/card/1.0.0?kit=plain"):
        chosen = agent.get(f"{page}&where=dale+7")
        assert "For Ada for Dale 7: choose another" in chosen.text
        several = agent.get(f"{page}&where=dale")
        assert (several.status_code, "9 of them fit “dale”" in several.text) == (422, True)
        found = agent.get(f"{page}&where=dale&find=1")
        assert (found.status_code, found.text.count('name="place"')) == (200, 8)
    assert agent.get("/library/campaigns?q=dale+7").get_json()["places"][0]["name"] == "Ada for Dale 7"
    assert site.client(site.scene.stranger).get("/library/campaigns?q=dale").get_json()["count"] == 0


def test_an_office_and_a_stranger_are_told_who_makes_leaflets(site: Site) -> None:
    told = Clockwork(site.scene)
    for person, words in ((told.rita, "Campaigns make their own"), (site.scene.stranger, "not part of a campaign yet")):
        assert words in site.client(person).get("/first-leaflet").get_data(as_text=True)


def test_the_first_page_shows_an_office_the_way_to_its_board(site: Site) -> None:
    told = Clockwork(site.scene)
    page = site.client(told.rita).get("/").get_data(as_text=True)
    assert "not part of a campaign" not in page
    assert f'stand on your board: <a href="/boards/{told.region.id}">' in page


def test_whoever_has_read_every_word_says_so_and_any_change_undoes_it(site: Site) -> None:
    leaflet, client = site.scene.leaflet(), site.client(site.scene.helper)

    def reading() -> dict[str, Any]:
        steps = client.get(f"/leaflets/{leaflet.id}/state").get_json()["checklist"]
        return next(step for step in steps if step["key"] == "read")

    content = reading()["content"]
    early = site.send(client, f"/leaflets/{leaflet.id}/read", {"content": content})
    assert (early.status_code, early.get_json()["message"]) == (409, "The pages do not show these words yet.")
    site.scene.proof(leaflet.id)
    with site.scene.sessions.begin() as session:
        session.query(Proof).one().state = "done"
    for _ in range(2):
        read = site.send(client, f"/leaflets/{leaflet.id}/read", {"content": content})
        assert next(step for step in read.get_json()["checklist"] if step["key"] == "read")["state"] == "done"
    with site.scene.sessions() as session:
        assert session.query(ProofRead).count() == 1
        noted = [row.what for row in audit.history(session, subject="leaflet", subject_id=leaflet.id)]
        assert noted.count("proof read") == 1
    site.save(client, leaflet.id, {"headline": "Another promise"})
    assert reading()["state"] != "done"
    late = site.send(client, f"/leaflets/{leaflet.id}/read", {"content": content})
    assert late.status_code == 409


@pytest.mark.parametrize("body", ["{", {}, {"content": 7}, {"content": "../.."}, []])
def test_a_reading_that_names_no_content_is_refused_in_words(site: Site, body: Any) -> None:
    leaflet = site.scene.leaflet()
    answer = site.send(site.client(site.scene.helper), f"/leaflets/{leaflet.id}/read", body)
    assert answer.status_code == 422
    assert "which words" in answer.get_json()["message"]
