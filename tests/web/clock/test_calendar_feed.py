"""Calendar feeds: the private address, and the file as RFC 5545 wants it, byte by byte."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from clockwork import Clockwork
from icalendar import Calendar
from planned import london, planned, poll
from site_of_scene import Site

from leaflets.domain.clock.route import Step
from leaflets.services.clock import plans
from leaflets.services.organisation import organisations
from leaflets.storage.grant import Grant
from leaflets.web.clock.calendar_file import Dated, calendar_file

CHANGED = datetime(2017, 4, 1, 9, tzinfo=UTC)
LINE = re.compile(rb"[A-Z-]+(;[A-Z-]+=[^;:]+)*:.*", re.DOTALL)


def file_of(**done: Step) -> bytes:
    plan = planned(poll("parl.2017-06-08"), now=london("2017-04-03"), done=list(done.values()))
    title = "Ŵyr a’r ŷd; trains, trams\\buses " * 5
    leaflet = Dated(7, title, "Ada", "https://leaflets.example/leaflets/7/plan", plan)
    return calendar_file("Ada; for Harbour", [leaflet], host="leaflets.example", sequence=12, changed_at=CHANGED)


def test_the_file_keeps_the_rules_of_the_format_byte_by_byte() -> None:
    file = file_of()
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")  # 3.1: CRLF ends every line, and nothing else does
    physical = file.split(b"\r\n")[:-1]
    assert max(map(len, physical)) <= 75  # 3.1: octets, without the line break
    for line in physical:
        line.decode("utf-8")  # no character is torn apart
    logical = file.replace(b"\r\n ", b"").split(b"\r\n")[:-1]
    assert all(LINE.fullmatch(line) for line in logical)
    assert logical[:3] == [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:-//Leaflets//The clock//EN"]
    moments = [line for line in logical if line.startswith((b"DTSTART", b"DTEND", b"DTSTAMP", b"LAST-MODIFIED"))]
    assert all(re.fullmatch(rb"[A-Z-]+:\d{8}T\d{6}Z|[A-Z-]+;VALUE=DATE:\d{8}", line) for line in moments)


def test_the_file_reads_back_with_stable_names_whole_days_and_the_last_change() -> None:
    calendar = Calendar.from_ical(file_of())
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == len(calendar.walk("VEVENT")) > 15
    assert calendar["x-wr-calname"] == "Ada; for Harbour"
    sent = events["step-7-send-for-approval@leaflets.example"]
    assert sent["summary"].startswith("Send it for approval: Ŵyr a’r ŷd; trains, trams\\buses")
    assert sent.decoded("dtend") == london("2017-04-07", time(12))
    poll_day = events["poll-parl-england@leaflets.example"]
    assert (poll_day.decoded("dtstart"), poll_day.decoded("dtend")) == (date(2017, 6, 8), date(2017, 6, 9))
    post = events["postal-parl-england-first@leaflets.example"]
    assert (post.decoded("dtstart"), post.decoded("dtend")) == (date(2017, 5, 16), date(2017, 5, 27))
    assert all(event["sequence"] == 12 for event in events.values())
    assert all(event.decoded("last-modified") == event.decoded("dtstamp") == CHANGED for event in events.values())


def test_what_is_done_leaves_the_calendar() -> None:
    assert b"step-7-approved" not in file_of(done=Step.APPROVED)


@pytest.fixture
def clock(site: Site) -> Clockwork:
    site.scene.now = datetime(2027, 2, 1, 10, tzinfo=UTC)
    return Clockwork(site.scene)


def address(site: Site, clock: Clockwork, page: str) -> str:
    """Make an address on that page, and return its path."""
    client = site.client(clock.agent)
    site.post(client, page.replace("timeline", "calendar"))
    found = re.search(r'value="http://127\.0\.0\.1:8000(/calendar/[^"]+\.ics)"', client.get(page).text)
    assert found
    return found[1]


def test_a_calendar_reads_the_feed_without_signing_in_and_is_told_when_nothing_changed(
    site: Site, clock: Clockwork
) -> None:
    leaflet = clock.leaflet()
    path = address(site, clock, f"/campaigns/{clock.campaign.id}/timeline")
    reader = site.client(None)
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    sequence = Calendar.from_ical(answer.data).walk("VEVENT")[0]["sequence"]
    site.scene.now += timedelta(hours=5)
    assert reader.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    with clock.sessions() as session:  # what another organisation does is none of this calendar's
        organisations.add(
            session, actor="a test", now=site.scene.now, name="Vivid", administrator="Vic", email="vic@example.org"
        )
    assert reader.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    with clock.sessions() as session:
        plans.mark(session, actor=clock.agent, now=site.scene.now, leaflet_id=leaflet.id, step=Step.APPROVED)
    changed = Calendar.from_ical(reader.get(path).data).walk("VEVENT")
    assert all(event["sequence"] > sequence for event in changed)


def test_an_address_ends_when_another_is_made_or_its_person_leaves(site: Site, clock: Clockwork) -> None:
    clock.leaflet()
    page = f"/campaigns/{clock.campaign.id}/timeline"
    first, second = address(site, clock, page), address(site, clock, page)
    reader = site.client(None)
    assert (reader.get(first).status_code, reader.get(second).status_code) == (404, 200)
    with clock.sessions.begin() as session:
        session.query(Grant).filter_by(campaign_id=clock.campaign.id).delete()
    assert reader.get(second).status_code == 404


@pytest.mark.parametrize("token", ["x", "WzEsMV0.forged", "%00", "WzEsMV0.AlqI9ROpdoOSNkOt4TzHGk5pc0o" + "o" * 500])
def test_a_guessed_address_opens_nothing(site: Site, token: str) -> None:
    assert site.client(None).get(f"/calendar/{token}.ics").status_code == 404


def test_a_region_has_a_feed_of_everything_below(site: Site, clock: Clockwork) -> None:
    for seat in ("Ashcombe", "Harrowby"):
        clock.leaflet(clock.start(seat))
    client = site.client(clock.rita)
    site.post(client, f"/boards/{clock.region.id}/calendar")
    found = re.search(r"(/calendar/[^\"]+\.ics)", client.get(f"/boards/{clock.region.id}").text)
    assert found
    summaries = [str(event["summary"]) for event in Calendar.from_ical(client.get(found[1]).data).walk("VEVENT")]
    assert {"Send it for approval: Card, Ashcombe", "Send it for approval: Card, Harrowby"} <= set(summaries)
    assert summaries.count("Polling day") == 1
