"""The first page says to each who has no leaflets of their own what they do here instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from clockwork import Clockwork, a_thursday
from site_of_scene import Site

from leaflets.domain.permissions import Role
from leaflets.services.organisation import organisations
from leaflets.services.roles import grants, people
from leaflets.web.shelves import MOST_AT_ONCE


@pytest.fixture
def clock(site: Site) -> Clockwork:
    return Clockwork(site.scene)


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (Role.ADMINISTRATOR, "you look after what is around them"),
        (Role.NATION, "Nothing waits for you"),
        (Role.PRINTER, "the files that campaigns have had made for you"),
        (None, "You are not part of a campaign yet"),
    ],
)
def test_whoever_has_no_campaign_is_led_to_their_own_work(
    site: Site, clock: Clockwork, role: Role | None, says: str
) -> None:
    by: dict[str, Any] = {"actor": "a test", "now": site.scene.now}
    with site.scene.sessions() as session:
        person = people.add_person(session, **by, name="Wanda", email="wanda@example.org")
        if role:
            house = {"printer_id": site.scene.printer.id} if role is Role.PRINTER else {}
            grants.give(session, **by, node_id=clock.nation.id, person_id=person.id, role=role, **house)
        session.refresh(person)
    page = site.client(person).get("/", follow_redirects=True).text
    assert says in page
    assert "ready to be set up" not in page  # a campaign stands there already


def test_an_administrator_of_a_place_without_campaigns_reads_how_to_set_it_up(site: Site, clock: Clockwork) -> None:
    by: dict[str, Any] = {"actor": "a test", "now": site.scene.now}
    with site.scene.sessions() as session:
        root = organisations.add(session, **by, name="New Party", administrator="Nora", email="nora@example.org")
        person = people.known(session, "nora@example.org")
    page = site.client(person).get("/").text
    assert "New Party is ready to be set up" in page
    assert f"/offices/{root.id}/campaigns/new" in page


def test_each_leaflet_says_what_is_next_and_each_page_of_a_campaign_leads_to_the_others(site: Site) -> None:
    clock = Clockwork(site.scene, (f"parl.{a_thursday(site.scene.now, days_ahead=180)}",), "Harbour")
    clock.leaflet()
    client = site.client(clock.agent)
    assert "Send it for approval by" in client.get("/").text
    ways = [f"/campaigns/{clock.campaign.id}/{page}" for page in ("timeline", "pictures", "people", "details")]
    for way in ways:
        page = client.get(way).text
        assert [other for other in ways if f'href="{other}"' not in page] == []
        assert f'href="{way}" aria-current="page"' in page


def test_whoever_is_in_hundreds_of_campaigns_sees_a_page_of_them_and_finds_the_rest(
    site: Site, clock: Clockwork
) -> None:
    started = [clock.start(f"Bay {number}") for number in range(MOST_AT_ONCE + 1)]
    site.scene.now += timedelta(hours=1)
    clock.leaflet(started[-1])
    client = site.client(clock.agent)
    first, second, found = (client.get(f"/?{asked}").text for asked in ("", "page=2", "q=bay+20"))
    assert first.count('class="shelf"') == MOST_AT_ONCE
    assert second.count('class="shelf"') == len(started) + 2 - MOST_AT_ONCE  # with those of the scene
    assert first.index("Bay 20") < first.index("Bay 1<")
    assert "1 campaign with “bay 20”" in found
    assert "None of your campaigns has “zzzz”" in client.get("/?q=zzzz&page=99").text
