from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clockwork import Clockwork
from furnished import address_of_route, furnish
from scene import Scene
from site_of_scene import Site, config_for
from werkzeug.routing import Rule

from leaflets.app import create_app
from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import Place
from leaflets.domain.permissions import ANYONE, OPERATOR, POLICY, SIGNED_IN, TEAM, Action, Role
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.services.organisation import campaigns, printing_houses
from leaflets.services.roles import grants, people
from leaflets.storage.people import Campaign, Person
from leaflets.storage.tree import Node
from leaflets.web import access

NAMED_IN_THE_FORM = ("library.start", "first_leaflet.make")
"""Routes that are told the campaign by their form."""

CHANGES_WHO = ("signin.sign_out", "signin.sign_in_demo")
"""Routes after which a browser is somebody else's."""

PEOPLE = ("nobody", "stranger", *Role)


@pytest.fixture
def clock(site: Site) -> Clockwork:
    """Offices above the campaign of the scene."""
    clock = Clockwork(site.scene)
    with site.scene.sessions.begin() as session:
        session.get_one(Campaign, site.scene.campaign.id).node_id = clock.seat.id
    return clock


@pytest.fixture
def furnished(site: Site, clock: Clockwork) -> Callable[[Rule], str]:
    """The address of each route, with something to see behind it."""
    known = furnish(site, clock)
    return lambda rule: address_of_route(site, rule, known)


def _person(site: Site, clock: Clockwork, who: str) -> Person | None:
    known: dict[str, Person | None] = {
        "nobody": None,
        "stranger": site.scene.stranger,
        Role.HELPER: site.scene.helper,
        Role.CANDIDATE: site.candidate,
        Role.AGENT: site.scene.agent,
        Role.REGION: clock.rita,
        Role.NATION: clock.nat,
    }
    return known[who] if who in known else _newcomers(site, clock)[who]


def _newcomers(site: Site, clock: Clockwork) -> dict[str, Person]:
    """Somebody in each of the roles that the scene has nobody in."""
    scene = site.scene
    where: dict[Role, dict[str, int]] = {
        Role.DESIGNER: {"campaign_id": scene.campaign.id},
        Role.PRINTER: {"node_id": clock.nation.id, "printer_id": scene.printer.id},
        Role.ADMINISTRATOR: {"node_id": clock.nation.id},
    }
    come: dict[str, Person] = {}
    with scene.sessions() as session:
        for role, place in where.items():
            come[role] = person = people.add_person(session, **clock.by, name=role, email=f"{role}@example.org")
            grants.give(session, **clock.by, person_id=person.id, role=role, **place)
        for person in come.values():
            session.refresh(person)
    return come


def _expected(rule: Rule, who: str) -> str:
    allowed = POLICY[access.RULES[rule.endpoint]]
    if ANYONE in allowed:
        return "let through"
    if OPERATOR in allowed:
        return "refused"
    if who == "nobody":
        return "asked to sign in"
    if SIGNED_IN in allowed or who in allowed:
        return "let through"
    if who == Role.PRINTER and "order_id" in rule.arguments:
        return "refused"  # the order is theirs to print: they know that it is there
    return "not found" if who in ("stranger", Role.PRINTER) else "refused"


@pytest.mark.parametrize("who", PEOPLE)
def test_every_route_lets_through_whom_the_policy_allows_and_nobody_else(
    site: Site, clock: Clockwork, furnished: Callable[[Rule], str], who: str
) -> None:
    found, expected = {}, {}
    person = _person(site, clock, who)
    browser, form = site.client(person), {"campaign": site.scene.campaign.id, "kit": "plain"}
    for rule in site.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            client = site.client(person) if rule.endpoint in CHANGES_WHO else browser
            path, route = furnished(rule), f"{method} {rule.endpoint}"
            expected[route] = _expected(rule, who)
            with site.post(client, path, form) if method == "POST" else client.get(path) as answer:
                found[route] = _outcome(answer.status_code, answer.headers.get("Location", ""), route)
    assert found == expected


def _elsewhere(site: Site, clock: Clockwork, organisation: str) -> dict[Role, Person]:
    """Somebody in each role who has nothing to do with the scene's campaign: of the North, or of the same in Wales.

    `organisation` is theirs.
    """
    started: list[Campaign] = []
    with site.scene.sessions() as session:
        for nation, region, seat in ((Nation.ENGLAND, "North", "Fell"), (Nation.WALES, "Valleys", "Cwm")):
            election = ElectionDetails("General election", seat, "", "Una Fell")
            imprint = Imprint("", "", "Una Fell", "1 Fell Street", "Una Fell")
            said: dict[str, Any] = {"organisation": organisation, "name": f"Una for {seat}", "kit": "plain"}
            said |= {"election": election, "imprint": imprint, "place": Place(nation, region, seat)}
            started.append(campaigns.start_campaign(session, **clock.by, **said, election_ids=()))
        seat_of_north = session.get_one(Node, started[0].node_id)
        wales = session.get_one(Node, session.get_one(Node, started[1].node_id).way_down[1])
        house = printing_houses.add(
            session, **clock.by, node_id=seat_of_north.way_down[2], name="Fell Press", address="3 Ink Lane"
        )
        where: dict[Role, dict[str, int]] = {
            **{role: {"campaign_id": started[0].id} for role in TEAM},
            Role.REGION: {"node_id": seat_of_north.way_down[2]},
            Role.NATION: {"node_id": wales.id},
            Role.ADMINISTRATOR: {"node_id": seat_of_north.way_down[2]},
            Role.PRINTER: {"node_id": seat_of_north.way_down[2], "printer_id": house.id},
        }
        come = {}
        for role, place in where.items():
            email = f"{role}@elsewhere.example.org"
            come[role] = people.add_person(session, **clock.by, name=f"{role} elsewhere", email=email)
            grants.give(session, **clock.by, person_id=come[role].id, role=role, **place)
        for person in come.values():
            session.refresh(person)
    return come


def _names_something(rule: Rule) -> bool:
    """Whether a route leads to something that is one campaign's or one place's."""
    allowed = POLICY[access.RULES[rule.endpoint]]
    named = bool(rule.arguments) or rule.endpoint in NAMED_IN_THE_FORM
    return named and not allowed & {ANYONE, SIGNED_IN, OPERATOR}


@pytest.mark.parametrize("organisation", ["Another", "Plain"])
def test_no_route_opens_to_anybody_of_another_organisation_or_of_another_region_of_the_same(
    site: Site, clock: Clockwork, furnished: Callable[[Rule], str], organisation: str
) -> None:
    found = {}
    form = {"campaign": site.scene.campaign.id, "kit": "plain"}
    rules = [(rule, furnished(rule)) for rule in site.app.url_map.iter_rules() if _names_something(rule)]
    for who, person in _elsewhere(site, clock, organisation).items():
        client = site.client(person)
        token = {"csrf_token": site.token(client)}
        for rule, path in rules:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                route = f"{method} {rule.endpoint}"
                with client.post(path, data=token | form) if method == "POST" else client.get(path) as answer:
                    found[f"{who}: {route}"] = _outcome(answer.status_code, answer.headers.get("Location", ""), route)
    assert {cell: said for cell, said in found.items() if said != "not found"} == {}
    assert len(found) > 800


def _outcome(status: int, location: str, route: str) -> str:
    signing = route.split()[1].startswith("signin.")
    if not signing and (location.startswith("/sign-in") or status == 401):
        return "asked to sign in"
    return {403: "refused", 404: "not found"}.get(status, "let through")


def test_the_site_does_not_start_while_a_route_has_no_access_rule(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(access.RULES, "orders.download")
    with pytest.raises(Invalid, match=r"/orders/<int:order_id>/leaflet\.pdf \(orders\.download\) has no access rule"):
        create_app(config_for(site.scene, site.folder))


def test_the_site_does_not_start_while_a_rule_has_no_route(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.RULES, "orders.burn", Action.ORDER_PRINT)
    with pytest.raises(Invalid, match=r"orders\.burn has no route"):
        create_app(config_for(site.scene, site.folder))


def test_the_site_does_not_start_on_a_library_with_faults(migrated_sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "library" / "broken" / "1.0.0").mkdir(parents=True)
    with pytest.raises(Invalid, match=r"broken.*template\.toml"):
        create_app(config_for(Scene(migrated_sqlite_url), tmp_path, library_folder=tmp_path / "library"))


def test_the_figures_open_to_the_token_alone(migrated_sqlite_url: str, tmp_path: Path) -> None:
    site = Site(Scene(migrated_sqlite_url), tmp_path, {"metrics_token": "a token"})
    client = site.client(site.scene.agent)
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
    shown = client.get("/metrics", headers={"Authorization": "Bearer a token"})
    assert shown.status_code == 200
    assert 'leaflets_requests_total{endpoint="figures.metrics",method="GET",status="403"} 2.0' in shown.text
