from __future__ import annotations

import pytest
from clockwork import Clockwork
from site_of_scene import Site, form_fields

from leaflets.domain.permissions import Role
from leaflets.services.message import message_aftermath, message_ends, message_making, message_uses
from leaflets.services.message.message_making import Draft
from leaflets.services.roles import grants
from leaflets.storage.message import Message

BUS = Draft("headline", "We will bring the bus back to {place}", why="People wait for it.", title="The bus")


def made(clock: Clockwork, draft: Draft = BUS) -> Message:
    with clock.sessions() as session:
        return message_making.make(session, **clock.by, node_id=clock.region.id, draft=draft)


def typed(**changed: str) -> dict[str, str]:
    return {
        "kind": "pledge",
        "part-heading": "Keep {place} library open",
        "part-body": "Six days a week.",
        "why": "Everybody has been there.",
        "source": "",
        "topic": "",
        "language": "en-GB",
        **changed,
    }


def test_the_library_shows_what_holds_for_somebody_and_hides_the_rest(site: Site, clock: Clockwork) -> None:
    made(clock)
    page = site.client(clock.agent).get("/messages").text

    assert "We will bring the bus back to" in page
    assert '<mark class="gap"' in page
    assert "not in Welsh or Gaelic" in page
    assert "Write a message" not in page
    assert "Write a message" in site.client(clock.rita).get("/messages").text
    assert site.client(site.scene.stranger).get("/messages").status_code == 404


@pytest.mark.parametrize("asked", ["q=bus&kind=headline", "language=en-GB", "topic=buses", "kind=nonsense&page=-3"])
def test_it_is_narrowed(site: Site, clock: Clockwork, asked: str) -> None:
    made(clock)
    assert "The bus" in site.client(clock.agent).get(f"/messages?{asked}").text


def test_one_that_is_nobodys_business_is_not_there(site: Site, clock: Clockwork) -> None:
    message = made(clock)
    stranger = site.client(site.scene.stranger)
    for path in ("", "/about", "/words/cy"):
        assert stranger.get(f"/messages/{message.id}{path}").status_code == 404
    assert site.post(stranger, f"/messages/{message.id}/withdraw", {"because": "x"}).status_code == 404


def test_an_office_writes_one_and_it_is_in_the_library(site: Site, clock: Clockwork) -> None:
    rita = site.client(clock.rita)
    answer = site.post(rita, "/messages/new", typed(node=str(clock.region.id)))

    assert answer.status_code == 302
    page = rita.get(answer.location).text
    assert "library open" in page
    assert "Six days a week." in page
    assert "Withdraw this message" in page
    assert "Withdraw this message" not in site.client(clock.agent).get(answer.location).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"part-heading": ""}, "The promise is missing"),
        ({"why": ""}, "Say in one line why"),
        ({"part-body": "For {everybody}"}, "nothing can fill {everybody}"),
        ({"first_day": "soon"}, "is not a day"),
        ({"language": "fr"}, "English, Welsh or Gaelic"),
    ],
)
def test_what_is_refused_comes_back_as_it_was_typed(
    site: Site, clock: Clockwork, wrong: dict[str, str], said: str
) -> None:
    sent = typed(node=str(clock.region.id), **wrong)
    answer = site.post(site.client(clock.rita), "/messages/new", sent)

    assert answer.status_code == 422
    assert said in answer.text
    back = form_fields(answer.text)
    assert all(back[name] == sent[name] for name in ("part-heading", "why", "source"))


def test_it_is_corrected_with_a_reason_and_told(site: Site, clock: Clockwork) -> None:
    message, rita = made(clock), site.client(clock.rita)
    path = f"/messages/{message.id}/words/en-GB"
    form = {"version": "1", "part-whole": "Every bus back to {place}", "because": "It is every bus."}

    assert site.post(rita, path, {**form, "because": " "}).status_code == 422
    assert site.post(rita, path, form).status_code == 302
    again = site.post(rita, path, {**form, "part-whole": "Somebody else’s"})
    assert again.status_code == 409
    assert "It says now" in again.text
    assert form_fields(again.text)["part-whole"] == "Somebody else’s"
    assert form_fields(again.text)["version"] == "2"


def test_it_is_said_in_welsh_and_its_description_changed(site: Site, clock: Clockwork) -> None:
    message, rita = made(clock), site.client(clock.rita)
    assert "Say it in Welsh" in rita.get(f"/messages/{message.id}").text
    assert site.post(
        rita, f"/messages/{message.id}/words/cy", {"version": "0", "part-whole": "Bws i {place}"}
    ).location.endswith(f"/messages/{message.id}")
    about = form_fields(rita.get(f"/messages/{message.id}/about").text)
    site.post(rita, f"/messages/{message.id}/about", {**about, "why": "Because of the hill.", "last_day": "2027-05-06"})

    page = site.client(clock.agent).get(f"/messages/{message.id}").text
    assert "Bws i" in page
    assert "Because of the hill." in page
    assert "Until" in page


def test_it_is_withdrawn_with_a_reason_that_everybody_reads(site: Site, clock: Clockwork) -> None:
    message, rita = made(clock), site.client(clock.rita)
    refused = site.post(rita, f"/messages/{message.id}/withdraw", {"because": ""})
    assert refused.status_code == 422
    assert "Say why." in refused.text

    site.post(rita, f"/messages/{message.id}/withdraw", {"because": "<b>It ended</b>"})
    page = site.client(clock.agent).get(f"/messages/{message.id}").text
    assert "&lt;b&gt;It ended&lt;/b&gt;" in page
    assert "The bus" not in rita.get("/messages").text
    assert "The bus" in rita.get("/messages?ended=1").text


def test_its_page_says_how_far_it_is_with_the_leaflets(
    site: Site, clock: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, leaflet, rita = made(clock), clock.leaflet(), site.client(clock.rita)
    clock.scene.save(leaflet.id, clock.scene.edit("We will bring the bus back to Harbour", 0))
    seen = {"templates": lambda _ref: clock.scene.template}
    with clock.sessions() as session:
        message_uses.sweep(session, **seen)
    monkeypatch.setattr(message_ends, "MOST_AT_ONCE", 0)  # as where they are many
    site.post(rita, f"/messages/{message.id}/withdraw", {"because": "It ended"})
    page = rita.get(f"/messages/{message.id}").text
    assert "From this moment none of them prints" in page
    assert "1 leaflet still to go." in page
    with clock.sessions() as session:
        assert message_aftermath.carry_on(session, now=clock.scene.now, **seen) == 1
    assert "still to go" not in rita.get(f"/messages/{message.id}").text


def test_an_office_below_hides_one_and_takes_it_again(site: Site, clock: Clockwork) -> None:
    with clock.sessions() as session:
        message = message_making.make(session, **clock.by, node_id=clock.nation.id, draft=BUS)
    rita, path = site.client(clock.rita), f"/messages/{message.id}/choose"
    node = str(clock.region.id)

    site.post(rita, path, {"node": node, "choice": "hidden"})
    assert "does not use it" in rita.get(f"/messages/{message.id}").text
    site.post(rita, path, {"node": node, "choice": ""})
    assert "does not use it" not in rita.get(f"/messages/{message.id}").text
    assert site.post(rita, path, {"node": str(clock.nation.id), "choice": "hidden"}).status_code in (400, 422)


def test_a_candidate_writes_none(site: Site, clock: Clockwork) -> None:
    agent, message = site.client(clock.agent), made(clock)
    assert agent.get("/messages/new").status_code == 403
    assert agent.get(f"/messages/{message.id}/about").status_code == 403
    assert site.post(agent, f"/messages/{message.id}/withdraw", {"because": "Mine"}).status_code == 403
    assert site.post(agent, "/messages/new", typed(node=str(clock.region.id))).status_code in (403, 404)


def test_the_studio_offers_a_zone_what_fits_it_in_the_campaigns_own_words(site: Site, clock: Clockwork) -> None:
    made(clock)
    made(clock, Draft("pledge", {"heading": "Buses", "body": "Every day."}, why="Yes."))
    target, agent = clock.leaflet(), site.client(clock.agent)

    offers = agent.get(f"/leaflets/{target.id}/zones/headline/messages.json").get_json()["offers"]
    assert [(each["value"], each["why"]) for each in offers] == [
        ("We will bring the bus back to Harbour", "People wait for it.")
    ]
    made(clock, Draft("headline", {"": "Buses first"}, why="Short."))
    made(clock, Draft("paragraph", {"": "Buses come first here."}, why="Calm."))
    again = agent.get(f"/leaflets/{target.id}/zones/headline/messages.json").get_json()["offers"]
    assert [each["kind"] for each in again] == ["headline", "headline", "paragraph"]  # what is made for it comes first
    (pledge,) = agent.get(f"/leaflets/{target.id}/zones/points/messages.json").get_json()["offers"]
    assert pledge["value"] == [{"heading": "Buses", "body": "Every day."}]
    assert agent.get(f"/leaflets/{target.id}/zones/nowhere/messages.json").status_code == 404
    assert (
        site.client(site.scene.stranger).get(f"/leaflets/{target.id}/zones/headline/messages.json").status_code == 404
    )


def test_the_studio_hears_that_a_zone_says_one_and_that_it_was_corrected(site: Site, clock: Clockwork) -> None:
    message, target, agent = made(clock), clock.leaflet(), site.client(clock.agent)
    site.save(agent, target.id, {"headline": "We will bring the bus back to Harbour"})

    def heard() -> dict[str, object]:
        news = agent.get(f"/leaflets/{target.id}/news?tab=a-test").get_json()["messages"]
        return dict(news["zones"].get("headline", {}), offering=news["offering"])

    assert heard()["state"] == "approved"
    with clock.sessions() as session:
        message_ends.correct(
            session,
            actor=clock.rita,
            now=site.scene.now,
            message_id=message.id,
            language="en-GB",
            words="Every bus back to {place}",
            because="Every bus.",
            version=1,
            templates=site.app.extensions["leaflets"].library.template,
        )
    ended = heard()
    assert ended["state"] == "ended"
    assert "Every bus." in str(ended["why"])
    assert ended["instead"]["value"] == "Every bus back to Harbour"  # type: ignore[index]
    site.save(agent, target.id, {"headline": "My own"})
    assert "state" not in heard()
    assert heard()["offering"] == ["headline", "second"]


def test_only_leaflets_that_somebody_may_see_are_listed(site: Site, clock: Clockwork) -> None:
    message, target = made(clock), clock.leaflet()
    site.save(site.client(clock.agent), target.id, {"headline": "We will bring the bus back to Harbour"})
    with clock.sessions() as session:
        message_uses.sweep(session, templates=site.app.extensions["leaflets"].library.template)
        grants.give(
            session, **clock.by, campaign_id=clock.start("Hill").id, person_id=site.scene.helper.id, role=Role.HELPER
        )
    assert "1 being written" in site.client(clock.rita).get(f"/messages/{message.id}").text
    assert "None that you may see." in site.client(site.scene.helper).get(f"/messages/{message.id}").text
