"""What axe finds on every page, in light and in dark; and that nothing sticks out of a small screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from clockwork import Clockwork, a_thursday
from house import House
from playwright.sync_api import Page, expect
from scene import photo

from leaflets.domain.permissions import Role
from leaflets.services.clock import feeds
from leaflets.services.organisation import settings
from leaflets.services.picture import pictures
from leaflets.services.review import comments, objections, returning, sending
from leaflets.services.review.comments import Place
from leaflets.services.roles import access_requests, grants, people
from leaflets.storage.blobs import Blobs
from leaflets.storage.leaflet import ZoneEdit
from leaflets.storage.people import Campaign

WIDTHS = (320, 768, 1440)


def addresses(house: House, scheme: str) -> list[str]:
    """One address of every page that people see, with something on it; the studio has a test of its own."""
    scene = house.scene
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("", 0), scene.edit([{"heading": "x" * 80, "body": ""}], 0, zone="points"))
    scene.save(leaflet.id, scene.edit("Meant to be the headline", 0), by=scene.helper)
    whole = scene.leaflet()
    scene.proof(whole.id)
    order = scene.order(whole.id)
    picture = shelved(house)
    return [
        "/",
        "/library",
        "/library/card/1.0.0",
        "/first-leaflet",
        f"/leaflets/{leaflet.id}/order",
        f"/leaflets/{leaflet.id}/history",
        f"/leaflets/{whole.id}/order",
        f"/orders/{order.id}",
        f"/campaigns/{scene.campaign.id}/pictures",
        f"/campaigns/{scene.campaign.id}/pictures/{picture}",
        *of_time(house, f"Harbour in {scheme}"),
        *of_people(house, scheme),
        *of_reviews(house, f"Lantern Bay in {scheme}"),
        "/no-such-page",
    ]


def shelved(house: House) -> str:
    """A picture on the campaign's shelf, by its hash."""
    scene = house.scene
    with scene.sessions() as session:
        kept = pictures.receive(
            session,
            actor=scene.agent,
            now=scene.now,
            blobs=Blobs(Path(house.parts["web"].env["LEAFLETS_DATA"]) / "blobs"),
            tickets=scene.tickets,
            campaign_id=scene.campaign.id,
            upload=photo(1200, 1600),
            filename="portrait.jpg",
        )
        return kept.original_hash


def of_time(house: House, seat: str) -> list[str]:
    """The pages of plans: one that cannot make it, one without a plan, and the boards above them."""
    clock = Clockwork(house.scene, (f"parl.{a_thursday(house.scene.now, days_ahead=35)}",), seat)
    leaflet = clock.leaflet()
    unplanned = house.scene.leaflet()
    with clock.sessions() as session:
        by_agent = {"actor": clock.agent, "now": house.scene.now}
        grants.give(session, **clock.by, node_id=clock.region.id, person_id=clock.agent.id, role=Role.REGION)
        objections.make(session, **by_agent, leaflet_id=leaflet.id, words="It lands after the postal votes.")
        feeds.new_address(session, **by_agent, campaign_id=clock.campaign.id)
    return [
        f"/leaflets/{leaflet.id}/plan",
        f"/leaflets/{leaflet.id}/order",
        f"/leaflets/{unplanned.id}/plan",
        f"/campaigns/{clock.campaign.id}/timeline",
        f"/boards/{clock.region.id}",
        f"/boards/{clock.region.id}/press",
        f"/boards/{clock.region.id}/elections",
        f"/offices/{clock.region.id}/waiting",
        f"/offices/{clock.region.id}/objections",
        f"/offices/{clock.region.id}/places",
        f"/offices/{clock.region.id}/places?q=harbour",
        f"/offices/{clock.region.id}/settings",
        f"/offices/{clock.seat.id}/places",
        f"/offices/{clock.seat.id}/campaigns/new",
        f"/campaigns/{clock.campaign.id}/details",
        "/account/absences",
        "/account/notices",
    ]


def of_reviews(house: House, seat: str) -> list[str]:
    """The queue, a leaflet that was sent again after a change was asked for and talked about, and its approval."""
    clock = Clockwork(house.scene, (f"parl.{a_thursday(house.scene.now, days_ahead=180)}",), seat)
    leaflet, scene = clock.leaflet(), house.scene
    known: dict[str, Any] = {"now": scene.now, "template": scene.template}
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.seat.id, name="workflow", value=[{"office": "region"}])
    scene.save(leaflet.id, scene.edit("A bus every ten minutes", 0))
    with clock.sessions() as session:
        first = sending.send(session, actor=clock.agent, leaflet_id=leaflet.id, anyway=True, **known)
        first_id = first.id
        seen = {"submission_id": first_id, "content_hash": first.revision.content_hash}
        returning.ask_change(
            session, actor=clock.rita, zone="headline", words="Which?", suggestion="The 14 at ten", **seen, **known
        )
        about = {"now": scene.now, "leaflet_id": leaflet.id}
        comments.make(session, actor=clock.rita, words="A picture?", place=Place(page=1, x_mm=40, y_mm=60), **about)
    scene.save(leaflet.id, scene.edit("The 14 bus every ten minutes", 1))
    with clock.sessions() as session:
        again = sending.send(session, actor=clock.agent, leaflet_id=leaflet.id, anyway=True, **known)
        return ["/approvals", f"/approvals/{again.id}", f"/approvals/{first_id}", f"/leaflets/{leaflet.id}/approval"]


def of_people(house: House, scheme: str) -> list[str]:
    """Who can do what, one person, a question that waits and one that was asked, and the orders of a house."""
    scene = house.scene
    by: dict[str, Any] = {"actor": "a test", "now": scene.now}
    with scene.sessions() as session:
        campaign = session.get_one(Campaign, scene.campaign.id)
        organisation_id, node_id = campaign.organisation_id, campaign.node_id
        asker = people.add_person(session, **by, name=f"Asker in {scheme}", email=f"asker-{scheme}@example.org")
        wish: dict[str, Any] = {"now": scene.now, "campaign_id": campaign.id, "organisation_id": organisation_id}
        access_requests.ask(session, actor=asker, role=Role.HELPER, words="To help.", **wish)
        access_requests.ask(session, actor=scene.agent, role=Role.CANDIDATE, words="I stand myself.", **wish)
        printer = {"role": Role.PRINTER, "printer_id": scene.printer.id, "reason": "prints for us"}
        grants.give(session, **by, **printer, person_id=scene.agent.id, node_id=node_id)
        grants.give(session, **by, role=Role.ADMINISTRATOR, person_id=scene.agent.id, node_id=node_id)
    return [
        f"/campaigns/{scene.campaign.id}/people",
        f"/offices/{node_id}/people",
        f"/people/{scene.agent.id}",
        f"/offices/{node_id}/printers",
        f"/printers/{scene.printer.id}",
        "/access",
        "/press/orders",
    ]


def sticks_out(page: Page) -> list[str]:
    """By how much the page is wider than the screen, at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{over} px stick out at {width} px")
    return found


def violations(page: Page) -> list[str]:
    """What axe finds."""
    report = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in report.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Any, house: House, scheme: str) -> Any:
    """A window in which the agent is signed in; whatever its console complains about fails the test."""
    context = browser.new_context(base_url=house.address, color_scheme=scheme, locale="en-GB")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    house.sign_in(context, "Agnes")
    yield opened
    context.close()
    assert [text for text in complaints if "404" not in text and "401" not in text] == []


def test_axe_finds_nothing_serious_and_nothing_sticks_out(page: Page, house: House, scheme: str) -> None:
    found = {}
    for address in ["/sign-in", *addresses(house, scheme)]:
        page.goto(address)
        if problems := sticks_out(page) + violations(page):
            found[address] = problems
    assert found == {}


def at_a_point(page: Page) -> None:
    """Say something about a point of the page: its comment and its pin stand there then."""
    page.get_by_role("button", name="Comment on a point of the page").click()
    page.locator(".paper").first.click(position={"x": 60, "y": 60})
    page.get_by_label("Your comment on this point").fill("A tree?")
    page.locator("#comment-new").get_by_role("button", name="Comment").click()
    expect(page.locator("#comment-list .said")).to_contain_text("A tree?")


# Row: what is opened in the studio, how, and what is there then.
OPENED: list[tuple[str, Callable[[Page], None], str]] = [
    ("renaming", lambda page: page.get_by_role("button", name="Rename").click(), "#studio-rename"),
    ("example", lambda page: page.locator(".example summary").first.click(), ".example[open]"),
    ("checklist", lambda page: page.locator("#checklist summary").click(), "#checklist details[open]"),
    ("remarks", lambda page: page.locator("#remarks summary").click(), "#remarks details[open]"),
    ("words", lambda page: page.locator('[data-tools="words"] summary').click(), ".menu[open]"),
    ("find", lambda page: page.keyboard.press("Control+h"), ".find:not([hidden])"),
    ("earlier", lambda page: page.get_by_role("button", name="Earlier words of Headline").click(), "dialog[open]"),
    ("comment", lambda page: page.get_by_role("button", name="Comment on Headline").click(), "#zone-headline form"),
    ("point", at_a_point, ".paper .pin"),
    ("shelf", lambda page: page.get_by_role("button", name="From the shelf").first.click(), "dialog.shelf-picker"),
    ("printer", lambda page: page.get_by_text("As the printer sees it").click(), ".paper"),
    ("opening", lambda page: page.get_by_text("In opening order").click(), ".paper"),
    ("doormat", lambda page: page.get_by_text("On the doormat").click(), ".paper"),
]


def test_axe_finds_nothing_serious_in_the_studio_with_everything_open(page: Page, house: House) -> None:
    scene = house.scene
    leaflet = scene.leaflet()
    shelved(house)
    scene.save(leaflet.id, scene.edit("", 0), scene.edit([{"heading": "x" * 80, "body": ""}], 0, zone="points"))
    scene.save(leaflet.id, scene.edit("Meant to be the headline", 0), by=scene.helper)
    page.goto(f"/leaflets/{leaflet.id}")
    expect(page.locator(".paper .ink image").first).to_be_attached(timeout=60_000)
    expect(page.locator(".zone-conflict").filter(has_text="Meant to be").first).to_be_visible()
    found = {"studio": sticks_out(page) + violations(page)}
    for name, open_it, there in OPENED:
        open_it(page)
        expect(page.locator(there).first).to_be_visible()
        found[name] = violations(page)
        page.keyboard.press("Escape")
    page.goto(f"/leaflets/{leaflet.id}/history/compare?from={first_edit(house, leaflet.id)}")
    found["compare"] = sticks_out(page) + violations(page)
    page.goto(f"/leaflets/{leaflet.id}")
    page.context.clear_cookies()
    page.locator("#zone-headline-input").fill("Typed after the sign-in ended")
    expect(page.locator("dialog.sign-in-panel")).to_be_visible()
    found["signed out"] = violations(page)
    assert {name: problems for name, problems in found.items() if problems} == {}


def first_edit(house: House, leaflet_id: int) -> int:
    with house.scene.sessions() as session:
        return int(session.query(ZoneEdit.id).filter_by(leaflet_id=leaflet_id).order_by(ZoneEdit.id).first()[0])
