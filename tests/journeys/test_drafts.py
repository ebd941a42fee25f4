"""Words on the device: a line that is down, a tab that is closed, a window without storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from house import House
from playwright.sync_api import BrowserContext, Page, expect

SLOW_MS = 60_000


@pytest.fixture(scope="module")
def cookies(browser: Any, house: House) -> Any:
    """What a browser keeps in which Agnes is signed in; once for all, since the door counts who comes in a minute."""
    context = browser.new_context(base_url=house.address)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="Agnes").click()
    page.get_by_role("heading", name="Your leaflets").wait_for()
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def open_leaflet(browser: Any, house: House, cookies: Any) -> Iterator[Callable[..., Page]]:
    """A page with a new leaflet on it, in a browser of its own."""
    expect.set_options(timeout=SLOW_MS)
    opened: list[BrowserContext] = []

    def make(before: str = "") -> Page:
        context: BrowserContext = browser.new_context(base_url=house.address, locale="en-GB", storage_state=cookies)
        context.set_default_timeout(SLOW_MS)
        opened.append(context)
        if before:
            context.add_init_script(before)
        return opened_at(context.new_page(), f"/leaflets/{house.scene.leaflet().id}")

    yield make
    for context in opened:
        context.close()


def opened_at(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_load_state()
    return page


def another_tab(page: Page, address: str) -> Page:
    """As when a telephone has thrown the tab away."""
    fresh = page.context.new_page()
    page.close()
    return opened_at(fresh, address)


@pytest.mark.timeout(240)
def test_words_typed_while_the_line_is_down_come_back_when_they_are_wanted(open_leaflet: Callable[..., Page]) -> None:
    page = open_leaflet()
    address = page.url
    page.get_by_label("Headline", exact=True).fill("Typed in the tunnel")
    points = page.locator("#zone-points")
    points.get_by_label("Heading").nth(0).fill("First")
    points.get_by_label("Heading").nth(1).fill("Second")
    points.get_by_role("button", name="Add another").click()
    points.get_by_label("Heading").nth(2).fill("Third")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You are offline. Your words are on this device")).to_be_visible()
    expect(page.get_by_label("Headline", exact=True)).to_have_value("Typed in the tunnel")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline")).to_be_hidden()
    page = another_tab(page, address)
    headline = page.get_by_label("Headline", exact=True)
    expect(headline).not_to_have_value("Typed in the tunnel")  # nothing is put back by itself
    page.locator(".bar").get_by_role("link", name="words that were never saved").click()
    assert page.evaluate("() => document.activeElement.matches('#zone-headline .draft')")
    for zone in ("headline", "points"):
        page.locator(f"#zone-{zone}").get_by_role("button", name="Put them back").click()
    expect(headline).to_have_value("Typed in the tunnel")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    headings = points_of(page)
    assert headings == ["First", "Second", "Third"]
    page = another_tab(page, address)
    expect(page.get_by_label("Headline", exact=True)).to_have_value("Typed in the tunnel")
    expect(page.locator(".draft")).to_have_count(0)


def points_of(page: Page) -> list[str]:
    fields = page.locator("#zone-points").get_by_label("Heading")
    return list(fields.evaluate_all("fields => fields.map(field => field.value)"))


@pytest.mark.timeout(240)
def test_words_of_a_closed_tab_can_be_dropped_or_meet_what_others_wrote_since(
    open_leaflet: Callable[..., Page], house: House
) -> None:
    page = open_leaflet()
    address, leaflet_id = page.url, int(page.url.rpartition("/")[2])
    page.get_by_label("Headline", exact=True).fill("Mine, on the train")
    page.get_by_label("Story").fill("Dropped in a moment")
    house.scene.save(leaflet_id, house.scene.edit("Henry's, at his desk", 0), by=house.scene.helper)
    page = another_tab(page, address)
    page.locator("#zone-story").get_by_role("button", name="Drop them").click()
    page.locator("#zone-headline").get_by_role("button", name="Put them back").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Two people changed this")).to_be_visible()
    assert house.scene.texts(leaflet_id)["headline"] == "Henry's, at his desk"
    page.locator(".bar").get_by_role("link", name="choose between two texts").click()
    assert page.evaluate("() => document.activeElement.id") == "conflict-headline"
    page.get_by_role("button", name="Use this one instead").click()
    expect(page.get_by_text("Chosen: this text of “Headline”")).to_be_in_viewport()
    expect(page.get_by_label("Headline", exact=True)).to_have_value("Mine, on the train")
    expect(page.locator(".draft")).to_have_count(0)


@pytest.mark.timeout(240)
def test_a_window_without_storage_writes_and_saves_all_the_same(open_leaflet: Callable[..., Page]) -> None:
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    page = open_leaflet(before=refuse)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.get_by_label("Headline", exact=True).fill("In private")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("only on this page: leave it open")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    expect(page.get_by_label("Headline", exact=True)).to_have_value("In private")
    assert not broken
