"""The next thing to do is one line, one click leads to its place, and help stands where the hand is."""

from __future__ import annotations

from typing import Any

import pytest
from house import House
from playwright.sync_api import Page, expect


@pytest.fixture
def page(browser: Any, house: House) -> Any:
    context = browser.new_context(base_url=house.address, viewport={"width": 1280, "height": 900}, locale="en-GB")
    opened = context.new_page()
    house.sign_in(context, "Agnes")
    yield opened
    context.close()


def test_the_next_thing_leads_to_its_place_and_the_templates_words_are_kept_or_brought_back(
    page: Page, house: House
) -> None:
    leaflet = house.scene.leaflet()
    page.goto(f"/leaflets/{leaflet.id}")
    step = page.locator("#checklist .next")
    expect(step).to_contain_text("Say 4 places in your own words: begin with “Story”.")
    page.get_by_role("button", name="Take me there").click()
    story = page.locator("#zone-story")
    expect(story.locator("[contenteditable]")).to_be_focused()
    story.get_by_text("An example").click()
    expect(story.locator("blockquote")).to_contain_text("For example:")
    story.get_by_role("button", name="They are right as they are").click()
    expect(step).to_contain_text("Say 3 places in your own words")
    headline = page.locator("#zone-headline")
    headline.get_by_role("textbox").fill("")
    expect(step).to_contain_text("“Headline” still needs something.")
    headline.get_by_role("button", name="Begin with the template’s words").click()
    expect(headline.get_by_role("textbox")).to_have_value("Buses that come when they say")
    expect(step).to_contain_text("Say 3 places in your own words")
    page.locator("#checklist summary").click()
    expect(page.locator("#checklist .steps > li")).to_have_count(8)
    page.get_by_role("button", name="Points: still the template’s words.").click()
    expect(page.locator("#zone-points")).to_be_in_viewport()
