"""The stage of the studio: the pages as the press makes them, and the ways between a page and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from house import House
from playwright.sync_api import Locator, Page, expect
from polling import until

from leaflets.domain.press.geometry import FORMATS

ACTIVE_ZONE = "() => document.activeElement.closest('.zone')?.dataset.zone ?? ''"
# A quick press has set the words before a slow test looks: that they were waited for is noted when it is so.
NOTE_WHAT_IS_SET = """() => {
    globalThis.wasSetting = new Set();
    const note = () => {
        for (const { dataset } of document.querySelectorAll("#stage .place.setting")) wasSetting.add(dataset.zone);
    };
    new MutationObserver(note).observe(document.querySelector("#stage"), { subtree: true, attributeFilter: ["class"] });
}"""


@pytest.fixture
def studio(browser: Any, house: House) -> Iterator[Any]:
    """Opens a leaflet for somebody: `studio(leaflet_id, "Agnes", width=360)`."""
    opened = []

    def open_(leaflet_id: int, person: str = "Agnes", *, width: int = 1440, height: int = 900, **more: Any) -> Page:
        context = browser.new_context(
            base_url=house.address,
            viewport={"width": width, "height": height},
            locale="en-GB",
            **more,
        )
        house.sign_in(context, person)
        opened.append(context)
        page: Page = context.new_page()
        page.goto(f"/leaflets/{leaflet_id}")
        return page

    yield open_
    for context in opened:
        context.close()


def place(page: Page, zone: str) -> Locator:
    return page.locator(f'#stage .place[data-zone="{zone}"]').first


def view(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check(force=True)
    expect(page.locator(".view")).to_be_visible()


def pictures(page: Page) -> list[str]:
    """What is drawn on the stage, by the address of each picture."""
    hrefs: list[str] = page.locator("#stage image").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return hrefs


def test_a_page_leads_to_its_field_and_a_field_to_its_page(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id)
    expect(page.locator("#stage .panel-name").first).to_have_text("Front")  # until the first proof, which it asks for
    place(page, "headline").click()
    assert page.evaluate(ACTIVE_ZONE) == "headline"
    expect(place(page, "headline")).to_have_class(re.compile("lit"))
    page.get_by_label("Second headline").focus()
    expect(place(page, "second")).to_have_class(re.compile("lit"))
    expect(place(page, "headline")).not_to_have_class(re.compile("lit"))
    expect(place(page, "second")).to_be_in_viewport()


def test_the_places_are_one_tab_stop_and_arrows_walk_through_them(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id)
    expect(place(page, "headline")).to_be_visible()
    stops = page.locator('#stage .place[tabindex="0"]')
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("Home")
    first = page.evaluate("document.activeElement.dataset.zone")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.zone") != first
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert page.evaluate(ACTIVE_ZONE) == first


def test_only_a_page_whose_words_changed_is_drawn_again(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id)
    expect(page.locator("#stage image")).to_have_count(2)
    front, back = pictures(page)
    page.locator("#stage image").evaluate_all("all => all.forEach(one => (one.dataset.kept = 'yes'))")
    page.evaluate(NOTE_WHAT_IS_SET)
    page.get_by_label("Headline", exact=True).fill("Trams that come when they say")
    expect(page.locator('#stage image[data-kept="yes"]')).to_have_count(1)
    assert pictures(page)[1] == back
    assert pictures(page)[0] != front
    assert page.evaluate("[...wasSetting]") == ["headline"]
    expect(place(page, "headline")).not_to_have_class(re.compile("setting"))


def test_every_view_shows_the_leaflet_and_the_printers_sheet_has_its_bleed(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id)
    expect(page.locator("#stage image")).to_have_count(2)
    view(page, "In opening order")
    expect(page.locator("#stage figcaption")).to_have_text([re.compile("1Front"), re.compile("2Back")])
    view(page, "Turn over")
    page.get_by_role("button", name="Turn over").click()
    expect(page.get_by_text("Turned over.")).to_be_visible()
    view(page, "On the doormat")
    page.get_by_role("button", name="Look for three seconds").click()
    expect(page.get_by_text("Who was it, and what did they promise?")).to_be_visible()
    expect(page.locator(".doormat .paper")).to_have_count(0)
    page.get_by_role("button", name="Lay it down again").click()
    expect(page.locator(".doormat .paper")).to_be_visible()
    view(page, "As the printer sees it")
    expect(page.locator('#stage image[x="-3"]')).to_have_count(2)  # the press's own bleed
    expect(page.locator(".crop-marks line").first).to_be_attached()
    page.get_by_text("Lines", exact=True).click()
    page.get_by_role("checkbox", name="Bleed").uncheck()
    expect(page.locator("#stage .lines .line-bleed").first).to_be_hidden()
    expect(page.locator("#stage .lines .line-trim").first).to_be_visible()


UNFOLDED = """async format => {
    const folds = await import(document.querySelector('link[href*="folds.js"]').href);
    const name = box => box.key ?? `side ${box.side}`;
    const said = leaf => `${name(leaf.box)} at ${leaf.at_mm}`;
    return folds.unfolding(format).map(step => step.leaves.map(said).join(", "));
}"""


def test_each_fold_opens_as_the_paper_does(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id)
    steps = {key: page.evaluate(UNFOLDED, asdict(FORMATS[key])) for key in FORMATS}
    assert steps["a5"] == ["side 0 at 0", "side 1 at 0"]
    assert steps["a4-to-a5"] == ["cover at 148.5", "inside-right at 148.5, inside-left at 0", "back at 0"]
    # 3 mm of the middle show beside the flap, which is narrower, so that it does not buckle
    assert steps["a4-to-dl"] == [
        "cover at 100",
        "inside-middle at 100, flap at 103, inside-left at 0",
        "inside-left at 0, inside-middle at 100, inside-right at 200",
        "back at 100",
    ]
    assert steps["a4-to-dl-z"] == [
        "cover at 99",
        "inside-middle at 99, inside-left at 0",
        "inside-left at 0, inside-middle at 99, inside-right at 198",
        "side 0 at 0",
    ]


def test_pages_are_as_large_as_somebody_wants_them(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id, device_scale_factor=2)
    expect(page.locator("#stage image")).to_have_count(2)
    expect(page.locator("#stage .paper").first).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Full width").click()
    until(page, "document.querySelector('#stage .paper').getBoundingClientRect().height > 900")
    place(page, "headline").focus()
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="Whole side")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("+")
    expect(page.get_by_role("button", name="Whole side")).to_have_attribute("aria-pressed", "false")
    # A screen that shows more than the quick proof has is given a sharper one.
    until(page, "studio.state.proof?.shown?.look === 'sharp'")


def test_remarks_stand_once_and_lead_to_their_place(studio: Any, house: House) -> None:
    scene = house.scene
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("word " * 60, 0), scene.edit("", 0, zone="second"))
    page = studio(leaflet.id)
    expect(page.locator("#remarks summary")).to_contain_text("to put right")
    expect(page.locator("#zone-second .zone-problems")).to_contain_text("Nothing here yet")
    expect(page.locator("#zone-headline .zone-room")).to_contain_text("too many for the space")
    expect(page.locator("#remarks")).to_contain_text("too long: about")  # the press has measured: nobody guesses
    expect(page.locator("#remarks")).not_to_contain_text("the design expects")
    expect(page.locator("#zone-headline .zone-problems")).to_be_empty()
    page.locator("#remarks summary").click()
    page.locator("#remarks").get_by_role("button", name=re.compile("^Second headline")).click()
    assert page.evaluate(ACTIVE_ZONE) == "second"
    expect(page.locator("#zone-second")).to_be_in_viewport()


def test_a_leaflet_is_renamed_where_its_name_stands(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id)
    page.get_by_role("button", name="Rename").click()
    name = page.get_by_label("Name of the leaflet")
    name.fill("  ")
    name.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="needs a name")).to_be_visible()
    name.fill("Harbour, spring")
    name.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour, spring")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour, spring")


def test_whoever_may_not_order_is_told_whom_to_ask(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id, "Henry")
    expect(page.get_by_text("Ask Agnes to order the PDF.")).to_be_visible()
    expect(page.get_by_role("link", name="Order the PDF")).to_have_count(0)


def test_on_a_phone_a_field_shows_its_place_and_the_way_there_and_back(studio: Any, house: House) -> None:
    page = studio(house.scene.leaflet().id, width=320, height=640, has_touch=True)
    expect(place(page, "headline")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_label("Second headline").focus()
    glance = page.get_by_role("button", name="Second headline: see it on the page")
    expect(glance).to_be_in_viewport()
    expect(page.locator("#studio-deadline")).to_be_in_viewport()
    expect(page.locator("#studio-status")).to_be_in_viewport()
    glance.click(delay=100)  # as long as a finger is on it
    expect(place(page, "second")).to_be_in_viewport()
    page.get_by_role("button", name="Back to the words").click()
    assert page.evaluate(ACTIVE_ZONE) == "second"
    # Where the page itself shows the place, nothing lies over it.
    expect(glance).to_be_visible()
    place(page, "second").evaluate("shown => shown.scrollIntoView({block: 'center'})")
    expect(glance).to_be_hidden()
    # The tools keep their one row, whatever the view has for them.
    heights = []
    for name in ("Sides", "On the doormat", "As the printer sees it"):
        view(page, name)
        tools = page.locator("#studio-tools").bounding_box()
        assert tools
        heights.append(tools["height"])
    assert len(set(heights)) == 1
    assert heights[0] < 3 * 44  # the views, and the tools
