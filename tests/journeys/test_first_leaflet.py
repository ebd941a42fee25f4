"""From sign-in to a PDF that a printer accepts, as people do it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from house import House
from playwright.sync_api import BrowserContext, Page, expect

from leaflets.services import leaflets

SLOW_MS = 60_000

WHAT_HAS_THE_FOCUS = """() => {
    const element = document.activeElement;
    if (element === document.body) return "";
    const label = element.labels?.[0]?.innerText ?? "";
    return [label, element.getAttribute("aria-label") ?? "", element.innerText ?? ""].join(" | ");
}"""


@pytest.fixture
def open_context(browser: Any, house: House) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser window on the site, of any size and kind; closed after the test."""
    opened = []
    expect.set_options(timeout=SLOW_MS)

    def make(*, width: int = 1440, height: int = 900, scripts: bool = True, **more: Any) -> BrowserContext:
        context: BrowserContext = browser.new_context(
            base_url=house.address,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="en-GB",
            **more,
        )
        context.set_default_timeout(SLOW_MS)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


def sign_in(page: Page, name: str = "Agnes") -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Your leaflets")).to_be_visible()


def start(page: Page) -> str:
    """From the first page through the library to a new leaflet; returns its address."""
    page.get_by_role("navigation").get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Card").click()
    page.get_by_role("button", name="Start this leaflet").click()
    expect(page.get_by_role("heading", name="Card", level=1)).to_be_visible()
    page.wait_for_load_state()  # the scripts are there
    return page.url


def until(page: Page, selector: str, *, reload: bool) -> None:
    """Wait for something that workers bring about; without scripts, as a person would: by looking again."""
    if not reload:
        page.wait_for_selector(selector, timeout=SLOW_MS)
        return
    for _ in range(120):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
        page.goto(page.url)
    pytest.fail(f"{selector} never came")


def passes_preflight(pdf: Path) -> None:
    leaflets_command = Path(sys.executable).with_name("leaflets")
    judged = subprocess.run(
        [leaflets_command, "preflight", pdf, "--trim", "148x210", "--json"], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


def order_and_download(page: Page, to: Path, *, reload: bool) -> None:
    page.get_by_role("button", name="Order the PDF").click()
    page.get_by_role("radio", name="Press & Sons").check()
    page.get_by_role("button", name="Order the PDF").click()
    until(page, "text=Your PDF is ready", reload=reload)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the PDF").click()
    assert re.fullmatch(r"card-(\d+-)?ada-a5-order-\d+\.pdf", coming.value.suggested_filename)
    coming.value.save_as(to)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("width", "scripts"), [(1440, True), (360, True), (360, False)], ids=["desktop", "phone", "phone without scripts"]
)
def test_a_volunteer_gets_from_sign_in_to_a_pdf_that_passes_preflight(
    open_context: Callable[..., BrowserContext], photograph: Path, tmp_path: Path, width: int, scripts: bool
) -> None:
    page = open_context(width=width, height=740, scripts=scripts).new_page()
    sign_in(page)
    start(page)
    page.get_by_label("Headline", exact=True).fill("The bus comes back to Quay Street")
    page.get_by_label("Story").fill("I **teach** here.\n\n- Buses\n- Books")
    page.get_by_label("From your computer or phone").set_input_files(photograph)
    page.get_by_role("button", name="Save", exact=True).click()
    until(page, "#placed-portrait svg", reload=not scripts)
    if scripts:
        page.locator("[data-focal] svg").click(position={"x": 30, "y": 20})
        assert page.get_by_label("Across, %").input_value() != "50"
    else:
        page.get_by_label("Across, %").fill("20")
    page.get_by_label("What it shows").fill("Ada Quay on the harbour wall")
    page.get_by_role("button", name="Show the proof").click()
    until(page, "text=This is what will be printed", reload=not scripts)
    first = page.locator(".proof-page img").first
    assert first.evaluate("image => image.complete && image.naturalWidth") if scripts else first.is_visible()
    pdf = tmp_path / "leaflet.pdf"
    order_and_download(page, pdf, reload=not scripts)
    passes_preflight(pdf)


@pytest.mark.timeout(300)
def test_all_of_it_can_be_done_with_the_keyboard_alone(
    open_context: Callable[..., BrowserContext], house: House, photograph: Path
) -> None:
    page = open_context().new_page()
    page.goto("/sign-in")

    def go_to(words: str) -> None:
        """Press Tab until the thing with these words has the focus."""
        for _ in range(120):
            page.keyboard.press("Tab")
            found = page.evaluate(WHAT_HAS_THE_FOCUS)
            if words in found:
                outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"{words} shows no focus"
                return
        pytest.fail(f"Tab never reaches {words}")

    go_to("Agnes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your leaflets")).to_be_visible()
    go_to("Library")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The library")).to_be_visible()
    go_to("Card")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Start this leaflet")).to_be_visible()
    go_to("Start this leaflet")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Headline", exact=True)).to_be_visible()
    page.get_by_label("From your computer or phone").set_input_files(photograph)  # the system's dialog is not ours
    go_to("Headline")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Typed without a mouse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved")).not_to_have_count(0)
    until(page, "[data-focal][tabindex='0']", reload=False)
    go_to("Focal point of the picture")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert (page.get_by_label("Across, %").input_value(), page.get_by_label("Down, %").input_value()) == ("54", "52")
    assert page.evaluate("() => document.activeElement.ariaValueText") == "54 % across, 52 % down"
    go_to("Show the proof")
    page.keyboard.press("Enter")
    until(page, "text=This is what will be printed", reload=False)
    with house.scene.sessions() as session:
        number = int(page.url.split("/leaflets/")[1].split("#")[0])
        found = leaflets.leaflet(session, actor=house.scene.agent, leaflet_id=number)
        assert found.values["headline"] == "Typed without a mouse"
        assert found.values["portrait"]["focus"] == [0.54, 0.52]


def test_rows_are_added_and_taken_out_on_the_page_and_then_saved(
    open_context: Callable[..., BrowserContext], house: House
) -> None:
    page = open_context().new_page()
    sign_in(page)
    start(page)
    points = page.locator("#zone-points")
    points.get_by_label("Heading").nth(1).fill("Second")
    points.get_by_role("button", name="Add another").click()
    points.get_by_label("Heading").nth(2).fill("Third")
    expect(points.get_by_role("button", name="Add another")).to_be_hidden()
    points.get_by_role("button", name="Take out").first.click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    headings = points.get_by_label("Heading").evaluate_all("fields => fields.map(field => field.value)")
    assert headings == ["Second", "Third", ""]


def test_counts_follow_what_is_typed(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context().new_page()
    sign_in(page)
    start(page)
    page.get_by_label("Headline", exact=True).fill("x" * 204)
    expect(page.locator("#zone-headline .count")).to_have_text("204 of 200 characters: take out 4")
    page.get_by_label("Story").fill("**Two** words")
    expect(page.locator("#zone-story .count")).to_have_text("2 of 200 words")


def test_words_typed_after_the_sign_in_ended_are_saved_all_the_same(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context()
    page = context.new_page()
    sign_in(page)
    address = start(page)
    page.get_by_label("Headline", exact=True).fill("Typed at three in the morning")
    context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Your sign-in had ended")).to_be_visible()
    page.get_by_role("button", name="Agnes").click()
    page.get_by_role("button", name="Save my words").click()
    page.goto(address)
    expect(page.get_by_label("Headline", exact=True)).to_have_value("Typed at three in the morning")


def test_an_upload_of_61_megabytes_is_answered_and_not_cut_off(
    open_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    huge = tmp_path / "huge.tif"
    with huge.open("wb") as file:
        file.truncate(61_500 * 1024)
    page = open_context(scripts=False).new_page()
    sign_in(page)
    start(page)
    page.get_by_label("From your computer or phone").set_input_files(huge)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("60 MB is the most")).to_be_visible()


def test_a_script_says_so_before_such_an_upload_travels(
    open_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    huge = tmp_path / "huge.tif"
    with huge.open("wb") as file:
        file.truncate(61_500 * 1024)
    page = open_context().new_page()
    sign_in(page)
    start(page)
    photo = page.get_by_label("From your computer or phone")
    photo.set_input_files(huge)
    assert "60 MB is the most" in photo.evaluate("field => field.validationMessage")
