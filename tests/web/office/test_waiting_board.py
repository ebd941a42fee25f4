"""The board of waiting times and the page of objections: what they say, to whom, and how quickly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from clockwork import Clockwork
from site_of_scene import Site
from sqlalchemy import insert, select

from leaflets.services.review import objections
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.people import Person
from leaflets.storage.review import Submission

MONDAY = datetime(2027, 2, 1, 10, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def clock(site: Site) -> Clockwork:
    site.scene.now = MONDAY
    return Clockwork(site.scene)


def send(
    clock: Clockwork, leaflet: Leaflet, sent: datetime, hours: float | None, by: Person | None = None, **more: object
) -> None:
    """A submission that was answered after so many hours, or waits."""
    with clock.sessions.begin() as session:
        revision = session.scalar(select(Revision).where(Revision.leaflet_id == leaflet.id))
        if revision is None:
            made = {"content": {}, "content_hash": "0" * 64, "created_by": clock.agent.id, "created_at": sent}
            revision = Revision(leaflet_id=leaflet.id, **made)
            session.add(revision)
            session.flush()
        row = {
            "leaflet_id": leaflet.id,
            "revision_id": revision.id,
            "state": "waiting" if hours is None else "approved",
            "asked_of_id": clock.region.id,
            "asked_since": sent,
            "decide_by": sent + timedelta(hours=30),
            "sent_by": clock.agent.id,
            "sent_at": sent,
            "ended_at": None if hours is None else sent + timedelta(hours=hours),
            "ended_by": by.id if by else None,
        }
        session.execute(insert(Submission), [row | more])


def test_a_region_shows_half_the_longest_the_late_and_its_own_people(site: Site, clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    for hours in (1, 2, 3, 4, 72):
        send(clock, leaflet, MONDAY - WEEK, hours, clock.rita, moved=1 if hours == 72 else 0)
    send(clock, leaflet, MONDAY - timedelta(hours=2.5), None)
    page = site.client(clock.rita).get(f"/offices/{clock.region.id}/waiting").text
    assert "were answered within <strong>3 hours</strong>; the longest took 3 days" in page
    assert "South: half were answered within 3 hours, the longest took 3 days" in page
    assert '<td class="figure bad" data-label="Late">1</td>' in page
    assert '<td class="figure" data-label="Moved on">1</td>' in page
    assert "In this office" in page
    assert ">Rita</th>" in page
    assert "Approve by" in page
    assert 'style="' not in page
    nation = site.client(clock.nat).get(f"/offices/{clock.region.id}/waiting").text
    assert "In this office" not in nation
    assert (
        f'href="/offices/{clock.region.id}/waiting"'
        in site.client(clock.nat).get(f"/offices/{clock.nation.id}/waiting").text
    )


def test_few_answers_have_no_median_and_no_answers_say_so(site: Site, clock: Clockwork) -> None:
    client, path = site.client(clock.rita), f"/offices/{clock.region.id}/waiting"
    page = client.get(path).text
    assert "Nothing below South has waited for anybody" in page
    assert "Nothing waits for anybody." in page
    send(clock, clock.leaflet(), MONDAY - WEEK, 3)
    page = client.get(path).text
    assert "1 leaflet below South was answered" in page
    assert "too few" in page


def test_an_office_that_is_not_ones_own_has_no_board(site: Site, clock: Clockwork) -> None:
    other = clock.start("Dale", region="North")
    for what in ("waiting", "objections"):
        assert site.client(clock.rita).get(f"/offices/{other.node_id}/{what}").status_code == 404
        assert site.client(clock.agent).get(f"/offices/{clock.region.id}/{what}").status_code == 403
        assert site.client(site.scene.stranger).get(f"/offices/{clock.region.id}/{what}").status_code == 404


def test_objections_are_seen_with_their_age_and_answered_where_they_are_seen(site: Site, clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    with clock.sessions() as session:
        objections.make(session, actor=clock.rita, now=MONDAY, leaflet_id=leaflet.id, words="Not <true>.")
    site.scene.now = MONDAY + timedelta(days=3)
    path = f"/offices/{clock.region.id}/objections"
    assert "Not &lt;true&gt;." in site.client(clock.rita).get(path).text
    assert "Your answer" not in site.client(clock.rita).get(path).text
    client = site.client(clock.nat)
    page = client.get(path).text
    assert "1 objection waits for an answer, the oldest for 3 days." in page
    number = page.split('id="objection-')[1].split('"')[0]
    answer = site.post(client, f"/leaflets/{leaflet.id}/objections/{number}/answer", {"words": "It is.", "back": path})
    page = client.get(answer.headers["Location"]).text
    assert "Every objection is answered." in page
    assert "It is." in site.client(clock.agent).get(f"/leaflets/{leaflet.id}/plan").text
