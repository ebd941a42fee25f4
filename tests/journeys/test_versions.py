"""The history as people use it: undo of yesterday's words, undo without a line, two versions side by side, one back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from barriers import nothing_serious
from house import House
from playwright.sync_api import BrowserContext, Locator, Page, expect

DEFAULT = "Buses that come when they say"

# The step before has ended; and a machine that stalls between two keys ends no step.
AFTER_A_PAUSE = """() => {
    globalThis.realNow ??= Date.now;
    const now = Math.max(realNow(), Date.now()) + 1600;
    Date.now = () => now;
}"""

Opened = Callable[..., BrowserContext]


@pytest.fixture
def leaflet(house: House) -> int:
    return house.scene.leaflet().id


def studio(context: BrowserContext, leaflet_id: int) -> Page:
    page = context.new_page()
    page.goto(f"/leaflets/{leaflet_id}")
    headline(page).wait_for()
    return page


def headline(page: Page) -> Locator:
    return page.locator("#zone-headline-input")


def retype(page: Page, words: str) -> None:
    """Write over the headline, as a step of its own."""
    headline(page).focus()
    page.evaluate(AFTER_A_PAUSE)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(words)
    expect(headline(page)).to_have_value(words)


def until_saved(page: Page) -> None:
    expect(page.locator("#studio-status .save")).to_contain_text("Saved")


def test_steps_are_undone_and_redone_across_sessions_and_without_a_line(context_of: Opened, leaflet: int) -> None:
    context = context_of()
    page = studio(context, leaflet)
    retype(page, "Better buses")
    retype(page, "Better buses for Harbour")
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(undo).to_have_accessible_description("Undo typing in Headline")
    until_saved(page)
    page.close()

    page = studio(context, leaflet)
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(undo).to_have_accessible_description("Undo typing in Headline")
    undo.click()
    expect(headline(page)).to_have_value("Better buses")
    expect(headline(page)).to_be_focused()
    page.keyboard.press("ControlOrMeta+Z")
    expect(headline(page)).to_have_value(DEFAULT)
    expect(undo).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("ControlOrMeta+Shift+Z")
    expect(headline(page)).to_have_value("Better buses")
    expect(redo).to_have_accessible_description("Redo typing in Headline")
    until_saved(page)

    context.set_offline(True)
    page.locator("body").click(position={"x": 2, "y": 2})
    page.keyboard.press("ControlOrMeta+Y")  # away from any field
    expect(headline(page)).to_have_value("Better buses for Harbour")
    retype(page, "Written on a train")
    page.keyboard.press("ControlOrMeta+Z")
    expect(headline(page)).to_have_value("Better buses for Harbour")
    context.set_offline(False)
    until_saved(page)
    page.reload()
    expect(headline(page)).to_have_value("Better buses for Harbour")
    expect(redo).to_have_accessible_description("Redo typing in Headline")
    redo.click()
    expect(headline(page)).to_have_value("Written on a train")


def test_words_of_somebody_else_are_never_undone_and_ones_own_are_found_again(context_of: Opened, leaflet: int) -> None:
    agnes, henry = studio(context_of("Agnes"), leaflet), studio(context_of("Henry"), leaflet)
    retype(agnes, "Words of Agnes")
    expect(headline(henry)).to_have_value("Words of Agnes")
    retype(henry, "Words of Henry")
    expect(headline(agnes)).to_have_value("Words of Henry")
    until_saved(agnes)
    agnes.get_by_role("button", name="Undo").click()
    expect(agnes.get_by_text("Henry has changed “Headline” since")).to_be_visible()
    expect(headline(agnes)).to_have_value("Words of Henry")
    nothing_serious(agnes)
    agnes.get_by_role("button", name="Earlier words of this zone").click()
    dialog = agnes.get_by_role("dialog", name="Earlier words of Headline")
    expect(dialog.get_by_text("This is what it holds now.")).to_be_visible()
    nothing_serious(agnes)
    dialog.get_by_role("listitem").filter(has_text="Words of").nth(1).get_by_role(
        "button", name="Take this back"
    ).click()
    expect(headline(agnes)).to_have_value("Words of Agnes")
    expect(headline(henry)).to_have_value("Words of Agnes")
    agnes.keyboard.press("ControlOrMeta+Z")
    expect(headline(agnes)).to_have_value("Words of Henry")


def test_versions_are_compared_named_and_brought_back_before_open_eyes(context_of: Opened, leaflet: int) -> None:
    context = context_of()
    page = studio(context, leaflet)
    retype(page, "Better buses")
    until_saved(page)
    watching = studio(context_of("Henry"), leaflet)
    expect(headline(watching)).to_have_value("Better buses")

    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Started with the words of the template")).to_be_visible()
    expect(page.locator("#content .version-picture img").first).to_be_visible()
    nothing_serious(page)
    newest = page.locator(".version").first
    newest.get_by_text("Name it").click()
    expect(newest.get_by_label("Name of this version")).to_be_focused()
    page.keyboard.press("Escape")
    expect(newest.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(newest.get_by_label("Name of this version")).to_be_focused()
    page.keyboard.type("The bus draft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The bus draft")).to_be_visible()
    expect(newest).to_be_focused()

    page.get_by_role("link", name="What changed in The bus draft").click()
    expect(page.locator(".changed-zone ins")).to_contain_text("Better buses")
    expect(page.locator(".changed-zone del", has_text="that come when they say")).to_be_visible()
    expect(page.locator(".version-picture img")).to_have_count(4)
    nothing_serious(page)
    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.locator(".changed-zone").get_by_text("After: The bus draft")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Bring this version back").click()
    expect(page.get_by_text("1 zone changed")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(headline(watching)).to_have_value(DEFAULT)

    newest.locator(".version-picture").scroll_into_view_if_needed()
    expect(newest.locator(".version-picture img").first).to_be_visible()  # it moves what stands beneath it as it comes
    page.get_by_role("link", name=re.compile("Compare with another.*The bus draft")).click()
    page.get_by_role("link", name="Compare with this").first.click()
    expect(page.get_by_role("heading", name="As it is now")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Leave it").click()
    page.get_by_role("button", name=re.compile("Bring it back.*The bus draft")).click()
    expect(headline(watching)).to_have_value("Better buses")
