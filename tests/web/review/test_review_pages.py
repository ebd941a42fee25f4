import re
from typing import Any

import pytest
from clockwork import Clockwork
from flask.testing import FlaskClient
from site_of_scene import Site

from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import Where
from leaflets.services.organisation import settings
from leaflets.services.review import approved, sending
from leaflets.services.roles import grants
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.review import Submission

HEADLINE = "A bus every ten minutes"


@pytest.fixture
def clock(site: Site) -> Clockwork:
    """A seat below an office that asks to see messages."""
    clock = Clockwork(site.scene)
    with clock.sessions() as session:
        ask = [{"office": "region", "zones": "messages"}]
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="workflow", value=ask)
    return clock


@pytest.fixture
def leaflet(site: Site, clock: Clockwork) -> Leaflet:
    made = clock.leaflet()
    site.scene.save(made.id, site.scene.edit(HEADLINE, 0))
    return made


def sent(clock: Clockwork, leaflet: Leaflet) -> Submission:
    with clock.sessions() as session:
        made = sending.send(
            session,
            actor=clock.agent,
            now=clock.scene.now,
            leaflet_id=leaflet.id,
            template=clock.scene.template,
            anyway=True,
        )
        session.refresh(made)
        _ = made.revision
        return made


def standing(clock: Clockwork, leaflet: Leaflet) -> Where:
    with clock.sessions() as session:
        return approved.standing(session, target=session.get_one(Leaflet, leaflet.id)).where


def decide(site: Site, client: FlaskClient, made: Submission, what: str, **form: str) -> Any:
    seen = {"content": made.revision.content_hash, "stage": str(made.stage)}
    return site.post(client, f"/approvals/{made.id}/{what}", {**seen, **form})


def test_a_queue_with_nothing_in_it_says_what_comes_there(site: Site, clock: Clockwork) -> None:
    page = site.client(clock.rita).get("/approvals")
    assert "Nothing waits for you" in page.text


def test_the_queue_says_what_needs_a_person_and_by_when(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    sent(clock, leaflet)
    page = site.client(clock.rita).get("/approvals").text
    assert "1 place: Headline" in page
    assert re.search(r"(Pass by|Late since) [^<]+", page)
    assert "Harbour" in page


@pytest.mark.parametrize(
    "asked", ["?page=900", "?page=x", "?late=yes", "?find=%25%27%22", "?whose=nobody", "?office=x"]
)
def test_whatever_stands_in_its_address_the_queue_answers(
    site: Site, clock: Clockwork, leaflet: Leaflet, asked: str
) -> None:
    sent(clock, leaflet)
    assert site.client(clock.rita).get(f"/approvals{asked}").status_code == 200


def test_an_office_that_is_not_theirs_sounds_like_none(site: Site, clock: Clockwork) -> None:
    assert site.client(clock.rita).get(f"/approvals?office={clock.nation.id}").status_code == 404
    assert site.client(clock.rita).get("/approvals?office=99999").status_code == 404


def test_a_stranger_cannot_tell_a_submission_from_none(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    made = sent(clock, leaflet)
    stranger = site.client(site.scene.stranger)
    there, nowhere = stranger.get(f"/approvals/{made.id}"), stranger.get("/approvals/99999")
    assert there.status_code == nowhere.status_code == 404
    of_this_answer = r'"[\w-]+\.[\w-]+\.[\w-]+"|[0-9a-f]{8}'  # the token of its forms, the number of the request
    assert re.sub(of_this_answer, "", there.text) == re.sub(of_this_answer, "", nowhere.text)


def test_what_the_reader_wrote_is_left_to_somebody_else(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    with clock.sessions() as session:
        known = {"person_id": clock.rita.id, "role": Role.AGENT, "campaign_id": clock.campaign.id}
        grants.give(session, **clock.by, **known)
    site.scene.save(leaflet.id, site.scene.edit("Warmer homes", 1), by=clock.rita)
    made, rita = sent(clock, leaflet), site.client(clock.rita)
    page = rita.get(f"/approvals/{made.id}").text
    assert "You wrote this yourself, so somebody else passes it: Nat or Olga." in page
    assert "Pass this" not in page
    assert 'id="pass-all"' not in page
    refused = decide(site, rita, made, "pass", zone="headline")
    assert (refused.status_code, standing(clock, leaflet)) == (409, Where.WAITING)
    assert decide(site, site.client(clock.nat), made, "pass").status_code == 302
    assert standing(clock, leaflet) == Where.APPROVED


def test_passing_leads_on_to_what_waits_next(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    other = clock.leaflet()
    site.scene.save(other.id, site.scene.edit("Warmer homes", 0))
    first, second = sent(clock, leaflet), sent(clock, other)
    rita = site.client(clock.rita)
    led = decide(site, rita, first, "pass")
    assert led.location.endswith(f"/approvals/next?after={first.id}")
    assert rita.get(led.location).location.endswith(f"/approvals/{second.id}")
    assert standing(clock, leaflet) is Where.APPROVED
    led = decide(site, rita, second, "pass")
    page = rita.get(rita.get(led.location).location)
    assert "That was the last" in page.text


def test_what_was_sent_anew_a_second_ago_is_shown_and_not_passed(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    before = sent(clock, leaflet)
    site.scene.save(leaflet.id, site.scene.edit("A bus every nine minutes", 1))
    after = sent(clock, leaflet)
    page = decide(site, site.client(clock.rita), before, "pass")
    assert page.status_code == 409
    assert "Nothing was decided" in page.text
    assert f"/approvals/{after.id}/pass" in page.text
    assert re.search(r"<del>.*ten.*</del>.*<ins>.*nine.*</ins>", page.text, re.DOTALL)
    assert standing(clock, leaflet) is Where.WAITING


@pytest.mark.parametrize("stage", ["1", "", "x", "-1"])
def test_a_form_that_does_not_name_the_stage_that_waits_decides_nothing(
    site: Site, clock: Clockwork, leaflet: Leaflet, stage: str
) -> None:
    answer = decide(site, site.client(clock.rita), sent(clock, leaflet), "pass", stage=stage)
    assert answer.status_code == 409
    assert "Nothing was decided" in answer.text
    assert standing(clock, leaflet) == Where.WAITING


def test_a_change_that_cannot_be_asked_for_comes_back_with_every_word(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    made = sent(clock, leaflet)
    page = decide(site, site.client(clock.rita), made, "change", zone="headline", suggest="  ", words="Say it shorter.")
    assert page.status_code == 422
    assert "Say it shorter." in page.text
    assert standing(clock, leaflet) is Where.WAITING


def test_a_leaflet_is_not_sent_back_without_a_reason(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    made = sent(clock, leaflet)
    assert decide(site, site.client(clock.rita), made, "return", because=" ").status_code == 422
    assert standing(clock, leaflet) is Where.WAITING
    assert decide(site, site.client(clock.rita), made, "return", because="Too early.").status_code == 302
    assert standing(clock, leaflet) is Where.RETURNED


def test_script_in_a_comment_or_a_suggestion_is_text_wherever_it_stands(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    made, evil = sent(clock, leaflet), "<script>alert(1)</script>"
    rita = site.client(clock.rita)
    assert site.post(rita, f"/leaflets/{leaflet.id}/comments", {"words": evil}).status_code == 302
    decide(site, rita, made, "change", zone="headline", suggest=f"{evil} Buses", words=evil)
    agent = site.client(clock.agent)
    for address in (f"/approvals/{made.id}", f"/leaflets/{leaflet.id}/approval"):
        page = (rita if "approvals" in address else agent).get(address).text
        assert evil not in page
        assert "&lt;script&gt;" in page
    assert evil not in agent.get(f"/leaflets/{leaflet.id}").text


def test_without_script_a_leaflet_is_sent_its_open_steps_are_said_and_it_is_taken_back(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    agent, address = site.client(clock.agent), f"/leaflets/{leaflet.id}/approval"
    refused = site.post(agent, address, {"note": "By Friday, please"})
    assert refused.status_code == 409
    assert "By Friday, please" in refused.text
    assert "Send it anyway" in refused.text
    assert site.post(agent, address, {"note": "By Friday, please", "anyway": "yes"}).status_code == 302
    assert standing(clock, leaflet) is Where.WAITING
    assert "By Friday, please" in agent.get(address).text
    assert site.post(agent, f"{address}/take-back").status_code == 302
    assert standing(clock, leaflet) is Where.UNSENT


def test_an_office_takes_back_what_it_passed_and_says_why(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    made = sent(clock, leaflet)
    rita = site.client(clock.rita)
    assert decide(site, rita, made, "pass").status_code == 302
    assert standing(clock, leaflet) is Where.APPROVED
    address = f"/leaflets/{leaflet.id}/approval"
    assert "Take this back" in rita.get(address).text
    assert "Take this back" not in site.client(clock.agent).get(address).text
    refused = site.post(rita, f"{address}/passes/headline/take-back", {"place": "headline", "because": " "})
    assert (refused.status_code, standing(clock, leaflet)) == (422, Where.APPROVED)
    unknown = site.post(rita, f"{address}/passes/nowhere/take-back", {"because": "It is not so."})
    assert unknown.status_code == 409
    taken = site.post(rita, f"{address}/passes/headline/take-back", {"because": "The bus was cut last week."})
    assert (taken.status_code, standing(clock, leaflet)) == (302, Where.RETURNED)
    assert ": The bus was cut last week." in site.client(clock.agent).get(address).text
    twice = site.post(rita, f"{address}/passes/headline/take-back", {"because": "The bus was cut last week."})
    assert twice.status_code == 409


def test_the_studio_says_which_words_the_office_will_look_at(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    state = site.client(clock.agent).get(f"/leaflets/{leaflet.id}/state").get_json()
    assert state["approval"]["sentence"] == "The office looks at 1 place: Headline."
    assert state["approval"]["zones"]["headline"]["state"] == "will-wait"
    assert state["approval"]["next"] == {"words": "Send for approval", "url": "#approval"}
    made = sent(clock, leaflet)
    waiting = site.client(clock.agent).get(f"/leaflets/{leaflet.id}/state").get_json()
    assert waiting["approval"]["next"] is None
    decide(site, site.client(clock.rita), made, "pass")
    state = site.client(clock.agent).get(f"/leaflets/{leaflet.id}/state").get_json()
    assert state["approval"]["where"] == "approved"
    assert state["approval"]["next"]["words"] == "Order the PDF"
    assert state["approval"]["zones"]["headline"]["words"].startswith("Passed by Rita")
    site.scene.save(leaflet.id, site.scene.edit("Another promise", 1))
    state = site.client(clock.agent).get(f"/leaflets/{leaflet.id}/state").get_json()
    assert state["approval"]["where"] == "changed"
    assert state["approval"]["may_send"]
    assert state["approval"]["next"]["words"] == "Send it again"
    assert state["approval"]["brief"] == "Changed since it was approved."
    assert state["approval"]["zones"]["headline"]["state"] == "will-wait"


def test_the_plan_follows_the_approval_and_is_not_told_of_it_by_hand(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    agent, plan = site.client(clock.agent), f"/leaflets/{leaflet.id}/plan"
    page = agent.get(plan).text
    assert "See its approval" in page
    assert "Sent for approval: done" not in page
    refused = site.post(agent, f"{plan}/approved", {"done": "yes"})
    assert (refused.status_code, "is noted when it happens here" in refused.text) == (409, True)
    sent(clock, leaflet)
    assert '<span class="soft">Done</span>' in agent.get(plan).text


def test_the_first_page_says_how_each_leaflet_that_was_sent_stands(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    agent = site.client(clock.agent)
    assert "office; they answer by" not in agent.get("/").text
    made = sent(clock, leaflet)
    assert "Sent to the South office; they answer by" in agent.get("/").text
    decide(site, site.client(clock.rita), made, "pass")
    assert "Approved: exactly this may be printed." in agent.get("/").text
    site.scene.save(leaflet.id, site.scene.edit("Another promise", 1))
    assert "Changed since it was approved." in agent.get("/").text


def test_while_the_second_office_is_asked_the_first_one_s_pass_is_said(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    ask = [{"office": "region"}, {"office": "nation"}]
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="workflow", value=ask)
    made = sent(clock, leaflet)
    decide(site, site.client(clock.rita), made, "pass")
    said = site.client(clock.agent).get(f"/leaflets/{leaflet.id}/state").get_json()["approval"]["zones"]["headline"]
    assert said["state"] == "waits"
    assert re.fullmatch(r"Passed by Rita, .+\. Waits for the England office", said["words"])
    assert "Passed by Rita" in site.client(clock.nat).get(f"/approvals/{made.id}").text


@pytest.mark.parametrize(
    "body",
    [{}, {"words": 7}, {"words": "x", "page": "1"}, {"words": "x", "page": 1, "x_mm": 1e400, "y_mm": 1}, [], "x", b"{"],
)
def test_whatever_arrives_as_a_comment_there_is_no_traceback(
    site: Site, clock: Clockwork, leaflet: Leaflet, body: Any
) -> None:
    answer = site.send(site.client(clock.agent), f"/leaflets/{leaflet.id}/comments", body)
    assert answer.status_code == 422
    assert answer.get_json()["message"]


def test_a_slip_is_undone_where_the_next_leaflet_waits(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    other = clock.leaflet()
    site.scene.save(other.id, site.scene.edit("Warmer homes", 0))
    first = sent(clock, leaflet)
    sent(clock, other)
    rita = site.client(clock.rita)
    led = decide(site, rita, first, "pass")
    after = rita.get(rita.get(led.location).location).text
    assert "It is approved, and can be ordered." in after
    slip = re.search(rf'action="/approvals/{first.id}/undo".*?name="done_at" value="([^"]+)"', after, re.DOTALL)
    assert slip
    undone = site.post(rita, f"/approvals/{first.id}/undo", {"done_at": slip[1]})
    again = rita.get(undone.location).text
    assert "stands as it did before" in again
    assert 'id="pass-all"' in again
    assert standing(clock, leaflet) is Where.WAITING
    twice = site.post(rita, f"/approvals/{first.id}/undo", {"done_at": slip[1]})
    assert (twice.status_code, "Nothing was undone" in twice.text) == (409, True)


@pytest.mark.parametrize("typed", ["", "yesterday", "2027-05-06", "9999-99-99T00:00Z", "9999-12-31T23:59-14:00"])
def test_a_moment_that_was_never_ours_undoes_nothing(
    site: Site, clock: Clockwork, leaflet: Leaflet, typed: str
) -> None:
    made = sent(clock, leaflet)
    answer = site.post(site.client(clock.rita), f"/approvals/{made.id}/undo", {"done_at": typed})
    assert answer.status_code == 409


def test_a_decided_leaflet_says_who_decided_and_claims_no_place_that_waits(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    made, rita = sent(clock, leaflet), site.client(clock.rita)
    decide(site, rita, made, "pass")
    page = rita.get(f"/approvals/{made.id}").text
    assert re.search(r"Approved, by Rita, <time", page)
    assert "Outlined places" not in page


def test_a_change_of_nothing_for_no_reason_is_not_called_a_comment(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    made = sent(clock, leaflet)
    page = decide(site, site.client(clock.rita), made, "change", zone="headline", suggest=HEADLINE)
    assert page.status_code == 422
    assert "The words are as they were" in page.text
