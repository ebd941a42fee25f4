"""The record of an office as people read it, and the certificate of an approval."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clockwork import Clockwork
from site_of_scene import Site

from leaflets.domain.permissions import Role
from leaflets.services.clock import elections
from leaflets.services.roles import grants
from leaflets.storage.people import Campaign
from leaflets.storage.signing_key import PublicKey


@pytest.fixture
def clock(site: Site) -> Clockwork:
    """Offices above the campaign of the scene."""
    clock = Clockwork(site.scene)
    with site.scene.sessions.begin() as session:
        session.get_one(Campaign, site.scene.campaign.id).node_id = clock.seat.id
    return clock


def test_the_record_says_who_changed_what_below_an_office_and_can_be_searched(site: Site, clock: Clockwork) -> None:
    leaflet = site.scene.leaflet()
    client, path = site.client(clock.nat), f"/offices/{clock.nation.id}/record"
    page = client.get(path).get_data(as_text=True)
    assert "Leaflet started" in page
    assert leaflet.title in page
    assert "Agnes" in page
    assert "Nothing like that" in client.get(path, query_string={"who": "100%"}).get_data(as_text=True)
    found = client.get(path, query_string={"who": "agne", "about": "leaflet"}).get_data(as_text=True)
    assert "Leaflet started" in found
    assert "Role given" not in found
    of_it = f"about=leaflet&amp;number={leaflet.id}"
    assert of_it in page
    one = client.get(path, query_string={"about": "leaflet", "number": leaflet.id}).get_data(as_text=True)
    assert "Only what happened to" in one
    assert f'href="/leaflets/{leaflet.id}/approval"' in one
    assert "Role given" not in one
    assert client.get(path, query_string={"about": "leaflet", "number": "x"}).status_code == 422
    nothing = client.get(path, query_string={"since": "2027-04-02"}).get_data(as_text=True)
    assert "Nothing like that" in nothing


def test_a_poll_that_moves_stands_in_the_record_of_its_organisation(site: Site, clock: Clockwork) -> None:
    with site.scene.sessions() as session:
        elections.suspend(session, **clock.by, election_id=clock.election.id, why="A candidate has died")
    for node_id, said in ((clock.nation.parent_id, True), (clock.region.id, False)):
        page = site.client(clock.olga).get(f"/offices/{node_id}/record").get_data(as_text=True)
        assert ("A candidate has died" in page) is said


def test_the_record_comes_page_by_page_and_each_row_stands_on_one_of_them(site: Site, clock: Clockwork) -> None:
    for _ in range(60):
        with site.scene.sessions() as session:
            held = grants.give(
                session, **clock.by, person_id=site.scene.stranger.id, role=Role.HELPER, campaign_id=clock.campaign.id
            )
            grants.end(session, actor="a test", now=site.scene.now, grant_id=held.id)
    client, path = site.client(clock.nat), f"/offices/{clock.nation.id}/record"
    seen, pages = 0, 0
    while path:
        page = client.get(path).get_data(as_text=True)
        seen, pages = seen + page.count('class="when"'), pages + 1
        older = page.partition('">Older changes')[0]
        path = older.rpartition('href="')[2].replace("&amp;", "&") if "Older changes" in page else ""
    assert pages == 3
    assert seen > 120


@pytest.mark.parametrize(
    "typed",
    [
        {"since": "yesterday"},
        {"until": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "2027-04-02", "until": "2027-04-01"},
        {"about": "everything"},
        {"before": "-1"},
        {"before": "9" * 40},
        {"before": "2147483648"},
        {"before": "٣"},
    ],
)
def test_what_cannot_be_searched_for_is_said_and_stays_in_the_form(
    site: Site, clock: Clockwork, typed: dict[str, str]
) -> None:
    answer = site.client(clock.nat).get(f"/offices/{clock.nation.id}/record", query_string=typed | {"who": "Una <b>"})
    assert answer.status_code == 422
    assert 'value="Una &lt;b&gt;"' in answer.get_data(as_text=True)


def test_an_office_reads_its_own_part_of_the_record_alone(site: Site, clock: Clockwork) -> None:
    site.scene.leaflet()
    with site.scene.sessions() as session:
        clock.start("Fell", region="North")
        keeper = site.scene.stranger
        grants.give(session, **clock.by, person_id=keeper.id, role=Role.ADMINISTRATOR, node_id=clock.region.id)
    page = site.client(keeper).get(f"/offices/{clock.region.id}/record").get_data(as_text=True)
    assert "Leaflet started" in page
    assert "Ada for Fell" not in page
    assert site.client(keeper).get(f"/offices/{clock.nation.id}/record").status_code == 404
    assert site.client(clock.rita).get(f"/offices/{clock.region.id}/record").status_code == 403


def test_a_certificate_is_read_and_taken_along_by_those_who_may_see_the_approval(
    site: Site, clock: Clockwork, tmp_path: Path
) -> None:
    leaflet = site.scene.leaflet()
    path = f"/leaflets/{leaflet.id}/approval/certificate"
    client = site.client(site.scene.agent)
    assert client.get(path).status_code == 404
    site.scene.order(leaflet.id)
    page = client.get(path).get_data(as_text=True)
    assert "No office had asked to see any of its words." in page
    assert "Buses that come when they say" in page
    answer = client.get(f"{path}.json")
    said: dict[str, Any] = json.loads(answer.data)
    assert "attachment" in answer.headers["Content-Disposition"]
    key = PublicKey.from_pem(site.client(None).get("/signing-key").get_data(as_text=True))
    assert said["signed"]["key"] == key.id
    assert said["kinds"]["headline"] == "line"
    assert client.get(f"{path}.json").data == answer.data
    assert site.client(site.scene.stranger).get(path).status_code == 404
    assert site.client(site.scene.stranger).get(f"{path}.json").status_code == 404


def test_what_the_press_did_for_who_types_is_shown_when_it_is_asked_for(site: Site, clock: Clockwork) -> None:
    site.scene.proof(site.scene.leaflet().id)
    client, path = site.client(clock.nat), f"/offices/{clock.nation.id}/record"
    assert "Proof asked" not in client.get(path).get_data(as_text=True)
    assert "Proof asked" in client.get(path, query_string={"about": "proof"}).get_data(as_text=True)
