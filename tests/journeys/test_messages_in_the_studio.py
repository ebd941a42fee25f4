"""Approved words: found at their place, put in with one press, corrected by their office while they stand there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from clockwork import Clockwork, a_thursday
from house import LIBRARY, House
from playwright.sync_api import Page, expect

from leaflets.catalogue import load_library
from leaflets.services.message import message_ends, message_making
from leaflets.services.message.message_making import Draft
from leaflets.storage.message import Message

BUS = "We will bring the bus back to {place}"
HERE = "#zone-headline > .zone-messages"


def office(house: House, seat: str) -> Clockwork:
    day = a_thursday(house.scene.now, days_ahead=120)
    return Clockwork(house.scene, election_ids=(f"parl.{day}",), seat_name=seat)


def make(clock: Clockwork, words: Any, kind: str = "headline") -> Message:
    with clock.sessions() as session:
        draft = Draft(kind, words, why="People wait for it.", source="Our survey, 2026")
        return message_making.make(session, actor=clock.rita, now=clock.scene.now, node_id=clock.region.id, draft=draft)


def sound(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert across <= 0


def test_approved_words_are_put_in_corrected_and_taken_back(house: House, context_of: Callable[..., Any]) -> None:
    clock = office(house, "Ferrybank")
    made = make(clock, BUS)
    leaflet = clock.leaflet()
    page = context_of("Agnes").new_page()
    page.goto(f"/leaflets/{leaflet.id}")
    before = page.locator("#zone-headline-input").input_value()

    page.get_by_role("button", name="Approved words for Headline", exact=True).click()
    offer = page.get_by_role("dialog").locator("li", has_text="bus back to Ferrybank")
    expect(offer).to_contain_text("People wait for it.")
    sound(page)
    offer.get_by_role("button", name="Use these words").click()
    expect(page.locator("#zone-headline-input")).to_have_value("We will bring the bus back to Ferrybank")
    expect(page.locator(HERE)).to_contain_text("✓ Approved words")

    with clock.sessions() as session:
        message_ends.correct(
            session,
            actor=clock.rita,
            now=datetime.now(UTC),
            message_id=made.id,
            language="en-GB",
            words="We will bring every bus back to {place}",
            because="It is more than one bus.",
            version=1,
            templates=load_library(LIBRARY).template,
        )
    expect(page.locator(HERE)).to_contain_text("It is more than one bus.")
    expect(page.locator("#zone-headline-input")).to_have_value("We will bring the bus back to Ferrybank")
    sound(page)
    page.get_by_role("button", name="Use the new words").click()
    expect(page.locator("#zone-headline-input")).to_have_value("We will bring every bus back to Ferrybank")
    expect(page.locator(HERE)).to_contain_text("✓ Approved words")

    page.locator("#zone-headline-input").press_sequentially("!")
    expect(page.locator(HERE)).to_contain_text("Changed")
    undo = page.get_by_role("button", name="Undo", exact=True)
    for _ in range(3):
        undo.click()
    expect(page.locator("#zone-headline-input")).to_have_value(before)


def test_a_pledge_takes_the_place_that_somebody_chooses(house: House, context_of: Callable[..., Any]) -> None:
    clock = office(house, "Millbrook")
    make(clock, {"heading": "Keep {place} library open", "body": "On Saturdays too."}, "pledge")
    page = context_of("Agnes").new_page()
    page.goto(f"/leaflets/{clock.leaflet().id}")

    page.get_by_role("button", name="Approved words for Points", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Put it").select_option(label="as one more")
    dialog.get_by_role("button", name="Use these words").click()

    expect(page.locator("#zone-points textarea, #zone-points input[type=text]").nth(2)).to_have_value(
        "Keep Millbrook library open"
    )
    expect(page.locator("#zone-points > .zone-messages")).to_contain_text("1 of 2 are approved words")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_library_of_messages_is_sound_on_a_small_screen(
    house: House, context_of: Callable[..., Any], scheme: str
) -> None:
    clock = office(house, f"Quayside {scheme}")
    made = make(clock, f"A word of {scheme} for {{candidate}} in {{area_short}}")
    small = {"width": 320, "height": 700}
    page = context_of("Rita", color_scheme=scheme, viewport=small).new_page()
    for path in ("/messages", f"/messages/{made.id}", "/messages/new?kind=quote", f"/messages/{made.id}/words/en-GB"):
        page.goto(path)
        sound(page)
