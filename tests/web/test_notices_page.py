"""How people hear of things: the page of choices, and the strip at the head of every page."""

from __future__ import annotations

from clockwork import Clockwork
from scene import NOON
from site_of_scene import Site

from leaflets.domain.notices import NOTICES, Notice, Pace
from leaflets.services import alerts
from leaflets.storage.leaflet import Leaflet


def all_at(pace: Pace, **changed: str) -> dict[str, str]:
    return {kind.value: pace.value for kind in NOTICES} | changed


def tell(clock: Clockwork, kind: Notice, sentence: str, leaflet: Leaflet | None = None, path: str = "") -> None:
    with clock.sessions.begin() as session:
        alerts.tell(
            session,
            [clock.agent],
            now=NOON,
            kind=kind,
            subject=sentence,
            sentence=sentence,
            leaflet=session.get_one(Leaflet, leaflet.id) if leaflet else None,
            path=path,
        )


def test_what_was_chosen_is_kept_and_the_page_shows_it(site: Site, clock: Clockwork) -> None:
    client = site.client(clock.agent)
    page = client.get("/account/notices").text
    assert "At once (usual)" in page
    answer = site.post(client, "/account/notices", all_at(Pace.DAILY, comment="never"))
    page = client.get(answer.headers["Location"]).text
    assert "From now on you hear of things like this." in page
    with clock.sessions() as session:
        chosen = alerts.choices(session, actor=clock.agent)
    assert chosen.pop(Notice.COMMENT) is Pace.NEVER
    assert set(chosen.values()) == {Pace.DAILY}


def test_what_is_urgent_cannot_be_kept_off_the_page(site: Site, clock: Clockwork) -> None:
    client = site.client(clock.agent)
    for wrong in ({"order-stopped": "nowhere"}, {"comment": "yearly"}):
        answer = site.post(client, "/account/notices", all_at(Pace.HOURLY) | wrong)
        assert answer.status_code == 422
        assert '<option value="hourly" selected>' in answer.text
        assert 'role="alert"' in answer.text
    with clock.sessions() as session:
        assert alerts.choices(session, actor=clock.agent)[Notice.COMMENT] is NOTICES[Notice.COMMENT].pace


def test_forty_things_of_one_kind_are_one_line_and_lead_where_each_is_read(site: Site, clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    for number in range(40):
        tell(clock, Notice.ACCESS_ASKED, f"Person {number} asks for access.", path=f"/account/notices?{number}")
    tell(clock, Notice.COMMENT, "Nat comments: Better <buses>", leaflet)
    tell(clock, Notice.ORDER_STOPPED, "An order was stopped.", leaflet, path="/library")
    page = site.client(clock.agent).get("/library").text
    assert "40 people ask for access" in page
    assert 'href="/account/notices?39"' in page
    assert "and 2 more" in page
    assert page.index("Order stopped") < page.index("40 people")
    assert "Better &lt;buses&gt;" in page


def test_more_than_a_page_reads_can_be_seen_with_one_touch(site: Site, clock: Clockwork) -> None:
    for number in range(alerts.SHOWN + 5):
        tell(clock, Notice.ROLE, f"Role {number}", path="/library")
    client = site.client(clock.agent)
    assert "I have seen all 105" in client.get("/library").text
    with clock.sessions() as session:
        newest = alerts.unseen(session, actor=clock.agent)[0].id
    site.post(client, "/alerts/seen", {"up_to": str(newest)})
    assert "What you have to know" not in client.get("/library").text
