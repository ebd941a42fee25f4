"""The elections below an office: recording what a council announced; moving, suspending and resuming a poll."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import unescape

import pytest
from clockwork import Clockwork
from site_of_scene import Site

from leaflets.domain.press.schedule import WorkState

NOW = datetime(2027, 2, 1, 10, tzinfo=UTC)


@pytest.fixture
def clock(site: Site) -> Clockwork:
    site.scene.now = NOW
    return Clockwork(site.scene)


def path(clock: Clockwork, what: str = "", office: str = "region") -> str:
    page = f"/boards/{getattr(clock, office).id}/elections"
    return f"{page}/{clock.election.id}/{what}" if what else page


def said(clock: Clockwork, **changed: str) -> dict[str, str]:
    return {
        "place": str(clock.seat.id),
        "council": "Harbour Council",
        "said_by": "its <website>",
        "said_on": "2027-01-29",
        "first": "2027-04-12",
        "second": "",
        **changed,
    }


def test_an_office_finds_its_elections_from_its_board_and_whose_dates_count(site: Site, clock: Clockwork) -> None:
    client = site.client(clock.rita)
    assert f'href="{path(clock)}"' in client.get(f"/boards/{clock.region.id}").text
    page = client.get(path(clock)).text
    assert "UK Parliament general election, Thursday 6 May 2027" in page
    assert "No council has said yet: as 138 councils" in page
    assert "Move polling day" not in page
    assert "Suspend the election" in site.client(clock.nat).get(path(clock)).text


def test_what_a_council_announced_is_recorded_shown_with_its_source_and_followed(site: Site, clock: Clockwork) -> None:
    order = clock.order(clock.leaflet(), NOW, template=site.scene.template)
    client = site.client(clock.rita)
    assert "1 open order below South counts with the dates" in client.get(path(clock)).text
    answer = site.post(client, path(clock, "announce"), said(clock))
    page = client.get(answer.headers["Location"]).text
    assert "What the council announced is recorded. 1 order got a new deadline." in page
    assert "<strong>Mon 12 Apr</strong>, announced" in page
    assert "Harbour Council: its &lt;website&gt;, 29 January 2027" in page
    assert "recorded by Rita" in page
    assert clock.stored(order).needed_by != order.needed_by


WRONG = [
    ({"first": "2027-05-07"}, "after polling day"),
    ({"first": "2027-02-31"}, "“2027-02-31” is not a day of the calendar."),
    ({"first": ""}, "The day of the first dispatch is missing."),
    ({"first": "2027-04-14", "second": "2027-04-13"}, "cannot come before the first"),
    ({"council": "  "}, "A dispatch date needs the council"),
    ({"said_on": "2027-02-02"}, "cannot be of a day to come"),
    ({"place": "1"}, "It does not say yet where."),
    ({"where": "Atlantis"}, "Nothing here is called “Atlantis”."),
]


@pytest.mark.parametrize(("changes", "why"), WRONG)
def test_an_announcement_that_cannot_be_says_why_and_keeps_what_was_typed(
    site: Site, clock: Clockwork, changes: dict[str, str], why: str
) -> None:
    typed = said(clock, **changes)
    answer = site.post(site.client(clock.rita), path(clock, "announce"), typed)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert why in page
    assert '<details class="change" open>' in page
    for name in ("council", "said_by", "said_on", "first", "second"):
        assert f'value="{typed[name]}"' in page, name
    assert clock.election.polling_day == date(2027, 5, 6)
    assert "No council has said yet" in page


def test_a_nation_moves_polling_day_and_hears_what_moved(site: Site, clock: Clockwork) -> None:
    order = clock.order(clock.leaflet(), NOW, template=site.scene.template)
    client = site.client(clock.nat)
    assert "1 open order follows." in client.get(path(clock, office="nation")).text
    for day, why in (("2027-05-06", "that day already"), ("2026-05-07", "is in the past"), ("soon", "is not a day")):
        bad = site.post(client, path(clock, "move", "nation"), {"to": day})
        assert bad.status_code == 422
        assert why in bad.text
        assert f'value="{day}"' in bad.text
    answer = site.post(client, path(clock, "move", "nation"), {"to": "2027-06-03"})
    page = client.get(answer.headers["Location"]).text
    assert "Polling day is moved. 1 order got a new deadline" in page
    assert "general election, Thursday 3 June 2027" in page
    assert clock.stored(order).needed_by > order.needed_by


def test_a_nation_suspends_an_election_with_a_reason_and_lets_it_run_again(site: Site, clock: Clockwork) -> None:
    order = clock.order(clock.leaflet(), NOW, template=site.scene.template)
    client = site.client(clock.nat)
    empty = site.post(client, path(clock, "suspend"), {"why": "  "})
    assert empty.status_code == 422
    assert "needs its reason" in empty.text
    answer = site.post(client, path(clock, "suspend"), {"why": "A candidate <has> died."})
    page = client.get(answer.headers["Location"]).text
    assert "The election is suspended. 1 order held back." in page
    assert "A candidate &lt;has&gt; died." in page
    assert clock.stored(order).state == WorkState.HELD
    assert "1 order held back goes into the queue again" in page
    answer = site.post(client, path(clock, "resume"))
    assert "The election runs again. 1 order back in the queue." in client.get(answer.headers["Location"]).text
    assert clock.stored(order).state == WorkState.WAITING


def test_an_office_changes_no_election_that_is_not_on_its_board(site: Site, clock: Clockwork) -> None:
    with clock.sessions() as session:
        from leaflets.services.clock import elections

        other = elections.entered(
            session, now=NOW, organisation_id=clock.region.organisation_id, ref="local.stroud.2027-05-06"
        )
        session.commit()
        elsewhere = f"{path(clock)}/{other.id}"
    client = site.client(clock.nat)
    for what in ("announce", "move", "suspend", "resume"):
        assert site.post(client, f"{elsewhere}/{what}", said(clock)).status_code == 404, what
    region = site.client(clock.rita)
    for what in ("move", "suspend", "resume"):
        assert site.post(region, path(clock, what)).status_code == 403, what
