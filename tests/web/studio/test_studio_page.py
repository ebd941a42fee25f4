"""The studio's page as it is served: its state, its remarks, and what stands around the leaflet."""

from __future__ import annotations

from typing import Any

import pytest
from clockwork import Clockwork, a_thursday
from site_of_scene import Site

from leaflets.storage.people import Campaign
from leaflets.storage.session import writing


@pytest.fixture
def leaflet(site: Site) -> int:
    return site.scene.leaflet().id


def state_of(site: Site, leaflet: int, person: Any = None) -> dict[str, Any]:
    answer = site.client(person or site.scene.agent).get(f"/leaflets/{leaflet}/state")
    assert answer.status_code == 200
    state: dict[str, Any] = answer.json
    return state


def test_the_deadline_is_said_in_one_sentence_even_where_there_is_none(site: Site, leaflet: int) -> None:
    plan = state_of(site, leaflet)["plan"]
    assert (plan["state"], plan["state_class"]) == ("No plan yet", "suspended")
    assert "the election of this campaign is not known" in plan["sentence"]
    assert plan["url"] == f"/leaflets/{leaflet}/plan"


def test_a_leaflet_that_cannot_make_it_leads_to_what_would_still_work(site: Site) -> None:
    clock = Clockwork(site.scene, (f"parl.{a_thursday(site.scene.now, days_ahead=35)}",), "Harbour")
    plan = state_of(site, clock.leaflet().id, clock.agent)["plan"]
    assert (plan["state"], plan["state_class"]) == ("Cannot make it", "cannot")
    assert plan["brief"] == "See what would still work"
    assert plan["sentence"].startswith("It cannot land")


def test_remarks_come_with_the_page_and_with_the_news(site: Site, leaflet: int) -> None:
    assert state_of(site, leaflet)["problems"] == []
    site.scene.save(leaflet, site.scene.edit("", 0))
    news = site.client(site.scene.agent).get(f"/leaflets/{leaflet}/news?tab=tab-a").json
    (problem,) = news["problems"]
    assert (problem["code"], problem["level"], problem["zone"]) == ("required", "error", "headline")
    assert state_of(site, leaflet)["problems"] == [problem]


def test_an_imprint_that_lacks_an_address_is_remarked_at_its_zone(site: Site, leaflet: int) -> None:
    with site.scene.sessions() as session, writing(session):
        session.get_one(Campaign, site.scene.campaign.id).promoter_address = ""
    (problem,) = state_of(site, leaflet)["problems"]
    assert (problem["code"], problem["level"], problem["zone"]) == ("imprint-incomplete", "error", "imprint")
    assert "the promoter’s address" in problem["message"]


def test_who_may_order_gets_the_way_and_who_may_not_is_told_whom_to_ask(site: Site, leaflet: int) -> None:
    for_agent = site.client(site.scene.agent).get(f"/leaflets/{leaflet}").text
    for_helper = site.client(site.scene.helper).get(f"/leaflets/{leaflet}").text
    assert f'href="/leaflets/{leaflet}/order"' in for_agent
    assert f'href="/leaflets/{leaflet}/order"' not in for_helper
    assert "Ask Agnes to order the PDF." in for_helper
