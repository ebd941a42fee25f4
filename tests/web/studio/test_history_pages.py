from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from site_of_scene import Site

from leaflets.domain.leaflet import Act
from leaflets.domain.press.schedule import Lane
from leaflets.services.press import outcomes
from leaflets.services.studio import history, words
from leaflets.storage.leaflet import Leaflet


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.client(site.scene.agent)


@pytest.fixture
def leaflet(site: Site) -> Leaflet:
    """A leaflet that two people wrote, with a pause between."""
    scene = site.scene
    made = scene.leaflet()
    scene.now += timedelta(minutes=30)
    scene.save(made.id, replace(scene.edit("Better buses", 0), step="keys"))
    scene.now += timedelta(minutes=30)
    scene.save(made.id, scene.edit("<p>Cleaner <strong>beaches</strong></p>", 0, zone="story"), by=scene.helper)
    return made


def numbers(site: Site, leaflet: Leaflet) -> list[int]:
    """The edits of its versions, newest first."""
    with site.scene.sessions() as session:
        found = history.versions(session, actor=site.scene.agent, leaflet_id=leaflet.id).versions
        return [version.edit_id for version in found]


def test_the_page_tells_every_version_by_who_when_and_what(client: FlaskClient, leaflet: Leaflet) -> None:
    page = client.get(f"/leaflets/{leaflet.id}/history").text
    for words_of_page in (
        "Today",
        "14:00",
        "13:30",
        "Henry",
        "Story changed",
        "Started with the words of the template",
    ):
        assert words_of_page in page
    assert page.count("Bring it back") == 2


def test_a_version_is_brought_back_and_named(site: Site, client: FlaskClient, leaflet: Leaflet) -> None:
    beginning = numbers(site, leaflet)[-1]
    was = site.scene.texts(leaflet.id)["headline"]
    answer = site.post(client, f"/leaflets/{leaflet.id}/history/{beginning}/restore")
    assert "2 zones changed" in client.get(answer.location).text
    assert site.scene.texts(leaflet.id)["headline"] != was
    site.post(client, f"/leaflets/{leaflet.id}/history/{beginning}/name", {"name": "The <first> draft"})
    page = client.get(f"/leaflets/{leaflet.id}/history").text
    assert "The &lt;first&gt; draft" in page
    assert "Earlier words brought back: Headline and Story" in page
    again = site.post(client, f"/leaflets/{leaflet.id}/history/{beginning}/restore")
    assert "Nothing had to change" in client.get(again.location).text
    assert site.post(client, f"/leaflets/{leaflet.id}/history/{beginning}/name", {"name": "x" * 200}).status_code == 422


def test_two_versions_stand_side_by_side_with_marks_that_are_read_aloud(
    site: Site, client: FlaskClient, leaflet: Leaflet
) -> None:
    newest, middle, _ = numbers(site, leaflet)
    page = client.get(f"/leaflets/{leaflet.id}/history/compare?from={middle}&to={newest}").text
    assert '<ins><span class="unseen">[added: </span><strong>beaches</strong>' in page
    assert "[taken out: " in page
    same = client.get(f"/leaflets/{leaflet.id}/history/compare?from={newest}").text
    assert "word for word" in same


@pytest.mark.parametrize("sent", ["from=abc", "from=0", "from=99999999999999999999", "to=1", "from=1&to=-3", "from=٣"])
def test_an_address_without_two_versions_is_answered_with_what_to_do(
    client: FlaskClient, leaflet: Leaflet, sent: str
) -> None:
    answer = client.get(f"/leaflets/{leaflet.id}/history/compare?{sent}")
    assert answer.status_code in (404, 422)
    assert "history" in answer.text


def test_the_press_draws_an_older_version_when_somebody_looks_at_it(
    site: Site, client: FlaskClient, leaflet: Leaflet
) -> None:
    middle = numbers(site, leaflet)[1]
    address = f"/leaflets/{leaflet.id}/history/{middle}/picture"
    assert "Show its pages" in client.get(address).text
    assert "is drawing" in site.post(client, address).text
    page = {"hash": site.blobs.put(b"RIFF"), "width_px": 10, "height_px": 10}
    site.end(Lane.PROOF, outcomes.ProofDone([page], [], ()))
    assert "<img" in client.get(address).text
    assert "<img" in site.post(client, address).text


def test_a_text_that_was_not_chosen_is_on_the_page_and_can_be_used(
    site: Site, client: FlaskClient, leaflet: Leaflet
) -> None:
    kept = site.scene.save(leaflet.id, site.scene.edit("Warmer homes", 0), by=site.scene.helper).conflicts[0]
    with site.scene.sessions() as session:
        words.settle_conflict(
            session,
            actor=site.scene.agent,
            now=site.scene.now,
            leaflet_id=leaflet.id,
            edit_id=kept.edit_id,
            take_offered=False,
        )
    page = client.get(f"/leaflets/{leaflet.id}/history").text
    assert "Texts that were not chosen" in page
    assert "Warmer homes" in page
    site.post(client, f"/leaflets/{leaflet.id}/history/{kept.edit_id}/take-back")
    assert site.scene.texts(leaflet.id)["headline"] == "Warmer homes"


def test_the_script_gets_its_steps_and_the_earlier_words_of_a_zone(client: FlaskClient, leaflet: Leaflet) -> None:
    said = client.get(f"/leaflets/{leaflet.id}/steps").json
    assert [(step["id"], step["act"], step["changes"][0]["after"]) for step in said["undo"]] == [
        ("keys", Act.TYPED, "Better buses")
    ]
    assert (said["redo"], said["older"], said["overtaken"]) == ([], None, {})
    texts = client.get(f"/leaflets/{leaflet.id}/zones/story/earlier").json["texts"]
    assert [text["by"] for text in texts] == [["Henry"], ["Agnes"]]
    assert "".join(part["text"] for part in texts[0]["parts"]) == "Cleaner beaches"
    assert client.get(f"/leaflets/{leaflet.id}/zones/unknown/earlier").json == {"texts": [], "older": None}
    assert client.get(f"/leaflets/{leaflet.id}/steps?before=x", headers={"Accept": "application/json"}).json["code"]


@pytest.mark.parametrize("odd", ["half \ud83d", "nul \0", "<![foo[ x ]]>", 42, {"odd": [None, True]}, "x" * 150_000])
def test_a_history_of_words_that_nothing_can_show_is_shown(
    site: Site, client: FlaskClient, leaflet: Leaflet, odd: object
) -> None:
    site.scene.save(leaflet.id, site.scene.edit(odd, 1), site.scene.edit(odd, 1, zone="story"))
    newest, *_, beginning = numbers(site, leaflet)
    pages = ("history", f"history/compare?from={beginning}&to={newest}", "zones/story/earlier", "steps")
    assert [client.get(f"/leaflets/{leaflet.id}/{page}").status_code for page in pages] == [200] * 4
