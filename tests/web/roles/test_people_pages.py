"""Who can do what, asking for access, the door for newcomers and a printing house's orders, as pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clockwork import Clockwork
from site_of_scene import Site
from sqlalchemy import select

from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import Lane
from leaflets.services.organisation import campaigns, printing_houses
from leaflets.services.press import outcomes
from leaflets.services.roles import access_requests, appointments, grants, people
from leaflets.storage.alert import Letter
from leaflets.storage.audit import AuditRow
from leaflets.storage.grant import AccessRequest
from leaflets.storage.people import Campaign, Organisation, Person

NEWCOMER = {
    "email": "dana@example.org",
    "name": "Dana",
    "role": "helper",
    "reason": "writes well",
    "until": "2027-05-06",
}


@pytest.fixture
def clock(site: Site) -> Clockwork:
    clock = Clockwork(site.scene)
    with site.scene.sessions.begin() as session:
        session.get_one(Campaign, site.scene.campaign.id).node_id = clock.seat.id
    return clock


def _people(site: Site) -> str:
    return f"/campaigns/{site.scene.campaign.id}/people"


def _add(site: Site, clock: Clockwork, name: str, **held: Any) -> Person:
    with site.scene.sessions() as session:
        person = people.add_person(session, **clock.by, name=name, email=f"{name.lower()}@example.org")
        if held:
            grants.give(session, **clock.by, person_id=person.id, **held)
        session.refresh(person)
        return person


def _code(site: Site, clock: Clockwork) -> str:
    with site.scene.sessions() as session:
        return session.get_one(Organisation, clock.nation.organisation_id).join_code or ""


def test_an_agent_reads_who_can_do_what_and_why_and_brings_somebody_in(site: Site, clock: Clockwork) -> None:
    agent = site.client(site.scene.agent)
    page = agent.get(_people(site)).text
    assert "may write leaflets, order prints" in page
    assert "Rita" in page
    assert "It holds in South and everywhere below it." in page
    brought = site.post(agent, _people(site), NEWCOMER)
    assert brought.status_code == 302
    with site.scene.sessions() as session:
        noted = session.scalars(select(AuditRow.became).where(AuditRow.what == "role given")).all()[-1]
    assert "until 2027-05-06 23:00 UTC" in noted  # the record reads this: the moment after the last day in London
    after = agent.get(_people(site)).text
    assert "This site sends no e-mail: ask whoever runs it for a link to give them." in after
    assert "They get a mail" not in after
    assert re.search(r"Given by Agnes, .*, until Thursday 6 May 2027, because: writes well\.", after)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"until": "the sixth"}, "“the sixth” is not a day"),
        ({"until": "9999-12-31"}, "31 December 9999 is not in this century"),
        ({"until": "2020-01-01"}, "over already"),
        ({"role": ""}, "No role is chosen"),
        ({"reason": ""}, "reason is missing"),
        ({"email": "dana"}, "not an e-mail address"),
        ({"name": ""}, "needs a name"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(
    site: Site, clock: Clockwork, changed: dict[str, str], said: str
) -> None:
    typed = {**NEWCOMER, **changed}
    answer = site.post(site.client(site.scene.agent), _people(site), typed)
    assert answer.status_code == 422
    assert said in answer.text
    for name in ("email", "name", "reason", "until"):
        assert f'name="{name}"' in answer.text
        assert not typed[name] or f'value="{typed[name]}"' in answer.text


def test_a_role_is_ended_with_a_reason_and_its_last_day_is_moved_on_the_same_page(site: Site, clock: Clockwork) -> None:
    agent = site.client(site.scene.agent)
    with site.scene.sessions() as session:
        grant = grants.held_by(session, site.scene.helper.id)[0]
    assert site.post(agent, f"/grants/{grant.id}/until", {"until": "2027-04-30"}).status_code == 302
    assert "until Friday 30 April 2027" in agent.get(_people(site)).text
    unsaid = site.post(agent, f"/grants/{grant.id}/end", {"because": ""})
    assert unsaid.status_code == 422
    assert "reason is missing" in unsaid.text
    assert re.search(r'<details class="amend" open>', unsaid.text)
    wrong = site.post(agent, f"/grants/{grant.id}/until", {"until": "30/4"})
    assert (wrong.status_code, 'value="30/4"' in wrong.text) == (422, True)
    assert site.post(agent, f"/grants/{grant.id}/end", {"because": "he moved"}).status_code == 302
    assert "because: he moved" in agent.get(_people(site)).text
    ended = site.client(site.scene.helper).get(_people(site))
    assert ended.status_code == 403
    assert "You are no longer helper of Ada: Agnes ended it" in ended.text
    assert "because: he moved" in ended.text


def test_whoever_lays_down_their_own_role_is_led_to_what_is_left(site: Site, clock: Clockwork) -> None:
    helper = site.client(site.scene.helper)
    with site.scene.sessions() as session:
        grant = grants.held_by(session, site.scene.helper.id)[0]
    own = f"/people/{site.scene.helper.id}"
    assert "What you may do" in helper.get(own).text
    laid_down = site.post(helper, f"/grants/{grant.id}/end", {"back": _people(site)})
    assert laid_down.headers["Location"] == own
    assert "Ended lately" in helper.get(own).text


def test_one_person_shows_what_belongs_to_places_that_the_viewer_sees(site: Site, clock: Clockwork) -> None:
    with site.scene.sessions() as session:
        other = campaigns.start_campaign(
            session,
            **clock.by,
            organisation="Another",
            name="Elsewhere",
            kit="plain",
            election=_election(site),
            imprint=_imprint(site),
        )
        grants.give(session, **clock.by, person_id=site.scene.helper.id, role=Role.AGENT, campaign_id=other.id)
    address = f"/people/{site.scene.helper.id}"
    assert "Elsewhere" in site.client(site.scene.helper).get(address).text
    seen = site.client(site.scene.agent).get(address).text
    assert "Helper" in seen
    assert "Elsewhere" not in seen
    assert site.client(site.scene.stranger).get(address).status_code == 404
    assert site.client(clock.rita).get(f"/campaigns/{other.id}/people").status_code == 404


def _election(site: Site) -> Any:
    from leaflets.services import leaflets

    return leaflets.content_of(site.scene.leaflet()).election


def _imprint(site: Site) -> Any:
    from leaflets.services import leaflets

    return leaflets.content_of(site.scene.leaflet()).imprint


def test_a_newcomer_finds_in_by_the_address_and_learns_no_more_than_the_name(site: Site, clock: Clockwork) -> None:
    door = f"/join/{_code(site, clock)}"
    visitor = site.client(None)
    page = visitor.get(door)
    assert "Join Plain" in page.text
    assert "Harbour" not in page.text
    assert "South" not in page.text
    known = site.post(visitor, door, {"name": "Mallory", "email": "agnes@example.org"})
    fresh = site.post(visitor, door, {"name": "Nina", "email": "nina@example.org"})
    assert known.text.replace("agnes@", "nina@") == fresh.text, "the answer tells nothing of who has an account"
    wrong = site.post(visitor, door, {"name": "Nina <b>", "email": "nina@example.org"})
    assert (wrong.status_code, 'value="nina@example.org"' in wrong.text) == (422, True)
    assert visitor.get("/join/guessed").status_code == 404
    assert "Plain" not in visitor.get("/join/guessed").text
    with site.scene.sessions() as session:
        letter = session.query(Letter).filter_by(address="nina@example.org").one()
        nina = people.known(session, "nina@example.org")
    assert letter.path.startswith("/sign-in?code=")
    signed_in = site.client(nina)
    assert signed_in.get(door).headers["Location"] == f"/access?join={door.rpartition('/')[2]}"
    assert "Ada for Harbour" in signed_in.get(signed_in.get(door).headers["Location"]).text
    assert "Ada for Harbour" not in signed_in.get("/access").text
    assert "Ada for Harbour" not in signed_in.get("/access?join=guessed").text


def test_asking_takes_one_form_and_answering_one_click(site: Site, clock: Clockwork) -> None:
    nina = _add(site, clock, "Nina")
    asking, typed = site.client(nina), {"join": _code(site, clock), "role": "helper", "words": "I can write."}
    nowhere = site.post(asking, "/access", typed)
    assert (nowhere.status_code, "I can write." in nowhere.text) == (422, True)
    typed["place"] = f"campaign-{site.scene.campaign.id}"
    assert site.post(asking, "/access", typed).status_code == 302
    page = asking.get("/access").text
    assert "<strong>Ada or Agnes</strong> must answer by <strong>" in page
    agent = site.client(site.scene.agent)
    assert 'Access <span class="count">1</span>' in agent.get("/access").text
    with site.scene.sessions() as session:
        (request,) = session.query(AccessRequest).all()
    refused = site.post(agent, f"/access/{request.id}/refuse", {"because": ""})
    assert (refused.status_code, "A refusal needs its reason" in refused.text) == (422, True)
    assert site.post(agent, f"/access/{request.id}/give").status_code == 302
    assert "gave it to you" in asking.get("/access").text
    assert asking.get(_people(site)).status_code == 200
    late = site.post(site.client(clock.rita), f"/access/{request.id}/refuse", {"because": "No."})
    assert (late.status_code, "Agnes gave it meanwhile." in late.text) == (422, True)


def test_one_of_many_places_is_found_by_a_few_letters_with_a_script_and_without(site: Site, clock: Clockwork) -> None:
    for seat in ("Dwyrain", "Ynys Môn", "Fell", "Fell & Dale"):
        clock.start(seat, region="North")
    join = _code(site, clock)
    asking = site.client(_add(site, clock, "Nina"))
    found = asking.get(f"/access/places?join={join}&q=YNYS mon").get_json()
    assert [each["name"] for each in found["places"]] == ["Ynys Môn", "Ada for Ynys Môn"]
    assert asking.get(f"/access/places?join={join}&q={'é' * 3000}").get_json()["count"] == 0
    assert asking.get("/access/places?join=guessed&q=fell").get_json()["count"] == 0
    typed = {"join": join, "role": "helper", "words": "I can write.", "where": "fell and dale"}
    for changed in ({"find": "1"}, {}):
        page = site.post(asking, "/access", {**typed, **changed})
        assert page.status_code == (200 if changed else 422)
        assert all(f">{place} <span" in page.text for place in ("Fell &amp; Dale", "Ada for Fell &amp; Dale"))
        assert 'value="fell and dale"' in page.text
        assert "I can write." in page.text
    unknown = site.post(asking, "/access", {**typed, "where": "Atlantis"})
    assert "Nothing here is called “Atlantis”." in unknown.text
    assert 'value="Atlantis"' in unknown.text
    chosen = re.search(r'value="(campaign-\d+)">\s*<span>Ada for Fell &amp; Dale', page.text)
    assert chosen
    assert site.post(asking, "/access", {**typed, "place": chosen[1]}).status_code == 302


def test_another_organisations_place_cannot_be_asked_for_by_its_number(site: Site, clock: Clockwork) -> None:
    nina = site.client(_add(site, clock, "Nina"))
    for place in (f"campaign-{site.scene.campaign.id}", f"node-{clock.region.id}", "campaign-999"):
        typed = {"place": place, "role": "helper", "words": "Let me in."}
        assert site.post(nina, "/access", typed).status_code == 404
    for place in ("campaign-", "node-1 or 1=1", "place-1", "campaign-99999999999"):
        typed = {"place": place, "role": "helper", "words": "Let me in."}
        assert site.post(nina, "/access", typed).status_code == 422


def test_what_was_asked_can_be_taken_back_by_whoever_asked(site: Site, clock: Clockwork) -> None:
    with site.scene.sessions() as session:
        request = access_requests.ask(
            session,
            actor=site.scene.helper,
            now=site.scene.now,
            role=Role.AGENT,
            words="I could.",
            campaign_id=site.scene.campaign.id,
        )
    taken = {"request": str(request.id)}
    assert site.post(site.client(site.scene.agent), "/access/taken-back", taken).status_code == 404
    helper = site.client(site.scene.helper)
    assert site.post(helper, "/access/taken-back", taken).status_code == 302
    assert "You took it back" in helper.get("/access").text
    assert site.post(helper, "/access/taken-back", {"request": "x"}).status_code == 422


def test_a_printer_sees_the_orders_of_their_house_in_their_places_and_nothing_else(
    site: Site, clock: Clockwork
) -> None:
    held: dict[str, Any] = {"role": Role.PRINTER, "printer_id": site.scene.printer.id}
    here = site.client(_add(site, clock, "Pete", node_id=clock.nation.id, **held))
    with site.scene.sessions() as session:
        elsewhere = printing_houses.add(
            session, **clock.by, node_id=clock.nation.id, name="Others", address="3 Ink Lane"
        )
    other = site.client(_add(site, clock, "Otto", node_id=clock.nation.id, role=Role.PRINTER, printer_id=elsewhere.id))
    assert "No order yet" in here.get("/press/orders").text
    leaflet = site.scene.leaflet()
    order = site.scene.order(leaflet.id)
    assert "On its way" in here.get("/press/orders").text
    site.end(Lane.PRESS, outcomes.PrintDone(site.blobs.put(b"%PDF-1.7"), 2, (), []))
    page = here.get("/press/orders").text
    assert f"/orders/{order.id}/leaflet.pdf" in page
    with here.get(f"/orders/{order.id}/leaflet.pdf") as pdf:
        assert pdf.status_code == 200
    assert "studio" not in here.get(f"/orders/{order.id}").text
    assert here.get(f"/leaflets/{leaflet.id}").status_code == 404
    assert site.post(here, f"/orders/{order.id}/again").status_code == 403
    assert "No order yet" in other.get("/press/orders").text
    assert other.get(f"/orders/{order.id}").status_code == 404
    assert site.client(site.scene.agent).get("/press/orders").status_code == 403
    assert site.client(site.scene.stranger).get("/press/orders").status_code == 404


def test_an_office_shares_its_address_and_makes_a_new_one(site: Site, clock: Clockwork) -> None:
    with site.scene.sessions() as session:
        root = clock.nation.parent_id
        keeper = _add(site, clock, "Keeper", node_id=root, role=Role.ADMINISTRATOR)
        session.rollback()
    old = _code(site, clock)
    assert f"/join/{old}" in site.client(site.scene.agent).get(_people(site)).text
    assert "Make a new address" not in site.client(site.scene.agent).get(_people(site)).text
    kept = site.client(keeper)
    assert "Make a new address" in kept.get(f"/offices/{root}/people").text
    assert site.post(kept, f"/offices/{root}/join-address").status_code == 302
    assert _code(site, clock) != old
    assert site.client(None).get(f"/join/{old}").status_code == 404
    assert site.post(kept, f"/offices/{clock.region.id}/join-address").status_code == 422


def test_the_last_administrator_is_kept_and_the_page_says_why(site: Site, clock: Clockwork) -> None:
    root = clock.nation.parent_id
    first = _add(site, clock, "First", node_id=root, role=Role.ADMINISTRATOR)
    with site.scene.sessions() as session:
        (grant,) = grants.held_by(session, first.id)
    answer = site.post(site.client(first), f"/grants/{grant.id}/end")
    assert answer.status_code == 422
    assert "First is the last administrator of Plain" in answer.text


def test_another_organisations_grant_is_not_found(site: Site, clock: Clockwork) -> None:
    with site.scene.sessions() as session:
        brought = appointments.bring_in(
            session,
            actor=site.scene.agent,
            now=site.scene.now,
            campaign_id=site.scene.campaign.id,
            email="dana@example.org",
            name="Dana",
            role=Role.HELPER,
            reason="writes",
        ).id
    stranger = site.client(site.scene.stranger)
    there = site.post(stranger, f"/grants/{brought}/end", {"because": "mischief"})
    nowhere = site.post(stranger, "/grants/9999/end", {"because": "mischief"})
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert "There is no such role" in there.text
    assert "There is no such role" in nowhere.text
    for path in (f"/grants/{brought}/until", "/grants/9999/until"):
        assert "There is no such role" in site.post(stranger, path, {"until": "nonsense"}).text
