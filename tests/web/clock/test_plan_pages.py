"""The pages of time: plans, boards, objections, alerts, and the order that follows its plan."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from clockwork import Clockwork
from site_of_scene import Site

from leaflets.domain.clock.landing import Landing
from leaflets.domain.clock.route import Route, Step
from leaflets.services import alerts
from leaflets.services.clock import crossings, plans
from leaflets.services.studio import copies
from leaflets.storage.leaflet import Leaflet

ON_TIME = datetime(2027, 2, 1, 10, tzinfo=UTC)
TIGHT = datetime(2027, 3, 5, 10, tzinfo=UTC)
LATE = datetime(2027, 3, 9, 10, tzinfo=UTC)
CANNOT = datetime(2027, 3, 22, 10, tzinfo=UTC)
BY_HAND = {"landing": "before-polling-day", "on": "", "route": "hand-delivery"}


@pytest.fixture
def clock(site: Site) -> Clockwork:
    site.scene.now = ON_TIME
    return Clockwork(site.scene)


@pytest.fixture
def leaflet(clock: Clockwork) -> Leaflet:
    return clock.leaflet()


def stored(clock: Clockwork, leaflet: Leaflet) -> Leaflet:
    with clock.sessions() as session:
        return session.get_one(Leaflet, leaflet.id)


@pytest.mark.parametrize(
    ("now", "state", "sentence"),
    [
        (ON_TIME, "On time", "Send it for approval by Mon 8 Mar, noon: in 25 working days."),
        (TIGHT, "Tight", "Send it for approval by Mon 8 Mar, noon: in 1 working day."),
        (LATE, "Late", "Send it for approval now: the safe moment was Mon 8 Mar, noon."),
        (CANNOT, "Cannot make it", "It cannot land before the postal votes: it is 5 working days too late."),
    ],
)
def test_every_page_of_a_leaflet_says_where_it_stands_and_what_to_do_next(
    site: Site, clock: Clockwork, leaflet: Leaflet, now: datetime, state: str, sentence: str
) -> None:
    site.scene.now = now
    client = site.client(clock.agent)
    plan = client.get(f"/leaflets/{leaflet.id}/state").get_json()["plan"]
    assert plan["state"] == state
    assert sentence in plan["sentence"]
    for path in (f"/leaflets/{leaflet.id}/plan", f"/leaflets/{leaflet.id}/order"):
        page = client.get(path).text
        assert f'<span class="state">{state}</span>' in page, path
        assert sentence in page, path


def test_the_picture_is_drawn_both_ways_and_every_mark_leads_to_its_row(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    page = site.client(clock.agent).get(f"/leaflets/{leaflet.id}/plan").text
    assert page.count("<svg class=") == 2
    targets = set(re.findall(r'href="#(date-[^"]+)"', page))
    assert len(targets) > 15
    assert targets <= set(re.findall(r'id="(date-[^"]+)"', page))
    assert 'aria-label="Sent for approval, Mon 8 Mar, noon, 25 working days to spare"' in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_remedy_is_chosen_with_its_button_and_leads_on_to_its_printer(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    site.scene.now = CANNOT
    client = site.client(clock.agent)
    page = client.get(f"/leaflets/{leaflet.id}/plan").text
    assert "Aim to land before polling day instead" in page
    wish = {"landing": "before-polling-day", "on": "", "route": "freepost", "printer": str(site.scene.printer.id)}
    answer = site.post(client, f"/leaflets/{leaflet.id}/plan", wish)
    assert answer.headers["Location"] == f"/leaflets/{leaflet.id}/order?printer={site.scene.printer.id}"
    assert stored(clock, leaflet).landing == Landing.BEFORE_POLLING_DAY
    assert f'value="{site.scene.printer.id}" required checked' in client.get(answer.headers["Location"]).text


WRONG = [
    ({"landing": "before-tea"}, "That is no purpose"),
    ({"route": "by-owl"}, "That is no purpose or no way of travelling"),
    ({"landing": "on-date"}, "The day on which it is to land is missing"),
    ({"landing": "on-date", "on": "31 April"}, "“31 April” is not a day of the calendar"),
    ({"landing": "on-date", "on": "2027-05-07"}, "is after polling day"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG)
def test_a_choice_that_cannot_be_says_why_and_changes_nothing(
    site: Site, clock: Clockwork, leaflet: Leaflet, changes: dict[str, str], said: str
) -> None:
    client = site.client(clock.agent)
    answer = site.post(client, f"/leaflets/{leaflet.id}/plan", {**BY_HAND, **changes})
    assert answer.status_code == 422
    assert said in answer.text
    assert stored(clock, leaflet).route == Route.FREEPOST


def test_a_step_is_marked_as_done_and_taken_back(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    client = site.client(clock.agent)
    site.post(client, f"/leaflets/{leaflet.id}/plan/approved", {"done": "yes"})
    assert "Send the artwork to Royal Mail by" in client.get(f"/leaflets/{leaflet.id}/plan").text
    site.post(client, f"/leaflets/{leaflet.id}/plan/{Step.APPROVED}", {"done": "no"})
    assert "Send it for approval by" in client.get(f"/leaflets/{leaflet.id}/plan").text
    assert site.post(client, f"/leaflets/{leaflet.id}/plan/flown", {"done": "yes"}).status_code == 422


def test_an_order_takes_its_deadline_from_the_plan(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    client = site.client(clock.agent)
    form = client.get(f"/leaflets/{leaflet.id}/order").text
    assert "PDF there by" in form
    assert "Fri 19 Mar, noon" in form
    assert 'name="because"' not in form
    wish = {"printer": str(site.scene.printer.id), "quantity": "500", "day": "", "time": "17:00"}
    answer = site.post(client, f"/leaflets/{leaflet.id}/order", wish)
    assert 'title="Friday 19 March 2027, 12:00 GMT"' in client.get(answer.headers["Location"]).text
    later = {**wish, "quantity": "600", "day": "2027-03-30"}
    refused = site.post(client, f"/leaflets/{leaflet.id}/order", later)
    assert refused.status_code == 422
    assert "the plan leaves no later moment" in refused.text


def test_going_ahead_after_the_postal_votes_needs_a_named_reason_which_stays_on_the_order(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    site.scene.now = CANNOT
    client = site.client(clock.agent)
    wish = {"printer": str(site.scene.printer.id), "quantity": "500", "day": "", "time": "17:00", "because": " "}
    refused = site.post(client, f"/leaflets/{leaflet.id}/order", wish)
    assert refused.status_code == 422
    assert "will land after the first postal votes" in refused.text
    assert 'aria-invalid="true"' in refused.text
    answer = site.post(client, f"/leaflets/{leaflet.id}/order", {**wish, "because": "The <printer> flooded."})
    page = site.client(clock.rita).get(answer.headers["Location"]).text
    assert "The &lt;printer&gt; flooded." in page
    assert "Agnes, " in page
    assert "That moment has passed" in page


def test_an_objection_stands_on_the_order_until_the_nation_answers(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    site.scene.now = CANNOT
    order = clock.order(leaflet, CANNOT, template=site.scene.template, going_ahead_because="Flooded.")
    region, nation = site.client(clock.rita), site.client(clock.nat)
    back = f"/orders/{order.id}"
    said = {"words": "A week too late.", "order": str(order.id), "back": back}
    assert site.post(region, f"/leaflets/{leaflet.id}/objections", said).headers["Location"] == back
    page = site.client(clock.agent).get(back).text
    assert "A week too late." in page
    assert "Waits for an answer by the nation’s office" in page
    board = nation.get(f"/boards/{clock.nation.id}").text
    assert "1 objection waits for your answer" in board
    path = f"/leaflets/{leaflet.id}/objections/1/answer"
    long = site.post(nation, path, {"words": "x" * 4001})
    assert long.status_code == 422
    assert "x" * 4001 in long.text
    site.post(nation, path, {"words": "Agreed: hold it.", "back": "//evil.example"})
    page = region.get(back).text
    assert "Agreed: hold it." in page
    assert "Waits for an answer" not in page
    assert site.post(nation, path, {"words": "Again"}).status_code == 409


def test_an_objection_without_words_is_asked_for_them(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    answer = site.post(site.client(clock.rita), f"/leaflets/{leaflet.id}/objections", {"words": "  "})
    assert answer.status_code == 422
    assert "An objection needs words." in answer.text


def test_what_somebody_was_told_stands_on_every_page_until_they_have_seen_it(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    with clock.sessions() as session:
        crossings.watch(session, now=LATE)
    site.scene.now = LATE
    client, other = site.client(clock.agent), site.client(clock.rita)
    page = client.get("/library").text
    assert "What you have to know" in page
    number = re.search(r'name="alert" value="(\d+)"', page)
    assert number
    answer = site.post(client, "/alerts/seen", {"alert": number[1], "back": "/library"})
    assert answer.headers["Location"] == "/library"
    assert "What you have to know" not in client.get("/library").text
    assert "What you have to know" in other.get("/library").text
    site.post(client, "/alerts/seen", {"alert": "9" * 30})
    assert "What you have to know" not in site.client(None).get("/sign-in").text


def test_alerts_of_a_leaflet_and_its_places_are_one_line_and_a_studio_does_not_say_its_own_twice(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    with clock.sessions() as session:
        named: dict[str, Any] = {"template": site.scene.template, "places": ["Quayside", "Northgate"]}
        copies.add_places(session, actor=clock.agent, now=ON_TIME, leaflet_id=leaflet.id, **named)
        crossings.watch(session, now=LATE)
    site.scene.now = LATE
    client = site.client(clock.agent)
    page = client.get("/library").text
    assert page.count("Send it for approval") == 2  # the line, and the list behind it
    assert f">{leaflet.title} and 2 places, " in page
    assert ">2 places of " + leaflet.title in client.get(f"/leaflets/{leaflet.id}").text
    seen = re.findall(r'name="alert" value="(\d+)"', page)
    assert len(seen) == 3
    other = clock.leaflet()
    with clock.sessions() as session:
        alerts.seen(session, actor=clock.agent, now=LATE, alert_ids=[int(each) for each in seen])
        crossings.watch(session, now=LATE)
    assert "What you have to know" in client.get(f"/leaflets/{leaflet.id}").text
    assert "What you have to know" not in client.get(f"/leaflets/{other.id}").text


def test_a_board_lists_the_least_slack_first_counts_and_sifts(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    easy = clock.leaflet(clock.start("Ashcombe"))
    with clock.sessions() as session:
        aim: dict[str, Any] = {"landing": Landing.BEFORE_POLLING_DAY, "on": None, "route": Route.HAND_DELIVERY}
        plans.choose(session, actor=clock.agent, now=ON_TIME, leaflet_id=easy.id, **aim)
    site.scene.now = TIGHT
    clock.order(easy, TIGHT, template=site.scene.template, going_ahead_because="For those who vote on the day.")
    client = site.client(clock.rita)
    page = client.get(f"/boards/{clock.region.id}").text
    assert page.index('<th scope="row">Harbour') < page.index('<th scope="row">Ashcombe')
    assert "1 working day to spare" in page
    assert ">Next</a>" in page
    tight = client.get(f"/boards/{clock.region.id}?state=tight").text
    assert f'href="/leaflets/{leaflet.id}/plan"' in tight
    assert f'href="/leaflets/{easy.id}/plan"' not in tight
    assert "None stands like this" in client.get(f"/boards/{clock.region.id}?state=late").text
    assert client.get(f"/boards/{clock.region.id}?state=elsewhere").status_code == 404
    assert f'href="/boards/{clock.region.id}"' in client.get("/").text


def test_an_empty_board_says_what_will_stand_there(site: Site, clock: Clockwork) -> None:
    page = site.client(clock.rita).get(f"/boards/{clock.region.id}").text
    assert "No leaflet here yet" in page


def test_the_press_says_whether_everything_makes_it(site: Site, clock: Clockwork, leaflet: Leaflet) -> None:
    client = site.client(clock.rita)
    assert "Nothing is ordered at the moment." in client.get(f"/boards/{clock.region.id}/press").text
    clock.order(leaflet, ON_TIME, template=site.scene.template)
    page = client.get(f"/boards/{clock.region.id}/press?workers=3").text
    assert "Yes: all 1 open order" in page
    assert 'value="3"' in page
    for odd in ("-4", "many", "9" * 40):
        assert client.get(f"/boards/{clock.region.id}/press?workers={odd}").status_code == 200


def test_a_campaign_shows_its_leaflets_in_one_picture_or_how_to_begin(site: Site, clock: Clockwork) -> None:
    client = site.client(clock.agent)
    path = f"/campaigns/{clock.campaign.id}/timeline"
    assert "No leaflet yet" in client.get(path).text
    leaflet = clock.leaflet()
    page = client.get(path).text
    assert f'<a href="/leaflets/{leaflet.id}/plan" class="mark next"' in page
    assert "Polling day is Thursday 6 May 2027" in page


def test_a_leaflet_whose_election_nobody_has_called_says_so_and_can_be_ordered_with_a_day(site: Site) -> None:
    leaflet = site.scene.leaflet()
    client = site.client(site.scene.agent)
    for path in ("", "/plan", "/order"):
        assert "the election of this campaign is not known" in client.get(f"/leaflets/{leaflet.id}{path}").text
    assert "When the PDF must be ready" in client.get(f"/leaflets/{leaflet.id}/order").text


def test_an_office_reads_a_leaflet_and_finds_no_button_that_would_be_refused(
    site: Site, clock: Clockwork, leaflet: Leaflet
) -> None:
    client = site.client(clock.rita)
    desk, plan = client.get(f"/leaflets/{leaflet.id}").text, client.get(f"/leaflets/{leaflet.id}/plan").text
    assert 'value="save"' not in desk
    assert "Count again" not in plan
    assert "Record the objection" in plan
