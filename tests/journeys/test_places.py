"""One leaflet for several villages, as people make it; and words that the template has no zone for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from barriers import nothing_serious
from house import House
from playwright.sync_api import Page, expect


@pytest.fixture
def page(browser: Any, house: House) -> Iterator[Page]:
    context = browser.new_context(base_url=house.address, locale="en-GB")
    opened = context.new_page()
    house.sign_in(context, "Agnes")
    yield opened
    context.close()


def _seen(page: Page, name: str) -> None:
    """Screenshots for whoever wants to look: LEAFLETS_SHOTS names a folder."""
    if folder := os.environ.get("LEAFLETS_SHOTS"):
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})


def test_one_leaflet_becomes_one_for_three_villages_and_what_they_share_is_edited_once(
    page: Page, house: House
) -> None:
    leaflet = house.scene.leaflet().id
    house.scene.save(leaflet, house.scene.edit("Onwards", 0, zone="motto"))  # no zone of the card
    page.goto(f"/leaflets/{leaflet}")
    kept = page.get_by_role("region", name="Motto")
    expect(kept).to_contain_text("Onwards")
    kept.get_by_role("combobox").select_option(label="Headline")
    kept.get_by_role("button", name="Put it there").click()
    expect(page.locator("#zone-headline-input")).to_have_value("Buses that come when they say Onwards")
    expect(page.locator("#studio-status .save")).to_contain_text("Saved")
    page.get_by_role("link", name="Duplicate it, or make it for several places").click()
    page.get_by_label("Which places?").fill("Ashby\n• Bexley\n")
    page.get_by_role("button", name="Add these places").click()
    expect(page.get_by_role("heading", name="One leaflet for 3 places")).to_be_visible()
    nothing_serious(page)
    _seen(page, "copies")
    page.get_by_role("link", name="Ashby", exact=True).click()
    expect(page.locator("#zone-headline .whose")).to_have_text("Shared: changes all 3")
    expect(page.locator("#zone-second .whose")).to_have_text("Only Ashby")
    page.locator("#zone-headline-input").fill("Better buses")
    page.locator("#zone-second-input").fill("Ashby’s own surgery")
    expect(page.locator("#studio-status .save")).to_contain_text("Saved")
    page.locator('#stage [data-zone="headline"]').first.wait_for()  # the proof is there
    places = page.locator(".places")
    places.locator("summary").click()
    nothing_serious(page)
    _seen(page, "places")
    places.get_by_role("link", name="Bexley").click()
    expect(page.locator("#zone-headline-input")).to_have_value("Better buses")
    expect(page.locator("#zone-second-input")).to_have_value("A surgery you can reach")
