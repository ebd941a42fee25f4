import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from clockwork import Clockwork
from flask.testing import FlaskClient
from site_of_scene import Site, form_fields
from sqlalchemy import func, select

from leaflets.domain.permissions import Role
from leaflets.services.organisation import printing_houses, settings
from leaflets.services.roles import grants
from leaflets.storage.people import Campaign
from leaflets.storage.tree import Node

FILES = Path(__file__).parents[2] / "data" / "places"


@pytest.fixture
def nat(site: Site, clock: Clockwork) -> FlaskClient:
    return site.client(clock.nat)


def _count(site: Site) -> int:
    with site.scene.sessions() as session:
        return session.scalar(select(func.count(Node.id))) or 0


def test_an_office_finds_its_places_by_name_without_accents_and_by_code(
    site: Site, clock: Clockwork, nat: FlaskClient
) -> None:
    place = {"kind": "ward", "name": "Cwm Môr", "code": "W05000001"}
    assert site.post(nat, f"/offices/{clock.region.id}/places", place).status_code == 302
    for search in ("cwm mor", "w0500", "MÔR"):
        shown = nat.get(f"/offices/{clock.nation.id}/places", query_string={"q": search}).text
        assert "1 place with" in shown
        assert "Cwm Môr" in shown
        assert "in South" in shown
    nothing = nat.get(f"/offices/{clock.nation.id}/places?q=xyzzy").text
    assert "No place below England has “xyzzy” in its name or code." in nothing


def test_the_list_counts_what_hangs_below_and_turns_its_pages(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    assert site.post(nat, f"/offices/{clock.nation.id}/places/seats").status_code == 302
    shown = nat.get(f"/offices/{clock.nation.id}/places").text
    assert "543 constituencies added." in shown
    assert "1 region, 543 constituencies, 1 seat; 1 campaign." in shown
    assert "Page 1 of 11" in shown
    assert "not in your tree" not in shown
    last = nat.get(f"/offices/{clock.nation.id}/places?page=999").text
    assert "Page 11 of 11" in last
    assert nat.get(f"/offices/{clock.nation.id}/places?page=-1").status_code == 200


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("places", {"kind": "ward", "name": "=Quay", "code": ""}, "begins like a formula"),
        ("places", {"kind": "", "name": "Quay", "code": ""}, "What kind of place it is, is missing"),
        ("places", {"kind": "region", "name": "south", "code": ""}, "below England already"),
        ("rename", {"name": " ", "code": ""}, "A place needs its name"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(
    site: Site, clock: Clockwork, nat: FlaskClient, path: str, typed: dict[str, str], said: str
) -> None:
    before = _count(site)
    refused = site.post(nat, f"/offices/{clock.nation.id}/{path}", typed)
    assert (refused.status_code, _count(site)) == (422, before)
    assert said in refused.text
    assert form_fields(refused.text)["name"].strip() or not typed["name"].strip() or path == "rename"


def test_a_place_is_moved_by_the_name_of_where_it_goes(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    site.post(nat, f"/offices/{clock.nation.id}/places", {"kind": "region", "name": "North", "code": ""})
    with site.scene.sessions() as session:
        wanted = {"place": str(session.scalars(select(Node.id).where(Node.name == "North")).one())}
    assert 'type="radio" name="place"' in nat.get(f"/offices/{clock.seat.id}/places").text, "few are simply shown"
    for number in range(8):
        named = {"kind": "region", "name": f"Other {number}", "code": ""}
        site.post(nat, f"/offices/{clock.nation.id}/places", named)
    assert nat.get(f"/offices/{clock.seat.id}/move/places?q=nor").get_json()["places"][0]["name"] == "North"
    refused = site.post(nat, f"/offices/{clock.seat.id}/move", {"where": "Norht"})
    assert refused.status_code == 422
    assert "Nothing here is called “Norht”." in refused.text
    assert 'value="Norht"' in refused.text
    found = site.post(nat, f"/offices/{clock.seat.id}/move", {"where": "other", "find": "1"})
    assert (found.status_code, found.text.count('name="place"')) == (200, 8)
    assert site.post(nat, f"/offices/{clock.seat.id}/move", {"where": "other", **wanted}).status_code == 422
    before = site.post(nat, f"/offices/{clock.seat.id}/move", {"where": "north", **wanted})
    assert before.status_code == 200
    assert "Rita (regional approver in South) no longer sees or passes the leaflets of Harbour." in before.text
    confirmed = {"where": "North", **wanted, "read": form_fields(before.text)["read"]}
    again = site.post(nat, f"/offices/{clock.seat.id}/move", {**confirmed, "read": "something else"})
    assert again.status_code == 409
    assert "has changed since you read it" in again.text
    assert "Harbour lies in North now" not in nat.get(f"/offices/{clock.seat.id}/places").text
    assert site.post(nat, f"/offices/{clock.seat.id}/move", confirmed).status_code == 302
    assert "Harbour lies in North now" in nat.get(f"/offices/{clock.seat.id}/places").text


def test_a_place_added_by_mistake_is_taken_out_again(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    site.post(nat, f"/offices/{clock.nation.id}/places", {"kind": "region", "name": "Nroth", "code": ""})
    with site.scene.sessions() as session:
        added = session.scalars(select(Node).where(Node.name == "Nroth")).one().id
    assert "Take it out" in nat.get(f"/offices/{added}/places").text
    assert site.post(nat, f"/offices/{added}/remove").location.endswith(f"/offices/{clock.nation.id}/places")
    refused = site.post(nat, f"/offices/{clock.seat.id}/remove")
    assert refused.status_code == 422
    assert "Harbour cannot be taken out" in refused.text


def test_a_list_is_looked_at_before_it_is_added_and_adds_nothing_twice(
    site: Site, clock: Clockwork, nat: FlaskClient
) -> None:
    before, path = _count(site), f"/offices/{clock.nation.id}/places/list"
    shown = site.post(nat, path, {"list": (io.BytesIO((FILES / "good.csv").read_bytes()), "good.csv")})
    assert "4 places to add" in shown.text
    assert _count(site) == before
    kept = form_fields(shown.text)["file"]
    site.scene.now += timedelta(seconds=1)
    added = site.post(nat, f"{path}/add", {"file": kept})
    undo = re.search(rf'action="{path}/undo".*?name="done_at" value="([^"]+)"', nat.get(added.location).text, re.DOTALL)
    assert undo
    for status in (302, 422):
        assert site.post(nat, f"{path}/undo", {"done_at": undo[1]}).status_code == status
    assert _count(site) == before
    for _ in range(2):
        assert site.post(nat, f"{path}/add", {"file": kept}).status_code == 302
    assert _count(site) == before + 4
    with site.scene.sessions.begin() as session:
        session.get_one(Campaign, clock.campaign.id).node_id = session.scalars(
            select(Node.id).where(Node.name == "Castle")
        ).one()
    refused = site.post(nat, f"{path}/undo", {"done_at": undo[1]})
    assert (refused.status_code, "one of them already" in refused.text) == (422, True)
    assert _count(site) == before + 4
    again = site.post(nat, path, {"list": (io.BytesIO((FILES / "good.csv").read_bytes()), "good.csv")})
    assert "Nothing new" in again.text


def test_no_bad_list_gives_anything_but_words(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    before, path = _count(site), f"/offices/{clock.nation.id}/places/list"
    fine = ("tree-no-nation", "tree-code-of-another")  # below England, and where that code is free
    for file in sorted(each for each in FILES.iterdir() if not each.stem.startswith("good")):
        shown = site.post(nat, path, {"list": (io.BytesIO(file.read_bytes()), file.name)})
        assert (file.stem, shown.status_code) == (file.stem, 200 if file.stem in fine else 422)
    assert _count(site) == before


def test_a_list_that_nobody_looked_at_is_not_added(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    for file in ("", "0" * 64, "../../etc/passwd", "a" * 63):
        refused = site.post(nat, f"/offices/{clock.nation.id}/places/list/add", {"file": file})
        assert refused.status_code == 422


def test_the_places_are_given_out_for_a_spreadsheet(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    given = nat.get(f"/offices/{clock.nation.id}/places.csv")
    assert given.mimetype == "text/csv"
    assert given.text.splitlines() == [
        "\ufeffname,kind,code,parent,nation",
        "South,region,,,England",
        "Harbour,seat,,South,England",
    ]


def test_an_administrator_is_led_to_the_places_and_an_office_says_where_a_setting_comes_from(
    site: Site, clock: Clockwork
) -> None:
    with site.scene.sessions() as session:
        by = {"actor": "a test", "now": site.scene.now}
        grants.give(session, **by, person_id=site.scene.stranger.id, role=Role.ADMINISTRATOR, node_id=clock.nation.id)
        settings.set_here(
            session, **by, node_id=clock.nation.id, name="when-silent", value={"then": "nation", "working_days": 2}
        )
    client = site.client(site.scene.stranger)
    assert f"/offices/{clock.nation.id}/places" in client.get("/library").text
    shown = client.get(f"/offices/{clock.region.id}/settings").text
    assert "After 2 working days, the nation’s office is asked." in shown
    assert "From England." in shown


_SETTINGS = [
        ("workflow", {"region": "messages", "nation": "topics", "nation-topics": ["health", "energy"]}, 302,
         "The nation’s office sees words that touch health and energy."),
        ("workflow", {"region": "gossip"}, 422, "“gossip” does not say which words are asked for"),
        ("when-silent", {"then": "deemed", "working_days": "3"}, 302, "After 3 working days, it counts as passed."),
        ("when-silent", {"then": "next", "working_days": "soon"}, 422, "“soon” is not a number of working days"),
        ("when-silent", {}, 422, "does not say what happens"),
        ("kits", {"kits": ["plain"]}, 302, "Plain"),
        ("kits", {"kits": []}, 302, "All of them."),
        ("printers", {"printers": ["99999999999"]}, 302, "All of them."),
        ("printers", {"printers": ["9999"]}, 422, "One of these printers is not known here"),
        ("second-step", {"value": "yes"}, 302, "Yes."),
    ]  # fmt: skip


def test_a_setting_is_set_or_refused_with_what_was_typed(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    path = f"/offices/{clock.nation.id}/settings"
    for setting, typed, status, said in _SETTINGS:
        answer = site.post(nat, f"{path}/{setting}", {"said": "here", **typed})  # type: ignore[dict-item]
        assert (said, answer.status_code) == (said, status)
        assert said in (answer.text if status == 422 else nat.get(path).text)


def test_a_nation_reads_what_it_is_not_asked_for_and_which_office_stands_empty(site: Site, clock: Clockwork) -> None:
    root, stranger = clock.nation.way_down[0], site.scene.stranger
    with site.scene.sessions() as session:
        by = {"actor": "a test", "now": site.scene.now}
        grants.give(session, **by, person_id=stranger.id, role=Role.ADMINISTRATOR, node_id=root)
    client = site.client(stranger)
    site.post(client, f"/offices/{root}/places", {"kind": "wales", "name": "Cymru"})
    with site.scene.sessions() as session:
        path = f"/offices/{session.scalars(select(Node.id).where(Node.name == 'Cymru')).one()}/settings"
    asked = {"said": "here", "nation": "topics"}
    client.get(site.post(client, f"{path}/workflow", asked).location)
    page = client.get(path).text
    assert re.search(r"What is not decided in Wales goes to the office of [^:]+ instead: [^.]*defence", page)
    assert "Nobody approves in Cymru yet." in page
    again = client.get(site.post(client, f"{path}/workflow", asked).location).text
    assert "Nothing is different for Cymru" in again


def test_what_is_set_here_can_be_taken_back(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    path = f"/offices/{clock.nation.id}/settings"
    site.post(nat, f"{path}/kits", {"said": "here", "kits": ["plain"]})
    assert site.post(nat, f"{path}/kits", {"said": "above"}).status_code == 302
    with site.scene.sessions() as session:
        assert settings.of(session, session.get_one(Node, clock.seat.id), "kits") is None


def test_a_duration_is_set_by_an_office_and_taken_back(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    path, said = f"/offices/{clock.nation.id}/settings", {"source": "The nation’s office", "as_of": "2027-03-01"}
    refused = site.post(nat, f"{path}/durations/approval", {**said, "count": "91"})
    assert refused.status_code == 422
    assert "No step can take 91 days" in refused.text
    assert 'value="91"' in refused.text
    assert site.post(nat, f"{path}/durations/approval", {**said, "count": "3"}).status_code == 302
    below = nat.get(f"/offices/{clock.region.id}/settings").text
    assert re.search(r"From England:</strong> The nation’s office", below)
    assert site.post(nat, f"{path}/durations/approval", {"said": "above"}).status_code == 302
    assert "From England:</strong> The nation’s office" not in nat.get(f"/offices/{clock.region.id}/settings").text


CANDIDACY = {
    "candidate": "Bea Brook",
    "promoter": "Carl Crane",
    "promoter_address": "2 Mill Lane, Harbour HR1 2BB",
    "ballot": "general",
    "day": "2027-05-06",
    "kit": "plain",
}


def test_a_campaign_is_started_in_a_seat_without_the_command_line(
    site: Site, clock: Clockwork, nat: FlaskClient
) -> None:
    page = nat.get(f"/offices/{clock.seat.id}/campaigns/new").text
    assert "UK Parliament general election, Thursday 6 May 2027" in page
    started = site.post(nat, f"/offices/{clock.seat.id}/campaigns/new", CANDIDACY)
    assert started.status_code == 302
    with site.scene.sessions() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.candidate == "Bea Brook")).one()
        assert started.location.endswith(f"/campaigns/{campaign.id}/people")
        assert (campaign.name, campaign.election_title) == ("Bea Brook, Harbour", "General election")
        assert [row.ref for row in campaign.elections] == ["parl.2027-05-06"]
        assert campaign.polling_day == "Thursday 6 May 2027"
    assert site.post(nat, f"/offices/{clock.seat.id}/campaigns/new", CANDIDACY).status_code == 422
    choosing = f"/offices/{clock.region.id}/campaigns/new"
    assert "Start a campaign" in nat.get(choosing).text
    assert nat.get(f"{choosing}?where=harb").location.endswith(f"/offices/{clock.seat.id}/campaigns/new")
    unknown = nat.get(f"{choosing}?where=Atlantis")
    assert (unknown.status_code, "Nothing here is called “Atlantis”." in unknown.text) == (422, True)
    assert nat.get(f"/offices/{clock.region.id}/campaigns/seats?q=harb").get_json()["count"] == 1


_CANNOT_BE = [
    ({"candidate": " "}, "The candidate’s name is missing"),
    ({"promoter_address": ""}, "The agent’s address is missing"),
    ({"kit": "gold"}, "That brand kit cannot be used here"),
    ({"day": ""}, "The polling day is missing"),
    ({"ballot": ""}, "It does not say yet which election this is"),
    ({"ballot": "", "election_title": "A poll"}, "No election is chosen"),
    ({"ballot": "senedd"}, "There is no Senedd Cymru election in England"),
    ({"ballot": "", "ref": "pcc", "election_title": "A poll"}, "“pcc” is not an election id"),
    ({"day": "2026-05-07"}, "is over"),
    ({"candidate": "x" * 201}, "200 is the most"),
    ({"ballot": "council", "council": ""}, "Which council it is, is missing"),
]


def test_a_campaign_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    site: Site, clock: Clockwork, nat: FlaskClient
) -> None:
    for changed, said in _CANNOT_BE:
        refused = site.post(nat, f"/offices/{clock.seat.id}/campaigns/new", CANDIDACY | changed)
        assert (said, refused.status_code) == (said, 422)
        assert said in refused.text
        assert form_fields(refused.text)["promoter"] == "Carl Crane"


def test_an_agent_corrects_the_imprint_and_new_proofs_carry_it(site: Site, clock: Clockwork) -> None:
    client, path = site.client(site.scene.agent), f"/campaigns/{clock.campaign.id}/details"
    fields = form_fields(client.get(path).text)
    assert fields["promoter"] == "Agnes Pier"
    refused = site.post(client, path, fields | {"promoter": "", "promoter_address": "9 New Street"})
    assert refused.status_code == 422
    assert "9 New Street" in refused.text
    assert site.post(client, path, fields | {"promoter_address": "9 New Street"}).status_code == 302
    with site.scene.sessions() as session:
        assert session.get_one(Campaign, clock.campaign.id).promoter_address == "9 New Street"
    assert f"/campaigns/{clock.campaign.id}/details" in client.get("/").text


def test_only_allowed_printers_and_kits_are_offered(site: Site, clock: Clockwork, nat: FlaskClient) -> None:
    client, leaflet = site.client(site.scene.agent), clock.leaflet()
    assert "Press &amp; Sons" in client.get(f"/leaflets/{leaflet.id}/order").text
    with site.scene.sessions() as session:
        by = {"actor": "a test", "now": site.scene.now}
        other = printing_houses.add(session, **by, node_id=clock.region.id, name="Other Ltd", address="3 Ink Lane")
        settings.set_here(session, **by, node_id=clock.region.id, name="printers", value=[other.id])
    shown = client.get(f"/leaflets/{leaflet.id}/order").text
    assert "Press &amp; Sons" not in shown
    assert "Other Ltd" in shown
