"""A candidate, a regional approver and the nation's, in three browsers at once; and an office that clears its queue."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clockwork import Clockwork, a_thursday
from house import House
from playwright.sync_api import Page, expect
from polling import until

from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import Where
from leaflets.services.organisation import settings
from leaflets.services.review import approved, sending
from leaflets.services.roles import grants, people
from leaflets.storage.leaflet import Leaflet

ASKS = [{"office": "region", "zones": "all"}, {"office": "nation", "zones": "topics", "topics": ["health", "buses"]}]


@pytest.fixture
def open_as(browser: Any, house: House) -> Iterator[Callable[..., Page]]:
    """A browser of its own in which somebody is signed in."""
    contexts = []

    def opened(name: str, **how: Any) -> Page:
        how = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **how}
        contexts.append(browser.new_context(base_url=house.address, **how))
        house.sign_in(contexts[-1], name)
        page: Page = contexts[-1].new_page()
        return page

    yield opened
    for context in contexts:
        context.close()


def a_seat(house: House, seat: str) -> Clockwork:
    """A seat whose office and nation ask to see its words; no other journey's seat is asked."""
    clock = Clockwork(house.scene, (f"parl.{a_thursday(house.scene.now, days_ahead=180)}",), seat)
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.seat.id, name="workflow", value=ASKS)
        cara = people.person_by_email(session, "cara@example.org") or people.add_person(
            session, **clock.by, name="Cara", email="cara@example.org"
        )
        campaign_id = clock.campaign.id
        grants.give(session, **clock.by, campaign_id=campaign_id, person_id=cara.id, role=Role.CANDIDATE)
    return clock


def write(page: Page, zone: str, words: str) -> None:
    page.locator(f"#zone-{zone}-input").fill(words)
    until(page, "() => document.querySelector('.save-state, #studio-status')?.textContent.includes('Saved')")


def send(page: Page) -> None:
    """Send it, with steps of the checklist open where there are some."""
    page.locator('#approval [data-does="send"]').click()
    anyway = page.get_by_role("button", name="Send it anyway")
    sent = page.locator("#studio-approval").get_by_text(re.compile("Sent to|Approved"))
    expect(anyway.or_(sent).first).to_be_visible()
    if anyway.is_visible():
        anyway.click()
    expect(sent).to_be_visible()


def where(house: House, leaflet: Leaflet) -> Where:
    with house.scene.sessions() as session:
        return approved.standing(session, target=session.get_one(Leaflet, leaflet.id)).where


def open_from_queue(page: Page, seat: str) -> None:
    page.goto("/approvals")
    page.locator(".waits", has_text=seat).first.click()


def test_words_go_from_the_candidate_through_region_and_nation_to_the_press(
    house: House, open_as: Callable[..., Page], photograph: Path
) -> None:
    clock = a_seat(house, "Ferry Point")
    leaflet = clock.leaflet()
    studio, rita, nat = open_as("Cara"), open_as("Rita"), open_as("Nat")
    studio.goto(f"/leaflets/{leaflet.id}")
    write(studio, "headline", "A doctor for everybody by Monday")
    write(studio, "second", "The market stays open at night")
    send(studio)
    expect(studio.locator("#studio-approval")).to_contain_text("Sent to the South office; they answer by")

    # The region sees the two places that are new, lit on the page, and asks for a change with the words that would do.
    open_from_queue(rita, "Ferry Point")
    expect(rita.locator(".decide")).to_have_count(2)
    expect(rita.locator(".lit-page .lit").first).to_be_attached()
    rita.locator("#zone-headline").get_by_text("Ask for a change").click()
    rita.locator("#headline-suggest").fill("A doctor within a week")
    rita.locator("#headline-words").fill("We can keep that one.")
    rita.get_by_role("button", name="Ask for this change").first.click()
    expect(rita.get_by_text("Asked for a change in")).to_be_visible()
    rita.get_by_role("button", name=re.compile("Pass this.*Second headline")).click()
    expect(rita.get_by_text("Passed in")).to_be_visible()
    assert where(house, leaflet) is Where.RETURNED

    # The candidate hears of it where they are, and takes the words with one click; undo would take them out again.
    expect(studio.get_by_text("We can keep that one.", exact=True)).to_be_visible()
    expect(studio.locator("#zone-second .zone-standing")).to_contain_text("Passed by Rita")
    asked = studio.get_by_role("region", name="What the office asks for")
    expect(asked).to_contain_text("Rita asks for a change in Headline")
    asked.get_by_role("button", name="Take these words").click()
    expect(asked).to_contain_text("Headline is changed.")
    expect(studio.locator("#zone-headline-input")).to_have_value("A doctor within a week")
    expect(studio.locator("#approval")).to_contain_text("You have changed what was asked for")
    send(studio)

    # What the region suggested needs no second look there: the nation answers for health, and for nothing else of it.
    expect(studio.locator("#studio-approval")).to_contain_text("Sent to the England office")
    open_from_queue(nat, "Ferry Point")
    expect(nat.locator(".decide")).to_have_count(1)
    expect(nat.locator(".decide")).to_contain_text("Health")
    nat.get_by_role("button", name="Pass", exact=True).click()
    expect(nat.get_by_text("Passed in")).to_be_visible()
    expect(studio.locator("#studio-approval")).to_contain_text("Approved")

    # The agent orders exactly that.
    agent = open_as("Agnes")
    agent.goto(f"/leaflets/{leaflet.id}/order")
    agent.get_by_label("How many").fill("500")
    agent.get_by_role("button", name=re.compile("Order")).first.click()
    expect(agent.get_by_role("link", name=re.compile("Download"))).to_be_visible(timeout=90_000)

    # Another photo reopens nothing.
    studio.locator("#zone-portrait input[type=file]").set_input_files(photograph)
    studio.locator("#zone-portrait").get_by_label("What it shows").fill("Cara by the ferry")
    expect(studio.locator("#approval")).to_contain_text("Nobody has to look at anything")
    send(studio)
    expect(studio.locator("#studio-approval")).to_contain_text("Approved")

    # Another headline reopens the headline, and says so at once.
    write(studio, "headline", "A doctor within a day")
    expect(studio.locator("#approval")).to_contain_text("The office looks at 1 place: Headline")
    send(studio)
    open_from_queue(rita, "Ferry Point")
    expect(rita.locator(".decide")).to_have_count(1)
    expect(rita.locator(".decide del")).to_contain_text("week")
    expect(rita.locator(".decide ins")).to_contain_text("day")


def test_what_changed_a_second_ago_is_not_passed_and_nothing_typed_is_lost(
    house: House, open_as: Callable[..., Page]
) -> None:
    clock = a_seat(house, "Gull Rock")
    leaflet = clock.leaflet()
    studio, rita = open_as("Cara"), open_as("Rita", viewport={"width": 360, "height": 740}, has_touch=True)
    studio.goto(f"/leaflets/{leaflet.id}")
    write(studio, "headline", "Lower rents by spring")
    send(studio)
    open_from_queue(rita, "Gull Rock")
    write(studio, "headline", "Free rents by spring")
    expect(studio.locator("#approval")).to_contain_text("needs sending again")
    send(studio)

    rita.get_by_text("Send back").click()
    rita.get_by_label("What is wrong with it as a whole?").fill("Ask the housing group first.")
    rita.get_by_role("button", name="Send it back").click()
    expect(rita.get_by_role("alert")).to_contain_text("sent newer words")
    expect(rita.get_by_role("alert")).to_contain_text("Headline changed")
    expect(rita.get_by_role("alert").locator("ins")).to_contain_text("Free")
    expect(rita.get_by_label("What is wrong with it as a whole?")).to_have_value("Ask the housing group first.")
    assert where(house, leaflet) is Where.WAITING
    rita.get_by_role("button", name="Send it back").click()
    expect(rita.get_by_text("Sent back:")).to_be_visible()
    expect(studio.locator("#approval")).to_contain_text("Ask the housing group first.")


def test_of_two_reviewers_at_once_the_second_hears_what_the_first_did(
    house: House, open_as: Callable[..., Page]
) -> None:
    clock = a_seat(house, "Heron Mere")
    leaflet = clock.leaflet()
    house.scene.save(leaflet.id, house.scene.edit("A market that opens at night", 0))
    send_from_scene(clock, leaflet)
    rita, olga = open_as("Rita", java_script_enabled=False), open_as("Olga", java_script_enabled=False)
    open_from_queue(rita, "Heron Mere")
    address = rita.url
    olga.goto(address)
    rita.get_by_role("button", name=re.compile("^Pass")).last.click()
    expect(rita.get_by_text("Passed in")).to_be_visible()
    olga.get_by_role("button", name=re.compile("^Pass")).last.click()
    expect(olga.get_by_role("alert")).to_contain_text("Nothing was decided")


def send_from_scene(clock: Clockwork, leaflet: Leaflet) -> None:
    with clock.sessions() as session:
        sending.send(
            session,
            actor=clock.agent,
            now=clock.scene.now,
            leaflet_id=leaflet.id,
            template=clock.scene.template,
            anyway=True,
        )


def test_an_office_clears_a_hundred_leaflets_with_one_click_for_each_that_needs_somebody(
    house: House, open_as: Callable[..., Page], record_property: Callable[[str, object], None]
) -> None:
    clock = a_seat(house, "Ibis Marsh")
    mine = [clock.leaflet() for _ in range(100)]
    for number, leaflet in enumerate(mine[:20]):
        house.scene.save(leaflet.id, house.scene.edit(f"Promise number {number} for Ibis Marsh", 0))
    for leaflet in mine:
        send_from_scene(clock, leaflet)
    waiting = [leaflet for leaflet in mine if where(house, leaflet) is Where.WAITING]
    assert len(waiting) == 20  # for the other eighty, nobody had to do anything

    rita = open_as("Rita")
    rita.goto("/approvals?find=Ibis+Marsh")
    expect(rita.locator(".waits")).to_have_count(20)
    began, clicks = time.monotonic(), 0
    with rita.expect_navigation():
        rita.locator(".waits").first.click()
    clicks += 1
    for _ in range(200):
        if "Ibis Marsh" in rita.locator("h1").inner_text():
            way = rita.locator("#pass-all")
        elif rita.locator(".next-link").count():
            way = rita.locator(".next-link")  # another journey's
            clicks -= 1
        else:
            break
        with rita.expect_navigation():
            way.click()
        clicks += 1
        if all(where(house, leaflet) is Where.APPROVED for leaflet in waiting):
            break
    seconds = time.monotonic() - began
    record_property("clicks", clicks)
    record_property("seconds", round(seconds, 1))
    print(f"100 leaflets, 20 of which need somebody: {clicks} clicks, {seconds:.1f} s")
    assert all(where(house, leaflet) is Where.APPROVED for leaflet in mine)
    assert clicks <= 2 * len(waiting)
